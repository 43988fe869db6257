"""The controls of the audio callback, put where it looks for them."""

from collections.abc import Callable, Iterable

from bridge.audio.shared.share import AudioShare
from bridge.controls.controls import Controls

__all__ = ["move_faders"]


def move_faders(
    share: AudioShare, names: Iterable[str], controls: Controls, player: int = 1
) -> None:
    """Put controls into force that the audio callback reads; others are left alone.

    Args:
        share: What the callback looks at, at every block.
        names: Of the controls that changed.
        controls: Every value.
        player: Whose they are, where each player has its own.
    """
    strip = share.strip(player)
    setters: dict[str, Callable[[], None]] = {
        "bypass": lambda: setattr(strip, "bypass", controls.flag("bypass")),
        "mute": lambda: setattr(strip, "mute", controls.flag("mute")),
        "listen": lambda: setattr(share, "listening", controls.flag("listen")),
        "latency/loop": lambda: setattr(share, "loop", controls.flag("latency/loop")),
        "gain/in": lambda: setattr(share, "gain_in", controls.linear("gain/in")),
        "gain/out": lambda: setattr(strip, "gain_out", controls.linear("gain/out")),
        "fade": lambda: setattr(
            share, "fade_frames", max(1, round(controls.real("fade") * share.rate / 1000.0))
        ),
    }
    for name in setters.keys() & set(names):
        setters[name]()
