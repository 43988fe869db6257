"""Findings of ``liveband doctor``, for the page of a band that plays."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from contextlib import suppress

__all__ = ["DoctorProcess"]

_PATIENCE_S = 5.0
"""Longest wait of one who asks; less than the server gives a request."""
_DONE = (0, 3)
"""Exit codes of the command: without crosses, and with some."""


class DoctorProcess:
    """Runs ``liveband doctor`` in a process of its own, one at a time.

    What loads the processor is left out, since a band plays beside it.

    Args:
        options: Further ones of the command.
    """

    def __init__(self, options: Sequence[str] = ()) -> None:
        self._command = ("-P", "-m", "bridge", "doctor", "--quick", "--json", *options)
        self._running: asyncio.Task[bytes] | None = None

    async def findings(self) -> bytes | None:
        """Return a JSON list of findings; None while it takes longer: then ask again.

        All who ask meanwhile are told the same. Closing answers them with None.

        Raises:
            RuntimeError: The command failed; the message ends with its last words.
        """
        if self._running is None:
            self._running = asyncio.create_task(self._run(), name="doctor")
        running = self._running
        await asyncio.wait([running], timeout=_PATIENCE_S)
        if not running.done() or running.cancelled():
            return None
        if self._running is running:
            self._running = None
        return running.result()

    async def close(self) -> None:
        """End a command that still runs."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def _run(self) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *self._command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
        )
        try:
            told, said = await process.communicate()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        if process.returncode not in _DONE:
            words = said.decode(errors="replace").strip()[-400:]
            raise RuntimeError(f"doctor ended with {process.returncode}: {words}")
        return json.dumps(json.loads(told)["findings"]).encode()
