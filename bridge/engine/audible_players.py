"""Players to compute for the next hop: switched on, or still fading out."""

from collections.abc import Iterable

from bridge.audio.shared.share import AudioShare

__all__ = ["AudiblePlayers"]


class AudiblePlayers:
    """Follows the switches of the players, so that no inaudible player is computed.

    Args:
        share: Holds the switches and the clock.
    """

    def __init__(self, share: AudioShare) -> None:
        self._share = share
        self._silent_from: dict[int, int] = {}

    def audible(self, known: Iterable[int], playing: Iterable[int]) -> tuple[int, ...]:
        """Return the numbers of the players to compute for the next hop.

        Args:
            known: Players with conditions. In an export all of them are computed.
            playing: Players of the last hop; only they can still be fading out.
        """
        share = self._share
        if share.freewheel:  # the host waits for every hop, and any player may be switched on
            self._silent_from.clear()
            return tuple(player for player in known if player <= share.players)
        return tuple(
            player
            for player in known
            if self._is_on(player) or (player in playing and self._is_fading(player))
        )

    def _is_on(self, player: int) -> bool:
        on = self._share.strip(player).enabled and player <= self._share.players
        if on:
            self._silent_from.pop(player, None)
        return on

    def _is_fading(self, player: int) -> bool:
        share = self._share  # the fade starts with the next cycle at the latest
        silent = share.frame + share.block + share.fade_frames
        return share.frame < self._silent_from.setdefault(player, silent)
