"""How the address space changed, as OSCQuery tells it: paths added, removed and changed.

Pure: two looks at a view go in, notices come out. Values are not looked at; they have LISTEN.

Source:
    The OSCQuery proposal, https://github.com/Vidvox/OSCQueryProposal.
"""

from collections.abc import Iterable, Iterator, Mapping

from bridge.controls.parameters import Parameter
from bridge.osc.commands import Command
from bridge.osc.values import View

__all__ = ["NOTICES", "Shape", "differences", "shape"]

ADDED, REMOVED, CHANGED = NOTICES = ("PATH_ADDED", "PATH_REMOVED", "PATH_CHANGED")
"""What a client can be told."""

Shape = Mapping[str, Parameter | Command]
"""What lies at each full address, apart from its value."""


def shape(view: View) -> Shape:
    """Return what there is now."""
    addresses = view.addresses
    rows: dict[str, Parameter | Command] = {
        address: spot.row for address, spot in addresses.spots.items()
    }
    return rows | addresses.calls


def differences(before: Shape, now: Shape) -> Iterator[tuple[str, str]]:
    """Yield notices and their paths: what is gone, what is new, what is no longer the same.

    Of a branch that came or went as a whole, only its own path is told.

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
