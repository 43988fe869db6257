"""The checkpoint that ships: it loads, it fits, it plays neither noise nor silence."""

from importlib import resources

import numpy as np
import pytest
import soundfile
import torch

from model.accompanists.torch_accompanist import TorchAccompanist
from model.checkpoint import SHIPPED, load_checkpoint
from model.evaluation.systems import perform, through_codec
from model.formats.conditions import Conditions
from model.networks.losses import log_mel_distance

SECONDS = 4


@pytest.fixture(scope="module")
def checkpoint():
    return load_checkpoint()


@pytest.fixture(scope="module")
def mix():
    with resources.files("bridge").joinpath("assets", "mix.ogg").open("rb") as file:
        audio, _ = soundfile.read(file, frames=SECONDS * 48_000, dtype="float32")
    return audio.mean(1)


def test_all_checkpoints_together_stay_small():
    files = [
        file for file in SHIPPED.rglob("*") if file.is_file() and file.parent.name != "onnx"
    ]
    size = sum(f.stat().st_size for f in files)
    assert size < 60_000_000


@pytest.mark.parametrize(("anticipation", "faintest_db"), [(0, -50), (2, -50), (20, -70)])
def test_every_stem_sounds_within_reason(checkpoint, mix, anticipation, faintest_db):
    for stem in checkpoint.generator.config.stems:
        played = perform(checkpoint, mix, stem, anticipation)[-2 * 48_000 :]
        level_db = 20 * np.log10(np.sqrt(np.mean(played**2)) + 1e-9)
        assert faintest_db < level_db < -6, f"{stem}: {level_db:.1f} dB"
        assert np.abs(played).max() < 1.5


@pytest.mark.parametrize("name", ["streammusicgen", "bidirectional"])
def test_the_relatives_play_within_reason(name, mix):
    relative = load_checkpoint(name)
    levels_db = []
    for stem in relative.generator.config.stems:
        played = perform(relative, mix, stem, relative.generator.config.anticipations[0])
        levels_db.append(20 * np.log10(np.sqrt(np.mean(played[-2 * 48_000 :] ** 2)) + 1e-9))
        assert levels_db[-1] < -6, stem
        assert np.abs(played).max() < 1.5, stem
    assert np.median(levels_db) > -50


def _take(checkpoint, mix, seed):
    player = TorchAccompanist(checkpoint)
    player.condition(1, Conditions(stem=checkpoint.generator.config.stems[0], seed=seed))
    hops = []
    for start in range(0, 24_000, player.hop):
        player.listen(mix[start : start + player.hop])
        hops.append(player.play()[0])
    return np.concatenate(hops)


def test_takes_repeat_by_seed_and_differ_between_seeds(checkpoint, mix):
    assert np.array_equal(_take(checkpoint, mix, 1), _take(checkpoint, mix, 1))
    assert not np.allclose(_take(checkpoint, mix, 1), _take(checkpoint, mix, 2), atol=1e-3)


def test_the_codec_brings_a_held_out_sound_back(checkpoint, mix):
    made = through_codec(checkpoint, mix)
    rate = checkpoint.autoencoder.config.sample_rate
    distance = log_mel_distance(torch.from_numpy(made)[None], torch.from_numpy(mix)[None], rate)
    silence = log_mel_distance(torch.zeros(1, len(mix)), torch.from_numpy(mix)[None], rate)
    assert distance < 0.6
    assert distance < 0.25 * silence
