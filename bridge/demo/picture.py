"""Picture of the demo: waveforms, spectrograms, and the steps of the script."""

from pathlib import Path

import numpy as np

from bridge.demo.script import START_STEM, ScriptStep
from bridge.protocols import Audio
from model.formats.drawing import keep_matplotlib_files
from model.formats.extras import is_installed, what_is_missing

__all__ = ["draw"]

_PURPLE, _ORANGE, _GREY = "#5b4fbe", "#d9722b", "#444444"


def draw(
    path: Path, mix: Audio, stem: Audio, rate: int, steps: tuple[tuple[float, ScriptStep], ...]
) -> str:
    """Write the picture as a PNG.

    Args:
        path: File to write.
        mix: ``(frames,)``.
        stem: ``(frames,)``.
        rate: Frames per second.
        steps: Each step with the second it took effect.

    Returns:
        Empty; where matplotlib is not installed, the command that installs it.
    """
    if not is_installed("matplotlib"):
        return what_is_missing("matplotlib", "the picture") or ""
    keep_matplotlib_files()
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(
        4, 1, figsize=(12, 8), sharex=True, height_ratios=(1, 1, 1.6, 1.6), layout="constrained"
    )
    seconds = np.arange(len(mix)) / rate
    for axis, audio, name, colour in (
        (axes[0], mix, "mix (heard)", _PURPLE),
        (axes[1], stem, "stem (played)", _ORANGE),
    ):
        axis.plot(seconds[::32], audio[::32], color=colour, linewidth=0.4)
        axis.set_ylim(-1, 1)
        axis.set_ylabel(name)
    for axis, audio, name in ((axes[2], mix, "mix, kHz"), (axes[3], stem, "stem, kHz")):
        axis.specgram(
            audio + 1e-7, NFFT=2048, noverlap=1024, Fs=rate / 1000, vmin=-120, vmax=-20
        )
        axis.images[0].set_extent((0, len(audio) / rate, 0, rate / 2000))
        axis.set_ylim(0, 12)
        axis.set_ylabel(name)
    for at_s, label in ((0.0, f"stem {START_STEM}"), *((at, step.label) for at, step in steps)):
        for axis in axes:
            axis.axvline(at_s, color=_GREY, linewidth=0.8, linestyle="--")
        axes[0].text(at_s + 0.1, 1.08, label, fontsize=9, color=_GREY)
    axes[3].set_xlabel("seconds")
    axes[3].set_xlim(0, len(mix) / rate)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
    return ""
