"""The causal generator: a transformer from mix latents and noise to stem latents.

Its input holds neither the target nor its own output. Training runs :meth:`Generator.play` over
whole sequences in parallel, live use runs :meth:`Generator.step` hop by hop; both compute the
same function. The lower half, the context network, predicts the next hop of the mix and its
position in the bar; the upper half, the stem network, generates the stem from that.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from model.errors import ShapeError
from model.layers.attention import SequencePlan
from model.layers.streaming import Streaming, StreamState
from model.layers.transformer import BlockState, ConditionedBlock
from model.networks.annotation import CHORD, COUNT
from model.networks.config import GeneratorConfig

__all__ = ["Generator", "GeneratorState", "Prediction", "StreamCondition", "delay_mix"]


@dataclass(frozen=True, slots=True)
class StreamCondition:
    """Conditions of a batch of streams; constant in training, changeable live."""

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
    """Output of the context network: its prediction of the hop to be played."""

    count_BTC: Tensor
    """Position in the bar, ``(B, T, COUNT)``; shorter vectors mean less certainty."""
    chord_BTC: Tensor
    """Logits of the chord's flags, ``(B, T, CHORD)``."""
    onset_BTC: Tensor
    """Logit of an onset of the mix, ``(B, T, 1)``."""
    mix_BTC: Tensor
    """The mix latent, ``(B, T, latent)``."""


def delay_mix(mix_BTC: Tensor, late_B: Tensor) -> tuple[Tensor, Tensor]:
    """Delay each stream's mix latents so that step k hears mix hop ``k - late``.

    Args:
        mix_BTC: Mix latents, ``(B, T, latent)``.
        late_B: Hops of delay of each stream, ``1 + anticipation``, int64 ``(B,)``, at least 1.

    Returns:
        The delayed latents, zero before the first mix hop, and a mask ``(B, T, 1)`` that is 1
        from that hop on.

    Raises:
        ShapeError: A delay is below 1, which would not be causal.

    Example:
        >>> mix = torch.arange(1.0, 5.0).view(1, 4, 1)
        >>> heard, mask = delay_mix(mix, torch.tensor([1]))
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
        """Return an empty state; call :meth:`condition` before stepping."""
        return GeneratorState([block.init_state(batch) for block in self._blocks()])

    def init_band(self, players: int) -> GeneratorState:
        """Return an empty state for one mix and several players.

        The context network has one stream, since its input is only the mix and its delay, and
        the stem network one per player; see :meth:`accompany`.
        """
        blocks, context = self._blocks(), self.config.context_depth
        return GeneratorState(
            [block.init_state(1) for block in blocks[:context]]
            + [block.init_state(players) for block in blocks[context:]]
        )

    def condition(self, condition: StreamCondition, state: GeneratorState) -> None:
        """Condition every stream from its next step on; its memory is kept."""
        self.condition_context(condition.anticipation_B, state)
        self.condition_stems(condition, state)

    def freeze_context(self) -> None:
        """Let no gradient change the context network."""
        blocks = self._blocks()[: self.config.context_depth]
        for part in (self.late, self.enter, *blocks, self.context_norm, self.believe):
            part.requires_grad_(False)
        self.silence.requires_grad_(False)

    def condition_context(self, anticipation_B: Tensor, state: GeneratorState) -> None:
        """Set the anticipation of the context network's streams."""
        late_BC = self.late(anticipation_B)
        for number in range(self.config.context_depth):
            self._blocks()[number].condition(late_BC, state.blocks[number])

    def condition_stems(self, condition: StreamCondition, state: GeneratorState) -> None:
        """Set the condition of the stem network's streams."""
        vector_BC = self._condition_vector(condition)
        for number in range(self.config.context_depth, len(self.blocks)):
            self._blocks()[number].condition(vector_BC, state.blocks[number])

    def inputs(
        self, heard_BTC: Tensor, mask_BTC: Tensor, noise_BTC: Tensor, transport_BTC: Tensor
    ) -> Tensor:
        """Join the input of :meth:`step`; a learned latent replaces mix hops not yet heard.

        Args:
            heard_BTC: Delayed mix latents, ``(B, T, latent)``; see :func:`delay_mix`.
            mask_BTC: 1 where the mix was heard, ``(B, T, 1)``.
            noise_BTC: Noise of each hop, ``(B, T, noise)``.
            transport_BTC: The count at the start of each hop and its trust, 0..1; zeros
                where none is given, ``(B, T, COUNT + 1)``.

        Returns:
            ``(B, T, channels_in)``, the input of :meth:`step`.
        """
        heard_BTC = self.heard(heard_BTC, mask_BTC)
        return torch.cat([heard_BTC, noise_BTC, transport_BTC], dim=-1)

    def heard(self, heard_BTC: Tensor, mask_BTC: Tensor) -> Tensor:
        """Replace mix hops not yet heard by the learned latent; see :meth:`inputs`."""
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
        """Play T hops, with all players on the same mix or each on its own.

        Args:
            heard_BTC: The first ``latent`` channels of :meth:`inputs`; one stream, or one per
                player.
            own_BTC: The other channels, ``(players, T, noise + COUNT + 1)``.
            state: See :meth:`init_band` and :meth:`init_state`.

        Returns:
            Stem latents, ``(players, T, latent)``.
        """
        h_BTC = self._step_context(heard_BTC, state)
        return self._step_stems(h_BTC, self._predict(h_BTC), own_BTC, state)

    def play(
        self,
        mix_BTC: Tensor,
        noise_BTC: Tensor,
        transport_BTC: Tensor,
        condition: StreamCondition,
    ) -> tuple[Tensor, Prediction]:
        """Play whole sequences in one parallel pass, from an empty state.

        Args:
            mix_BTC: Mix latents in true time, ``(B, T, latent)``; delayed here.
            noise_BTC: Noise of each hop, ``(B, T, noise)``.
            transport_BTC: See :meth:`inputs`.
            condition: Condition of each stream.

        Returns:
            Stem latents in true time, ``(B, T, latent)``, and the context's prediction.
        """
        plan = self.plan(mix_BTC.shape[1])
        return self.play_sequence(mix_BTC, noise_BTC, transport_BTC, condition, plan)[:2]

    def plan(self, steps: int) -> SequencePlan:
        """Return positions and masks of sequences of that many steps."""
        return self._blocks()[0].attention.plan(steps)

    def play_sequence(
        self,
        mix_BTC: Tensor,
        noise_BTC: Tensor,
        transport_BTC: Tensor,
        condition: StreamCondition,
        plan: SequencePlan,
    ) -> tuple[Tensor, Prediction, Tensor]:
        """Play like :meth:`play`, with a given plan, so that it can be compiled.

        Args:
            mix_BTC: See :meth:`play`.
            noise_BTC: See :meth:`play`.
            transport_BTC: See :meth:`play`.
            condition: See :meth:`play`.
            plan: Result of :meth:`plan` for T hops.

        Returns:
            What :meth:`play` returns, and the features that the last block reads,
            ``(B, T, channels)``.
        """
        h_BTC = self._run_context(mix_BTC, condition, plan)
        prediction = self._predict(h_BTC)
        own_BTC = torch.cat([noise_BTC, transport_BTC], dim=-1)
        h_BTC = self._stem_input(h_BTC, prediction, own_BTC)
        vector_BC = self._condition_vector(condition)
        *blocks, last = self._blocks()[self.config.context_depth :]
        for block in blocks:
            h_BTC = block.run_sequence(h_BTC, vector_BC, plan)
        return self._output(last.run_sequence(h_BTC, vector_BC, plan)), prediction, h_BTC

    def predict(self, mix_BTC: Tensor, condition: StreamCondition) -> Prediction:
        """Run the context network alone, from an empty state; see :meth:`play`."""
        plan = self.plan(mix_BTC.shape[1])
        return self._predict(self._run_context(mix_BTC, condition, plan))

    def _run_context(
        self, mix_BTC: Tensor, condition: StreamCondition, plan: SequencePlan
    ) -> Tensor:
        h_BTC: Tensor = self.enter(self._delayed_mix(mix_BTC, condition))
        late_BC = self.late(condition.anticipation_B)
        for block in self._blocks()[: self.config.context_depth]:
            h_BTC = block.run_sequence(h_BTC, late_BC, plan)
        return h_BTC

    def _condition_vector(self, condition: StreamCondition) -> Tensor:
        """Return the condition vector of the stem network, ``(B, condition)``."""
        vector_BC: Tensor = (
            self.stem(condition.stem_B)
            + self.anticipation(condition.anticipation_B)
            + self.groove(condition.groove_B)
            + self.seed(condition.seed_BC)
        )
        return vector_BC

    def _delayed_mix(self, mix_BTC: Tensor, condition: StreamCondition) -> Tensor:
        hops = torch.tensor(self.config.anticipations, device=mix_BTC.device)
        heard_BTC, mask_BTC = _delayed(mix_BTC, 1 + hops[condition.anticipation_B])
        return self.heard(heard_BTC, mask_BTC)

    def _step_context(self, heard_BTC: Tensor, state: GeneratorState) -> Tensor:
        h_BTC = self.enter(heard_BTC)
        for number in range(self.config.context_depth):
            h_BTC = self._blocks()[number].step(h_BTC, state.blocks[number])
        out_BTC: Tensor = h_BTC
        return out_BTC

    def _predict(self, h_BTC: Tensor) -> Prediction:
        told_BTC = self.believe(self.context_norm(h_BTC))
        return Prediction(
            *told_BTC.tensor_split([COUNT, COUNT + CHORD, COUNT + CHORD + 1], dim=-1)
        )

    def _step_stems(
        self, h_BTC: Tensor, prediction: Prediction, own_BTC: Tensor, state: GeneratorState
    ) -> Tensor:
        h_BTC = self._stem_input(h_BTC, prediction, own_BTC)
        for number in range(self.config.context_depth, len(self.blocks)):
            h_BTC = self._blocks()[number].step(h_BTC, state.blocks[number])
        return self._output(h_BTC)

    def _stem_input(self, h_BTC: Tensor, prediction: Prediction, own_BTC: Tensor) -> Tensor:
        """Return the input of the stem network, ``(players, T, channels)``."""
        noise = self.config.noise
        noise_BTC, given_BTC, sure_BTC = own_BTC.tensor_split([noise, noise + COUNT], dim=-1)
        # The context network is trained by its prediction losses only: gradients of the
        # discriminator made it lose the beat.
        count_BTC = sure_BTC * given_BTC + (1 - sure_BTC) * prediction.count_BTC.detach()
        chord_BTC = prediction.chord_BTC.detach().sigmoid().expand(len(own_BTC), -1, -1)
        joined_BTC: Tensor = h_BTC.detach() + self.join(
            torch.cat([noise_BTC, count_BTC, sure_BTC, chord_BTC], dim=-1)
        )
        return joined_BTC

    def _output(self, h_BTC: Tensor) -> Tensor:
        latent_BTC: Tensor = self.leave(self.norm(h_BTC))
        return latent_BTC

    def _blocks(self) -> list[ConditionedBlock]:
        return [block for block in self.blocks if isinstance(block, ConditionedBlock)]
