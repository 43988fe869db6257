"""The fast training step computes what the plain one does, within bfloat16's error."""

import random
from dataclasses import replace

import pytest
import torch

from model.data.batches import PairBatches
from model.data.latents import load_pairs
from model.networks.discriminator import Discriminator
from model.networks.generator import Generator, delay_mix
from model.training.adversarial_losses import (
    DiscriminatorTerm,
    discriminator_losses,
)
from model.training.generator_task import GeneratorTask
from model.training.latent_distributions import LatentDistributions
from model.training.prefetch import StepBatches
from model.training.processes import ALONE
from model.training.settings import LiveBandTraining
from tests.model.tiny import DISCRIMINATOR, GENERATOR, HOPS, write_latents

pytestmark = pytest.mark.filterwarnings("ignore")  # torch's compiler warns of its own code
SETTINGS = LiveBandTraining(batch=6, hops=HOPS, context_share=0.0)


@pytest.fixture(scope="module")
def batches(tmp_path_factory):
    root = write_latents(tmp_path_factory.mktemp("latents"))
    pairs = load_pairs(root, GENERATOR.stems, GENERATOR.anticipations)
    return PairBatches(pairs, GENERATOR.stems, GENERATOR.grooves, batch=6, hops=HOPS)


def _task(batches, *, compiled):
    torch.manual_seed(0)
    generator, discriminator = Generator(GENERATOR), Discriminator(DISCRIMINATOR)
    for block in generator.blocks:
        torch.nn.init.normal_(block.modulate.weight, std=0.1)
    settings = replace(SETTINGS, compiled=compiled)
    drawn = StepBatches(lambda step: batches.draw(random.Random(step)), ALONE)
    wide_C, classes = torch.full((GENERATOR.latent,), 5.0), len(GENERATOR.stems)
    distributions = LatentDistributions(
        classes, len(GENERATOR.anticipations), -wide_C, wide_C, discriminator.probe
    )
    return GeneratorTask(
        generator, discriminator, settings, drawn, distributions, torch.zeros(GENERATOR.latent)
    )


@pytest.fixture(scope="module")
def compiled(batches):
    task = _task(batches, compiled=True)
    yield task
    task.close()


@pytest.fixture(scope="module")
def eager(batches):
    task = _task(batches, compiled=False)
    yield task
    task.close()


def _streamed(generator, mix_BTC, noise_BTC, beat_BTC, condition, plan):
    """The generator's pass by its streaming layers, in full precision."""
    with torch.autocast("cpu", enabled=False):
        state = generator.init_state(len(mix_BTC))
        generator.condition(condition, state)
        late_B = 1 + torch.tensor(GENERATOR.anticipations)[condition.anticipation_B]
        heard_BTC = generator.heard(*delay_mix(mix_BTC, late_B))
        h_BTC = generator._step_context(heard_BTC, state)
        prediction = generator._predict(h_BTC)
        own_BTC = torch.cat([noise_BTC, beat_BTC], dim=-1)
        features_BTC = []
        hook = generator.blocks[-1].attention_norm.register_forward_pre_hook(
            lambda _, inputs: features_BTC.append(inputs[0])
        )
        stem_BTC = generator._step_stems(h_BTC, prediction, own_BTC, state)
        hook.remove()
        return stem_BTC, prediction, *features_BTC


class _FullPrecision(Discriminator):
    def forward(self, *inputs, **named):
        with torch.autocast("cpu", enabled=False):
            return super().forward(*inputs, **named)


def _losses_and_gradients(task, batch, term):
    """All losses of one step and the gradient of every weight."""
    torch.manual_seed(1)
    condition = task._condition(batch)
    cold_B = torch.zeros_like(batch.stem_B).bool()
    beat_BTC, noise_BTC = task._beat(batch, condition, cold_B), task._noise(batch)
    playing = task.play(batch, condition, beat_BTC, noise_BTC)
    scored = discriminator_losses(
        task.discriminator,
        batch,
        playing.stem_BTC.detach(),
        mix_drop=0.1,
        term=term,
        probe=1.0,
    )
    asked = [loss for loss in (scored.matching, scored.penalty) if loss is not None]
    assert len(asked) == (term is not None)
    torch.stack([scored.adversarial, *asked]).sum().backward()
    losses = task.losses(batch, condition, playing, scored.real_B)
    losses.total.backward()
    match = losses.distributions
    parts = [
        losses.adversarial,
        match.values,
        match.means,
        match.changes,
        match.level,
        match.bands,
    ]
    parts += [losses.seeds, losses.stem_prediction, losses.total]
    values = [scored.adversarial, *asked, *parts]
    networks = (task.generator, task.discriminator)
    gradients = [
        torch.cat([p.grad.flatten() for p in network.parameters() if p.grad is not None])
        for network in networks
    ]
    for network in networks:
        network.zero_grad()
    return torch.stack([value.detach() for value in values]), gradients


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["eager", "compiled"])
def test_losses_and_gradients_are_those_of_the_plain_step(kind, batches, request):
    fast, plain = request.getfixturevalue(kind), _task(batches, compiled=False)
    plain._play_sequence = lambda *inputs: _streamed(plain.generator, *inputs)
    plain.discriminator.__class__ = _FullPrecision
    batch = batches.draw(random.Random(7))
    for term in (None, *DiscriminatorTerm):
        one, gradients = _losses_and_gradients(fast, batch, term)
        other, expected = _losses_and_gradients(plain, batch, term)
        torch.testing.assert_close(one, other, rtol=0.02, atol=0.02)
        for got, wanted in zip(gradients, expected, strict=True):
            assert (got - wanted).norm() < 0.05 * wanted.norm()
    plain.close()


def test_nothing_is_compiled_twice(compiled):
    for number in range(8):
        compiled.step(number)
    with torch.compiler.set_stance("fail_on_recompile"):
        for number in range(8, 16):
            compiled.step(number)
