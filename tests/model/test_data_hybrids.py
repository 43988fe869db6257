import json
import shutil

import numpy as np
import pytest

from model.data.corpus import Corpus
from model.data.fonts import find_fonts
from model.data.song_kinds import write_score
from model.data.song_sources import find_sources, styles_of
from model.data.sources.drum_performances import TEST_DRUMMER
from model.data.splits import SPLITS, split_of, split_of_song
from model.data.stems import STEM_CLASSES
from model.errors import DataError
from tests.model import tiny_sources
from tests.model.render_command import render

SONGS = 10
KINDS = ("hybrid", "chart")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("sources")
    return {
        "charts": tiny_sources.write_charts(root / "charts"),
        "accompanied_songs": tiny_sources.write_accompanied(root / "pop909"),
        "drum_performances": tiny_sources.write_performances(root / "groove"),
        "tempo_curves": tiny_sources.write_curves(root / "beats"),
    }


def arguments(out, data, *more, songs=SONGS):
    paths = [
        word
        for name, path in data.items()
        for word in (f"--{name.replace('_', '-')}", str(path))
    ]
    words = "--seconds 8 --fonts timgm --test-fonts --shares hybrid=1 chart=1"
    return [str(out), "--songs", str(songs), *words.split(), *paths, *more]


@pytest.fixture(scope="module")
def rendered(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("hybrids")
    assert render(arguments(out, data)) == 0
    return out


def records(out):
    return [json.loads(file.read_text()) for file in sorted(out.glob("*/*/song.json"))]


def corpus_of(data, out, **shares):
    fonts, sources = find_fonts(["timgm"]), find_sources(**data)
    return Corpus(out=out, seed=3, seconds=16, fonts=fonts, sources=sources, shares=shares)


@pytest.fixture(scope="module")
def scores(data, tmp_path_factory):
    """Scores of all kinds but ``composed``, by kind."""
    out = tmp_path_factory.mktemp("none")
    return {
        kind: [write_score(corpus_of(data, out, **{kind: 1.0}), n) for n in range(8)]
        for kind in (*KINDS, "generated")
    }


def test_records_name_everything_a_song_was_made_from(rendered):
    songs = records(rendered)
    assert len(songs) == SONGS
    assert {song["kind"] for song in songs} == set(KINDS)
    assert any(song["human_drums"] for song in songs)
    assert any(song["tempo_curve"] for song in songs)
    for song in songs:
        licences = {source["name"]: source["licence"] for source in song["sources"]}
        assert licences["MMA stdlib grooves"] == "GPL-2.0-or-later"
        assert licences["TimGM6mb.sf2"] == "GPL-2.0-only"
        assert ("Groove MIDI Dataset" in licences) == song["human_drums"]
        assert ("Beat This annotations" in licences) == (song["tempo_curve"] is not None)
        if song["kind"] == "hybrid":
            assert song["melody_from"] == song["accompaniment_from"] == song["chart"]
            assert song["chart"].startswith("pop909-")
            assert licences["POP909"] == "MIT"
        else:
            assert song["chart"].startswith("tiny-")
            assert song["accompaniment_from"] is None
            assert ("McGill Billboard" in licences) != ("OpenEWLD" in licences)
        for source in song["sources"]:
            if source["licence"].startswith("CC-BY"):
                assert source["credit"]


def test_audio_is_whole_and_sounds(rendered):
    for file in rendered.glob("*/*/song.json"):
        song = json.loads(file.read_text())
        stems = [np.load(file.parent / stem["file"]) for stem in song["stems"]]
        mix = np.sum([stem.astype(np.float32) for stem in stems], axis=0)
        assert {stem["class"] for stem in song["stems"]} <= set(STEM_CLASSES)
        assert all(stem.shape == (song["frames"],) for stem in stems)
        assert np.isfinite(mix).all()
        assert 0.2 < np.abs(mix).max() < 1
        assert np.sqrt(np.mean(mix**2)) > 0.02


def test_another_run_renders_the_same_bits(rendered, data, tmp_path):
    assert render(arguments(tmp_path, data, songs=2)) == 0
    again = sorted(tmp_path.glob("*/*/*"))
    assert len(again) > 4
    for file in again:
        assert file.read_bytes() == (rendered / file.relative_to(tmp_path)).read_bytes()


def test_nothing_is_in_two_splits(data, tmp_path):
    corpus = corpus_of(data, tmp_path)
    of_split = {
        split: (
            {chart.name for chart in corpus.sources.charts_of(split)},
            {one.name for one in corpus.sources.performances_of(split)},
            {song.name for song in corpus.sources.accompanied_of(split)},
            {curve.name for curve in corpus.sources.curves_of(split)},
        )
        for split in SPLITS
    }
    for kind in range(4):
        found = [names for split in SPLITS for names in of_split[split][kind]]
        assert len(found) == len(set(found)) > 3 - (kind == 1)
        assert all(of_split[split][kind] for split in SPLITS)
    drummers = {one.drummer for one in corpus.sources.performances_of("test")}
    assert drummers == {TEST_DRUMMER}


def test_songs_keep_to_the_sources_of_their_split(rendered, data):
    sources = find_sources(**data)
    for song in records(rendered):
        split = song["split"]
        assert split_of(song["style"]) == split
        charts = {chart.name for chart in sources.charts_of(split)}
        hybrids = {f"pop909-{one.name}" for one in sources.accompanied_of(split)}
        assert song["chart"] in (hybrids if song["kind"] == "hybrid" else charts)
        if song["human_drums"]:
            played = {one.name for one in sources.performances_of(split)}
            assert song["drums_from"] in played
        if song["tempo_curve"]:
            assert song["tempo_curve"] in {curve.name for curve in sources.curves_of(split)}


def test_human_drums_are_on_the_beat_as_late_as_they_were_played(scores):
    late = []
    for score in (score for kind in KINDS for score in scores[kind] if score.human_drums):
        inside = score.beats_s[score.beats_s < score.duration_s - 1]
        onsets = np.array([note.start for note in score.stems["drums"]])
        nearest = onsets[np.abs(onsets[:, None] - inside).argmin(axis=0)] - inside
        late += list(nearest[np.abs(nearest) < 0.1])
    assert len(late) > 60
    assert np.mean(np.abs(late) < 0.05) == 1
    assert np.median(late) == pytest.approx(tiny_sources.LATE_S, abs=0.006)


def test_human_drums_also_play_in_generated_songs(scores):
    human = [score for score in scores["generated"] if score.human_drums]
    assert 0 < len(human) < len(scores["generated"])
    assert all(score.drums_from.startswith("drummer") for score in human)


def chord_tone_share(score, name, tracks=None):
    starts = [start for start, _ in score.chords]
    hits = total = 0.0
    for note in score.stems.get(name, []):
        if note.start < 0 or (tracks and note.track not in tracks):
            continue
        chord = score.chords[max(0, int(np.searchsorted(starts, note.start + 0.05)) - 1)][1]
        hits += note.pitch % 12 in chord.pitch_classes
        total += 1
    return hits, total


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("stem", "least"), [("bass", 0.6), ("guitar", 0.85), ("piano", 0.85)])
def test_the_band_plays_the_annotated_chords(scores, kind, stem, least):
    found = [chord_tone_share(score, stem) for score in scores[kind]]
    hits, total = map(sum, zip(*found, strict=True))
    assert total > 20
    assert hits / total > least


def test_hybrids_hold_melody_second_voice_and_piano_of_the_song(scores):
    for score in scores["hybrid"]:
        assert score.signature == "4/4"
        assert score.beats_per_bar == 4
        tracks = {note.track for notes in score.stems.values() for note in notes}
        assert tracks & {"Melody", "Second voice", "Piano"}
        np.testing.assert_allclose(
            np.diff(score.downbeats_s),
            np.diff(score.beats_s[::4])[: len(score.downbeats_s) - 1],
            rtol=0.2,
        )
    tones = [
        chord_tone_share(score, name, {"Melody", "Second voice", "Piano"})
        for score in scores["hybrid"]
        for name in score.stems
    ]
    hits, total = map(sum, zip(*tones, strict=True))
    assert hits / total > 0.95


def test_some_songs_follow_a_real_tempo_curve(scores):
    for kind in (*KINDS, "generated"):
        followed = [score for score in scores[kind] if score.tempo_curve]
        assert 0 < len(followed) <= len(scores[kind])
    for score in scores["hybrid"]:
        if score.tempo_curve:
            steps = np.diff(score.beats_s)
            half = len(steps) // 2
            assert np.all(np.abs(np.diff(steps)) < 0.02)
            assert steps[:half].mean() != pytest.approx(steps[half:].mean(), rel=1e-4)


def test_shares_decide_the_kinds(data, tmp_path):
    def share(corpus, kind):
        return np.mean([corpus.kind_of(number) == kind for number in range(600)])

    usual = corpus_of(data, tmp_path)
    assert share(usual, "hybrid") == pytest.approx(0.35 / 0.9, abs=0.06)
    assert share(usual, "chart") == pytest.approx(0.35 / 0.9, abs=0.06)
    wanted = corpus_of(data, tmp_path, hybrid=3.0, generated=1.0)
    assert share(wanted, "hybrid") == pytest.approx(0.75, abs=0.06)
    assert share(wanted, "chart") == 0


def test_shares_without_material_are_refused(data, tmp_path):
    with pytest.raises(DataError, match=r"share of 1 of composed songs.*--midi"):
        corpus_of(data, tmp_path, composed=1.0)
    with pytest.raises(DataError, match="a share above 0"):
        corpus_of(data, tmp_path, chart=0.0)


def test_malformed_shares_are_refused(data, tmp_path, capsys):
    with pytest.raises(SystemExit):
        render([str(tmp_path), "--shares", "opera=1"])
    assert "KIND=SHARE" in capsys.readouterr().err


def test_other_data_is_refused_when_resuming(rendered, data, tmp_path):
    with pytest.raises(DataError, match="was rendered with sources"):
        render(arguments(rendered, {**data, "charts": data["charts"] / "tiny.jsonl"}))
    fewer = {name: path for name, path in data.items() if name != "tempo_curves"}
    with pytest.raises(DataError, match="was rendered with sources"):
        render(arguments(rendered, fewer))
    moved = shutil.copytree(data["charts"], tmp_path / "elsewhere")
    assert render(arguments(rendered, {**data, "charts": moved})) == 0


def test_data_that_is_not_there_is_refused_before_anything_is_written(tmp_path):
    out = tmp_path / "out"
    with pytest.raises(DataError, match=r"expected a data set at .*none"):
        render([str(out), "--charts", str(tmp_path / "none")])
    assert not out.exists()


def test_a_split_without_material_gets_generated_songs(tmp_path, data):
    charts = tmp_path / "one.jsonl"
    charts.write_text((data["charts"] / "tiny.jsonl").read_text().splitlines()[0])
    corpus = corpus_of({"charts": charts}, tmp_path, chart=1.0)
    (split,) = [name for name in SPLITS if corpus.sources.charts_of(name)]
    for number in range(20):
        kind = "chart" if split_of_song(number) == split else "generated"
        assert corpus.kind_of(number) == kind
    assert styles_of(split)
