"""Reports of an engine on changes that wait for a line of the beat."""

from multiprocessing.connection import Connection

from bridge.audio.shared.share import AudioShare
from bridge.controls.table import ControlKey
from bridge.engine.messages import SchedulerState, Settled
from bridge.stream.band_changes import SettledChange
from bridge.stream.hop_scheduler import HopScheduler

__all__ = ["ChangeReports"]


class ChangeReports:
    """Tells the control process which changes wait, and of each when it is heard.

    A change is heard when the callback plays the hop it came into force with, which may have
    been computed a second before.

    Args:
        share: Tells which frame is being heard.
        scheduler: Holds the changes.
        pipe: To the control process.
    """

    def __init__(self, share: AudioShare, scheduler: HopScheduler, pipe: Connection) -> None:
        self._share = share
        self._scheduler = scheduler
        self._pipe = pipe
        self._last_sent = SchedulerState()
        self._unheard: list[tuple[int, SettledChange]] = []

    def send(self, epoch: int) -> None:
        """Send what was settled or has been heard, then the state if it is another.

        Args:
            epoch: Frame of hop 0.
        """
        scheduler, share = self._scheduler, self._share
        for change in scheduler.changes.take_settled():
            if change.outcome.superseded:
                self._report(change)
            else:
                frame = epoch + change.hop * scheduler.hop + share.stem_delay
                self._unheard.append((frame, change))
        heard = [(frame, change) for frame, change in self._unheard if frame <= share.frame]
        self._unheard = [each for each in self._unheard if each not in heard]
        for _, change in heard:
            self._report(change)
        unheard = {_name(change) for _, change in self._unheard}
        state = SchedulerState(scheduler.waiting | unheard, scheduler.banks.filled)
        if state != self._last_sent:
            self._last_sent = state
            self._pipe.send(state)

    def start_over(self) -> None:
        """Forget what was told: another engine has told the control process meanwhile."""
        self._last_sent = SchedulerState()

    def _report(self, change: SettledChange) -> None:
        outcome = change.outcome
        self._pipe.send(Settled(outcome.ticket, outcome.name, outcome.superseded))


def _name(change: SettledChange) -> str:
    return str(ControlKey(change.player, change.outcome.name))
