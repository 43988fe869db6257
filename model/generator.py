"""The causal generator: mix latents and noise in, stem latents out, nothing else.

It never hears a target or its own output. Training runs :meth:`Generator.play` over whole
sequences in parallel, the stage runs :meth:`Generator.step` hop by hop; both compute the same
function. Its lower half, the context network, makes out of the mix what will sound next and
where in the bar that is; its upper half, the stem network, plays to that.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from model.annotation import CHORD, COUNT
from model.config import GeneratorConfig
from model.errors import ShapeError
from model.layers.attention import SequencePlan
from model.layers.transformer import BlockState, ConditionedBlock
from model.streaming import Streaming, StreamState

__all__ = ["Generator", "GeneratorState", "Prediction", "StreamCondition", "delay_mix"]


@dataclass(frozen=True, slots=True)
class StreamCondition:
    """What a batch of streams is asked to be; constant in training, changeable on stage."""

    stem_B: Tensor
    """Index into ``config.stems``, int64 ``(B,)``."""
    anticipation_B: Tensor
    """Index into ``config.anticipations``, int64 ``(B,)``."""
    groove_B: Tensor
    """1 + index into ``config.grooves``, or 0 for any, int64 ``(B,)``."""
    seed_BC: Tensor
    """Stream-constant noise z_g, standard normal, ``(B, seed_noise)``."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the context network makes of the hop to be played, before any of it is heard."""

    count_BTC: Tensor
    """Place in the bar, ``(B, T, COUNT)``; shorter vectors mean less certainty."""
    chord_BTC: Tensor
    """Logits of the chord's flags, ``(B, T, CHORD)``."""
    onset_BTC: Tensor
    """Logit of the mix having an onset, ``(B, T, 1)``."""
    mix_BTC: Tensor
    """The mix latent expected, ``(B, T, latent)``."""


def delay_mix(mix_BTC: Tensor, late_B: Tensor) -> tuple[Tensor, Tensor]:
    """Delay each stream's mix latents so that step k hears mix hop ``k - late``.

    Args:
        mix_BTC: Mix latents, ``(B, T, latent)``.
        late_B: Hops of delay of each stream, ``1 + anticipation``, int64 ``(B,)``, at least 1.

    Returns:
        The delayed latents, zero where nothing was heard yet, and a mask ``(B, T, 1)`` that
        is 1 where something was.

    Raises:
        ShapeError: A delay is below 1: the generator would hear the hop it plays.

    Example:
        >>> mix = torch.arange(1.0, 5.0).view(1, 4, 1)
        >>> heard, mask = hear_late(mix, torch.tensor([1]))
        >>> heard.flatten().tolist(), mask.flatten().tolist()
        ([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 1.0, 1.0])
    """
    if int(late_B.min()) < 1:
        raise ShapeError(f"a stem hop may hear at most the hop before it, got delays {late_B}")
    return _delayed(mix_BTC, late_B)


def _delayed(mix_BTC: Tensor, late_B: Tensor) -> tuple[Tensor, Tensor]:
    source_BT = torch.arange(mix_BTC.shape[1], device=mix_BTC.device) - late_B[:, None]
    mask_BTC = (source_BT >= 0)[..., None].to(mix_BTC.dtype)
    index_BTC = source_BT.clamp(min=0)[..., None].expand_as(mix_BTC)
    return mix_BTC.gather(1, index_BTC) * mask_BTC, mask_BTC


@dataclass(slots=True)
class GeneratorState(StreamState):
    """One state per block, bottom first."""

    blocks: list[BlockState]


class Generator(Streaming[GeneratorState]):
    """Windowed causal transformer from heard mix latents and noise to stem latents.

    Args:
        config: Sizes.

    Source:
        Task and train-test equivalence: Pasini et al. 2026 (LiveBand), arXiv:2606.03803.
        A context network that predicts what comes next: van den Oord et al. 2018,
        arXiv:1807.03748. Beat and bar phase as a condition: the SilentMetronome project,
        2026. Sizes, the stream-constant noise and the anticipation condition are ours.
    """

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        c = self.config = config
        self.silence = nn.Parameter(torch.zeros(c.latent))
        self.late = nn.Embedding(len(c.anticipations), c.condition)
        self.enter = nn.Linear(c.latent, c.channels)
        self.blocks = nn.ModuleList(
            ConditionedBlock(c.channels, heads=c.heads, window=c.window, condition=c.condition)
            for _ in range(c.context_depth + c.depth)
        )
        self.context_norm = nn.LayerNorm(c.channels)
        self.believe = nn.Linear(c.channels, COUNT + CHORD + 1 + c.latent)
        self.stem = nn.Embedding(len(c.stems), c.condition)
        self.anticipation = nn.Embedding(len(c.anticipations), c.condition)
        self.groove = nn.Embedding(1 + len(c.grooves), c.condition)
        self.seed = nn.Linear(c.seed_noise, c.condition)
        self.join = nn.Linear(c.noise + COUNT + 1 + CHORD, c.channels)
        self.norm = nn.LayerNorm(c.channels)
        self.leave = nn.Linear(c.channels, c.latent)

    def init_state(self, batch: int) -> GeneratorState:
        """Return empty rings, unconditioned; call :meth:`condition` before stepping."""
        return GeneratorState([block.init_state(batch) for block in self._blocks()])

    def init_band(self, players: int) -> GeneratorState:
        """Return empty rings of one mix and of several players that hear it.

        The context network has one stream, since it hears nothing but the mix and how long ago
        it was, and the stem network one for each player; see :meth:`accompany`.
        """
        blocks, context = self._blocks(), self.config.context_depth
        return GeneratorState(
            [block.init_state(1) for block in blocks[:context]]
            + [block.init_state(players) for block in blocks[context:]]
        )

    def condition(self, condition: StreamCondition, state: GeneratorState) -> None:
        """Steer every stream from its next step on; what it remembers is kept."""
        self.condition_context(condition.anticipation_B, state)
        self.condition_stems(condition, state)

    def condition_context(self, anticipation_B: Tensor, state: GeneratorState) -> None:
        """Tell the context network's streams how far ahead they look."""
        late_BC = self.late(anticipation_B)
        for number in range(self.config.context_depth):
            self._blocks()[number].condition(late_BC, state.blocks[number])

    def condition_stems(self, condition: StreamCondition, state: GeneratorState) -> None:
        """Tell the stem network's streams what to be."""
        vector_BC = self._asked(condition)
        for number in range(self.config.context_depth, len(self.blocks)):
            self._blocks()[number].condition(vector_BC, state.blocks[number])

    def inputs(
        self, heard_BTC: Tensor, mask_BTC: Tensor, noise_BTC: Tensor, transport_BTC: Tensor
    ) -> Tensor:
        """Join what a step may know; learned latents stand in where nothing was heard yet.

        Args:
            heard_BTC: Delayed mix latents, ``(B, T, latent)``; see :func:`delay_mix`.
            mask_BTC: 1 where something was heard, ``(B, T, 1)``.
            noise_BTC: Noise of each hop, ``(B, T, noise)``.
            transport_BTC: The count at the start of each hop and how sure it is, 0..1, zeros
                where none is given, ``(B, T, COUNT + 1)``.

        Returns:
            ``(B, T, channels_in)``, the input of :meth:`step`.
        """
        heard_BTC = self.heard(heard_BTC, mask_BTC)
        return torch.cat([heard_BTC, noise_BTC, transport_BTC], dim=-1)

    def heard(self, heard_BTC: Tensor, mask_BTC: Tensor) -> Tensor:
        """Let the learned latent stand in where nothing was heard yet; see :meth:`inputs`."""
        return heard_BTC + (1 - mask_BTC) * self.silence

    @property
    def channels_in(self) -> int:
        """Channels of the input of :meth:`step`."""
        return self.config.latent + self.config.noise + COUNT + 1

    def step(self, x_BTC: Tensor, state: GeneratorState) -> Tensor:
        """Play T hops; ``(B, T, channels_in) -> (B, T, latent)``."""
        heard_BTC, own_BTC = x_BTC.tensor_split([self.config.latent], dim=-1)
        return self.accompany(heard_BTC, own_BTC, state)

    def accompany(self, heard_BTC: Tensor, own_BTC: Tensor, state: GeneratorState) -> Tensor:
        """Play T hops, all players to the same mix or each to its own.

        Args:
            heard_BTC: The first ``latent`` channels of :meth:`inputs`; one stream, or as many
                as there are players.
            own_BTC: The others, ``(players, T, noise + COUNT + 1)``.
            state: See :meth:`init_band` and :meth:`init_state`.

        Returns:
            Stem latents, ``(players, T, latent)``.
        """
        h_BTC = self._context(heard_BTC, state)
        return self._play(h_BTC, self._believe(h_BTC), own_BTC, state)

    def play(
        self,
        mix_BTC: Tensor,
        noise_BTC: Tensor,
        transport_BTC: Tensor,
        condition: StreamCondition,
    ) -> tuple[Tensor, Prediction]:
        """Play whole sequences in one parallel pass, from a cold start; see :meth:`whole`.

        Args:
            mix_BTC: Mix latents in true time, ``(B, T, latent)``; delayed here.
            noise_BTC: Noise of each hop, ``(B, T, noise)``.
            transport_BTC: See :meth:`inputs`.
            condition: What each stream is asked to be.

        Returns:
            Stem latents in true time, ``(B, T, latent)``, and the belief they were played on.
        """
        plan = self.plan(mix_BTC.shape[1])
        return self.whole(mix_BTC, noise_BTC, transport_BTC, condition, plan)

    def plan(self, steps: int) -> SequencePlan:
        """Return what :meth:`whole` needs to know of sequences of so many steps."""
        return self._blocks()[0].attention.plan(steps)

    def whole(
        self,
        mix_BTC: Tensor,
        noise_BTC: Tensor,
        transport_BTC: Tensor,
        condition: StreamCondition,
        plan: SequencePlan,
    ) -> tuple[Tensor, Prediction]:
        """Do what :meth:`play` does without a step that cannot be compiled.

        Args:
            mix_BTC: See :meth:`play`, as the other inputs and the outputs.
            noise_BTC: See there.
            transport_BTC: See there.
            condition: See there.
            plan: What :meth:`plan` returns for T hops.
        """
        h_BTC = self._context_whole(mix_BTC, condition, plan)
        belief = self._believe(h_BTC)
        own_BTC = torch.cat([noise_BTC, transport_BTC], dim=-1)
        h_BTC = self._joined(h_BTC, belief, own_BTC)
        vector_BC = self._asked(condition)
        for block in self._blocks()[self.config.context_depth :]:
            h_BTC = block.whole(h_BTC, vector_BC, plan)
        return self._left(h_BTC), belief

    def listen(self, mix_BTC: Tensor, condition: StreamCondition) -> Prediction:
        """Run the context network alone, from a cold start; see :meth:`play`."""
        plan = self.plan(mix_BTC.shape[1])
        return self._believe(self._context_whole(mix_BTC, condition, plan))

    def _context_whole(
        self, mix_BTC: Tensor, condition: StreamCondition, plan: SequencePlan
    ) -> Tensor:
        h_BTC: Tensor = self.enter(self._heard(mix_BTC, condition))
        late_BC = self.late(condition.anticipation_B)
        for block in self._blocks()[: self.config.context_depth]:
            h_BTC = block.whole(h_BTC, late_BC, plan)
        return h_BTC

    def _asked(self, condition: StreamCondition) -> Tensor:
        """Return what the stem network's streams are asked to be, ``(B, condition)``."""
        vector_BC: Tensor = (
            self.stem(condition.stem_B)
            + self.anticipation(condition.anticipation_B)
            + self.groove(condition.groove_B)
            + self.seed(condition.seed_BC)
        )
        return vector_BC

    def _heard(self, mix_BTC: Tensor, condition: StreamCondition) -> Tensor:
        hops = torch.tensor(self.config.anticipations, device=mix_BTC.device)
        heard_BTC, mask_BTC = _delayed(mix_BTC, 1 + hops[condition.anticipation_B])
        return self.heard(heard_BTC, mask_BTC)

    def _context(self, heard_BTC: Tensor, state: GeneratorState) -> Tensor:
        h_BTC = self.enter(heard_BTC)
        for number in range(self.config.context_depth):
            h_BTC = self._blocks()[number].step(h_BTC, state.blocks[number])
        out_BTC: Tensor = h_BTC
        return out_BTC

    def _believe(self, h_BTC: Tensor) -> Prediction:
        told_BTC = self.believe(self.context_norm(h_BTC))
        return Prediction(
            *told_BTC.tensor_split([COUNT, COUNT + CHORD, COUNT + CHORD + 1], dim=-1)
        )

    def _play(
        self, h_BTC: Tensor, belief: Prediction, own_BTC: Tensor, state: GeneratorState
    ) -> Tensor:
        h_BTC = self._joined(h_BTC, belief, own_BTC)
        for number in range(self.config.context_depth, len(self.blocks)):
            h_BTC = self._blocks()[number].step(h_BTC, state.blocks[number])
        return self._left(h_BTC)

    def _joined(self, h_BTC: Tensor, belief: Prediction, own_BTC: Tensor) -> Tensor:
        """Return the input of the stem network, ``(players, T, channels)``."""
        noise = self.config.noise
        noise_BTC, given_BTC, sure_BTC = own_BTC.tensor_split([noise, noise + COUNT], dim=-1)
        # The context network learns from what came, not from the discriminator, whose
        # gradients made it lose count.
        count_BTC = sure_BTC * given_BTC + (1 - sure_BTC) * belief.count_BTC.detach()
        chord_BTC = belief.chord_BTC.detach().sigmoid().expand(len(own_BTC), -1, -1)
        joined_BTC: Tensor = h_BTC.detach() + self.join(
            torch.cat([noise_BTC, count_BTC, sure_BTC, chord_BTC], dim=-1)
        )
        return joined_BTC

    def _left(self, h_BTC: Tensor) -> Tensor:
        latent_BTC: Tensor = self.leave(self.norm(h_BTC))
        return latent_BTC

    def _blocks(self) -> list[ConditionedBlock]:
        return [block for block in self.blocks if isinstance(block, ConditionedBlock)]
