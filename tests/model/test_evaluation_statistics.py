"""Tests of intervals by song, and of distances without a bonus for sample size."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from model.errors import CheckpointError, ModelConfigError
from model.evaluation import embedding
from model.evaluation.bootstrap import interval, mean
from model.evaluation.embedding import embed, load_embedding
from model.evaluation.features import LISTENING_RATE, normalised
from model.evaluation.frechet import Background, _distance, frechet_with_interval
from model.evaluation.rows import EvaluationResults, table_rows
from model.evaluation.scorer import LongScore, StemScore
from model.evaluation.setting import Setting
from model.evaluation.systems import System
from model.evaluation.table import as_text
from model.evaluation.workers import run_all


@pytest.fixture(autouse=True)
def _one_thread():
    with threadpool_limits(1):
        yield


def test_intervals_cover_the_truth_nineteen_times_in_twenty():
    rng = np.random.default_rng(0)
    names = [f"song{n // 3}" for n in range(60)]
    covered = 0
    for _ in range(200):
        values = np.repeat(rng.standard_normal(20), 3) + 0.2 * rng.standard_normal(60)
        low, high = interval(values.tolist(), names)
        covered += low < 0 < high
    assert 0.88 < covered / 200 < 0.99


def test_excerpts_of_one_song_do_not_make_it_surer():
    values = [0.0, 1.0, 0.2, 0.7]
    songs = ["a", "b", "c", "d"]
    assert interval(values * 10, songs * 10) == pytest.approx(interval(values, songs))
    assert interval([1.0, None, 2.0], ["a", "a", "a"]) is None
    assert mean([1.0, None, 2.0]) == 1.5
    assert mean([None]) is None


def _raw_distance(a, b):
    """The distance of two samples, which is the larger the fewer they are."""
    return _distance(a.mean(0) - b.mean(0), np.cov(a, rowvar=False), np.cov(b, rowvar=False))


def test_frechet_is_nothing_with_itself_and_grows_with_noise():
    rng = np.random.default_rng(0)
    cloud = rng.standard_normal((400, 8))
    assert _raw_distance(cloud, cloud) == pytest.approx(0, abs=1e-9)
    steps = [_raw_distance(cloud, cloud + by) for by in (0.5, 1.0)]
    assert steps == pytest.approx([2.0, 8.0])


def test_small_samples_of_the_same_are_not_far():
    rng = np.random.default_rng(1)
    mixing = rng.standard_normal((40, 40))

    def excerpts(count, noise):
        clouds = [rng.standard_normal((20, 40)) @ mixing for _ in range(count)]
        return [[cloud + noise * rng.standard_normal((20, 40))] for cloud in clouds]

    def cloud(count):
        return np.concatenate([take for takes in excerpts(count, 0.0) for take in takes])

    background = Background.of(cloud(200))
    songs = [f"song{n % 8}" for n in range(16)]
    figures = []
    for noise in (0.0, 3.0, 6.0):
        own = excerpts(16, noise)
        figures.append(frechet_with_interval(background, own, songs)[0])
    raw = _raw_distance(background.project(cloud(16)), background.project(cloud(200)))
    assert abs(figures[0]) < 0.35 * raw
    assert figures[0] < figures[1] < figures[2]
    same, ends = frechet_with_interval(background, excerpts(16, 0.0), songs)
    assert ends[0] < same < ends[1]
    assert frechet_with_interval(background, excerpts(5, 0.0), songs[:5]) == (None, None)


def test_more_takes_of_the_same_excerpts_are_no_larger_sample():
    rng = np.random.default_rng(2)

    def excerpts(count):
        """Windows of an excerpt lie close together, far from those of another."""
        return [
            rng.standard_normal((1, 10)) + 0.1 * rng.standard_normal((20, 10))
            for _ in range(count)
        ]

    background = Background.of(np.concatenate(excerpts(400)))
    songs = [f"song{n % 8}" for n in range(24)]
    once = excerpts(24)
    alike = [[take, take.copy(), take.copy()] for take in once]
    one, _ = frechet_with_interval(background, [[take] for take in once], songs)
    three, _ = frechet_with_interval(background, alike, songs)
    pooled, _ = frechet_with_interval(background, [[take] for take in once * 3], songs * 3)
    assert three == pytest.approx(one, abs=0.3 * abs(pooled - one))


def test_the_embedding_is_the_pinned_one_and_tells_sounds_apart(monkeypatch, tmp_path):
    time = np.arange(2 * LISTENING_RATE) / LISTENING_RATE
    low = embed(normalised(np.sin(2 * np.pi * 60 * time), LISTENING_RATE))
    noise = embed(
        normalised(np.random.default_rng(0).standard_normal(len(time)), LISTENING_RATE)
    )
    assert low.shape == noise.shape == (3, 128)
    assert np.linalg.norm(low.mean(0) - noise.mean(0)) > 3 * np.linalg.norm(low[0] - low[1])
    assert embed(np.zeros(100)).shape == (0, 128)
    monkeypatch.setattr(embedding, "WEIGHTS", tmp_path / "other.safetensors")
    load_embedding.cache_clear()
    with pytest.raises(CheckpointError, match="no file"):
        load_embedding()
    load_embedding.cache_clear()


SYSTEMS = [
    System("liveband 0.1 s", "player", 2, rival="shuffled input"),
    System("shuffled input", "player", 2, wrong_mix=True),
    System("random pairing", "stranger"),
]


def _material(songs, good, faint=0.0):
    figures = {"faint": faint, "chroma": None}
    groups = [
        [
            StemScore(
                "liveband 0.1 s", f"s{n}", "drums", {**figures, "rhythm": good + 0.01 * n}
            ),
            StemScore(
                "shuffled input", f"s{n}", "drums", {**figures, "rhythm": 0.1 + 0.01 * n}
            ),
            StemScore(
                "random pairing", f"s{n}", "drums", {**figures, "rhythm": 0.1 - 0.01 * n}
            ),
        ]
        for n in range(songs)
    ]
    long = [LongScore("liveband 0.1 s", f"s{n}", "drums", [0.4, 0.3], None) for n in range(3)]
    return EvaluationResults(SYSTEMS, ("drums",), groups, long, (), ())


@pytest.mark.parametrize(("songs", "good", "verdict"), [(6, 0.5, True), (6, 0.1, False)])
def test_verdict_needs_intervals_that_do_not_touch(songs, good, verdict):
    row = table_rows(_material(songs, good))[0]
    assert row["verdict"] == {"rhythm": verdict, "chroma": None}
    assert row["per_class"]["drums"]["verdict"]["rhythm"] is verdict
    assert row["gap"] == pytest.approx(good - 0.1)
    assert row["drift"] == pytest.approx(-0.6)
    assert row["drift_bins"] == [0.4, 0.3]
    assert row["frechet"] is None


def test_four_songs_give_no_verdict_and_faint_stems_a_warning():
    rows = table_rows(_material(4, 0.5, faint=1.0))
    assert rows[0]["verdict"]["rhythm"] is None
    assert "nearly silent in 100%" in rows[0]["warning"]
    text = as_text(rows)
    assert "drums, 4 excerpts" in text
    assert "rhythm unknown" in text
    assert "nearly silent" in text


def test_quick_is_a_smaller_setting_and_what_is_asked_wins():
    assert Setting.of(quick=True, songs=None).songs < Setting.of(quick=False).songs
    assert Setting.of(quick=True, songs=9, drift_seconds=30.0).songs == 9
    assert Setting.of(quick=True).drift_seconds == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("songs", 0), ("seconds", 0.5), ("drift_seconds", 5.0), ("known_songs", -1), ("jobs", 0)],
)
def test_settings_out_of_range_name_the_option(name, value):
    with pytest.raises(ModelConfigError, match=f"--{name.replace('_', '-')} must be"):
        Setting.of(quick=False, **{name: value})


def test_results_come_in_the_order_of_the_tasks():
    assert run_all([lambda n=n: n * n for n in range(5)], jobs=1) == [0, 1, 4, 9, 16]
    assert run_all([complex, float, int], jobs=2) == [0j, 0.0, 0]
