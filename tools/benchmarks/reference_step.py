"""Reference training step of the generator, as it was before optimisation.

The networks are today's, run as they were then: eager, fused attention over a ring, two
playings of two batches, slopes at every second step, quantiles of every hop, figures fetched at
once.
"""

from __future__ import annotations

import random
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.data.batches import Batch, PairBatches
from model.layers import transformer
from model.networks.discriminator import Discriminator
from model.networks.generator import Generator, Prediction, StreamCondition, delay_mix
from model.networks.losses import relativistic
from model.training.adversarial_losses import generator_loss
from model.training.conditions import draw_beat, draw_cold, draw_condition
from model.training.precision import fast_matmul
from model.training.prediction_losses import prediction_losses
from model.training.settings import LiveBandTraining

__all__ = ["ReferenceStep"]

CPU = torch.device("cpu")

PENALTY_EVERY = 2


class ReferenceStep:
    """Both networks and one step of both.

    Args:
        generator: Trained.
        discriminator: Trained; its attention is changed to the fused one.
        training: Hyperparameters.
        batches: What to learn from.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        training: LiveBandTraining,
        batches: PairBatches,
    ) -> None:
        self.generator, self.discriminator = generator, discriminator
        self._training, self._batches = training, batches
        self._rng = random.Random(training.seed)
        self._generator_steps = torch.optim.Adam(generator.parameters(), betas=(0.5, 0.95))
        self._discriminator_steps = torch.optim.Adam(
            discriminator.parameters(), betas=(0.0, 0.95)
        )
        self._average = {k: v.detach().clone() for k, v in generator.state_dict().items()}
        for block in discriminator.blocks:
            block.forward = types.MethodType(_fused_block, block)

    def step(self, number: int) -> dict[str, float]:
        """Train one step; returns figures."""
        with _tanh_gelu():
            figures = self._train_discriminator(self._batches.draw(self._rng), number)
            figures |= self._train_generator(self._batches.draw(self._rng))
            for name, value in self.generator.state_dict().items():
                self._average[name].lerp_(value.detach(), 0.005)
        return figures

    def _train_discriminator(self, batch: Batch, number: int) -> dict[str, float]:
        training = self._training
        with torch.no_grad():
            made_BTC, _ = self.play(batch, self._condition(batch))
        probe = training.probe if number % PENALTY_EVERY == 0 else None
        losses = _judged(self.discriminator, batch, made_BTC, training.mix_drop, probe)
        _descend(self._discriminator_steps, torch.stack(losses).sum(), self.discriminator)
        return {str(name): loss.item() for name, loss in enumerate(losses)}

    def _train_generator(self, batch: Batch) -> dict[str, float]:
        training = self._training
        condition = self._condition(batch)
        made_BTC, prediction = self.play(batch, condition)
        mix_BTC = torch.cat([batch.mix_BTC, batch.annotation_BTC], dim=-1)
        with torch.no_grad(), fast_matmul(CPU):
            real_B = self.discriminator(mix_BTC, batch.stem_BTC, batch.stem_B, batch.groove_B)
        adversarial = generator_loss(self.discriminator, batch, made_BTC, real_B)
        quantiles = _quantiles(made_BTC, batch.stem_BTC, condition.anticipation_B)
        quantiles = quantiles + _quantiles(made_BTC, batch.stem_BTC, batch.stem_B)
        losses = prediction_losses(prediction, batch)
        loss = adversarial + training.quantiles * quantiles + training.belief * losses.total
        _descend(self._generator_steps, loss, self.generator)
        return {
            "generator": adversarial.item(),
            "quantiles": quantiles.item(),
            "deviation": (made_BTC.std() / batch.stem_BTC.std()).item(),
            **{name: value.item() for name, value in losses.metrics().items()},
        }

    def play(self, batch: Batch, condition: StreamCondition) -> tuple[Tensor, Prediction]:
        """Return the stems played to a batch and the prediction, through the streaming path."""
        generator, training = self.generator, self._training
        noise_BTC = torch.randn(*batch.mix_BTC.shape[:2], generator.config.noise)
        cold_B = draw_cold(batch, training)
        beat_BTC = draw_beat(batch, condition, training, generator.config, cold_B)
        heard_BTC = batch.mix_BTC + training.heard_noise * torch.randn_like(batch.mix_BTC)
        with fast_matmul(CPU):
            made_BTC, prediction = streamed(
                generator, heard_BTC, noise_BTC, beat_BTC, condition
            )
        return made_BTC.float(), prediction

    def _condition(self, batch: Batch) -> StreamCondition:
        return draw_condition(batch, self._training, self.generator.config)


def _judged(
    discriminator: Discriminator,
    batch: Batch,
    made_BTC: Tensor,
    mix_drop: float,
    probe: float | None,
) -> list[Tensor]:
    """Return all of the discriminator's losses at once: three passes, or five with slopes."""
    kept_B11 = (torch.rand(len(made_BTC), 1, 1) >= mix_drop).float()
    heard_B11 = 1 - batch.unheard_B[:, None, None]
    right = torch.cat([batch.mix_BTC * heard_B11, batch.annotation_BTC], dim=-1) * kept_B11
    wrong_mix_BTC = batch.other_mix_BTC * heard_B11
    wrong = torch.cat([wrong_mix_BTC, batch.other_annotation_BTC], dim=-1) * kept_B11
    cases = [(right, batch.stem_BTC), (right, made_BTC), (wrong, batch.stem_BTC)]
    if probe is not None:
        shake_BTC = probe * torch.randn_like(made_BTC)
        cases += [(right, batch.stem_BTC + shake_BTC), (right, made_BTC + shake_BTC)]
    mixes, stems = (torch.cat(side) for side in zip(*cases, strict=True))
    count = len(cases)
    with fast_matmul(CPU):
        scores = discriminator(
            mixes, stems, batch.stem_B.repeat(count), batch.groove_B.repeat(count), groups=count
        )
    real_B, made_B, strange_B, *shaken = scores.chunk(count)
    kept_B = kept_B11[:, 0, 0]
    matching = (F.softplus(strange_B - real_B) * kept_B).sum() / kept_B.sum().clamp(min=1)
    slopes = [(a - b).square() for a, b in zip(shaken, (real_B, made_B), strict=False)]
    penalty = [torch.cat(slopes).mean() / probe**2] if slopes else []
    return [relativistic(real_B, made_B), matching, *penalty]


def _quantiles(made_BTC: Tensor, real_BTC: Tensor, group_B: Tensor) -> Tensor:
    weight_C = (torch.arange(made_BTC.shape[-1]) + 1.0).rsqrt()
    weight_C = weight_C / weight_C.sum()
    distances = []
    for group in torch.unique(group_B):
        made_CN, real_CN = (
            stem_BTC[group_B == group].flatten(0, 1).T.contiguous().sort().values
            for stem_BTC in (made_BTC, real_BTC)
        )
        distances.append((made_CN - real_CN).abs().mean(1) @ weight_C)
    return torch.stack(distances).mean()


def streamed(
    generator: Generator,
    mix_BTC: Tensor,
    noise_BTC: Tensor,
    beat_BTC: Tensor,
    condition: StreamCondition,
) -> tuple[Tensor, Prediction]:
    """Return what :meth:`Generator.play` returns, by the layers that stream."""
    state = generator.init_state(len(mix_BTC))
    generator.condition(condition, state)
    hops = torch.tensor(generator.config.anticipations)
    heard_BTC = generator.heard(*delay_mix(mix_BTC, 1 + hops[condition.anticipation_B]))
    h_BTC = generator._step_context(heard_BTC, state)
    prediction = generator._predict(h_BTC)
    own_BTC = torch.cat([noise_BTC, beat_BTC], dim=-1)
    return generator._step_stems(h_BTC, prediction, own_BTC, state), prediction


def _fused_block(block: nn.Module, x_BTC: Tensor) -> Tensor:
    split = block.project(block.attention_norm(x_BTC)).unflatten(-1, (3, block.heads, -1))
    q_BHTD, k_BHTD, v_BHTD = split.permute(2, 0, 3, 1, 4)
    y_BHTD = F.scaled_dot_product_attention(q_BHTD, k_BHTD, v_BHTD)
    x_BTC = x_BTC + block.merge(y_BHTD.transpose(1, 2).flatten(2))
    wide_BTC = F.gelu(block.widen(block.mlp_norm(x_BTC)), approximate="tanh")
    return x_BTC + block.narrow(wide_BTC)


@contextmanager
def _tanh_gelu() -> Iterator[None]:
    ours: Callable[[Tensor], Tensor] = transformer.gelu
    transformer.gelu = lambda x: F.gelu(x, approximate="tanh")
    try:
        yield
    finally:
        transformer.gelu = ours


def _descend(optimiser: torch.optim.Optimizer, loss: Tensor, network: nn.Module) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
