"""The vocoder keeps pitch and level without being told a phase."""

import math

import pytest
import torch

from model.layers.synthesis import PhaseVocoder, phase_likelihood, synthesis_window
from model.networks.losses import log_mel_distance
from model.training.spectral import spectral_losses

RATE, HOP = 48_000, 480


def _spectra_of(audio_BT, vocoder, concentration):
    """What an ideal network would feed the vocoder for this audio."""
    window = synthesis_window(HOP).float()
    padded = torch.nn.functional.pad(audio_BT, (HOP, vocoder.n_fft))
    frames = padded.unfold(1, vocoder.n_fft, HOP)[:, : audio_BT.shape[1] // HOP]
    real = torch.fft.rfft(frames * window / window.sum() * 2)
    advance = torch.zeros(real.shape)
    advance[:, 1:] = (real[:, 1:] * real[:, :-1].conj()).angle() - vocoder.centre
    low = advance[..., : vocoder.tonal]
    sides = [concentration * low.cos(), concentration * low.sin()]
    return torch.cat([real.abs(), *sides], dim=-1)


@pytest.mark.parametrize("hz", [55.0, 220.0, 441.3, 1234.5])
def test_a_tone_keeps_its_pitch_and_level(hz):
    vocoder = PhaseVocoder(HOP, tonal=240)
    seconds = torch.arange(2 * RATE) / RATE
    tone = 0.5 * torch.sin(2 * math.pi * hz * seconds)[None]
    made = vocoder(_spectra_of(tone, vocoder, 1000.0))[0, RATE:, 0]
    spectrum = torch.fft.rfft(made * torch.hann_window(len(made))).abs()
    assert abs(int(spectrum.argmax()) - hz) <= 1
    level_db = 20 * math.log10(float(made.std() / tone.std()))
    assert -6 < level_db < 3


def _chord_with_bends():
    """Three tones that glide by a semitone a second, so that their peaks change bins."""
    seconds = torch.arange(3 * RATE) / RATE
    bend = (2 ** (seconds / 12) - 1) * 12 / math.log(2)
    return 0.2 * sum(torch.sin(2 * math.pi * hz * bend) for hz in (110.0, 277.2, 659.3))[None]


def test_locked_phases_keep_level_and_spectrum():
    chord = _chord_with_bends()
    level_db, distance = [], []
    for lock in (0.0, 0.3):
        vocoder = PhaseVocoder(HOP, tonal=240, lock=lock)
        made = vocoder(_spectra_of(chord, vocoder, 1000.0))[:, RATE + HOP :, 0]
        true = chord[:, RATE : RATE + made.shape[1]]
        level_db.append(20 * math.log10(float(made.std() / true.std())))
        distance.append(log_mel_distance(made, true, RATE))
    assert abs(level_db[1]) < 1
    assert level_db[0] < level_db[1] - 1
    assert distance[1] < 0.9 * distance[0]


def test_rounding_stays_where_it_is_with_locked_phases():
    vocoder = PhaseVocoder(HOP, tonal=240, lock=0.3)
    spectra = _spectra_of(_chord_with_bends(), vocoder, 1.0)
    noise = spectra.clone()
    noise[..., vocoder.bins :] = 0.5 * torch.randn(noise[..., vocoder.bins :].shape)
    for fed in (spectra, noise):
        one = vocoder(fed)
        other = vocoder(fed * (1 + 1e-6 * torch.randn(fed.shape)))
        assert (one - other).std() < 1e-3 * one.std()


def test_locked_phases_stream():
    vocoder = PhaseVocoder(HOP, tonal=240, lock=0.3)
    spectra = _spectra_of(_chord_with_bends()[:, :RATE], vocoder, 3.0)
    whole, state = vocoder(spectra), vocoder.init_state(1)
    parts = [vocoder.step(part, state) for part in spectra.split(7, dim=1)]
    torch.testing.assert_close(torch.cat(parts, dim=1), whole, rtol=1e-4, atol=1e-5)


def test_the_sound_trails_by_one_hop():
    torch.manual_seed(0)
    vocoder = PhaseVocoder(HOP, tonal=240)
    burst = torch.zeros(1, RATE)
    burst[:, 24_000:25_000] = torch.randn(1000)
    made = vocoder(_spectra_of(burst, vocoder, 1000.0))[0, :, 0]
    half_way = int((made.square().cumsum(0) > 0.5 * made.square().sum()).int().argmax())
    assert abs(half_way - (24_500 + HOP)) < 0.6 * HOP
    assert made[: 24_000 - HOP].square().sum() < 1e-2 * made.square().sum()


def test_no_tendency_is_noise():
    vocoder = PhaseVocoder(HOP, tonal=240)
    spectra = torch.zeros(1, 100, vocoder.channels)
    spectra[..., : vocoder.bins] = 0.01
    made = vocoder(spectra)[0, 4800:, 0]
    power = torch.fft.rfft(made).abs().square()[100:-100]
    flatness = float(power.log().mean().exp() / power.mean())
    assert flatness > 0.4


def test_silence_in_silence_out():
    vocoder = PhaseVocoder(HOP, tonal=240)
    assert not vocoder(torch.zeros(1, 20, vocoder.channels)).any()


def test_likelihood_prefers_the_true_advance():
    advance = torch.full((1, 1, 3), 0.7)
    towards = torch.stack([advance.cos(), advance.sin()], dim=-1) * 5
    away = -towards
    nothing = torch.zeros_like(towards)
    scores = [phase_likelihood(t, advance).mean() for t in (towards, nothing, away)]
    assert scores[0] > scores[1] > scores[2]


def test_losses_fall_to_nothing_for_what_is_fed_right():
    vocoder = PhaseVocoder(HOP, tonal=240)
    tone = 0.5 * torch.sin(2 * math.pi * 440 * torch.arange(RATE) / RATE)[None]
    right = _spectra_of(tone, vocoder, 50.0)
    level, phase = spectral_losses(vocoder, right, tone, 5)
    wrong_level, wrong_phase = spectral_losses(vocoder, torch.rand_like(right), tone, 5)
    assert level < 0.01
    assert wrong_level > 1
    assert phase < wrong_phase
