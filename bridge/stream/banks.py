"""Banks of a take: stored states of model and beat tracker, by number."""

from bridge.common.errors import ConfigError
from bridge.protocols import Arrays, HopModel, SavedState
from bridge.stream.tracked_beat import TrackedBeat, without_beat

__all__ = ["StateBanks"]


class StateBanks:
    """Stores and recalls the state of model and beat tracker together.

    Args:
        model: The model of the take.
        beat: The beat tracker of the take.
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
        """Store the present state, replacing what the bank held."""
        self._banks[bank] = self._now()

    def recall(self, bank: int) -> None:
        """Replace the present state by that of a bank.

        Raises:
            ConfigError: The bank is empty.
        """
        if bank not in self._banks:
            filled = ", ".join(map(str, sorted(self._banks))) or "none"
            raise ConfigError(f"bank {bank} is empty; filled: {filled}")
        model_state, beat_state = self._banks[bank]
        self._model.restore(model_state)
        self._beat.restore(beat_state)

    def clear(self, bank: int) -> None:
        """Empty a bank; it may be empty already."""
        self._banks.pop(bank, None)

    def packed(self, bank: int) -> Arrays:
        """Return the state in a filled bank as arrays for a file."""
        return self._packed(self._banks[bank])

    def packed_now(self) -> Arrays:
        """Return the present state as arrays for a file."""
        return self._packed(self._now())

    def adopt(self, bank: int, arrays: Arrays) -> None:
        """Fill a bank with arrays of ``packed``, made by a model of the same identity.

        Raises:
            ValueError: The arrays do not fit the model. The bank stays as it was.
        """
        model_state = self._model.unpacked(without_beat(arrays))
        self._banks[bank] = model_state, self._beat.unpacked(arrays)

    def _now(self) -> tuple[SavedState, SavedState]:
        return self._model.state(), self._beat.state()

    def _packed(self, stored: tuple[SavedState, SavedState]) -> Arrays:
        model_state, beat_state = stored
        return {**self._model.packed(model_state), **self._beat.packed(beat_state)}
