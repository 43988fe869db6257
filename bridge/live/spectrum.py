"""Spectra of what is heard and what is played, for displays.

They are made from the shared rings when somebody asks, once a hop for all who do, and not at
all where nobody does.
"""

import numpy as np
from numpy.typing import NDArray

from bridge.audio.shared.share import AudioShare
from bridge.controls.readings import SpectrumReading
from bridge.protocols import Audio

__all__ = ["BANDS", "WINDOW", "BandFilters", "SpectrumReader"]

BANDS = 32
"""Bands of a spectrum, each a quarter of an octave wide."""

WINDOW = 4096
"""Frames that one spectrum is made of."""

_LOWEST_HZ = 55.0
_PER_OCTAVE = 4
_FLOOR_DB, _STEP_DB, _STEPS = -94.5, 1.5, 63
_FIRST = ord("0")


class SpectrumReader:
    """Reads the spectra of the hop that has just passed.

    Args:
        share: Has the rings; its rate may change.
    """

    def __init__(self, share: AudioShare) -> None:
        self._share = share
        self._filters = BandFilters(share.rate)
        self._hop = -1
        self._read = (SpectrumReading(), SpectrumReading())

    def heard(self) -> SpectrumReading:
        """Return the spectrum of the mix."""
        return self._latest()[0]

    def played(self) -> SpectrumReading:
        """Return the spectrum of all players together, as loud as they are."""
        return self._latest()[1]

    def _latest(self) -> tuple[SpectrumReading, SpectrumReading]:
        share = self._share
        hop = share.frame // share.hop
        if hop != self._hop:
            if share.rate != self._filters.rate:
                self._filters = BandFilters(share.rate)
            end = min(hop * share.hop, share.mix_written)
            if end >= WINDOW:
                self._hop = hop
                self._read = (
                    self._reading(hop, share.read_mix(end - WINDOW, WINDOW)),
                    self._reading(hop, self._sum_of_players(end)),
                )
        return self._read

    def _sum_of_players(self, end: int) -> Audio:
        """Return what leaves the outputs up to a frame of the host, all players added."""
        share, total = self._share, np.zeros(WINDOW, np.float32)
        for player in range(1, share.players + 1):
            strip = share.strip(player)
            if strip.mute or not (strip.enabled or strip.bypass):
                continue
            if strip.bypass:
                audio = share.read_mix(max(0, end - share.musical_latency - WINDOW), WINDOW)
            else:
                start = end - WINDOW - share.stem_delay
                audio = share.read_stem(max(0, start), WINDOW, player)
            if audio is not None:
                total += audio * np.float32(strip.gain_out)
        return total

    def _reading(self, hop: int, audio: Audio | None) -> SpectrumReading:
        if audio is None:  # the ring has gone on meanwhile
            return SpectrumReading(hop=hop)
        levels = self._filters.levels(audio)
        steps = np.clip(np.rint((levels - _FLOOR_DB) / _STEP_DB), 0, _STEPS)
        return SpectrumReading(hop=hop, bands="".join(chr(_FIRST + int(n)) for n in steps))


class BandFilters:
    """Bands a quarter of an octave wide, overlapping by half, at one rate.

    Args:
        rate: Frames per second.

    Example:
        >>> sine = np.sin(2 * np.pi * 880.0 / 48_000 * np.arange(WINDOW)).astype(np.float32)
        >>> levels = BandFilters(48_000).levels(sine)
        >>> int(levels.argmax()), bool(abs(levels.max()) < 1.0)  # four octaves above 55 Hz
        (16, True)
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._window = np.hanning(WINDOW).astype(np.float32)
        bins_hz = np.fft.rfftfreq(WINDOW, 1.0 / rate)
        centres = np.arange(BANDS) / _PER_OCTAVE
        resolved = np.log2(1.0 + 2.0 * bins_hz[1] / (_LOWEST_HZ * 2.0**centres))
        widths = np.maximum(1.0 / _PER_OCTAVE, resolved)[:, None]
        octaves = np.log2(np.maximum(bins_hz, 1.0) / _LOWEST_HZ)
        triangles = np.maximum(0.0, 1.0 - np.abs(octaves - centres[:, None]) / widths)
        full_scale = 1.5 * (self._window.sum() / 2.0) ** 2  # a sine lies in three bins
        self._weights = (triangles / full_scale).astype(np.float32)

    def levels(self, audio: Audio) -> NDArray[np.float64]:
        """Return the level of each band in dB; that of a full-scale sine is about 0.

        Args:
            audio: Shape ``(WINDOW,)``.
        """
        bins = np.fft.rfft(audio * self._window)
        power = bins.real**2 + bins.imag**2
        levels: NDArray[np.float64] = 10.0 * np.log10(np.maximum(self._weights @ power, 1e-12))
        return levels
