"""``liveband evaluate`` from songs on disk to its last line, with untrained networks."""

import json
import math
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from model.__main__ import main
from model.checkpoint import load_checkpoint, save_checkpoint
from model.data.index import load_songs
from model.errors import DataError
from model.evaluation.annotations import annotations_of
from model.evaluation.beat_estimates import tracked_phases
from model.evaluation.embedding import StemEmbedding
from model.evaluation.excerpts import choose_excerpts, load_mix, load_stem, seeds_of
from model.evaluation.systems import perform, play_system, systems_of
from model.networks.autoencoder import Autoencoder
from model.networks.generator import Generator
from model.onnx.accompanist import OnnxAccompanist
from model.presets import load_preset
from tools.assets.train_embedding import main as train_embedding

RATE = 48_000
SECONDS = 8
ROWS = [
    "ground truth",
    "codec",
    "liveband 0 s",
    "liveband 0.1 s",
    "liveband 1 s",
    "shuffled input",
    "random pairing",
    "silence",
]


def _song(folder, number):
    folder.mkdir(parents=True)
    rng = np.random.default_rng(number)
    time = np.arange(SECONDS * RATE) / RATE
    period = 0.4 + 0.05 * number
    beat = np.exp(-((time % period) * 15))
    roots = 110 * 2 ** (np.where(time % (4 * period) < 2 * period, 3, 8) / 12)
    stems = {
        "drums": 0.3 * beat * rng.standard_normal(len(time)),
        "bass": 0.3 * np.sin(2 * np.pi * roots * time) * (0.2 + beat),
        "piano": 0.1 * np.sin(2 * np.pi * 4 * roots * time) * (0.2 + beat),
    }
    for name, audio in stems.items():
        np.save(folder / f"{name}.npy", audio.astype(np.float16))
    beats = np.arange(0, SECONDS, period)
    facts = {
        "stems": [{"class": name, "active_share": 1.0} for name in stems],
        "beats_s": beats.tolist(),
        "downbeats_s": beats[::4].tolist(),
        "chords": [[t, ("C", "F")[n % 2], ""] for n, t in enumerate(beats[::2].tolist())],
    }
    (folder / "song.json").write_text(json.dumps(facts))


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    root = tmp_path_factory.mktemp("songs")
    for split in ("train", "valid", "test"):
        for number in range(3):
            _song(root / split / f"song{number}", number)
    return root


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    torch.manual_seed(0)
    preset = load_preset("smoke")
    autoencoder, generator = Autoencoder(preset.autoencoder), Generator(preset.generator)
    folder = tmp_path_factory.mktemp("checkpoints") / "ignorant"
    save_checkpoint(folder, autoencoder.eval(), generator.eval(), {"made": "untrained"})
    return folder


@pytest.fixture(scope="module")
def answer(songs, checkpoint):
    """Everything an evaluation gives, on two processes, read from its last line."""
    said = StringIO()
    words = ["evaluate", str(songs), "--checkpoint", str(checkpoint), "--record", "--json"]
    sizes = ["--songs", "2", "--excerpts", "2", "--seconds", "2"]
    rest = ["--drift-seconds", "20", "--known-songs", "2", "--jobs", "2"]
    with redirect_stdout(said):
        assert main([*words, *sizes, *rest]) == 0
    return json.loads(said.getvalue().splitlines()[-1])


@pytest.fixture(scope="module")
def rows(answer):
    return {row["system"]: row for row in answer["rows"]}


def test_the_beat_tracker_has_a_section_of_its_own(answer):
    section = answer["beat_tracker"]
    tracker = section["rows"][0]
    assert tracker["system"] == "beat tracker"
    assert (tracker["songs"], tracker["excerpts"]) == (2, 8)
    assert 0 <= tracker["beat_f_0.1_s"] <= tracker["beat_f_free_0.1_s"] <= 1
    assert set(tracker["per_class"]) == {"drums", "bass"}


def test_rows_tell_who_told_the_players_the_beat(rows):
    told = {name: row["beat"] for name, row in rows.items()}
    assert told["liveband 1 s"] == told["shuffled input"] == "tracker"
    assert told["liveband 0.1 s with transport"] == "transport"
    assert told["liveband 0.1 s by its own count"] == "none"
    assert told["ground truth"] is told["random pairing"] is None


def test_every_row_is_there_with_every_figure(rows):
    assert set(ROWS) <= set(rows)
    wanted = {"rhythm", "chroma", "beat_f", "gap", "drift", "frechet", "diversity", "copying"}
    for row in rows.values():
        assert wanted <= set(row)
        assert set(row["per_class"]) == {"drums", "bass"}
        for figure in wanted:
            assert row[figure] is None or math.isfinite(row[figure])


def test_the_truth_scores_above_the_strangers_and_silence_scores_nothing(rows):
    truth, silence = rows["ground truth"], rows["silence"]
    assert truth["rhythm"] > rows["random pairing"]["rhythm"] + 0.2
    assert truth["beat_f"] > rows["random pairing"]["beat_f"]
    assert truth["per_class"]["bass"]["chord_ratio"] > 1.3
    assert truth["gap"] == pytest.approx(
        truth["rhythm"] - rows["random pairing"]["rhythm"], abs=2e-4
    )
    assert truth["log_mel"] == 0
    assert truth["copying"] == pytest.approx(1)
    assert silence["rhythm"] == silence["beat_f"] == silence["chroma"] == 0
    assert silence["gap"] is None
    assert silence["frechet"] is None


def test_drums_have_no_harmony(rows):
    assert rows["ground truth"]["per_class"]["drums"]["chroma"] is None
    assert rows["ground truth"]["per_class"]["drums"]["chord_ratio"] is None


def test_players_have_gaps_drift_and_a_second_take(rows):
    for name in ("liveband 0 s", "liveband 0.1 s", "liveband 1 s"):
        assert rows[name]["gap"] is not None
        assert len(rows[name]["drift_bins"]) == 2
        assert set(rows[name]["verdict"]) == {"rhythm", "chroma"}
    assert rows["liveband 0.1 s"]["diversity"] > 0
    assert rows["liveband 1 s"]["diversity"] is None


def test_the_record_keeps_table_and_setting(rows, checkpoint):
    record = load_checkpoint(checkpoint).training
    assert record["made"] == "untrained"
    assert record["evaluation"]["seconds"] == 2
    assert [row["system"] for row in record["evaluation"]["rows"]] == list(rows)


def test_people_read_a_table(songs, checkpoint, capsys):
    words = ["evaluate", str(songs), "--checkpoint", str(checkpoint), "--quick", "--jobs", "1"]
    assert main([*words, "--songs", "2", "--seconds", "2"]) == 0
    said = capsys.readouterr().out
    assert "95 % intervals by song" in said
    assert all(name in said for name in ROWS)
    assert "beat tracker, 4 mixes of 2 songs" in said


def test_one_song_has_no_strangers(songs, checkpoint, capsys):
    words = ["evaluate", str(songs), "--checkpoint", str(checkpoint), "--quick", "--jobs", "1"]
    assert main([*words, "--songs", "1", "--seconds", "2", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["rows"]
    systems = {row["system"]: row for row in rows}
    assert systems["random pairing"]["rhythm"] is None
    assert systems["liveband 0.1 s"]["gap"] is None


def test_excerpts_sound_do_not_overlap_and_repeat(songs):
    asked = {"sample_rate": RATE, "frames": 2 * RATE, "per_song": 2}
    found = choose_excerpts(load_songs(songs, "test"), ("drums", "bass"), **asked)
    assert len(found) == 12
    assert found == choose_excerpts(load_songs(songs, "test"), ("drums", "bass"), **asked)
    for excerpt in found:
        assert excerpt.stranger.song != excerpt.song
        assert excerpt.stranger.stem_class == excerpt.stem_class
        assert np.abs(load_stem(excerpt)).max() > 0.05
        assert len(load_mix(excerpt)) == 2 * RATE
    first, second = found[:2]
    assert second.start - first.start >= 2 * RATE


def test_too_long_an_excerpt_says_what_to_ask_for(songs):
    with pytest.raises(DataError, match="fewer --seconds"):
        choose_excerpts(
            load_songs(songs, "test"), ("bass",), sample_rate=RATE, frames=60 * RATE, per_song=1
        )


def test_the_streaming_engine_plays_every_hop(checkpoint, monkeypatch):
    networks = load_checkpoint(checkpoint)
    counts = {"listen": 0, "play": 0}
    for name in counts:
        whole = getattr(OnnxAccompanist, name)

        def counted(self, *args, _name=name, _whole=whole):
            counts[_name] += 1
            return _whole(self, *args)

        monkeypatch.setattr(OnnxAccompanist, name, counted)
    mix = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    assert len(perform(networks, mix, "bass", 2)) == RATE
    assert counts == {"listen": 20, "play": 23}


def test_a_quick_table_plays_each_anticipation_once(checkpoint):
    networks = load_checkpoint(checkpoint)
    players = [s for s in systems_of(networks, quick=True) if s.source == "player"]
    assert [s.name for s in players] == [*ROWS[2:5], "shuffled input"]
    whole = [s.name for s in systems_of(networks) if s.source == "player"]
    assert {"shuffled input 0 s", "shuffled input 1 s"} < set(whole)
    assert whole[:5] == [
        "liveband 0 s",
        "liveband 0.1 s",
        "liveband 0.1 s with transport",
        "liveband 0.1 s by its own count",
        "liveband 1 s",
    ]


def test_rows_say_who_tells_the_beat_and_each_has_a_control_that_is_told_it_likewise(
    checkpoint,
):
    systems = {system.name: system for system in systems_of(load_checkpoint(checkpoint))}
    told = {name: each.beat for name, each in systems.items() if each.source == "player"}
    assert told.pop("liveband 0.1 s with transport") == "transport"
    assert told.pop("shuffled input with transport") == "transport"
    assert told.pop("liveband 0.1 s by its own count") == "none"
    assert told.pop("shuffled input by its own count") == "none"
    assert set(told.values()) == {"tracker"}
    for system in systems.values():
        if system.source == "player" and system.rival is not None:
            assert systems[system.rival].beat == system.beat
            assert systems[system.rival].wrong_mix


def test_each_system_is_told_the_beat_it_says_of_the_mix_it_hears(
    songs, checkpoint, monkeypatch
):
    networks = load_checkpoint(checkpoint)
    asked = {"sample_rate": RATE, "frames": RATE, "per_song": 1}
    excerpt = choose_excerpts(load_songs(songs, "test"), ("bass",), **asked)[0]
    followed = []
    whole = OnnxAccompanist.follow
    monkeypatch.setattr(
        OnnxAccompanist, "follow", lambda self, p: followed.append(p) or whole(self, p)
    )
    for system in systems_of(networks):
        if system.source != "player" or system.hops != 2:
            continue
        followed.clear()
        play_system(system, networks, excerpt, annotations_of(excerpt.song))
        mix = load_mix(excerpt.stranger if system.wrong_mix else excerpt)
        assert len(followed) == 23
        if system.beat == "tracker":
            asked = {"hop": RATE // 20, "sample_rate": RATE}
            assert followed == tracked_phases(mix, 2, (2,), **asked)
            assert followed[:3] == [None] * 3
        elif system.beat == "none":
            assert followed == [None] * 23
        else:
            beat, *_ = annotations_of(excerpt.song).position(excerpt.start / RATE)
            assert followed[0].beat == pytest.approx(beat)


def test_every_excerpt_and_every_take_has_a_seed_of_its_own(songs, checkpoint, monkeypatch):
    networks = load_checkpoint(checkpoint)
    asked = {"sample_rate": RATE, "frames": RATE, "per_song": 1}
    excerpts = choose_excerpts(load_songs(songs, "test"), ("bass",), **asked)
    played = []
    whole = OnnxAccompanist.condition
    monkeypatch.setattr(
        OnnxAccompanist,
        "condition",
        lambda self, number, asked: played.append(asked.seed) or whole(self, number, asked),
    )
    systems = {system.name: system for system in systems_of(networks)}
    takes = [systems["liveband 0.1 s"], systems["liveband 0.1 s, second take"]]
    for excerpt in excerpts:
        for system in takes:
            play_system(system, networks, excerpt, annotations_of(excerpt.song))
    assert played == [seed for excerpt in excerpts for seed in seeds_of(excerpt, 2)]
    assert len(set(played)) == 2 * len(excerpts) > 2


def test_the_embedding_can_be_trained_anew(songs, tmp_path, caplog):
    caplog.set_level("INFO")
    out = tmp_path / "anew.safetensors"
    assert train_embedding([str(songs), str(out), "--songs", "1", "--minutes", "0.02"]) == 0
    StemEmbedding().load_state_dict(load_file(out))
    assert out.stat().st_size < 1_500_000
    assert "class accuracy on held-out songs" in caplog.text
    assert "SHA-256 to pin" in caplog.text
