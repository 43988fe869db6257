"""Targets beside their mixes, and beside mixes they do not belong to."""

import random

import numpy as np
import pytest

from model.data.batches import PairBatches
from model.data.latents import LatentPair, onset_track
from model.errors import DataError
from model.networks.annotation import (
    ANNOTATION,
    COUNT,
    chord_track,
    count_track,
    join_annotation,
    transposed,
)

CLASSES, GROOVES = ("drums", "bass"), ("polka", "swing")
HOPS = 240


def _pair(number, stem_class, groove, hops=HOPS):
    """A pair whose mix names its song and hop, in bars of two seconds on a chord of C."""
    track = (number + np.arange(hops) / 1000)[:, None].astype(np.float16)
    noisy = np.random.default_rng(number).standard_normal((hops, 3)).astype(np.float16)
    beats = np.arange(0, hops / 20, 0.5)
    chord = chord_track([(0.0, 0, frozenset({0, 4, 7}))], hops, 0.05)
    annotation = join_annotation(count_track(beats, beats[::4], hops, 0.05), chord, hops)
    mix = np.repeat(track, 3, axis=1)
    tracked = np.repeat(track[None], COUNT + 1, axis=2)
    loud = np.full(hops, -20, np.float16)
    quiet = np.where(np.arange(hops) < 90, -20, -90).astype(np.float16)
    return LatentPair(
        song=f"s{number}",
        groove=groove,
        stem_class=stem_class,
        stem=noisy,
        mix=mix,
        onset=track,
        stem_db=quiet,
        mix_db=loud,
        tracked=np.concatenate([tracked, -tracked]),
        annotation=annotation.astype(np.float16),
    )


@pytest.fixture(scope="module")
def batch():
    pairs = [_pair(1, "drums", "swing"), _pair(2, "drums", "polka"), _pair(3, "drums", "swing")]
    pairs += [_pair(4, "bass", ""), _pair(5, "bass", "swing")]
    return PairBatches(pairs, CLASSES, GROOVES, batch=256, hops=50).draw(random.Random(1))


@pytest.fixture(scope="module")
def moved(batch):
    """Items whose wrong mix is the right one in another place."""
    here, there = batch.mix_BTC[:, 0, 0], batch.other_mix_BTC[:, 0, 0]
    return (here.round() == there.round()) & (here != there)


def test_mix_and_onset_belong_together(batch):
    assert batch.mix_BTC.shape == (256, 50, 3)
    assert batch.annotation_BTC.shape == (256, 50, ANNOTATION)
    assert (batch.mix_BTC[..., 0] == batch.onset_BTC[..., 0]).all()
    assert batch.tracked_BATC.shape == (256, 2, 50, COUNT + 1)
    for anticipation, sign in enumerate((1, -1)):
        assert (
            batch.tracked_BATC[:, anticipation, :, -1] == sign * batch.mix_BTC[..., 0]
        ).all()


def test_a_moved_mix_lies_elsewhere_in_the_bar(batch, moved):
    assert 60 < int(moved.sum()) < 150
    here, there = (
        s[moved][:, 0, 2:4] for s in (batch.annotation_BTC, batch.other_annotation_BTC)
    )
    assert float((here * there).sum(-1).quantile(0.98)) < 0.71


def test_a_strange_mix_is_of_another_song_of_the_groove(batch, moved):
    strange = ~moved & (batch.unheard_B == 0)
    assert 30 < int((moved & (batch.unheard_B == 1)).sum()) < 80
    songs = batch.other_mix_BTC[:, 0, 0].round()
    assert 50 < int(strange.sum()) < 140
    assert (songs != batch.mix_BTC[:, 0, 0].round())[strange].all()
    swinging_drums = strange & (batch.groove_B == 2) & (batch.stem_B == 0)
    assert set(songs[swinging_drums].tolist()) == {1.0, 3.0}


def test_where_only_the_score_is_wrong_the_mix_is_the_same(batch):
    unheard = batch.mix_BTC[:, 0, 0] == batch.other_mix_BTC[:, 0, 0]
    assert (batch.unheard_B[unheard] == 1).all()
    assert 30 < int(unheard.sum()) < 100
    assert (batch.mix_BTC == batch.other_mix_BTC)[unheard].all()
    wrong = batch.other_annotation_BTC[unheard].numpy()
    right = batch.annotation_BTC[unheard].numpy()
    for item in range(len(right)):
        steps = [n for n in range(1, 12) if (transposed(right[item], n) == wrong[item]).all()]
        assert len(steps) == 1


def test_most_targets_play_and_some_rest(batch):
    first_hop = (batch.mix_BTC[:, 0, 0] % 1 * 1000).round()
    resting = first_hop >= 88
    assert (first_hop[~resting] <= 55).all()
    assert 1 < int(resting.sum()) < 20


def test_labels_are_numbered_from_one_and_unknown_is_zero(batch):
    songs = batch.mix_BTC[:, 0, 0].round().tolist()
    labels = dict(zip(songs, batch.groove_B.tolist(), strict=True))
    assert labels == {1.0: 2, 2.0: 1, 3.0: 2, 4.0: 0, 5.0: 2}


def test_short_songs_are_named():
    pairs = [_pair(1, "drums", ""), _pair(2, "bass", "", hops=60)]
    with pytest.raises(DataError, match="no song with bass is longer than 90 hops"):
        PairBatches(pairs, CLASSES, (), batch=2, hops=50)


def test_onsets_are_where_the_level_rises():
    audio = np.zeros(2400 * 6, np.float32)
    audio[2400 * 3 + 700 :] = 0.1
    assert onset_track(audio, 2400)[:, 0].round(2).tolist() == [0, 0, 0, 1, 0, 0]
