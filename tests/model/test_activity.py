"""Tests of the figures for how much is played."""

import numpy as np
import pytest
import torch

from model.evaluation.activity import latent_jitter, onset_rate, silent_share
from model.evaluation.features import normalised
from model.networks.autoencoder import Autoencoder
from model.presets import load_preset

RATE = 48000


def test_silence_is_counted_in_slices():
    stem = np.zeros(2 * RATE, np.float32)
    stem[: RATE // 2] = 0.1
    assert silent_share(stem, RATE) == pytest.approx(0.75)
    assert silent_share(stem * 0.1, RATE) == pytest.approx(0.75)
    assert silent_share(stem * 1e-3, RATE) == 1


def test_onsets_are_counted_a_second():
    seconds = np.arange(4 * RATE) / RATE
    noise = np.random.default_rng(0).standard_normal(len(seconds))
    clicks = (noise * np.exp(-((seconds - 0.1) % 0.5) * 60)).astype(np.float32)
    assert onset_rate(normalised(clicks, RATE), 4.0) == pytest.approx(2, abs=0.3)
    assert onset_rate(normalised(np.zeros(RATE, np.float32), RATE), 1.0) == 0


def test_jitter_compares_with_the_true_stem():
    torch.manual_seed(0)
    autoencoder = Autoencoder(load_preset("smoke").autoencoder).eval()
    noise = np.random.default_rng(0).standard_normal(2 * RATE).astype(np.float32)
    truth = 0.1 * noise
    assert latent_jitter(autoencoder, truth, truth) == pytest.approx(1)
    still = np.full_like(truth, 1e-3)
    assert latent_jitter(autoencoder, still, truth) < 0.5
    assert latent_jitter(autoencoder, truth, np.zeros_like(truth)) is None
