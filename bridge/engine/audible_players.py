"""Who is to be heard: switched on, or switched off and not faded out yet."""

from collections.abc import Iterable

from bridge.audio.shared.share import AudioShare

__all__ = ["AudiblePlayers"]


class AudiblePlayers:
    """Watches the switches of the players, so that nobody is stepped who is not heard.

    Args:
        share: Where the switches are, and the clock.
    """

    def __init__(self, share: AudioShare) -> None:
        self._share = share
        self._silent_from: dict[int, int] = {}

    def audible(self, known: Iterable[int], playing: Iterable[int]) -> tuple[int, ...]:
        """Return who is to play the next hop; an export is played by the whole band.

        Args:
            known: Whose conditions are known.
            playing: Who played the last hop; only they can still be fading out.
        """
        share = self._share
        if share.freewheel:  # its host waits for every hop, and anyone may be switched on
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
        share = self._share  # the cycle under way may not fade yet, the next one will
        silent = share.frame + share.block + share.fade_frames
        return share.frame < self._silent_from.setdefault(player, silent)
