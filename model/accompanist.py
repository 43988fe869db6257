"""Encoder, generator and decoder as one musician: hears a hop of mix, plays a hop of stem."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.annotation import COUNT, TransportPhase
from model.autoencoder import EncoderState
from model.checkpoint import Checkpoint, load_checkpoint
from model.errors import ConfigError
from model.generator import GeneratorState, StreamCondition
from model.sampling import hop_noise, seed_noise

__all__ = ["ANY_GROOVE", "Accompanist", "Memory", "load"]

Audio = NDArray[np.float32]

ANY_GROOVE = "any"
"""Groove label of a player who chooses for itself."""


class _Conditions(Protocol):
    """What the accompanist reads of the conditions it is given."""

    @property
    def stem(self) -> str: ...
    @property
    def anticipation_hops(self) -> int: ...
    @property
    def groove(self) -> str: ...
    @property
    def noise(self) -> float: ...
    @property
    def seed(self) -> int: ...


class _Phase(Protocol):
    """A place in the bar; see :class:`model.annotation.TransportPhase`."""

    @property
    def beat(self) -> float: ...
    @property
    def bar(self) -> float: ...
    @property
    def tempo_bpm(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Memory:
    """What an accompanist has heard, as :meth:`Accompanist.state` keeps it."""

    checkpoint: str
    hearing: EncoderState
    thinking: GeneratorState
    heard: tuple[Tensor | None, ...]


class Accompanist:
    """One player of one checkpoint, streaming on the CPU in float32.

    Stem hop k is played from mix hops up to ``k - 1 - anticipation``, the noise of hop k
    and the conditions; never from its own audio.

    Args:
        checkpoint: The networks.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        codec, generator = checkpoint.autoencoder.config, checkpoint.generator.config
        self.name = checkpoint.name
        self.sample_rate, self.hop, self.overlap = codec.sample_rate, codec.hop, codec.inner
        self.stems, self.anticipations = generator.stems, generator.anticipations
        self.grooves = generator.grooves
        self._encoder = checkpoint.autoencoder.encoder
        self._decoder = checkpoint.autoencoder.decoder
        self._generator = checkpoint.generator
        self._hearing = self._encoder.init_state(1)
        self._thinking = self._generator.init_state(1)
        self._speaking = self._decoder.init_state(1)
        self._heard: deque[Tensor | None] = deque(maxlen=max(self.anticipations) + 2)
        self._heard_hops = self._played_hops = 0
        self._phase: TransportPhase | None = None
        self._steer(self.stems[0], self.anticipations[0], ANY_GROOVE, 1.0, 0)

    def condition(self, conditions: _Conditions) -> None:
        """Take new conditions, effective with the next :meth:`play`.

        Raises:
            ConfigError: The stem class, the anticipation or the groove is not one of the
                checkpoint's.
        """
        stem, hops, groove = conditions.stem, conditions.anticipation_hops, conditions.groove
        if stem not in self.stems:
            raise ConfigError(
                f"unknown stem {stem!r}; {self.name} plays {', '.join(self.stems)}"
            )
        if hops not in self.anticipations:
            raise ConfigError(f"{hops} hops of anticipation; known: {self.anticipations}")
        if groove not in (ANY_GROOVE, *self.grooves):
            known = ", ".join((ANY_GROOVE, *self.grooves))
            raise ConfigError(f"unknown groove {groove!r}; {self.name} knows {known}")
        self._steer(stem, hops, groove, conditions.noise, conditions.seed)

    def follow(self, phase: _Phase | None) -> None:
        """Say where in the bar the next hop to be played begins, or that nobody knows.

        It holds for the next :meth:`play` only; without it the player counts by ear.
        """
        self._phase = None
        if phase is not None:
            self._phase = TransportPhase(phase.beat, phase.bar, phase.tempo_bpm)

    @torch.inference_mode()
    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""
        audio_BTC = torch.from_numpy(np.ascontiguousarray(mix)).view(1, -1, 1)
        self._heard.append(self._encoder.step(audio_BTC, self._hearing))
        self._heard_hops += 1

    @torch.inference_mode()
    def play(self) -> Audio:
        """Return the next hop of the stem, shape ``(hop,)``."""
        latent_BTC = self._generator.step(self._inputs(), self._thinking)
        self._played_hops += 1
        audio: Audio = self._decoder.step(latent_BTC, self._speaking)[0, :, 0].numpy()
        return audio

    def skip(self, hops: int) -> None:
        """Pass over ``hops`` hops that were lost: unheard, unplayed, not waited for."""
        self._heard.extend([None] * min(hops, self._heard.maxlen or 0))
        self._heard_hops += hops
        self._played_hops += hops

    def reset(self) -> None:
        """Forget everything heard and played and begin the take anew.

        What the decoder's last window still holds fades out over the next hop's start.
        """
        tail = self._speaking.vocoder.tail
        self.restart()
        self._speaking.vocoder.tail = tail

    @torch.inference_mode()
    def restart(self) -> None:
        """Be as if just loaded, under the present conditions: nothing sounds on."""
        modulations = [block.modulation for block in self._thinking.blocks]
        self._hearing = self._encoder.init_state(1)
        self._thinking = self._generator.init_state(1)
        self._speaking = self._decoder.init_state(1)
        for block, modulation in zip(self._thinking.blocks, modulations, strict=True):
            block.modulation = modulation
        self._heard.clear()
        self._heard_hops = self._played_hops = 0

    def state(self) -> Memory:
        """Return a copy of what was heard so far, to :meth:`restore` at any later time."""
        return Memory(
            self.name, self._hearing.clone(), self._thinking.clone(), tuple(self._heard)
        )

    def restore(self, memory: Memory) -> None:
        """Remember what was heard then instead of what was heard since.

        Conditions, the count of hops and the sound now ringing stay.

        Raises:
            ConfigError: The memory is another checkpoint's.
        """
        if memory.checkpoint != self.name:
            raise ConfigError(
                f"this memory belongs to checkpoint {memory.checkpoint!r}, "
                f"{self.name!r} is playing; load that one to recall it"
            )
        modulations = [block.modulation for block in self._thinking.blocks]
        self._hearing = memory.hearing.clone()
        self._thinking = memory.thinking.clone()
        for block, modulation in zip(self._thinking.blocks, modulations, strict=True):
            block.modulation = modulation
        self._heard.clear()
        self._heard.extend(memory.heard)

    def parts(self) -> dict[str, Callable[[], object]]:
        """Return one streaming step of each part, for measuring its cost."""
        mix = 0.1 * np.random.default_rng(0).standard_normal(self.hop).astype(np.float32)
        latent_BTC = torch.zeros(1, 1, self._generator.config.latent)

        def generate() -> Tensor:
            with torch.inference_mode():
                return self._generator.step(self._inputs(), self._thinking)

        def decode() -> Tensor:
            with torch.inference_mode():
                return self._decoder.step(latent_BTC, self._speaking)

        return {"encode": lambda: self.listen(mix), "generate": generate, "decode": decode}

    @torch.inference_mode()
    def _steer(self, stem: str, hops: int, groove: str, noise: float, seed: int) -> None:
        self._hops, self._noise, self._seed = hops, noise, seed
        z_g = noise * seed_noise(seed, self._generator.config.seed_noise)
        self._generator.condition(
            StreamCondition(
                torch.tensor([self.stems.index(stem)]),
                torch.tensor([self.anticipations.index(hops)]),
                torch.tensor([(ANY_GROOVE, *self.grooves).index(groove)]),
                torch.from_numpy(z_g)[None].float(),
            ),
            self._thinking,
        )

    def _inputs(self) -> Tensor:
        """Return the generator's input for the hop to be played, ``(1, 1, C)``."""
        c = self._generator.config
        age = self._heard_hops - (self._played_hops - 1 - self._hops)
        known = 1 <= age <= len(self._heard)
        latent_BTC = self._heard[-age] if known else None
        mask_BTC = torch.full((1, 1, 1), 0.0 if latent_BTC is None else 1.0)
        if latent_BTC is None:
            latent_BTC = torch.zeros(1, 1, c.latent)
        noise = self._noise * hop_noise(self._seed, self._played_hops, c.noise)
        noise_BTC = torch.from_numpy(noise).float().view(1, 1, -1)
        given = (0.0,) * (COUNT + 1) if self._phase is None else (*self._phase.count(), 1.0)
        self._phase = None
        transport_BTC = torch.tensor(given).view(1, 1, -1)
        return self._generator.inputs(latent_BTC, mask_BTC, noise_BTC, transport_BTC)


def load(where: str | Path | None = None) -> Accompanist:
    """Return a player of a checkpoint, by folder or by shipped name; default if None.

    Raises:
        CheckpointError: The checkpoint is missing, damaged or of another version.
    """
    return Accompanist(load_checkpoint(where))
