"""The discriminator: what it is told of how stems sound, and what training leaves alone."""

import random

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from model.data.batches import PairBatches
from model.data.latents import load_pairs
from model.networks.annotation import ANNOTATION
from model.networks.discriminator import Discriminator
from model.networks.level_probe import TOLD
from model.training.adversarial_losses import generator_loss
from model.training.discriminator_file import FILE, load_discriminator, save_discriminator
from tests.model.tiny import DISCRIMINATOR, GENERATOR, HOPS, write_latents

LATENT = DISCRIMINATOR.latent


def _pair(batch=2):
    generator = torch.Generator().manual_seed(4)
    mix_BTC = torch.randn(batch, HOPS, LATENT + ANNOTATION, generator=generator)
    return mix_BTC, torch.randn(batch, HOPS, LATENT, generator=generator)


def _listening():
    torch.manual_seed(2)
    discriminator = Discriminator(DISCRIMINATOR)
    torch.nn.init.normal_(discriminator.listen.weight, std=0.2)
    return discriminator


def _score(discriminator, mix_BTC, stem_BTC):
    plain = torch.zeros(len(stem_BTC), dtype=torch.long)
    return discriminator(mix_BTC, stem_BTC, plain, plain)


@pytest.mark.parametrize("part", ["mix", "stem"])
def test_it_judges_by_what_mix_and_stem_sound_like(part):
    discriminator, (mix_BTC, stem_BTC) = _listening(), _pair()
    before_B = _score(discriminator, mix_BTC, stem_BTC)
    asked = {"mix": slice(0, TOLD), "stem": slice(TOLD, 2 * TOLD)}[part]
    weight_CPL = discriminator.listen.weight.data.unflatten(1, (-1, 2 * TOLD))
    weight_CPL[..., asked] = 0
    assert (_score(discriminator, mix_BTC, stem_BTC) - before_B).abs().min() > 1e-4


def test_untrained_it_is_what_it_was_before_it_was_told():
    discriminator, (mix_BTC, stem_BTC) = Discriminator(DISCRIMINATOR), _pair()
    before_B = _score(discriminator, mix_BTC, stem_BTC)
    torch.nn.init.normal_(discriminator.probe.tell.weight)
    assert torch.equal(_score(discriminator, mix_BTC, stem_BTC), before_B)


def test_a_stem_learns_through_the_probe_and_the_probe_learns_nothing(tmp_path):
    discriminator = _listening()
    torch.nn.init.zeros_(discriminator.enter.weight)  # levels are all that is left of the stem,
    torch.nn.init.zeros_(discriminator.whole.weight[:, -1])  # since its spread does not count
    pairs = load_pairs(write_latents(tmp_path), GENERATOR.stems, GENERATOR.anticipations)
    drawn = PairBatches(pairs, GENERATOR.stems, GENERATOR.grooves, batch=2, hops=HOPS)
    batch = drawn.draw(random.Random(0))
    made_BTC = torch.randn_like(batch.stem_BTC).requires_grad_()
    generator_loss(discriminator, batch, made_BTC, torch.zeros(2)).backward()
    assert made_BTC.grad.abs().sum() > 0
    assert not any(weight.requires_grad for weight in discriminator.probe.parameters())
    learnt = [
        weight for name, weight in discriminator.named_parameters() if "probe" not in name
    ]
    assert all(weight.requires_grad and weight.grad is None for weight in learnt)


def test_what_was_trained_before_it_was_told_levels_is_gone_on_with(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    discriminator = _listening()
    save_discriminator(tmp_path, discriminator)
    kept = load_discriminator(tmp_path).state_dict()
    told = [name for name in kept if name.startswith(("probe.", "listen."))]
    assert len(told) == 7
    for name in told:
        assert torch.equal(kept[name], discriminator.state_dict()[name].half().float())
    older = {k: v for k, v in load_file(tmp_path / FILE).items() if k not in told}
    with safe_open(tmp_path / FILE, "pt") as file:
        save_file(older, tmp_path / FILE, metadata=file.metadata())
    known = load_discriminator(tmp_path)
    assert not known.listen.weight.any()
    assert torch.equal(known.enter.weight, kept["enter.weight"])
