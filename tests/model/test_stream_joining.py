"""Streams that join a batch, leave it or change places in it do what they would do alone."""

import pytest
import torch

from model.layers.attention import WindowedAttention
from model.layers.convnext import ConvNeXtStack
from model.networks.autoencoder import Decoder
from model.networks.config import AutoencoderConfig, GeneratorConfig
from model.networks.generator import Generator, StreamCondition

WINDOW = 7
TURNED = 1e-6
"""What is left between the same music at two positions: their angles are float32."""
CODEC = AutoencoderConfig(
    latent=6, encoder_inner=16, encoder_hop=24, decoder_hop=24, decoder_inner=16
)
BAND = GeneratorConfig(
    latent=6, channels=24, context_depth=1, depth=2, heads=2, window=WINDOW, condition=8,
    stems=("drums", "bass"), grooves=("polka",),
)  # fmt: skip


def restless(module):
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return module.double().eval()


def steer(generator, state):
    """Ask the same of every stream; the context network may have fewer of them."""
    heard, played = (len(state.blocks[place].modulation) for place in (0, -1))
    zeros = torch.zeros(played, dtype=torch.long)
    seed = torch.ones(played, generator.config.seed_noise, dtype=torch.float64)
    generator.condition_context(zeros[:heard], state)
    generator.condition_stems(StreamCondition(zeros, zeros, zeros, seed), state)


LAYERS = {
    "attention": lambda: restless(WindowedAttention(12, heads=2, window=WINDOW)),
    "convolution": lambda: restless(ConvNeXtStack(6, 2)),
    "generator": lambda: restless(Generator(BAND)),
}


def channels(layer):
    return {WindowedAttention: 12, ConvNeXtStack: 6}.get(
        type(layer), getattr(layer, "channels_in", 0)
    )


def steps(layer, x_BTC, state, size=1):
    if isinstance(layer, Generator):
        steer(layer, state)
    parts = x_BTC.split(size, dim=1)
    return torch.cat([layer.step(part, state) for part in parts], dim=1)


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("before", [1, 4, WINDOW, 3 * WINDOW])
@pytest.mark.parametrize("name", LAYERS)
@torch.inference_mode()
def test_a_newcomer_is_alone_with_itself(name, before, size):
    torch.manual_seed(1)
    layer = LAYERS[name]()
    x_BTC = torch.randn(2, before + 3 * WINDOW, channels(layer), dtype=torch.float64)
    early, late = x_BTC.split([before, 3 * WINDOW], dim=1)
    state, twin = layer.init_state(1), layer.init_state(1)
    steps(layer, early[:1], state)
    steps(layer, early[:1], twin)
    band = state.joined(layer.init_state(1))
    together = steps(layer, late, band, size)
    alone = steps(layer, late[:1], twin, size)
    fresh = steps(layer, late[1:], layer.init_state(1), size)
    assert (together[0] - alone[0]).abs().max() < 1e-10
    assert (together[1] - fresh[0]).abs().max() < TURNED


@pytest.mark.parametrize("name", LAYERS)
@torch.inference_mode()
def test_who_stays_goes_on_in_its_new_place(name):
    layer = LAYERS[name]()
    x_BTC = torch.randn(3, 4 * WINDOW, channels(layer), dtype=torch.float64)
    early, late = x_BTC.chunk(2, dim=1)
    state = layer.init_state(3)
    steps(layer, early, state)
    rest = state.select([2, 0])
    expected = steps(layer, late, state)[[2, 0]]
    assert (steps(layer, late[[2, 0]], rest) - expected).abs().max() < 1e-10


@torch.inference_mode()
def test_a_selection_owns_what_it_remembers():
    decoder = restless(Decoder(CODEC))
    state = decoder.init_state(2)
    x_BTC = torch.randn(2, 5, 6, dtype=torch.float64)
    decoder.step(x_BTC, state)
    picked = state.select([0, 1])
    before = [tensor.clone() for tensor in picked.tensors()]
    decoder.step(x_BTC, state)
    assert all(map(torch.equal, picked.tensors(), before))


@torch.inference_mode()
def test_one_mix_serves_several_players():
    generator = restless(Generator(BAND))
    x_BTC = torch.randn(3, 2 * WINDOW, generator.channels_in, dtype=torch.float64)
    heard, own = x_BTC.tensor_split([BAND.latent], dim=-1)
    heard = heard[:1].expand(3, -1, -1)
    apart, together = generator.init_state(3), generator.init_band(3)
    steer(generator, apart)
    steer(generator, together)
    expected = generator.step(torch.cat([heard, own], dim=-1), apart)
    got = generator.accompany(heard[:1], own, together)
    assert (got - expected).abs().max() < 1e-10
