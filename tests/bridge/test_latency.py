"""The latency arithmetic against a cycle-by-cycle simulation of host and engine."""

import pytest

from bridge.common.errors import ConfigError
from bridge.common.latency import adaptation, hop_frames, latency_budget

BLOCKS = [16, 32, 64, 100, 128, 147, 256, 480, 512, 1000, 1024, 2048, 2400, 4096, 4800, 8192]
HOPS = [1102, 1600, 2205, 2400, 4410, 4800, 9600]


def lacks_frames(*, block, hop, anticipation, trail, late, phase=0):
    """Play many hops through a host that looks for results once per cycle; tell of a gap."""
    given = -(-hop // block)  # cycles an engine may take for a hop
    for k in range(block + 1):  # the pattern repeats after block / gcd(block, hop) hops
        last_of_mix = (k + 1) * hop - 1
        captured = (last_of_mix - phase) // block
        first_of_stem = (k + 1 + anticipation) * hop - trail
        needed = (first_of_stem + late - phase) // block
        if needed < captured + given:
            return True
    return False


def simulate(block, hop, anticipation, trail, phase=0):
    budget = latency_budget(
        block=block, hop=hop, anticipation_hops=anticipation, overlap=trail, phase=phase
    )
    setting = {
        "block": block,
        "hop": hop,
        "anticipation": anticipation,
        "trail": trail,
        "phase": phase,
    }
    assert not lacks_frames(**setting, late=budget.musical), setting
    if budget.musical > 0:
        assert lacks_frames(**setting, late=budget.musical - 1), setting


@pytest.mark.parametrize("hop", HOPS)
@pytest.mark.parametrize("block", BLOCKS)
def test_is_enough_and_one_frame_less_is_not(block, hop):
    for anticipation in (0, 2, 20):
        simulate(block, hop, anticipation, trail=577)


def test_every_small_pair_at_every_phase():
    for block in range(1, 25):
        for hop in range(1, 25):
            for phase in range(block):
                simulate(block, hop, 0, trail=3, phase=phase)


def test_terms_add_up():
    budget = latency_budget(
        block=64, hop=2205, anticipation_hops=0, resampler_in=48, resampler_out=49, overlap=441
    )
    assert budget.trail == 48 + 49 + 441
    assert (budget.inference, budget.safety) == (2205, 35 * 64 - 2205)
    assert budget.adaptation == -1
    assert budget.total == budget.musical == budget.trail + 35 * 64 - 1
    assert budget.causal == 2205 + budget.musical


@pytest.mark.parametrize(
    ("block", "rate", "ahead", "loop", "told"),
    [  # resampler, adaptation, inference, safety, overlap, loop, total, musical, causal
        (64, 48_000, 0, 0, (0, -32, 2400, 32, 480, 0, 2880, 2880, 5280)),
        (256, 48_000, 2, 0, (0, -32, 2400, 160, 480, 0, 3008, 0, 7200)),
        (256, 48_000, 0, 256, (0, -32, 2400, 160, 480, 256, 3264, 3264, 5664)),
        (1024, 48_000, 2, 1024, (0, -32, 2400, 672, 480, 1024, 4544, 0, 7200)),
        (4096, 48_000, 2, 4096, (0, -32, 2400, 1696, 480, 4096, 8640, 3840, 11040)),
        (128, 44_100, 20, 0, (97, -1, 2205, 99, 441, 0, 2841, 0, 46305)),
    ],
)
def test_every_term_has_its_value(block, rate, ahead, loop, told):
    hop = hop_frames(rate)
    budget = latency_budget(
        block=block,
        hop=hop,
        anticipation_hops=ahead,
        resampler_in=48 if rate != 48_000 else 0,
        resampler_out=49 if rate != 48_000 else 0,
        overlap=hop // 5,
        loop=loop,
    )
    terms = (
        budget.resampler_in + budget.resampler_out,
        budget.adaptation,
        budget.inference,
        budget.safety,
        budget.overlap,
        budget.loop,
    )
    assert (*terms, budget.total, budget.musical, budget.causal) == told
    assert sum(terms) == budget.total


@pytest.mark.parametrize("block", [64, 100, 256, 1024, 4096])
def test_default_anticipation_is_on_the_grid(block):
    budget = latency_budget(block=block, hop=2400, anticipation_hops=2, overlap=480)
    assert budget.musical == 0
    assert budget.causal == 3 * 2400


def test_refuses_rates_without_whole_hops():
    assert hop_frames(96000) == 4800
    with pytest.raises(ConfigError, match=r"multiple of 20 Hz.*got 11025.*44100"):
        hop_frames(11025)


@pytest.mark.parametrize(("block", "hop"), [(0, 2400), (64, 0), (-64, 2400)])
def test_refuses_sizes_that_are_not_positive(block, hop):
    with pytest.raises(ConfigError, match="must be positive"):
        adaptation(block, hop)


def test_refuses_negative_delays():
    with pytest.raises(ConfigError, match="overlap=-1"):
        latency_budget(block=64, hop=2400, anticipation_hops=0, overlap=-1)
