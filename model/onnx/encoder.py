"""Encoder of the mix on ONNX Runtime, hop by hop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.array_types import Float32Array
from model.layers.tables import spectrum_window
from model.networks.config import PITCH_BINS, AutoencoderConfig, SpectrumShape
from model.onnx.export import Graphs
from model.onnx.runtime import Arrays, Network

__all__ = ["EncoderSession", "EncoderSessionState"]


@dataclass(slots=True)
class EncoderSessionState:
    """Streaming state of an :class:`EncoderSession`."""

    past: Float32Array
    """The newest audio that spectra of the next hop need, ``(frames,)``."""
    memory: Arrays
    """States of the convolutional stacks, by the names of the graph's inputs."""

    def clone(self) -> EncoderSessionState:
        """Return an independent copy."""
        return EncoderSessionState(
            self.past.copy(), {name: array.copy() for name, array in self.memory.items()}
        )


class EncoderSession:
    """Runs the encoder on one mix.

    Args:
        graphs: Of a checkpoint.
    """

    def __init__(self, graphs: Graphs) -> None:
        self._network = Network(graphs.files["encoder"])
        self._spectra = {
            name: _Spectrum(graphs.autoencoder, shape)
            for name, shape in zip(
                ("middle", "short", "long"), graphs.autoencoder.spectra, strict=True
            )
        }
        self._past = max(shape.n_fft - shape.hop for shape in graphs.autoencoder.spectra)

    @property
    def nbytes(self) -> int:
        """Bytes that every step reads."""
        return self._network.nbytes

    def init_state(self) -> EncoderSessionState:
        """Return the state after silence."""
        return EncoderSessionState(
            np.zeros(self._past, np.float32), self._network.initial_memory(1)
        )

    def step(self, mix: Float32Array, state: EncoderSessionState) -> Float32Array:
        """Encode one hop, ``(hop,)``; returns ``(1, latent)``."""
        audio = np.concatenate([state.past, mix])
        state.past = audio[len(mix) :]
        inputs = {name: spectrum.of(audio) for name, spectrum in self._spectra.items()}
        inputs["long"] = np.ascontiguousarray(inputs["long"][..., slice(*PITCH_BINS)])
        return self._network.step(inputs, state.memory)["latent"]


class _Spectrum:
    """Magnitudes of the windows that end in the newest hop."""

    def __init__(self, config: AutoencoderConfig, shape: SpectrumShape) -> None:
        self._n_fft, self._hop = shape.n_fft, shape.hop
        self._needed = shape.n_fft - shape.hop + config.hop
        self._window = spectrum_window(shape.n_fft, shape.fall).astype(np.float32)

    def of(self, audio: Float32Array) -> Float32Array:
        """Return the spectra of a signal's end, ``(frames,)``, as ``(1, windows, bins)``."""
        newest = audio[len(audio) - self._needed :]
        windows = np.lib.stride_tricks.sliding_window_view(newest, self._n_fft)[:: self._hop]
        magnitude: Float32Array = np.abs(np.fft.rfft(windows * self._window))[None]
        return magnitude
