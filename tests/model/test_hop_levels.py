"""Levels of decoded hops: where a sound begins its band rises, and nowhere else."""

import pytest
import torch

from model.layers.spectrum import mel_filters
from model.training.hop_levels import BANDS, RISES, TOLD, hop_levels, lowest_and_highest

RATE, HOP = 48000, 2400


def _tone(hz, hops=8):
    return 0.1 * torch.sin(torch.arange(hops * HOP) * (2 * torch.pi * hz / RATE))


def _rises_db(wave_F):
    return 10 * hop_levels(wave_F.view(1, -1, HOP))[0, :, 1 + BANDS :]


@pytest.mark.parametrize("hz", [100, 1000, 6000])
@pytest.mark.parametrize("begin", [4 * HOP, 4 * HOP + 1000, 5 * HOP - 500])
def test_a_sound_that_begins_rises_in_its_hop(hz, begin):
    wave_F = _tone(hz)
    wave_F[:begin] = 0
    rise_TR = _rises_db(wave_F)
    band = mel_filters(RATE, 960, RISES)[round(hz * 960 / RATE)].argmax()
    assert rise_TR[4, band] > 20
    assert rise_TR[4, band] >= rise_TR[4].max() - 20
    assert rise_TR[:4].max() < 0.1
    assert rise_TR[6:].max() < 3


def test_a_sound_that_swells_rises_gently():
    steady = _tone(1000)
    swelling = steady * torch.linspace(0.001, 1, len(steady))
    assert _rises_db(swelling)[2:].max() < 6


def test_a_sound_that_ends_does_not_rise():
    wave_F = _tone(1000)
    wave_F[4 * HOP :] = 0
    band = mel_filters(RATE, 960, RISES)[20].argmax()
    assert _rises_db(wave_F)[3:, band].max() < 3


def test_values_lie_between_their_ends():
    torch.manual_seed(0)
    loud = 30 * torch.randn(2, 6, HOP) * (torch.arange(6) % 2)[:, None]
    level_BTL = hop_levels(loud)
    low_L, high_L = lowest_and_highest()
    assert level_BTL.shape == (2, 6, TOLD)
    assert (level_BTL >= low_L).all()
    assert (level_BTL <= high_L).all()
    assert (level_BTL == high_L).any()
    assert (level_BTL == low_L).any()


def test_a_sine_at_full_scale_has_no_level_below_0_db_in_its_band():
    """At the centre of a band; elsewhere it lies between two."""
    filters_FM = mel_filters(RATE, HOP, BANDS)
    bin_ = int(filters_FM[:, 5].argmax())
    band_TM = hop_levels(10 * _tone(bin_ * RATE / HOP).view(1, -1, HOP))[0, :, 1 : 1 + BANDS]
    assert band_TM.argmax(-1).eq(5).all()
    assert 10 * band_TM[:, 5] == pytest.approx(torch.zeros(8), abs=2)
