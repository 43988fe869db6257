"""Channel strips of the audio callback: gain, mute, bypass and on/off of each player."""

from typing import Protocol

from bridge._native import ffi, lib
from bridge.audio.shared.values import SharedValue, linear_gain
from bridge.common.errors import ConfigError
from bridge.controls.table import MAX_PLAYERS

__all__ = ["ChannelStrip", "player_index"]


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
    def native_arguments(self) -> tuple[object, ...]:
        """The pointer and the player's index, for a :class:`SharedValue`."""
        return self._share.pointer, self._index

    gain_out = SharedValue(float, lib.lb_share_gain_out, lib.lb_share_set_gain_out, linear_gain)
    """Linear gain on the stem; reached within 10 ms."""

    mute = SharedValue(bool, lib.lb_share_mute, lib.lb_share_set_mute)
    """Whether the player's output ports are silent; ramped over 10 ms."""

    bypass = SharedValue(bool, lib.lb_share_bypass, lib.lb_share_set_bypass)
    """Whether the input, late by the musical latency, replaces the stem; over 10 ms."""

    enabled = SharedValue(bool, lib.lb_share_enabled, lib.lb_share_set_enabled)
    """Whether the stem is heard; fades over the share's ``fade_frames``."""


def player_index(player: int) -> int:
    """Return the index of a player in native code.

    Raises:
        ConfigError: The player is out of range.
    """
    if not 1 <= player <= MAX_PLAYERS:
        raise ConfigError(f"a band has the players 1 to {MAX_PLAYERS}, got {player}")
    return player - 1
