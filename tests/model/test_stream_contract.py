"""Every streaming layer and both networks obey the eight laws, past their rings' wrap."""

import pytest
import torch

from model.layers.attention import WindowedAttention
from model.layers.convnext import ConvNeXt, ConvNeXtStack
from model.layers.spectrum import Spectrum
from model.layers.synthesis import PhaseVocoder
from model.layers.transformer import ConditionedBlock
from model.networks.autoencoder import Decoder, Encoder
from model.networks.config import AutoencoderConfig, GeneratorConfig
from model.networks.generator import Generator, StreamCondition
from tests.model.stream_contract import check_stream_contract

SMALL = GeneratorConfig(
    latent=5, channels=24, context_depth=1, depth=2, heads=2, window=7, condition=8
)
CODEC = AutoencoderConfig(
    latent=6, encoder_inner=16, encoder_hop=24, decoder_hop=24, decoder_inner=16
)


def test_convnext():
    check_stream_contract(ConvNeXt(6, kernel=5), 6, hops=40)


def test_convnext_stack():
    check_stream_contract(ConvNeXtStack(6, 3), 6, hops=40)


def test_spectrum():
    check_stream_contract(Spectrum(64, 16, fall=8), 1, hops=40)


def test_attention_past_the_wrap():
    check_stream_contract(WindowedAttention(12, heads=2, window=7), 12, hops=60)


def test_attention_across_the_rotary_period():
    attention = WindowedAttention(12, heads=2, window=7)

    def start_late(state):
        state.position = 4090 // 7 * 7

    check_stream_contract(attention, 12, hops=60, prepare=start_late)


@pytest.mark.parametrize("steps", [1, 6, 7, 8, 14, 40])
def test_a_whole_sequence_is_what_the_steps_give(steps):
    block = ConditionedBlock(12, heads=2, window=7, condition=8).double()
    torch.nn.init.normal_(block.modulate.weight, std=0.5)
    x_BTC, vector_BC = torch.randn(2, steps, 12).double(), torch.randn(2, 8).double()
    state = block.init_state(2)
    block.condition(vector_BC, state)
    stepped_BTC = [block.step(x_BTC[:, at : at + 1], state) for at in range(steps)]
    whole_BTC = block.run_sequence(x_BTC, vector_BC, block.attention.plan(steps))
    assert (torch.cat(stepped_BTC, dim=1) - whole_BTC).abs().max() < 1e-9


def test_attention_remembers_while_gradients_flow():
    attention = WindowedAttention(12, heads=2, window=7).double()
    x_BTC = torch.randn(1, 40, 12).double()
    state = attention.init_state(1)
    parts = [attention.step(x_BTC[:, at : at + 8], state) for at in range(0, 40, 8)]
    assert (torch.cat(parts, dim=1) - attention(x_BTC)).abs().max() < 1e-9
    parts[-1].sum().backward()
    assert attention.project.weight.grad is not None


def test_conditioned_block():
    block = ConditionedBlock(12, heads=2, window=7, condition=8)
    torch.nn.init.normal_(block.modulate.weight, std=0.5)
    vector = torch.randn(2, 8, dtype=torch.float64)

    def prepare(state):
        block.condition(vector[: len(state.modulation)] * 0 + vector[:1], state)

    check_stream_contract(block, 12, hops=60, prepare=prepare)


def _restless(config: GeneratorConfig) -> Generator:
    generator = Generator(config)
    for parameter in generator.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return generator


def _steered(generator: Generator):
    seed = torch.randn(1, generator.config.seed_noise, dtype=torch.float64)

    def prepare(state):
        batch = state.blocks[0].modulation.shape[0]
        zeros = torch.zeros(batch, dtype=torch.long)
        generator.condition(StreamCondition(zeros, zeros, zeros, seed.expand(batch, -1)), state)

    return prepare


def test_generator_beyond_layers_times_window():
    generator = _restless(SMALL)
    hops = 3 * len(generator.blocks) * SMALL.window
    check_stream_contract(
        generator, generator.channels_in, hops=hops, prepare=_steered(generator)
    )


def test_generator_of_shipped_size_hop_by_hop():
    config = GeneratorConfig()
    generator = _restless(config).double()
    prepare = _steered(generator)
    x_BTC = torch.randn(1, config.memory + 40, generator.channels_in).double()
    whole, stepped = generator.init_state(1), generator.init_state(1)
    with torch.no_grad():
        prepare(whole)
        stepped.blocks = whole.clone().blocks
        expected = generator.step(x_BTC, whole)
        parts = [generator.step(x_BTC[:, t : t + 1], stepped) for t in range(x_BTC.shape[1])]
    assert (torch.cat(parts, dim=1) - expected).abs().max() < 1e-9


def test_encoder():
    check_stream_contract(Encoder(CODEC), 1, hops=40)


def test_decoder():
    check_stream_contract(Decoder(CODEC), 6, hops=40)


def test_vocoder_past_the_jitter_table():
    vocoder = PhaseVocoder(4, tonal=5)
    check_stream_contract(vocoder, vocoder.channels, hops=280)


def test_live_precision():
    check_stream_contract(
        WindowedAttention(12, heads=2, window=7),
        12,
        hops=60,
        tolerance=1e-4,
        dtype=torch.float32,
    )


class _Peeks(ConvNeXt):
    """A planted bug: one step of the future."""

    def step(self, x_BTC, state):
        y_BTC = super().step(x_BTC, state)
        return y_BTC + 0.1 * torch.roll(x_BTC, -1, dims=1)


class _Shares(ConvNeXt):
    """A planted bug: every state is the same buffer."""

    def init_state(self, batch):
        if not hasattr(self, "kept"):
            self.kept = super().init_state(batch)
        return self.kept


class _Lies(ConvNeXt):
    """A planted bug: later than it says."""

    def step(self, x_BTC, state):
        late = torch.cat([state.past[:, -1:], x_BTC[:, :-1]], dim=1)
        return late + 0 * super().step(x_BTC, state)


class _Drops(WindowedAttention):
    """A planted bug: the ring does not advance."""

    def step(self, x_BTC, state):
        y_BTC = super().step(x_BTC, state)
        state.position = 0
        return y_BTC


@pytest.mark.parametrize(
    "bug",
    [_Peeks(6), _Shares(6), _Lies(6), _Drops(6, heads=1, window=5)],
    ids=lambda b: type(b).__name__,
)
def test_the_contract_catches(bug):
    with pytest.raises(AssertionError, match="streaming law"):
        check_stream_contract(bug, 6, hops=30)
