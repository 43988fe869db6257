"""Tests of the resampler: exact delay, flat pass band, stop band, independence of hops."""

import numpy as np
import pytest

from bridge.common.errors import ConfigError
from bridge.stream.resample import conversion_delays, make_resamplers

RATES = [24000, 32000, 44100, 88200, 96000, 192000]


def convert(resampler, audio):
    state = resampler.init_state()
    hops = audio.reshape(-1, resampler.in_hop)
    return np.concatenate([resampler.step(hop, state) for hop in hops])


def round_trip(rate, audio):
    to_model, to_host = make_resamplers(rate, 48000)
    return convert(to_host, convert(to_model, audio))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("overlap", [0, 480, 600])
def test_impulse_returns_after_the_declared_frames(rate, overlap):
    to_model, to_host = make_resamplers(rate, 48000, overlap)
    audio = np.zeros(4 * rate // 20, np.float32)
    audio[rate // 20 + 123] = 1.0
    model_side = convert(to_model, audio)
    decoded = np.concatenate([np.zeros(overlap, np.float32), model_side])[: len(model_side)]
    back = convert(to_host, decoded)
    peak = rate // 20 + 123 + conversion_delays(rate, 48000, overlap).total
    assert int(np.argmax(np.abs(back))) == peak
    np.testing.assert_allclose(
        back[peak - 30 : peak], back[peak + 1 : peak + 31][::-1], atol=5e-5
    )


@pytest.mark.parametrize("rate", RATES)
def test_passband_is_flat_and_in_time(rate):
    delay = conversion_delays(rate, 48000).total
    t = np.arange(20 * rate // 20)
    for hz in (50.0, 1000.0, 0.4 * min(rate, 48000)):
        tone = np.sin(2 * np.pi * hz * t / rate).astype(np.float32)
        back = round_trip(rate, tone)
        middle = slice(rate // 10, -rate // 10)
        expected = np.sin(2 * np.pi * hz * (t - delay) / rate)
        assert np.abs(back - expected)[middle].max() < 2e-4


def test_what_the_model_cannot_hear_is_gone():
    to_model, _ = make_resamplers(96000, 48000)
    tone = np.sin(2 * np.pi * 30000.0 * np.arange(96000) / 96000).astype(np.float32)
    heard = convert(to_model, tone)
    assert np.abs(heard[4800:-4800]).max() < 1e-4


def test_same_rate_is_the_identity():
    audio = np.random.default_rng(0).standard_normal(9600).astype(np.float32)
    assert np.array_equal(round_trip(48000, audio), audio)
    assert conversion_delays(48000, 48000, overlap=480).total == 480


@pytest.mark.parametrize("rate", RATES)
def test_hops_do_not_depend_on_what_follows(rate):
    to_model, to_host = make_resamplers(rate, 48000)
    audio = np.random.default_rng(1).standard_normal(6 * rate // 20).astype(np.float32)
    changed = audio.copy()
    changed[3 * rate // 20 :] += 1.0
    for resampler, a, b in (
        (to_model, audio, changed),
        (to_host, convert(to_model, audio), convert(to_model, changed)),
    ):
        kept = 3 * resampler.out_hop
        assert np.array_equal(convert(resampler, a)[:kept], convert(resampler, b)[:kept])


def test_streams_do_not_meet():
    to_model, _ = make_resamplers(44100, 48000)
    loud, quiet = to_model.init_state(), to_model.init_state()
    to_model.step(np.ones(2205, np.float32), loud)
    assert not to_model.step(np.zeros(2205, np.float32), quiet).any()


def test_refuses_rates_without_whole_hops():
    with pytest.raises(ConfigError, match="got 11025"):
        make_resamplers(11025, 48000)
