"""The generator hears what it may hear and remembers as long as it should, nothing else."""

import inspect

import pytest
import torch

from model.errors import ShapeError
from model.networks.annotation import COUNT
from model.networks.config import GeneratorConfig
from model.networks.generator import Generator, StreamCondition, delay_mix

CONFIG = GeneratorConfig(
    latent=4,
    channels=24,
    context_depth=1,
    depth=1,
    heads=2,
    window=5,
    condition=8,
    noise=3,
    grooves=("swing",),
)
TRANSPORT = torch.zeros(1, 60, COUNT + 1).double()


@pytest.fixture
def generator():
    torch.manual_seed(1)
    network = Generator(CONFIG).double()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return network


def _condition(index):
    seed = torch.ones(1, CONFIG.seed_noise).double()
    one = torch.tensor([1])
    return StreamCondition(one, torch.tensor([index]), one, seed)


def _play(generator, mix, noise, condition, transport=None):
    transport = TRANSPORT[:, : mix.shape[1]] if transport is None else transport
    with torch.no_grad():
        return generator.play(mix, noise, transport, condition)[0]


def _first(a, b):
    return int((a != b).any(-1)[0].int().argmax())


@pytest.mark.parametrize(("index", "hops"), list(enumerate(CONFIG.anticipations)))
def test_mix_hop_j_first_matters_at_j_plus_1_plus_anticipation(generator, index, hops):
    mix, noise = torch.randn(1, 60, 4).double(), torch.randn(1, 60, 3).double()
    changed = mix.clone()
    changed[:, 20] += 1
    a = _play(generator, mix, noise, _condition(index))
    b = _play(generator, changed, noise, _condition(index))
    first = _first(a, b)
    assert first == 20 + 1 + hops
    last = 59 - int((a != b).any(-1)[0].flip(0).int().argmax())
    assert last == min(59, first + CONFIG.memory - 1)


def test_noise_of_hop_j_first_matters_at_j(generator):
    mix, noise = torch.randn(1, 30, 4).double(), torch.randn(1, 30, 3).double()
    changed = noise.clone()
    changed[:, 12] += 1
    a = _play(generator, mix, noise, _condition(0))
    b = _play(generator, mix, changed, _condition(0))
    assert _first(a, b) == 12


def test_transport_of_hop_j_first_matters_at_j_and_in_the_stem_network_only(generator):
    mix, noise = torch.randn(1, 30, 4).double(), torch.randn(1, 30, 3).double()
    changed = TRANSPORT[:, :30].clone()
    changed[:, 12] = 1
    with torch.no_grad():
        a, before = generator.play(mix, noise, TRANSPORT[:, :30], _condition(0))
        b, after = generator.play(mix, noise, changed, _condition(0))
    assert _first(a, b) == 12
    assert torch.equal(before.count_BTC, after.count_BTC)


def test_the_context_network_hears_neither_noise_nor_stem_class(generator):
    mix, noise = torch.randn(1, 30, 4).double(), torch.randn(1, 30, 3).double()
    zero = torch.tensor([0])
    other = StreamCondition(zero, zero, zero, torch.zeros(1, CONFIG.seed_noise).double())
    with torch.no_grad():
        _, a = generator.play(mix, noise, TRANSPORT[:, :30], _condition(0))
        _, b = generator.play(mix, 0 * noise, TRANSPORT[:, :30], other)
        alone = generator.predict(mix, _condition(0))
    assert torch.equal(a.mix_BTC, b.mix_BTC)
    assert torch.equal(a.mix_BTC, alone.mix_BTC)


@pytest.mark.parametrize(
    "method", [Generator.play, Generator.step, Generator.inputs, Generator.predict]
)
def test_no_target_and_no_own_output_can_enter(method):
    allowed = {
        "self",
        "mix_BTC",
        "heard_BTC",
        "mask_BTC",
        "noise_BTC",
        "transport_BTC",
        "condition",
        "x_BTC",
        "state",
    }
    assert set(inspect.signature(method).parameters) <= allowed


def test_hearing_the_present_is_refused():
    with pytest.raises(ShapeError, match="at most the hop before"):
        delay_mix(torch.zeros(1, 4, 2), torch.tensor([0]))
