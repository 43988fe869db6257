"""Work in the background that goes on whatever is raised in it.

A refusal, which is a ``BridgeError``, is logged. Any other exception is a bug, here or in what
another program sent: it is also counted under the name of its task, and the music plays on.
"""

import asyncio
import inspect
import logging
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from bridge.common.errors import BridgeError, SupersededError

__all__ = ["BackgroundTasks", "TaskErrors"]

logger = logging.getLogger(__name__)

_QUIET_S = 10.0
"""Least interval between two lines of the log about one task, or about one refusal of it."""
_AGAIN_S = 0.1
"""Least pause of a repeated task after an exception, so that it does not spin."""
_TRACED = 64
"""Most exceptions that are logged with their traceback."""


class TaskErrors:
    """Counts and logs exceptions by the task that raised them.

    Threading model: may be told from any thread.

    Args:
        clock: Steady seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        self._told_s: dict[tuple[str, str], float] = {}
        self._traced: set[tuple[str, str]] = set()
        self._last = ""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many unexpected exceptions there were, by the task's name."""
        with self._lock:
            return dict(self._counts)

    @property
    def last(self) -> str:
        """The latest unexpected one, with its task; empty before any."""
        return self._last

    @property
    def summary(self) -> str:
        """How many unexpected ones there were of each task, with `, ` between."""
        return ", ".join(f"{task} {count}" for task, count in sorted(self.counts.items()))

    @property
    def notice(self) -> str:
        """One line for people about unexpected ones; empty before any."""
        summary = self.summary
        return f"unexpected errors, please report the log: {summary}" if summary else ""

    def tell(self, task: str, error: BaseException) -> None:
        """Log an exception, unless the like was logged a moment ago; count an unexpected one.

        Args:
            task: Name of the task that raised it.
            error: The exception; its traceback is logged the first time.
        """
        if isinstance(error, SupersededError):  # the later change counts
            logger.debug("%s: %s", task, error)
            return
        if isinstance(error, BridgeError):
            with self._lock:
                is_due = self._is_due(task, str(error))
            if is_due:
                logger.warning("%s: %s", task, error)
            return
        what = f"{type(error).__name__}: {error}"
        with self._lock:
            self._counts[task] += 1
            self._last = f"{task}: {what}"
            if not self._is_due(task, ""):
                return
            others = self._counts[task] - self._told[task] - 1
            self._told[task] = self._counts[task]
            is_new = (task, what) not in self._traced and len(self._traced) < _TRACED
            if is_new:
                self._traced.add((task, what))
        text = f"{task}: unexpected {what}" + (
            f", and {others} others before" if others else ""
        )
        logger.error("%s", text, exc_info=error if is_new else None, extra={"task": task})

    def _is_due(self, task: str, text: str) -> bool:
        """Return whether a line may be logged now, and take note of it."""
        now_s = self._clock()
        if now_s - self._told_s.get((task, text), now_s - _QUIET_S) < _QUIET_S:
            return False
        if len(self._told_s) >= _TRACED:
            self._told_s = {key: told_s for key, told_s in self._told_s.items() if not key[1]}
        self._told_s[task, text] = now_s
        return True

    @contextmanager
    def caught(self, task: str) -> Iterator[None]:
        """Tell of what is raised within, instead of raising it."""
        try:
            yield
        except Exception as error:
            self.tell(task, error)

    async def repeat(
        self,
        task: str,
        step: Callable[[], Awaitable[None] | None],
        pause_s: Callable[[], float],
    ) -> NoReturn:
        """Take a step again and again, until cancelled, whatever it raises.

        Args:
            task: Name for what a step raises.
            step: A function, or one that makes a coroutine.
            pause_s: Returns the seconds between two steps.
        """
        while True:
            wait_s = _AGAIN_S
            with self.caught(task):
                taken = step()
                if inspect.isawaitable(taken):
                    await taken
                wait_s = pause_s()
            await asyncio.sleep(wait_s)

    @contextmanager
    def of_loop(self) -> Iterator[None]:
        """Tell of what callbacks of the running loop, and threads, raise to nobody."""
        loop = asyncio.get_running_loop()
        before = threading.excepthook

        def in_loop(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            self.tell(
                "event loop", context.get("exception") or RuntimeError(context["message"])
            )

        def in_thread(raised: threading.ExceptHookArgs) -> None:
            if raised.exc_value is not None and raised.exc_type is not SystemExit:
                self.tell(raised.thread.name if raised.thread else "thread", raised.exc_value)

        loop.set_exception_handler(in_loop)
        threading.excepthook = in_thread
        try:
            yield
        finally:
            loop.set_exception_handler(None)
            threading.excepthook = before


class BackgroundTasks:
    """Tasks of one part of the program, each kept until it is done.

    Args:
        errors: Told what a task raises.
    """

    def __init__(self, errors: TaskErrors) -> None:
        self.errors = errors
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Return how many are under way."""
        return len(self._tasks)

    @property
    def under_way(self) -> frozenset[asyncio.Task[None]]:
        """Those that are not done."""
        return frozenset(self._tasks)

    def start(self, name: str, work: Coroutine[object, object, None]) -> None:
        """Run something in the running loop.

        Args:
            name: For what it raises.
            work: What to run.
        """
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._note_end)

    def _note_end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.errors.tell(task.get_name(), error)

    async def finish(self) -> None:
        """Wait for all, and for those that they start."""
        while self._tasks:
            await asyncio.wait(self.under_way)

    def cancel(self) -> None:
        """Ask all to end."""
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """End all and wait for them."""
        self.cancel()
        await self.finish()
