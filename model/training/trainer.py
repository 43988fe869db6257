"""The training loop of every network: schedule, random numbers, log, saved states, budget."""

from __future__ import annotations

import hashlib
import logging
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from model.errors import DataError
from model.training.optimisation import rate_at, set_rate
from model.training.processes import ALONE, Processes
from model.training.run_log import Figures, RunLog
from model.training.run_state import STATE_FILE, find_state, save_state

__all__ = ["Pace", "Progress", "Sitting", "Stateful", "Trainer", "TrainingTask"]

logger = logging.getLogger(__name__)


class Stateful(Protocol):
    """Something whose state can be saved: a network, an optimiser, an average."""

    def state_dict(self) -> dict[str, Any]:
        """Return tensors and plain values."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> object:
        """Take over what :meth:`state_dict` returned."""
        ...


class TrainingTask(Protocol):
    """What is trained: networks, optimisers, and one step."""

    @property
    def sizes(self) -> dict[str, Any]:
        """Plain values from which the networks can be made anew."""
        ...

    @property
    def parts(self) -> Mapping[str, Stateful]:
        """Everything that changes from step to step, by name."""
        ...

    @property
    def optimisers(self) -> Mapping[torch.optim.Optimizer, float]:
        """Optimisers and their peak learning rates."""
        ...

    def step(self, number: int) -> Figures:
        """Train one step; random numbers come from torch's generators.

        Args:
            number: Steps done before, from 0.

        Returns:
            Figures for the log; they are fetched only where they are written. A step need not
            have all: the newest of each since the last line are written.
        """
        ...

    def close(self) -> None:
        """End what runs in the background."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training came."""

    step: int
    """Steps done."""
    steps: int
    """Steps of the whole training."""
    seconds: float
    """Time trained, all sittings together."""
    interrupted: bool
    """Whether a signal ended it."""


class Pace(Protocol):
    """Settings that every training has."""

    @property
    def steps(self) -> int:
        """Steps of the whole training."""
        ...

    @property
    def seed(self) -> int:
        """Seed of initial weights, batches and noise."""
        ...

    @property
    def save_every(self) -> int:
        """Steps between saved states."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitting:
    """Where a run goes on this time, and for how long."""

    run: Path
    """Folder of state and log; with several machines, one that all of them see."""
    device: torch.device
    """Where the networks are."""
    processes: Processes = ALONE
    """Who trains together."""
    minutes: float | None = None
    """Longest time; no schedule depends on it."""


class Trainer:
    """Trains a task to its last step, across interruptions.

    A run is the same on every machine and however often it was stopped: rates follow from the
    step, and so do batches and noise, which are drawn from seeds made of the run's own and the
    step's number. A stopped run goes on where its state was saved. SIGINT and SIGTERM end it
    after the step at hand, with its state saved.

    Args:
        pace: Steps, seed, and how often to save.
        sitting: Where, with whom, and for how long.
        log_every: Steps between lines of the log; the last step has one as well.
    """

    def __init__(self, pace: Pace, sitting: Sitting, *, log_every: int = 10) -> None:
        self.pace, self.sitting, self.log_every = pace, sitting, log_every

    def train(self, task: TrainingTask) -> Progress:
        """Train until all steps are done, the time is up or a signal came.

        Returns:
            How far it came; its state is saved.

        Raises:
            DataError: The run's state is of another version, or was begun with another seed.
        """
        here, steps = self.sitting, self.pace.steps
        first, before_s = self._restore(task)
        here.processes.share_first(_tensors(task))
        step, began = first, time.monotonic()
        figures: dict[str, Tensor | float] = {}
        with closing(task), _signals() as stopping, _log_of(here) as log:
            while step < steps:
                spent_s = time.monotonic() - began
                over = here.minutes is not None and spent_s >= 60 * here.minutes
                if here.processes.any(over or stopping.is_set(), here.device):
                    break
                for optimiser, peak in task.optimisers.items():
                    set_rate(optimiser, peak * rate_at(step, steps))
                self._seed(step)
                figures.update(task.step(step))
                step += 1
                seconds = before_s + time.monotonic() - began
                if log is not None and (step % self.log_every == 0 or step == steps):
                    log.write(step, {**figures, "seconds": seconds})
                    figures.clear()
                if step % self.pace.save_every == 0:
                    self._save(task, step, seconds)
                    logger.info("step %d of %d, after %.0f s", step, steps, seconds)
        seconds = before_s + time.monotonic() - began
        if step > first:
            self._save(task, step, seconds)
        return Progress(step, steps, seconds, stopping.is_set())

    def _restore(self, task: TrainingTask) -> tuple[int, float]:
        state = find_state(self.sitting.run)
        if state is None:
            return 0, 0.0
        begun_with = state["seed"]
        if begun_with != self.pace.seed:
            raise DataError(
                f"{self.sitting.run} was begun with seed {begun_with}, not {self.pace.seed}; "
                "go on with that seed, or choose another run folder"
            )
        for name, part in task.parts.items():
            part.load_state_dict(state["parts"][name])
        step, seconds = int(state["step"]), float(state["seconds"])
        logger.info("going on at step %d of %d, after %.0f s", step, self.pace.steps, seconds)
        return step, seconds

    def _seed(self, step: int) -> None:
        """Seed torch's generators for one step: its noise follows from its number."""
        words = f"{self.pace.seed}/{step}/{self.sitting.processes.rank}".encode()
        torch.manual_seed(int.from_bytes(hashlib.sha256(words).digest()[:7], "big"))

    def _save(self, task: TrainingTask, step: int, seconds: float) -> None:
        if self.sitting.processes.first:
            self.sitting.run.mkdir(parents=True, exist_ok=True)
            state = {
                "sizes": task.sizes,
                "parts": {name: part.state_dict() for name, part in task.parts.items()},
                "step": step,
                "seed": self.pace.seed,
                "seconds": seconds,
            }
            save_state(self.sitting.run / STATE_FILE, state)


def _tensors(task: TrainingTask) -> Iterator[torch.Tensor]:
    for part in task.parts.values():
        if isinstance(part, torch.nn.Module):
            yield from part.state_dict().values()


@contextmanager
def _log_of(sitting: Sitting) -> Iterator[RunLog | None]:
    if not sitting.processes.first:
        yield None
        return
    with closing(RunLog(sitting.run)) as log:
        yield log


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """Turn SIGINT and SIGTERM into an event while a training runs."""
    stopping = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopping
        return
    handlers = {
        number: signal.signal(number, lambda *_: stopping.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopping
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
