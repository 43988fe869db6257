"""Registry of the bridges of this user that run, so that a controller can choose one.

Each has a file in a folder, which it keeps locked while it runs. So a file that nobody holds is
a leftover, even where process numbers say nothing because they are another namespace's.
"""

import fcntl
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
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

    @contextmanager
    def registered(self, instance: Instance) -> Iterator[None]:
        """Let others find an instance while the context lasts, if the folder can be written."""
        path = self._folder / f"{instance.pid}-{instance.port}.json"
        with ExitStack() as stack:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                file = stack.enter_context(path.open("w", encoding="utf-8"))
                stack.callback(path.unlink, missing_ok=True)
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                json.dump(asdict(instance), file)
                file.flush()
            except OSError as error:
                logger.warning("/liveband/instances of others will not name us: %s", error)
            yield

    def instances(self) -> tuple[Instance, ...]:
        """Return all that run, by port; leftovers are removed."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            with suppress(OSError), path.open("r+", encoding="utf-8") as file:
                if not _is_held(file):
                    path.unlink()
                    continue
                with suppress(ValueError, TypeError):  # being written, or of another version
                    found.append(Instance(**json.load(file)))
        return tuple(sorted(found, key=lambda each: each.port))

    async def list(self) -> Sequence[Reply]:
        """Answer the command ``instances``."""
        found = self.instances()
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


def _is_held(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
