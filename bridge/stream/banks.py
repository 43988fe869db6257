"""The banks of a session: stored states of model and beat tracker, by number."""

from bridge.common.errors import ConfigError
from bridge.protocols import Arrays, HopModel, SavedState
from bridge.stream.tracked_beat import TrackedBeat, without_beat

__all__ = ["StateBanks"]


class StateBanks:
    """Keeps copies of what was heard, by the number of a bank.

    Args:
        model: What it has heard is the first part of a memory.
        beat: What its tracker has heard is the second.
    """

    def __init__(self, model: HopModel, beat: TrackedBeat) -> None:
        self._model = model
        self._beat = beat
        self._banks: dict[int, tuple[SavedState, SavedState]] = {}

    @property
    def filled(self) -> frozenset[int]:
        """Banks that hold something."""
        return frozenset(self._banks)

    def store(self, bank: int) -> None:
        """Keep what was heard so far; over what the bank held."""
        self._banks[bank] = self._now()

    def recall(self, bank: int) -> None:
        """Remember what a bank holds instead of what was heard since.

        Raises:
            ConfigError: It is empty.
        """
        if bank not in self._banks:
            filled = ", ".join(map(str, sorted(self._banks))) or "none"
            raise ConfigError(f"bank {bank} is empty; filled: {filled}")
        of_model, of_beat = self._banks[bank]
        self._model.restore(of_model)
        self._beat.restore(of_beat)

    def clear(self, bank: int) -> None:
        """Empty a bank; an empty one is fine."""
        self._banks.pop(bank, None)

    def packed(self, bank: int) -> Arrays:
        """Return what a filled bank holds, to be kept in a file."""
        return self._packed(self._banks[bank])

    def packed_now(self) -> Arrays:
        """Return what was heard so far, to be kept in a file."""
        return self._packed(self._now())

    def adopt(self, bank: int, arrays: Arrays) -> None:
        """Fill a bank with what ``packed`` returned, of a model of this identity.

        Raises:
            ValueError: The arrays are none of its memories. The bank is as it was.
        """
        of_model = self._model.unpacked(without_beat(arrays))
        self._banks[bank] = of_model, self._beat.unpacked(arrays)

    def _now(self) -> tuple[SavedState, SavedState]:
        return self._model.state(), self._beat.state()

    def _packed(self, memory: tuple[SavedState, SavedState]) -> Arrays:
        of_model, of_beat = memory
        return {**self._model.packed(of_model), **self._beat.packed(of_beat)}
