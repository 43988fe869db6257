"""Takes on a stage: who is heard when, what is annotated, and what is stored of it."""

import json
from random import Random

import numpy as np
import pytest

from model.data import augmented_take as stage
from model.data import take_plan as stage_plan
from model.data.audiofile import SAMPLE_RATE
from model.data.augmented_take import FrameGrid, annotate, augmented_take, perform
from model.data.index import Song, load_songs
from model.data.latents import load_pairs
from model.data.pairing import draw_window, loudness_db
from model.data.take_plan import (
    SOFT,
    CountIn,
    Gap,
    PlannedRest,
    PlayedPart,
    TakePlan,
    plain_plan,
)
from model.errors import DataError
from model.networks.annotation import ANNOTATION, COUNT

HOP = 2400
SECOND = SAMPLE_RATE
BEATS = np.arange(0, 24, 0.5) * SECOND
GRID = FrameGrid(
    BEATS,
    BEATS[::4],
    [(0.0, 0, frozenset({0, 4, 7})), (8.0 * SECOND, 7, frozenset({7, 11, 2}))],
)
"""Bars of two seconds; C, and G from the fifth bar on."""

PLAN = TakePlan(
    frames=25 * SECOND,
    parts=(
        PlayedPart(0, 8 * SECOND, 2 * SECOND, 0, SOFT),
        PlayedPart(8 * SECOND, 18 * SECOND, 14 * SECOND, SOFT, 0),
    ),
    rests=(
        PlannedRest(2 * SECOND, 4 * SECOND, alone=False),
        PlannedRest(10 * SECOND, 12 * SECOND, alone=True),
    ),
    count_ins=(CountIn(1, tuple(SECOND * t for t in (12.0, 12.5, 13.0, 13.5))),),
    gaps=(Gap(0, 2 * SECOND, "talk"), Gap(10 * SECOND + SOFT, 12 * SECOND, "silence")),
)
"""Talk, four bars with a rest, a pause, a counted bar, five bars with a rest of the mix."""


def _hop(second):
    return round(second * SECOND / HOP)


def _sounding(audio):
    """Return which hops sound."""
    return np.abs(audio.reshape(-1, HOP)).max(axis=1) > 0.5


def _spans(flags):
    """Return begin and end of each run of ones, in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return [tuple(edge * HOP / SECOND for edge in span) for span in edges.reshape(-1, 2)]


def test_mix_and_target_rest_and_stop_where_they_are_to():
    song = np.ones(24 * SECOND, np.float32)
    mix, target = (perform(PLAN, song, target=each) for each in (False, True))
    near = 0.051
    for audio, wanted in (
        (mix, [(2, 4), (6, 10), (14, 16), (18, 24)]),
        (target, [(2, 4), (6, 10), (14, 24)]),
    ):
        assert len(audio) == PLAN.frames
        spans = _spans(_sounding(audio))
        assert len(spans) == len(wanted)
        for span, each in zip(spans, wanted, strict=True):
            assert span == pytest.approx(each, abs=2 * near)
        assert not audio[: 2 * SECOND].any()
        assert not audio[10 * SECOND + SOFT : 14 * SECOND].any()


def test_the_music_keeps_its_order():
    song = np.arange(24 * SECOND, dtype=np.float32)
    take = perform(PLAN, song, target=True)
    assert take[3 * SECOND] == SECOND
    assert take[20 * SECOND] == 14 * SECOND
    assert np.array_equal(perform(plain_plan(len(song)), song, target=False), song)


def test_the_count_begins_with_the_count_in_and_ends_with_the_band():
    track = annotate(PLAN, GRID, 500, HOP)
    assert track.shape == (500, ANNOTATION)
    spans = _spans(track[:, COUNT] > 0)
    assert spans == [pytest.approx((2, 10), abs=0.06), pytest.approx((12, 24), abs=0.06)]
    known = track[:, COUNT] > 0
    assert not track[~known, :COUNT].any()
    beat = np.arctan2(track[:, 0], track[:, 1]) / (2 * np.pi) % 1
    bar = np.arctan2(track[:, 2], track[:, 3]) / (2 * np.pi) % 1
    time = np.arange(500) * HOP / SECOND
    for name, found, length_s in (("beat", beat, 0.5), ("bar", bar, 2.0)):
        wrong = (found - time / length_s + 0.5) % 1 - 0.5
        assert np.abs(wrong[known]).max() < 1e-3, name


def test_chords_are_unknown_where_nobody_plays_them():
    track = annotate(PLAN, GRID, 500, HOP)
    spans = _spans(track[:, -1] > 0)
    wanted = [(2, 4), (6, 10), (14, 24)]
    assert spans == [pytest.approx(each, abs=0.06) for each in wanted]
    assert track[_hop(9), COUNT + 1 + 12] == 1, "C"
    assert track[_hop(15), COUNT + 1 + 12 + 7] == 1, "G"


def test_a_grid_that_is_unknown_stays_unknown():
    assert not annotate(PLAN, FrameGrid(None, None, None), 500, HOP).any()


@pytest.fixture
def song(tmp_path):
    """A song of 24 s in bars of two seconds: noise that sounds on every beat."""
    folder = tmp_path / "train" / "song0"
    folder.mkdir(parents=True)
    draw = np.random.default_rng(0)
    time = np.arange(24 * SECOND) / SECOND
    for name in ("drums", "bass", "piano"):
        audio = 0.2 * draw.standard_normal(len(time)) * np.exp(-(time % 0.5) * 8)
        np.save(folder / f"{name}.npy", audio.astype(np.float16))
    facts = {
        "stems": [{"class": name, "active_share": 1.0} for name in ("drums", "bass", "piano")],
        "beats_s": [*np.arange(0, 24, 0.5)],
        "downbeats_s": [*np.arange(0, 24, 2.0)],
        "chords": [[0.0, "C", ""]],
    }
    (folder / "song.json").write_text(json.dumps(facts))
    return load_songs(tmp_path, "train")[0]


def _named(song, name):
    """Return the same song under another name."""
    folder = song.path.parent / name
    folder.symlink_to(song.path)
    return Song(folder, song.stems, song.files)


def test_takes_are_drawn_from_the_names_alone(song):
    one, again = (augmented_take(song, "bass", HOP) for _ in range(2))
    other = augmented_take(song, "drums", HOP)
    for track in ("stem", "heard", "mix", "annotation"):
        assert np.array_equal(getattr(one, track), getattr(again, track))
    assert not np.array_equal(one.heard[:SECOND], other.heard[:SECOND])


def test_takes_hold_together(song):
    lengths = set()
    for number in range(12):
        take = augmented_take(_named(song, f"take{number}"), "bass", HOP)
        hops = len(take.stem) // HOP
        assert len(take.stem) == len(take.heard) == len(take.mix) == hops * HOP
        assert take.annotation.shape == (hops, ANNOTATION)
        assert np.isfinite(take.heard).all()
        lengths.add(hops)
        unknown = take.annotation[:, COUNT] == 0
        quiet = loudness_db(take.stem)[unknown]
        assert np.count_nonzero(quiet > -50) <= 4, "nobody plays outside the song"
        stem_db = loudness_db(take.stem)
        on_beat = np.hypot(take.annotation[:, 0], take.annotation[:, 1] - 1) < 0.35
        loud = stem_db[(take.annotation[:, COUNT] > 0) & on_beat]
        between = stem_db[(take.annotation[:, COUNT] > 0) & ~on_beat]
        assert np.median(loud) > np.median(between) + 3, "beats move with the music"
    assert len(lengths) > 6


def test_windows_are_found_in_takes(song):
    """To rest while others talk is learnt as well, and to play after a pause."""
    draw = np.random.default_rng(1).standard_normal(song.frames).astype(np.float32)
    gap = Gap(0, 9 * SECOND, "talk")
    plan = TakePlan(
        33 * SECOND, (PlayedPart(0, song.frames, gap.stop, 0, 0),), (PLAN.rests[1],), (), (gap,)
    )
    stem, mix = (perform(plan, 0.1 * draw, target=each) for each in (True, False))
    stage._add_sounds(Random(1), plan, mix, reference=mix)
    levels = loudness_db(stem), loudness_db(mix)
    playing = {draw_window(Random(seed), *levels, 120) for seed in range(200)}
    assert min(playing) < _hop(9) < max(playing), "some begin in the talk"
    assert None not in playing
    resting = {draw_window(Random(seed), *levels, 120, resting=True) for seed in range(50)}
    assert None not in resting
    assert max(resting) <= _hop(9) - 120 + 3


def test_the_plain_share_is_the_song_as_rendered(song, monkeypatch):
    monkeypatch.setattr(stage, "PLAIN_SHARE", 1.0)
    take = augmented_take(song, "bass", HOP)
    assert np.array_equal(take.stem, song.read("bass", 0, song.frames))
    assert np.array_equal(take.heard, take.mix)
    assert take.annotation[:, COUNT].all()


def test_tuned_takes_move_target_mix_and_beats_together(song, monkeypatch):
    monkeypatch.setattr(stage, "PLAIN_SHARE", 0.0)
    monkeypatch.setattr(stage, "TUNED_SHARE", 1.0)
    monkeypatch.setattr(stage_plan, "PLAIN_SHARE", 1.0)
    stretches = set()
    for number in range(6):
        take = augmented_take(_named(song, f"tuned{number}"), "bass", HOP)
        stretch = len(take.stem) / song.frames
        assert 0.98 < stretch < 1.02
        stretches.add(len(take.stem))
        bars = np.arctan2(take.annotation[:, 2], take.annotation[:, 3])
        passed = np.unwrap(bars)[take.annotation[:, COUNT] > 0][-1] / (2 * np.pi)
        assert passed == pytest.approx(12, abs=0.1), "as many bars in another time"
    assert len(stretches) > 3


def test_latents_without_beats_name_the_command(tmp_path):
    (tmp_path / "song0").mkdir()
    np.savez(tmp_path / "song0" / "bass.npz", stem=np.zeros((3, 4)), anticipations=[0, 2])
    with pytest.raises(DataError, match=r"tells \[20\] hops ahead.*liveband data encode"):
        load_pairs(tmp_path, ("bass",), (0, 2, 20))
    with pytest.raises(DataError, match="no latents of drums"):
        load_pairs(tmp_path, ("drums",), (0, 2, 20))


def test_sounds_fill_the_gaps_and_strokes_the_count(song):
    mix = np.zeros(PLAN.frames, np.float32)
    reference = np.full(SECOND, 0.5, np.float32)
    stage._add_sounds(Random(3), PLAN, mix, reference=reference)
    level = np.sqrt(np.mean(np.square(mix.reshape(-1, SECOND // 10)), axis=1))
    assert level[5:20].max() > 0.05
    assert not level[20:120].any(), "silence, and music that is not in here"
    assert all(level[10 * t] > 0 for t in (12,))
    assert level[120:140].max() > 0.01
    assert not level[145:].any()
