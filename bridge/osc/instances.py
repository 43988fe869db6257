"""Registry of the bridges of this user that run, so that a controller can choose one.

Each has a file in a folder, which it keeps locked while it runs. A file appears under its name
when it is locked and complete, so one that nobody holds is a leftover, even where process
numbers say nothing because they are another namespace's.
"""

import asyncio
import fcntl
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from secrets import token_hex
from typing import IO

from bridge.controls.target import Reply, done

__all__ = ["Instance", "InstanceRegistry", "program_name"]


logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance:
    """A bridge that runs."""

    port: int
    """OSC port, UDP and TCP."""
    page_port: int
    """Port of OSCQuery and of the remote."""
    name: str
    """Name of its JACK client, or of the program whose plugin it is."""
    pid: int
    """Process number."""


class InstanceRegistry:
    """The files of all bridges that run.

    Args:
        folder: Where they are; made when needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def registered(self, instance: Instance) -> AsyncIterator[None]:
        """Let others find an instance while the context lasts, if the folder can be written."""
        entry = ExitStack()
        try:
            entry = await asyncio.to_thread(self._publish, instance)
        except OSError as error:
            logger.warning("/liveband/instances of others will not name us: %s", error)
        try:
            yield
        finally:
            await asyncio.to_thread(entry.close)

    def _publish(self, instance: Instance) -> ExitStack:
        """Make the file of an instance.

        Returns:
            What removes it when closed.

        Raises:
            OSError: It cannot be made.
        """
        name = f"{instance.pid}-{instance.port}-{token_hex(4)}"
        hidden, path = self._folder / f".{name}", self._folder / f"{name}.json"
        with ExitStack() as stack:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(hidden.open("x", encoding="utf-8"))
            stack.callback(_remove, hidden)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            json.dump(asdict(instance), file)
            file.flush()
            hidden.rename(path)
            stack.callback(_remove, path)
            return stack.pop_all()

    def instances(self) -> tuple[Instance, ...]:
        """Return all that run, by port; leftovers are removed."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            with suppress(OSError), path.open(encoding="utf-8") as file:
                if not _is_held(file):
                    path.unlink(missing_ok=True)
                    continue
                with suppress(ValueError, TypeError):  # of another version, or damaged
                    found.append(_parse(json.load(file)))
        return tuple(sorted(found, key=lambda each: each.port))

    async def list(self) -> Sequence[Reply]:
        """Answer the command ``instances``."""
        found = await asyncio.to_thread(self.instances)
        told = (
            ("instances", (each.port, each.page_port, each.name, each.pid)) for each in found
        )
        return [*told, done("instances", len(found))]


def program_name(pid: int) -> str:
    """Return the name of the program that a process runs; its number where it is not told."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return str(pid)


def _parse(document: dict[str, object]) -> Instance:
    """Return the instance that a file tells of.

    Raises:
        TypeError: It tells of none.
    """
    instance = Instance(**document)  # type: ignore[arg-type]
    if any(type(getattr(instance, each.name)) is not each.type for each in fields(instance)):
        raise TypeError(f"expected an instance, got {document}")
    return instance


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("%s is left behind: %s", path, error)


def _is_held(file: IO[str]) -> bool:
    """Return whether a file's maker runs; others who look do not count."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
