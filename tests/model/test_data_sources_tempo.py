from random import Random

import numpy as np
import pytest

from model.data.sources.tempo_curves import (
    TEST_CORPORA,
    beat_lengths,
    draw_tempo,
    read_tempo_curves,
)
from model.data.splits import SPLITS
from model.errors import DataError


def beats(times, per_bar=4):
    return "".join(f"{time:.3f}\t{number % per_bar + 1}\n" for number, time in enumerate(times))


def public(root, corpus, name, text):
    folder = root / corpus / "annotations" / "beats"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.beats").write_text(text)


def curve_of(tmp_path, times, **rest):
    public(tmp_path, "beatles", "one", beats(times, **rest))
    (curve,) = read_tempo_curves(tmp_path)
    return curve


def test_both_layouts_say_the_same(tmp_path):
    times = np.arange(20) * 0.5 + 1
    public(tmp_path / "a", "beatles", "one", beats(times, per_bar=3))
    public(tmp_path / "a", "smc", "two", "".join(f"{time:.3f}\n" for time in times))
    (tmp_path / "b").mkdir()
    np.savez(
        tmp_path / "b" / "beat_times.npz",
        names=np.array(["beatles/one", "smc/two"]),
        offsets=np.array([0, 20, 40], np.int32),
        times=np.concatenate((times, times)).astype(np.float32),
        numbers=np.concatenate((np.arange(20) % 3 + 1, np.zeros(20, int))).astype(np.int8),
    )
    for folder in ("a", "b"):
        one, two = read_tempo_curves(tmp_path / folder)
        assert (one.name, one.corpus, one.beats_per_bar) == ("beatles/one", "beatles", 3)
        assert (two.name, two.corpus, two.beats_per_bar) == ("smc/two", "smc", None)
        assert one.tempo_bpm == pytest.approx(120)
        np.testing.assert_allclose(one.beats_s, times, atol=1e-6)


def test_test_sets_are_never_trained_on_and_some_corpora_are_not_there(tmp_path):
    text = beats(np.arange(20) * 0.5)
    for number in range(40):
        for corpus in ("gtzan", "asap", "groove_midi", "rwc", *TEST_CORPORA):
            public(tmp_path, corpus, f"{number}", text)
    found = {}
    for curve in read_tempo_curves(tmp_path):
        found.setdefault(curve.corpus, set()).add(curve.split)
    assert found == {"rwc": set(SPLITS), **{corpus: {"test"} for corpus in TEST_CORPORA}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (beats([0, 1, 2]) + "x\t1\n", r"one\.beats, line 4: .*'x"),
        (beats([0, 1, 3, 2, *range(4, 30)]), r"one\.beats: .*2 s after 3 s at beat 4"),
        (beats([0, 1, 2]), "found none"),
        (beats([*range(20), *range(20, 60, 2)]), "found none"),
    ],
)
def test_errors_name_file_and_line(tmp_path, text, message):
    public(tmp_path, "beatles", "one", text)
    with pytest.raises(DataError, match=message):
        read_tempo_curves(tmp_path)


def test_arrays_that_do_not_fit_are_refused(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, names=["a/b"], offsets=[0, 20], times=np.arange(19.0), numbers=np.ones(20))
    with pytest.raises(DataError, match="19 times, 20 numbers"):
        read_tempo_curves(path)


def test_jitter_is_smoothed_and_slow_change_is_kept(tmp_path):
    beat = np.arange(400)
    slow = 0.5 * (1 + 0.05 * np.sin(2 * np.pi * beat / 100))
    times = np.cumsum(slow)
    jittered = times + np.random.default_rng(1).normal(0, 0.01, 400)
    lengths = beat_lengths(curve_of(tmp_path, jittered), 399, Random(1))
    assert np.std(np.diff(jittered) - slow[1:]) > 0.012
    assert np.abs(lengths - slow[1:])[10:-10].max() < 0.004


def test_beats_counted_wrongly_do_not_shake_the_tempo(tmp_path):
    times = np.delete(np.arange(100) * 0.5, [30, 60])
    lengths = beat_lengths(curve_of(tmp_path, times), 90, Random(1))
    np.testing.assert_allclose(lengths, 0.5, atol=1e-6)


def test_a_short_curve_goes_there_and_back(tmp_path):
    times = np.cumsum(np.linspace(0.5, 0.6, 30))
    curve = curve_of(tmp_path, times)
    lengths = beat_lengths(curve, 200, Random(2))
    assert lengths.shape == (200,)
    assert np.abs(np.diff(lengths)).max() < 0.006
    np.testing.assert_allclose(lengths[:58], lengths[58:116])


def test_a_long_curve_is_begun_at_any_place(tmp_path):
    curve = curve_of(tmp_path, np.cumsum(np.linspace(0.5, 0.6, 300)))
    firsts = [beat_lengths(curve, 50, Random(seed))[0] for seed in range(30)]
    assert min(firsts) < 0.52
    assert 0.56 < max(firsts) < 0.6


def test_tempi_are_those_of_recordings_in_the_meter(tmp_path):
    for number, (tempo, per_bar) in enumerate([(60, 3), (90, 3), (120, 4)]):
        public(tmp_path, "rwc", f"{number}", beats(np.arange(30) * 60 / tempo, per_bar))
    curves = read_tempo_curves(tmp_path)
    drawn = {round(draw_tempo(Random(seed), curves, 3)) for seed in range(20)}
    assert drawn == {60, 90}
    assert round(draw_tempo(Random(1), curves, 4)) == 120
    assert {round(draw_tempo(Random(seed), curves, 5)) for seed in range(30)} == {60, 90, 120}
    with pytest.raises(DataError, match="got none"):
        draw_tempo(Random(1), [], 4)
