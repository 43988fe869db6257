"""Tests of the stored targets: a take as latents, and the tracked beats of it."""

import json

import numpy as np
import pytest
import torch

from model.checkpoint import save_checkpoint
from model.data.augmented_take import augmented_take
from model.data.index import load_songs
from model.data.latents import encode_songs, load_pairs
from model.data.pairing import loudness_db
from model.data.tracked_beats import tracked_counts
from model.networks.annotation import COUNT
from model.networks.autoencoder import Autoencoder
from model.networks.config import AutoencoderConfig

RATE, HOP, SECONDS = 48_000, 2400, 8


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    root = tmp_path_factory.mktemp("songs")
    folder = root / "train" / "song0"
    folder.mkdir(parents=True)
    draw = np.random.default_rng(0)
    time = np.arange(SECONDS * RATE) / RATE
    for name in ("drums", "bass"):
        audio = 0.2 * draw.standard_normal(len(time)) * np.exp(-(time % 0.5) * 8)
        np.save(folder / f"{name}.npy", audio.astype(np.float16))
    facts = {
        "stems": [{"class": name, "active_share": 1.0} for name in ("drums", "bass")],
        "beats_s": [*np.arange(0, SECONDS, 0.5)],
        "downbeats_s": [*np.arange(0, SECONDS, 2.0)],
        "genre": "polka",
    }
    (folder / "song.json").write_text(json.dumps(facts))
    return load_songs(root, "train")


@pytest.fixture(scope="module")
def latents(songs, tmp_path_factory):
    torch.manual_seed(0)
    small = AutoencoderConfig(
        latent=6, encoder_inner=16, encoder_hop=24, decoder_hop=24, decoder_inner=16
    )
    root = tmp_path_factory.mktemp("latents")
    save_checkpoint(root / "codec", Autoencoder(small), None, {})
    codec, out = str(root / "codec"), root / "out"
    asked = {"anticipations": (2, 0, 5)}
    assert encode_songs(songs, ("bass", "drums", "lead"), codec, out, **asked) == 2
    assert encode_songs(songs, ("bass", "drums", "lead"), codec, out, **asked) == 0, "kept"
    return out


def test_targets_are_stored_with_all_that_is_known_of_their_takes(songs, latents):
    pairs = load_pairs(latents, ("drums", "bass"), (0, 5))
    assert [pair.stem_class for pair in pairs] == ["drums", "bass"]
    for pair in pairs:
        take = augmented_take(songs[0], pair.stem_class, HOP)
        hops = len(take.stem) // HOP
        assert (pair.song, pair.groove) == ("song0", "polka")
        assert pair.stem.shape == pair.mix.shape == (hops, 6)
        assert np.array_equal(pair.annotation, take.annotation.astype(np.float16))
        assert pair.annotation[:, COUNT].sum() > 0.7 * SECONDS * RATE / HOP
        assert np.array_equal(pair.mix_db, loudness_db(take.mix).astype(np.float16))
        assert pair.onset.shape == (hops, 1)


def test_the_beat_of_each_anticipation_is_that_of_the_mix_as_heard(songs, latents):
    asked = (5, 0)
    (pair,) = load_pairs(latents, ("bass",), asked)
    heard = augmented_take(songs[0], "bass", HOP).heard
    told = tracked_counts(heard, asked, hop=HOP, sample_rate=RATE)
    assert np.array_equal(pair.tracked, told.astype(np.float16))
    assert not pair.tracked[0, :6].any(), "nothing was heard yet"
    assert pair.tracked[1, 6:].any(axis=1).all()
