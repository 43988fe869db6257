"""Decoder of every player's latents on ONNX Runtime, and the phase vocoder behind it."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.array_types import Float32Array
from model.layers.sampling import phase_noise, phase_starts
from model.layers.tables import FAINT, OVERLAPS, neighbour_turn, overlap_window
from model.onnx.export import Graphs
from model.onnx.runtime import Arrays, Network

__all__ = ["DecoderSession", "DecoderSessionState"]

Complex = NDArray[np.complex64]
N = TypeVar("N", bound=np.generic)


@dataclass(slots=True)
class DecoderSessionState:
    """Streaming state of a :class:`DecoderSession`."""

    memory: Arrays
    """States of the convolutional stacks, by the names of the graph's inputs."""
    phase: Complex
    """On the unit circle, ``(players, tonal_bins)``."""
    tail: Float32Array
    """Windows still to be added up with later ones, ``(players, (OVERLAPS - 1) * inner)``."""
    steps: int = 0
    """Inner steps taken."""

    def select(
        self, places: Sequence[int | None], fresh: DecoderSessionState
    ) -> DecoderSessionState:
        """Return the streams of some places in their order; None stands for ``fresh``'s one."""

        def chosen(own: NDArray[N], new: NDArray[N]) -> NDArray[N]:
            rows = [new[0] if place is None else own[place] for place in places]
            return np.stack(rows) if rows else own[:0].copy()

        return DecoderSessionState(
            {name: chosen(own, fresh.memory[name]) for name, own in self.memory.items()},
            chosen(self.phase, fresh.phase),
            chosen(self.tail, fresh.tail),
            self.steps,
        )


class DecoderSession:
    """Runs the decoder of a band, with the vocoder of :mod:`model.layers.synthesis`.

    Args:
        graphs: Of a checkpoint.
    """

    def __init__(self, graphs: Graphs) -> None:
        self._config = c = graphs.autoencoder
        self._network = Network(graphs.files["decoder"])
        self._n_fft = OVERLAPS * c.inner
        bins = self._n_fft // 2 + 1
        self._window = overlap_window(c.inner).astype(np.float32)
        self._turns = phase_noise(bins)
        centre = np.arange(c.tonal_bins) % OVERLAPS / OVERLAPS
        self._centre = np.exp(2j * math.pi * centre).astype(np.complex64)
        self._neighbour = np.complex64(cmath.rect(c.phase_lock, neighbour_turn(c.inner)))

    @property
    def nbytes(self) -> int:
        """Bytes that every step reads."""
        return self._network.nbytes

    def init_state(self, players: int) -> DecoderSessionState:
        """Return the state after nothing was played."""
        c = self._config
        return DecoderSessionState(
            self._network.initial_memory(players),
            np.ones((players, c.tonal_bins), np.complex64),
            np.zeros((players, (OVERLAPS - 1) * c.inner), np.float32),
        )

    def step(self, latent: Float32Array, state: DecoderSessionState) -> Float32Array:
        """Decode one hop, ``(players, latent)``; returns ``(players, hop)``."""
        made = self._network.step({"latent": latent}, state.memory)
        spectrum = made["magnitude"] * self._phases(made["magnitude"], made["tendency"], state)
        wave = np.fft.irfft(spectrum, n=self._n_fft).astype(np.float32, copy=False)
        return self._overlap(wave * self._window, state)

    def _phases(
        self, magnitude: Float32Array, tendency: Float32Array, state: DecoderSessionState
    ) -> Complex:
        """Return the hop's phases on the unit circle, ``(players, inner_steps, bins)``."""
        players, steps = tendency.shape[:2]
        rows = np.arange(state.steps, state.steps + steps)
        short, long = self._turns
        angle = np.float32(2 * math.pi) * (short[rows % len(short)] + long[rows % len(long)])
        free = np.cos(angle) + np.complex64(1j) * np.sin(angle)
        tonal = self._config.tonal_bins
        noise, begins = free[:, :tonal], phase_starts(rows, tonal)
        mean = _mean(tendency[..., :tonal], tendency[..., tonal:])
        total = noise + mean
        towards = total / np.maximum(np.abs(total), np.float32(1e-9))
        advance = noise.conj() * self._centre * towards * towards
        phases = np.empty((players, *free.shape), np.complex64)
        phases[..., tonal:] = free[:, tonal:]
        loud = magnitude[..., :tonal]
        steady = loud * np.abs(mean) ** 4
        for step in range(steps):
            state.phase = np.where(begins[step], noise[step], state.phase * advance[:, step])
            if self._config.phase_lock:
                state.phase = self._locked(state.phase, loud[:, step], steady[:, step])
            phases[:, step, :tonal] = state.phase
        state.steps += steps
        return phases

    def _locked(self, phase: Complex, loud: Float32Array, steady: Float32Array) -> Complex:
        """Return phases drawn towards their neighbours'; ``(players, tonal_bins)`` all."""
        near, total = phase * steady, phase * loud
        total[:, 1:] += self._neighbour * near[:, :-1]
        total[:, :-1] += self._neighbour.conj() * near[:, 1:]
        length = np.abs(total)
        directed = total / np.maximum(length, np.float32(FAINT))
        locked: Complex = np.where(length > FAINT, directed, phase)
        return locked

    def _overlap(self, wave: Float32Array, state: DecoderSessionState) -> Float32Array:
        players, steps, _ = wave.shape
        inner = self._config.inner
        parts = wave.reshape(players, steps, OVERLAPS, inner)
        sound = np.zeros((players, steps + OVERLAPS - 1, inner), np.float32)
        for part in range(OVERLAPS):
            sound[:, part : part + steps] += parts[:, :, part]
        sound = sound.reshape(players, -1)
        sound[:, : state.tail.shape[1]] += state.tail
        state.tail = sound[:, steps * inner :].copy()
        return sound[:, : steps * inner]


def _mean(along: Float32Array, across: Float32Array) -> Complex:
    """Return the mean direction of phase advances; see :mod:`model.layers.synthesis`."""
    power = along**2 + across**2 + np.float32(1e-6)
    length = np.sqrt(power)
    scale = 1 / np.sqrt(power + length + 4 / (1 + np.float32(0.4) * length))
    mean: Complex = (along + np.complex64(1j) * across) * scale
    return mean
