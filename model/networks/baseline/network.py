"""The autoregressive baseline: the generator's network, predicting codes from its last ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.layers.streaming import Streaming, StreamState
from model.networks.annotation import COUNT
from model.networks.baseline.coding import Coding
from model.networks.baseline.quantiser import dequantise
from model.networks.config import GeneratorConfig
from model.networks.generator import Generator, GeneratorState, Prediction, StreamCondition

__all__ = ["Baseline", "BaselineState", "RecentCodes", "sample_codes"]

_MIN_TEMPERATURE = 1e-6
"""Stands in for a temperature of 0."""


@dataclass(slots=True)
class RecentCodes(StreamState):
    """The codes of the last steps."""

    codes: Tensor
    """Codes of the newest ``lead + 1`` steps, oldest first, int64 ``(B, lead + 1, levels)``; -1
    before the first step."""


@dataclass(slots=True)
class BaselineState(GeneratorState):
    """The trunk's ring buffers, and the last codes."""

    named: RecentCodes


def sample_codes(
    logits_BLK: Tensor, noise_BL: Tensor, temperature_B: Tensor, top_k: int
) -> Tensor:
    """Sample codes by inverse distribution from given noise, so that takes are repeatable.

    Args:
        logits_BLK: Logits of every level and code.
        noise_BL: Standard normal noise; its quantile selects the code.
        temperature_B: Divides the logits; 0 gives the likeliest code.
        top_k: Number of likeliest codes that can be drawn.

    Returns:
        Codes, int64 ``(B, levels)``.

    Example:
        >>> logits = torch.tensor([[[0.0, 9.0, 0.0]]])
        >>> sample_codes(logits, torch.zeros(1, 1), torch.ones(1), top_k=2).tolist()
        [[1]]
    """
    best_BLK, code_BLK = logits_BLK.topk(top_k, dim=-1)
    temperature_B = temperature_B.clamp(min=_MIN_TEMPERATURE).view(-1, 1, 1)
    reached_BLK = (best_BLK / temperature_B).softmax(-1).cumsum(-1)
    place_BL1 = torch.special.ndtr(noise_BL)[..., None]
    index_BL1 = (reached_BLK < place_BL1).sum(-1, keepdim=True).clamp(max=top_k - 1)
    return code_BLK.gather(-1, index_BL1)[..., 0]


class Baseline(Streaming[BaselineState]):
    """StreamMusicGen's method with LiveBand's network: autoregressive sampling of codes.

    The trunk is a :class:`~model.networks.generator.Generator` with two changes: its noise
    input takes the codes of the step before, and its output are logits of codes. Step k
    predicts level q of hop ``k + lead - delays[q]``, and plays hop k, whose last level it has
    just predicted.

    Training (:meth:`logits`) is given the true codes of the step before and runs in parallel;
    live, :meth:`accompany` samples hop by hop. The baseline shows the effect of that
    difference, so nothing compensates for it.

    Args:
        config: Sizes of the trunk; ``noise`` is replaced by the size of the fed-back codes.
        coding: Levels, codes and their delays.

    Source:
        Wu et al. 2025 (StreamMusicGen), arXiv:2510.22105; delay pattern: Copet et al. 2023,
        arXiv:2306.05284. Ours: the trunk, fitted codebooks, noise by inverse distribution.
    """

    codebooks: Tensor
    rest: Tensor

    def __init__(self, config: GeneratorConfig, coding: Coding) -> None:
        super().__init__()
        self.coding = coding
        self.config = replace(config, noise=coding.levels * config.latent, seed_noise=1)
        self.trunk = Generator(self.config)
        self.trunk.leave = nn.Linear(config.channels, coding.levels * coding.codes)
        books = torch.zeros(coding.levels, coding.codes, config.latent)
        self.register_buffer("codebooks", books)
        self.register_buffer("rest", torch.zeros(config.latent))

    @property
    def own_channels(self) -> int:
        """Channels of a player's own input of a step; see :meth:`accompany`."""
        return self.coding.levels + 1 + COUNT + 1

    @property
    def channels_in(self) -> int:
        """Channels of the input of :meth:`step`."""
        return self.config.latent + self.own_channels

    def init_state(self, batch: int) -> BaselineState:
        """Return an empty state; call :meth:`condition` before stepping."""
        return BaselineState(self.trunk.init_state(batch).blocks, self._no_codes(batch))

    def init_band(self, players: int) -> BaselineState:
        """Return an empty state with one context for all players; see the generator's."""
        return BaselineState(self.trunk.init_band(players).blocks, self._no_codes(players))

    def condition(self, condition: StreamCondition, state: BaselineState) -> None:
        """Condition every stream from its next step on; ``condition.seed_BC`` has no effect."""
        self.condition_context(condition.anticipation_B, state)
        self.condition_stems(condition, state)

    def condition_context(self, anticipation_B: Tensor, state: BaselineState) -> None:
        """Set the anticipation of the context network's streams."""
        self.trunk.condition_context(anticipation_B, state)

    def condition_stems(self, condition: StreamCondition, state: BaselineState) -> None:
        """Set the condition of the stem network's streams."""
        self.trunk.condition_stems(_unseeded(condition), state)

    def heard(self, heard_BTC: Tensor, mask_BTC: Tensor) -> Tensor:
        """Substitute the learned silence where nothing was heard yet."""
        return self.trunk.heard(heard_BTC, mask_BTC)

    def step(self, x_BTC: Tensor, state: BaselineState) -> Tensor:
        """Play T hops; ``(B, T, channels_in) -> (B, T, latent)``."""
        heard_BTC, own_BTC = x_BTC.tensor_split([self.config.latent], dim=-1)
        return self.accompany(heard_BTC, own_BTC, state)

    def accompany(self, heard_BTC: Tensor, own_BTC: Tensor, state: BaselineState) -> Tensor:
        """Play T hops one by one, since each needs the codes of the one before.

        Args:
            heard_BTC: Mix latents heard, delayed, ``(1 or players, T, latent)``.
            own_BTC: Noise of each level, standard normal; the scale of the temperature, at
                least 0; the transport. ``(players, T, levels + 1 + COUNT + 1)``.
            state: See :meth:`init_band` and :meth:`init_state`.

        Returns:
            Stem latents, ``(players, T, latent)``.
        """
        played = [
            self._hop(heard_BTC[:, hop : hop + 1], own_BTC[:, hop : hop + 1], state)
            for hop in range(heard_BTC.shape[1])
        ]
        return torch.cat(played, dim=1)

    def logits(
        self,
        mix_BTC: Tensor,
        fed_BTC: Tensor,
        transport_BTC: Tensor,
        condition: StreamCondition,
    ) -> tuple[Tensor, Prediction]:
        """Return the logits of every step in one parallel pass, with teacher forcing.

        Args:
            mix_BTC: Mix latents in true time, ``(B, T, latent)``; delayed inside.
            fed_BTC: True codes of the step before, from :meth:`embed_codes`.
            transport_BTC: See :meth:`model.networks.generator.Generator.inputs`.
            condition: Condition of each stream.

        Returns:
            Logits ``(B, T, levels, codes)``, and the context network's prediction.
        """
        logits, prediction = self.trunk.play(
            mix_BTC, fed_BTC, transport_BTC, _unseeded(condition)
        )
        return self._by_level(logits), prediction

    def embed_codes(self, codes_BTL: Tensor) -> Tensor:
        """Return codes as the trunk's input, ``(B, T, levels * latent)``; zeros below 0."""
        return dequantise(codes_BTL, self.codebooks).flatten(2)

    def delayed_codes(self, codes_BTL: Tensor) -> Tensor:
        """Return the codes that each step predicts, int64 ``(B, T, levels)``.

        Args:
            codes_BTL: Codes by the hop that they encode.

        Returns:
            The same by the step that predicts them; -1 where the hop lies beyond the end.
        """
        steps = [
            F.pad(codes_BTL[:, ahead:, level], (0, ahead), value=-1)
            for level, ahead in enumerate(self._ahead)
        ]
        return torch.stack(steps, dim=-1)

    @property
    def _ahead(self) -> list[int]:
        """Hops by which each level is predicted before it is due."""
        return [self.coding.lead - delay for delay in self.coding.delays]

    def _hop(self, heard_BTC: Tensor, own_BTC: Tensor, state: BaselineState) -> Tensor:
        noise_BTL, scale_BT1, transport_BTC = own_BTC.tensor_split(
            [self.coding.levels, self.coding.levels + 1], dim=-1
        )
        fed_BTC = self.embed_codes(state.named.codes[:, -1:])
        own_BTC = torch.cat([fed_BTC.to(heard_BTC), transport_BTC], dim=-1)
        logits_BTC = self.trunk.accompany(heard_BTC, own_BTC, state)
        logits_BLK = self._by_level(logits_BTC[:, 0])
        temperature_B = self.coding.temperature * scale_BT1[:, 0, 0]
        codes_BL = sample_codes(logits_BLK, noise_BTL[:, 0], temperature_B, self.coding.top_k)
        recent_BTL = state.named.codes
        recent_BTL.copy_(torch.cat([recent_BTL[:, 1:], codes_BL[:, None]], dim=1))
        return self._due(recent_BTL)[:, None]

    def _due(self, recent_BTL: Tensor) -> Tensor:
        """Return the latent of the hop now due, ``(B, latent)``; silent if it lacks codes."""
        newest = recent_BTL.shape[1] - 1
        codes = [
            recent_BTL[:, newest - ahead, level] for level, ahead in enumerate(self._ahead)
        ]
        codes_BL = torch.stack(codes, dim=-1)
        complete_B1 = (codes_BL >= 0).all(-1, keepdim=True)
        latent_BC = dequantise(codes_BL[:, None], self.codebooks)[:, 0].sum(1)
        return torch.where(complete_B1, latent_BC, self.rest)

    def _by_level(self, logits: Tensor) -> Tensor:
        return logits.reshape(*logits.shape[:-1], self.coding.levels, self.coding.codes)

    def _no_codes(self, batch: int) -> RecentCodes:
        shape = (batch, self.coding.lead + 1, self.coding.levels)
        return RecentCodes(torch.full(shape, -1, device=self.codebooks.device))


def _unseeded(condition: StreamCondition) -> StreamCondition:
    """Return a condition with a zero seed, since sampled codes take its place."""
    zeros_BC = torch.zeros(len(condition.stem_B), 1)
    weight = condition.seed_BC
    return replace(condition, seed_BC=zeros_BC.to(weight.device, weight.dtype))
