"""Interface of an audio backend: JACK or a sound device."""

from typing import Protocol

from bridge.audio.shared.share import AudioShare

__all__ = ["AudioBackend"]


class AudioBackend(Protocol):
    """Runs the native audio callback on the cycles of a server or device."""

    @property
    def name(self) -> str:
        """Name of the client or device."""

    @property
    def rate(self) -> int:
        """Frames per second."""

    @property
    def offline(self) -> bool:
        """Whether it stopped by itself."""

    @property
    def offline_reason(self) -> str:
        """What the server said when it closed the connection; empty if nothing."""

    def start(self, share: AudioShare) -> None:
        """Run the native callback on a share, for as many players as the share has."""

    def add_player(self, player: int) -> None:
        """Give a player outputs while the backend runs; does nothing if it has them."""

    def close(self) -> None:
        """Stop."""
