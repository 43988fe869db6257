"""Channel strips of the audio callback: gain, mute, bypass and on/off of each player."""

from typing import Protocol

from bridge._native import ffi, lib
from bridge.common.errors import ConfigError
from bridge.controls.table import MAX_PLAYERS

__all__ = ["ChannelStrip", "linear_gain", "player_index"]


class _Mapped(Protocol):
    """Shared memory; its pointer raises once it is unmapped."""

    @property
    def pointer(self) -> ffi.CData: ...


class ChannelStrip:
    """Controls of the callback over one player's stem; calls are short and take no lock.

    Args:
        share: Shared memory that the callback reads.
        player: From 1.

    Raises:
        ConfigError: The player is out of range.
    """

    def __init__(self, share: _Mapped, player: int) -> None:
        self._share = share
        self._index = player_index(player)

    @property
    def gain_out(self) -> float:
        """Linear gain on the stem; reached within 10 ms."""
        return float(lib.lb_share_gain_out(self._share.pointer, self._index))

    @gain_out.setter
    def gain_out(self, linear: float) -> None:
        lib.lb_share_set_gain_out(self._share.pointer, self._index, linear_gain(linear))

    @property
    def mute(self) -> bool:
        """Whether the player's output ports are silent; ramped over 10 ms."""
        return bool(lib.lb_share_mute(self._share.pointer, self._index))

    @mute.setter
    def mute(self, on: bool) -> None:
        lib.lb_share_set_mute(self._share.pointer, self._index, on)

    @property
    def bypass(self) -> bool:
        """Whether the input, late by the musical latency, replaces the stem; over 10 ms."""
        return bool(lib.lb_share_bypass(self._share.pointer, self._index))

    @bypass.setter
    def bypass(self, on: bool) -> None:
        lib.lb_share_set_bypass(self._share.pointer, self._index, on)

    @property
    def enabled(self) -> bool:
        """Whether the stem is heard; fades over the share's ``fade_frames``."""
        return bool(lib.lb_share_enabled(self._share.pointer, self._index))

    @enabled.setter
    def enabled(self, on: bool) -> None:
        lib.lb_share_set_enabled(self._share.pointer, self._index, on)


def player_index(player: int) -> int:
    """Return the index of a player in native code.

    Raises:
        ConfigError: The player is out of range.
    """
    if not 1 <= player <= MAX_PLAYERS:
        raise ConfigError(f"a band has the players 1 to {MAX_PLAYERS}, got {player}")
    return player - 1


def linear_gain(linear: float) -> float:
    """Return a linear gain if it is in range.

    Raises:
        ConfigError: It is below 0, as decibels are, or above 1000.
    """
    if not 0.0 <= linear <= 1000.0:
        raise ConfigError(f"a linear gain must be 0..1000, got {linear}; mind the sign of dB")
    return linear
