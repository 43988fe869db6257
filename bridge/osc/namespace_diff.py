"""Differences between two snapshots of the address space, as notices of OSCQuery.

Only addresses and rows are compared; values are reported through LISTEN.

Source:
    The OSCQuery proposal, https://github.com/Vidvox/OSCQueryProposal.
"""

from collections.abc import Iterable, Iterator, Mapping

from bridge.controls.parameters import Parameter
from bridge.osc.commands import Command
from bridge.osc.values import AddressValues

__all__ = ["NOTICES", "Snapshot", "differences", "snapshot"]

ADDED, REMOVED, CHANGED = NOTICES = ("PATH_ADDED", "PATH_REMOVED", "PATH_CHANGED")
"""Commands sent to clients: a path was added, removed or changed."""

Snapshot = Mapping[str, Parameter | Command]
"""The row or command at each full address."""


def snapshot(view: AddressValues) -> Snapshot:
    """Return the address space as it is now."""
    addresses = view.addresses
    rows: dict[str, Parameter | Command] = {
        address: target.row for address, target in addresses.targets.items()
    }
    return rows | addresses.commands


def differences(before: Snapshot, now: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield notices and their paths: removed, added and changed ones.

    A branch that was added or removed as a whole yields only its own path.

    Example:
        >>> from bridge.controls.parameters import PARAMETERS
        >>> row = PARAMETERS["noise"]
        >>> list(differences({"/a/b": row}, {"/a/b": row, "/a/c/d": row, "/a/c/e": row}))
        [('PATH_ADDED', '/a/c')]
    """
    yield from ((REMOVED, path) for path in _tops(before.keys() - now.keys(), now))
    yield from ((ADDED, path) for path in _tops(now.keys() - before.keys(), before))
    for path in sorted(before.keys() & now.keys()):
        if before[path] is not now[path] and before[path] != now[path]:
            yield CHANGED, path


def _tops(leaves: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the shortest paths that lead to leaves and to none of the others."""
    taken = {path for other in others for path in _upwards(other)}
    tops = set()
    for leaf in leaves:
        own = [path for path in _upwards(leaf) if path not in taken]
        tops.add(own[-1] if own else leaf)
    return sorted(tops)


def _upwards(path: str) -> Iterator[str]:
    """Yield a path and all above it."""
    while path:
        yield path
        path = path.rpartition("/")[0]
