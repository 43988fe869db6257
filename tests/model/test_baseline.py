"""The baseline streams as it is trained, hears what it may hear, and draws what it is told."""

import math

import pytest
import torch

from model.errors import DataError, ModelConfigError
from model.networks.annotation import COUNT
from model.networks.baseline.coding import Coding
from model.networks.baseline.network import Baseline, sample_codes
from model.networks.baseline.quantiser import (
    dequantise,
    explained_variance,
    fit_codebooks,
    quantise,
)
from model.networks.config import GeneratorConfig
from model.networks.generator import StreamCondition, delay_mix
from tests.model.stream_contract import check_stream_contract

CONFIG = GeneratorConfig(
    latent=4, channels=24, context_depth=1, depth=1, heads=2, window=5, condition=8
)
PATTERNS = [(0, 1, 1), (0, 1, 2), (0, 0, 0)]
HOPS = 40
CODES = 64


def _network(delays=(0, 1, 1), seed=0):
    torch.manual_seed(seed)
    network = Baseline(CONFIG, Coding(codes=CODES, delays=delays, top_k=CODES)).double()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    torch.nn.init.normal_(network.trunk.leave.weight, std=0.1)  # hardly sure of anything
    network.codebooks.normal_()
    network.rest.fill_(7)
    return network.eval()


def _condition(index=0, batch=1):
    zeros = torch.zeros(batch, dtype=torch.long)
    return StreamCondition(zeros, zeros + index, zeros, torch.zeros(batch, 1).double())


def _own(network, seed=1, hops=HOPS, scale=1.0):
    random = torch.Generator().manual_seed(seed)
    noise = torch.randn(1, hops, network.coding.levels, generator=random).double()
    transport = torch.zeros(1, hops, COUNT + 1)
    return torch.cat([noise, torch.full((1, hops, 1), scale), transport], dim=-1).double()


def _mix(seed=2, hops=HOPS):
    return torch.randn(1, hops, 4, generator=torch.Generator().manual_seed(seed)).double()


@torch.no_grad()
def _play(network, mix, own, index=0):
    """Play as on stage, hop by hop; latents and the codes each step named."""
    state = network.init_state(1)
    network.condition(_condition(index), state)
    late = torch.tensor([1 + CONFIG.anticipations[index]])
    heard = network.heard(*delay_mix(mix, late))
    latents, named = [], []
    for hop in range(mix.shape[1]):
        here = slice(hop, hop + 1)
        latents.append(network.accompany(heard[:, here], own[:, here], state))
        named.append(state.named.codes[:, -1:].clone())
    return torch.cat(latents, 1), torch.cat(named, 1)


@pytest.mark.parametrize("delays", PATTERNS)
def test_the_stream_contract_holds(delays):
    network = _network(delays)

    def prepare(state):
        network.condition(_condition(batch=len(state.named.codes)), state)
        state.named.codes.zero_()  # as if it had played: the first hops would be at rest

    check_stream_contract(network, network.channels_in, hops=HOPS, prepare=prepare)


@pytest.mark.parametrize("delays", PATTERNS)
@pytest.mark.parametrize("index", range(len(CONFIG.anticipations)))
def test_told_what_it_named_the_parallel_pass_would_name_it_again(delays, index):
    network, mix = _network(delays), _mix()
    own = _own(network)
    _, named = _play(network, mix, own, index)
    before = torch.cat([torch.full_like(named[:, :1], -1), named[:, :-1]], 1)
    transport = own[..., network.coding.levels + 1 :]
    with torch.no_grad():
        logits, _ = network.logits(
            mix, network.embed_codes(before), transport, _condition(index)
        )
    noise = own[0, :, : network.coding.levels]
    again = sample_codes(logits[0], noise, torch.ones(HOPS).double(), CODES)
    assert torch.equal(again, named[0])


@pytest.mark.parametrize("delays", PATTERNS)
def test_what_sounds_is_what_the_pattern_of_training_says(delays):
    network = _network(delays)
    own = _own(network)
    played, named = _play(network, _mix(), own)
    lead = network.coding.lead
    assert torch.all(played[:, :lead] == 7)
    latents = dequantise(_undone(network, named), network.codebooks).sum(2)
    assert torch.allclose(latents[:, lead : HOPS - lead], played[:, lead : HOPS - lead])


def _undone(network, named):
    """Return codes by the hop they are of, from codes by the step that named them."""
    codes = torch.full_like(named, -1)
    for level, delay in enumerate(network.coding.delays):
        ahead = network.coding.lead - delay
        codes[:, ahead:, level] = named[:, : HOPS - ahead, level]
    assert torch.equal(
        network.delayed_codes(codes)[:, : HOPS - network.coding.lead],
        named[:, : HOPS - network.coding.lead],
    )
    return codes


@pytest.mark.parametrize(("index", "hops"), list(enumerate(CONFIG.anticipations)))
def test_no_mix_hop_is_heard_too_early(index, hops):
    network, mix = _network(), _mix()
    changed = mix.clone()
    changed[:, 10:] = torch.randn_like(changed[:, 10:])
    own = _own(network)
    (a, first), (b, second) = (_play(network, each, own, index) for each in (mix, changed))
    may = 10 + 1 + hops
    assert torch.equal(a[:, :may], b[:, :may])
    assert torch.equal(first[:, :may], second[:, :may])
    assert not torch.equal(first[:, may:], second[:, may:])


def test_noise_repeats_a_take_and_no_noise_plays_the_likeliest():
    network, mix = _network(), _mix()
    a, b, c = (_play(network, mix, _own(network, seed))[0] for seed in (1, 1, 2))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)
    quiet = [_play(network, mix, _own(network, seed, scale=0.0))[0] for seed in (1, 2)]
    assert torch.equal(*quiet)


def test_codes_are_drawn_as_often_as_their_logits_say():
    logits = torch.tensor([0.5, 0.3, 0.2]).log().expand(20_000, 1, 3)
    noise = torch.randn(20_000, 1, generator=torch.Generator().manual_seed(0))
    one = torch.ones(20_000)
    drawn = sample_codes(logits, noise, one, 3)
    shares = torch.bincount(drawn.flatten(), minlength=3) / 20_000
    assert torch.allclose(shares, torch.tensor([0.5, 0.3, 0.2]), atol=0.02)
    assert sample_codes(logits, noise, one, 2).max() == 1
    cold = sample_codes(logits, noise, one / 4, 3)
    share = (0.5**4) / (0.5**4 + 0.3**4 + 0.2**4)
    assert math.isclose((cold == 0).float().mean().item(), share, abs_tol=0.02)


def test_players_of_a_band_play_what_each_plays_alone():
    network, mix = _network(), _mix()
    owns = [_own(network, seed) for seed in (1, 2)]
    heard = network.heard(*delay_mix(mix, torch.tensor([1])))
    band = network.init_band(2)
    network.condition_context(torch.tensor([0]), band)
    network.condition_stems(_condition(batch=2), band)
    with torch.no_grad():
        together = network.accompany(heard, torch.cat(owns), band)
    for row, own in enumerate(owns):
        assert torch.allclose(together[row], _play(network, mix, own)[0][0])


def test_more_levels_keep_more_and_codes_come_back():
    random = torch.Generator().manual_seed(0)
    latents = torch.randn(600, 5, generator=random)
    books = fit_codebooks(latents, 3, 16)
    kept = explained_variance(latents, books)
    assert 0.2 < kept[0] < kept[1] < kept[2] < 1
    codes = quantise(latents[None], books)
    vectors = dequantise(codes, books).sum(2)
    assert (latents - vectors[0]).square().mean() < (1 - kept[1]) * latents.var(0).mean()
    assert torch.all(dequantise(torch.full((1, 1, 3), -1), books) == 0)


def test_no_code_is_idle_after_fitting():
    latents = torch.cat([torch.zeros(500, 2), torch.randn(40, 2)])
    codes = quantise(latents[None], fit_codebooks(latents, 1, 8))
    assert len(codes.unique()) == 8


def test_too_few_latents_are_refused():
    with pytest.raises(DataError, match="3 latents are too few for 8 codes"):
        fit_codebooks(torch.zeros(3, 2), 1, 8)


@pytest.mark.parametrize(
    "wrong",
    [{"codes": 1}, {"top_k": 0}, {"top_k": 999}, {"delays": (1, 2)}, {"temperature": 0.0}],
)
def test_a_coding_out_of_range_is_refused(wrong):
    with pytest.raises(ModelConfigError):
        Coding(**wrong)
