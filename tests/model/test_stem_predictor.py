"""The true stem predicted from the stem network's features, beside the adversarial training."""

from dataclasses import replace

import torch

from model.layers.attention import SequencePlan
from model.networks.generator import Generator, StreamCondition
from model.training.stem_predictor import StemPredictor, stem_prediction_loss
from tests.model import tiny

GENERATOR = replace(tiny.GENERATOR, depth=2)
HOPS, SIZE = 24, 8


def _condition(stem_B):
    zeros_B = torch.zeros(SIZE, dtype=torch.int64)
    return StreamCondition(stem_B, zeros_B, zeros_B, torch.randn(SIZE, GENERATOR.seed_noise))


def _features(generator, stem_B, plan: SequencePlan):
    mix_BTC = torch.randn(SIZE, HOPS, GENERATOR.latent)
    noise_BTC = torch.randn(SIZE, HOPS, GENERATOR.noise)
    own = generator.channels_in - GENERATOR.latent - GENERATOR.noise
    beat_BTC = torch.zeros(SIZE, HOPS, own)
    return generator.play_sequence(mix_BTC, noise_BTC, beat_BTC, _condition(stem_B), plan)[2]


def test_the_error_trains_the_features_and_neither_output_nor_last_block():
    torch.manual_seed(0)
    generator = Generator(GENERATOR)
    predictor = StemPredictor(GENERATOR.channels, GENERATOR.latent)
    stem_B = torch.arange(SIZE) % len(GENERATOR.stems)
    features_BTC = _features(generator, stem_B, generator.plan(HOPS))
    real_BTC = torch.randn(SIZE, HOPS, GENERATOR.latent)
    stem_prediction_loss(predictor, features_BTC, real_BTC).backward()
    moved = {name for name, p in generator.named_parameters() if p.grad is not None}
    last = f"blocks.{len(generator.blocks) - 1}."
    assert f"blocks.{GENERATOR.context_depth}.widen.weight" in moved
    assert "stem.weight" in moved
    assert not [name for name in moved if name.startswith((last, "leave.", "norm."))]
    assert not [name for name in moved if name.startswith(("enter.", "believe.", "blocks.0."))]


def test_features_learn_what_each_class_plays():
    torch.manual_seed(0)
    generator = Generator(GENERATOR)
    predictor = StemPredictor(GENERATOR.channels, GENERATOR.latent)
    weights = [*generator.parameters(), *predictor.parameters()]
    optimiser = torch.optim.Adam(weights, lr=3e-3)
    one_C = torch.randn(GENERATOR.latent)
    played_SC = torch.stack([one_C, -one_C])  # what both play on average says nothing
    plan = generator.plan(HOPS)
    errors = []
    for _ in range(80):
        stem_B = torch.randint(len(GENERATOR.stems), (SIZE,))
        real_BTC = played_SC[stem_B][:, None].expand(-1, HOPS, -1)
        loss = stem_prediction_loss(predictor, _features(generator, stem_B, plan), real_BTC)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        errors.append(loss.item())
    assert errors[-1] < 0.3 * errors[0]


def test_an_early_channel_weighs_more():
    predictor = StemPredictor(4, 4)
    torch.nn.init.zeros_(predictor.predict.weight)
    torch.nn.init.zeros_(predictor.predict.bias)
    features_BTC = torch.randn(1, 5, 4)
    errors = [
        stem_prediction_loss(predictor, features_BTC, torch.eye(4)[channel].expand(1, 5, 4))
        for channel in range(4)
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] == 2 * errors[3]
    assert stem_prediction_loss(predictor, features_BTC, torch.zeros(1, 5, 4)) == 0
