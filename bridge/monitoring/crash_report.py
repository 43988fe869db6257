"""Crash reports: the state of the run, and its last log lines.

During a run, a file holds its state; a regular end removes the file. After any other end it
remains, with the stack of a crash in native code beside it, and the next run makes a report
of the two.
"""

import contextlib
import faulthandler
import json
import logging
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

from bridge.common.atomic_files import write_user_file
from bridge.common.errors import BridgeError, ConfigError
from bridge.common.remembered_files import Parsed, RememberedFiles
from bridge.monitoring.json_log import RecentLines

__all__ = ["CrashFacts", "CrashReporter"]

logger = logging.getLogger(__name__)

CrashFacts = Mapping[str, object]
"""Facts about a run by name, in types that JSON has."""

_KEPT = 20
"""Reports; the oldest go first."""


class CrashReporter:
    """Keeps the facts of one run on disk; a context manager around the run.

    Args:
        folder: Folder of the reports; made if missing.
        facts: Called when the run begins, by :meth:`update`, and when it crashes.
        files: Sets aside what an earlier run left that cannot be read; one of its own where
            none is given.
    """

    def __init__(
        self,
        folder: Path,
        facts: Callable[[], CrashFacts],
        files: RememberedFiles | None = None,
    ) -> None:
        self.folder = folder
        self._files = files or RememberedFiles()
        self.facts = facts
        """May be replaced once there are more facts."""
        self._log = RecentLines()
        self._began = time.strftime("%Y-%m-%d %H:%M:%S")
        self._stack: int | None = None

    @property
    def _running(self) -> Path:
        return self.folder / f"running-{os.getpid()}.json"

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self._log)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _report_earlier_runs(self.folder, self._files)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            self._stack = os.open(self._running.with_suffix(".stack"), flags, 0o600)
        except (OSError, BridgeError) as error:
            logger.warning("no reports of crashes will be kept in %s: %s", self.folder, error)
            return self
        faulthandler.enable(self._stack)
        self.update()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, BridgeError):
            self.report("crash", "".join(traceback.format_exception(error)))
        logging.getLogger().removeHandler(self._log)
        if self._stack is not None:
            faulthandler.disable()
            os.close(self._stack)
            self._stack = None
        for path in (self._running, self._running.with_suffix(".stack")):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def update(self) -> None:
        """Write the present facts, for the report after an irregular end."""
        if self._stack is not None:
            self._write(self._running, self._all())

    def report(self, what: str, cause: str) -> Path | None:
        """Write a report and return where it is; None where none can be written.

        Args:
            what: ``crash`` for the whole program, ``engine`` for the engine process.
            cause: One line or many.
        """
        path = self.folder / f"{what}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.json"
        if not self._write(path, {"cause": cause, **self._all()}):
            return None
        logger.error("a report of what was running is in %s", path)
        _remove_oldest(self.folder)
        return path

    def _all(self) -> dict[str, object]:
        return {
            "version": version("liveband"),
            "python": sys.version,
            "system": platform.platform(),
            "command": sys.argv,
            "pid": os.getpid(),
            "began": self._began,
            "written": time.strftime("%Y-%m-%d %H:%M:%S"),
            **self.facts(),
            "log": self._log.lines,
        }

    def _write(self, path: Path, facts: CrashFacts) -> bool:
        try:
            write_user_file(path, json.dumps(facts, indent=1, default=str) + "\n")
        except BridgeError as error:  # a full disk does not end the music
            logger.warning("no report: %s", error)
            return False
        return True


def _report_earlier_runs(folder: Path, files: RememberedFiles) -> None:
    """Make reports of runs that did not end regularly.

    Raises:
        OSError: The folder cannot be used.
        RefusedError: Code 9, a report cannot be written.
    """
    for path in folder.glob("running-*.json"):
        pid = path.stem.removeprefix("running-")
        if not pid.isdecimal() or Path(f"/proc/{pid}").exists():
            continue
        stack = path.with_suffix(".stack")
        trace = stack.read_text(errors="replace") if stack.is_file() else ""
        facts = {
            "cause": trace or "it was killed, or the machine went down",
            **files.read(path, _parse_facts, dict[str, object]()),
        }
        report = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{pid}.json"
        write_user_file(report, json.dumps(facts, indent=1) + "\n")
        path.unlink(missing_ok=True)
        stack.unlink(missing_ok=True)
        logger.warning(
            "an earlier run did not end in order; what it was doing is in %s", report
        )
    _remove_oldest(folder)


def _parse_facts(text: str) -> Parsed[dict[str, object]]:
    """Return the facts that a run has written.

    Raises:
        ConfigError: It is no object of JSON.
    """
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"not JSON: {error}") from error
    if not isinstance(facts, dict):
        raise ConfigError(f"expected an object of JSON, got {facts!r:.80}")
    return facts, ()


def _remove_oldest(folder: Path) -> None:
    reports = [*folder.glob("crash-*.json"), *folder.glob("engine-*.json")]
    for path in sorted(reports, key=lambda report: report.stat().st_mtime)[:-_KEPT]:
        path.unlink(missing_ok=True)
