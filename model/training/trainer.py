"""The training loop of every network: schedule, random seeds, log, saved state, time limit."""

from __future__ import annotations

import hashlib
import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from model.errors import DataError
from model.training.optimisation import rate_at, set_rate
from model.training.processes import ALONE, Processes
from model.training.run_log import RunLog
from model.training.run_state import STATE_FILE, find_state, save_state
from model.training.settings import TrainingSettings
from model.training.task import TrainingTask

__all__ = ["Progress", "Trainer", "TrainingRun"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a training run."""

    step: int
    """Steps done."""
    steps: int
    """Steps of the whole training."""
    seconds: float
    """Time trained, over all starts of the run."""
    interrupted: bool
    """Whether a signal ended it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingRun:
    """Folder, device, processes and time limit of a training run."""

    folder: Path
    """Folder of state and log; with several machines, one that all of them see."""
    device: torch.device
    """Device of the networks."""
    processes: Processes = ALONE
    """Processes that train together."""
    minutes: float | None = None
    """Time limit of this start; no schedule depends on it."""


class Trainer:
    """Training loop that survives interruptions.

    The result depends neither on the machine's speed nor on how often a run was stopped:
    learning rates follow from the step, and batches and noise from the run's seed and the
    step. A stopped run continues from its saved state. SIGINT and SIGTERM end it after the
    current step, with its state saved.

    Args:
        settings: Steps, seed, and how often to save.
        run: Folder, device, processes and time limit.
        log_every: Steps between lines of the log; the last step has one as well.
    """

    def __init__(
        self, settings: TrainingSettings, run: TrainingRun, *, log_every: int = 10
    ) -> None:
        self.settings, self.run, self.log_every = settings, run, log_every

    def train(self, task: TrainingTask[Any]) -> Progress:
        """Train until all steps are done, the time is up or a signal arrives.

        Returns:
            Progress of the run, whose state is saved.

        Raises:
            DataError: The run's state is of another version, or was begun with another seed.
        """
        run, steps = self.run, self.settings.steps
        first, before_s = self._restore(task)
        run.processes.share_first(_tensors(task))
        step, began = first, time.monotonic()
        metrics: dict[str, Tensor | float] = {}
        with closing(task), _signals() as stopping, _log_of(run) as log:
            while step < steps:
                spent_s = time.monotonic() - began
                over = run.minutes is not None and spent_s >= 60 * run.minutes
                if run.processes.any(over or stopping.is_set(), run.device):
                    break
                for optimiser, peak in task.optimisers.items():
                    set_rate(optimiser, peak * rate_at(step, steps))
                self._seed(step)
                metrics.update(task.step(step))
                step += 1
                seconds = before_s + time.monotonic() - began
                if log is not None and (step % self.log_every == 0 or step == steps):
                    log.write(step, {**metrics, "seconds": seconds})
                    metrics.clear()
                if step % self.settings.save_every == 0:
                    self._save(task, step, seconds)
                    logger.info("step %d of %d, after %.0f s", step, steps, seconds)
        seconds = before_s + time.monotonic() - began
        if step > first:
            self._save(task, step, seconds)
        return Progress(step, steps, seconds, stopping.is_set())

    def _restore(self, task: TrainingTask[Any]) -> tuple[int, float]:
        state = find_state(self.run.folder)
        if state is None:
            return 0, 0.0
        begun_with, seed = state["seed"], self.settings.seed
        if begun_with != seed:
            raise DataError(
                f"{self.run.folder} was begun with seed {begun_with}, not {seed}; "
                "go on with that seed, or choose another run folder"
            )
        for name, part in task.parts.items():
            if name not in state["parts"]:
                raise DataError(
                    f"{self.run.folder} was written by another version, without {name}, and "
                    "cannot be gone on with; choose another run folder and begin with its "
                    "checkpoint: --start"
                )
            part.load_state_dict(state["parts"][name])
        step, seconds = int(state["step"]), float(state["seconds"])
        logger.info(
            "going on at step %d of %d, after %.0f s", step, self.settings.steps, seconds
        )
        return step, seconds

    def _seed(self, step: int) -> None:
        """Seed torch's generators for one step from the run's seed and the step."""
        words = f"{self.settings.seed}/{step}/{self.run.processes.rank}".encode()
        torch.manual_seed(int.from_bytes(hashlib.sha256(words).digest()[:7], "big"))

    def _save(self, task: TrainingTask[Any], step: int, seconds: float) -> None:
        if self.run.processes.first:
            self.run.folder.mkdir(parents=True, exist_ok=True)
            state = {
                "sizes": task.sizes,
                "parts": {name: part.state_dict() for name, part in task.parts.items()},
                "step": step,
                "seed": self.settings.seed,
                "seconds": seconds,
            }
            save_state(self.run.folder / STATE_FILE, state)


def _tensors(task: TrainingTask[Any]) -> Iterator[torch.Tensor]:
    for part in task.parts.values():
        if isinstance(part, torch.nn.Module):
            yield from part.state_dict().values()


@contextmanager
def _log_of(run: TrainingRun) -> Iterator[RunLog | None]:
    if not run.processes.first:
        yield None
        return
    with closing(RunLog(run.folder)) as log:
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
