"""The generator hears what it may hear and remembers as long as it should, nothing else."""

import inspect

import pytest
import torch

from model.config import GeneratorConfig
from model.errors import ShapeError
from model.generator import Generator, StreamCondition, hear_late

CONFIG = GeneratorConfig(
    latent=4, channels=24, depth=2, heads=2, window=5, condition=8, noise=3
)


@pytest.fixture
def generator():
    torch.manual_seed(1)
    network = Generator(CONFIG).double()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return network


def _condition(index):
    return StreamCondition(
        torch.tensor([1]), torch.tensor([index]), torch.ones(1, CONFIG.seed_noise).double()
    )


@pytest.mark.parametrize(("index", "hops"), list(enumerate(CONFIG.anticipations)))
def test_mix_hop_j_first_matters_at_j_plus_1_plus_anticipation(generator, index, hops):
    mix, noise = torch.randn(1, 60, 4).double(), torch.randn(1, 60, 3).double()
    changed = mix.clone()
    changed[:, 20] += 1
    with torch.no_grad():
        a = generator.play(mix, noise, _condition(index))
        b = generator.play(changed, noise, _condition(index))
    first = int((a != b).any(-1)[0].int().argmax())
    assert first == 20 + 1 + hops
    last = 59 - int((a != b).any(-1)[0].flip(0).int().argmax())
    assert last == min(59, first + CONFIG.memory - 1)


def test_noise_of_hop_j_first_matters_at_j(generator):
    mix, noise = torch.randn(1, 30, 4).double(), torch.randn(1, 30, 3).double()
    changed = noise.clone()
    changed[:, 12] += 1
    with torch.no_grad():
        a = generator.play(mix, noise, _condition(0))
        b = generator.play(mix, changed, _condition(0))
    assert int((a != b).any(-1)[0].int().argmax()) == 12


@pytest.mark.parametrize("method", [Generator.play, Generator.step, Generator.inputs])
def test_no_target_and_no_own_output_can_enter(method):
    allowed = {
        "self",
        "mix_BTC",
        "heard_BTC",
        "mask_BTC",
        "noise_BTC",
        "condition",
        "x_BTC",
        "state",
    }
    assert set(inspect.signature(method).parameters) <= allowed


def test_hearing_the_present_is_refused():
    with pytest.raises(ShapeError, match="at most the hop before"):
        hear_late(torch.zeros(1, 4, 2), torch.tensor([0]))
