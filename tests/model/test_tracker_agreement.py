"""Other weights of the beat tracker beside the shipped ones, on songs and on recordings."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.__main__ import main
from model.beat_tracker.weights import load_weights, save_weights
from model.evaluation.beats import f_measure
from model.evaluation.offline_beats import offline_beats
from tests.model.tiny_beats import RATE, write_song

MIX = Path(__file__).parents[2] / "bridge/assets/mix.ogg"
WORDS = ["--ear", "--seconds", "17", "--jobs", "1"]


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    root = tmp_path_factory.mktemp("beats")
    write_song(root / "test" / "song0", 0)
    return root


def _other_weights(folder, scale):
    weights, _ = load_weights()
    file = folder / "other.safetensors"
    save_weights(file, {**weights, "linear.weight": scale * weights["linear.weight"]}, {})
    return file


@pytest.mark.parametrize(("scale", "differ"), [(1.0, False), (0.0, True)])
def test_other_weights_stand_beside_the_shipped_ones(songs, tmp_path, capsys, scale, differ):
    file = _other_weights(tmp_path, scale)
    words = ["--songs", "1", "--json", "--weights", str(file)]
    assert main(["evaluate", str(songs), *WORDS, *words]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["beat_tracker"]["rows"]
    found = {row["system"]: row for row in rows}
    shipped, other, less = (found[n] for n in ("beat tracker", "other weights", "difference"))
    name = "in_phase_free_0.1_s"
    assert less[name] == pytest.approx(other[name] - shipped[name], abs=2e-4)
    assert (less[name] < -0.1) == differ


def test_recordings_are_judged_where_the_networks_agree(tmp_path, capsys, caplog):
    demo, _ = soundfile.read(MIX, dtype="float32")
    for seconds in (2, 13, 14, 15):
        soundfile.write(tmp_path / f"{seconds}.flac", demo[: seconds * RATE], RATE)
    words = ["evaluate", str(tmp_path), "--recordings", "--seconds", "12", "--jobs", "1"]
    file = _other_weights(tmp_path, 0.0)
    assert main([*words, "--songs", "2", "--json", "--weights", str(file)]) == 0
    section = json.loads(capsys.readouterr().out.splitlines()[-1])["recordings"]
    assert section["recordings"] == 2
    shipped, other, less = section["rows"]
    assert shipped["offline_f"] == 1
    assert shipped["beat_f"] > 0.8
    assert other["beat_f"] < shipped["beat_f"] - 0.1
    assert less["beat_f"] < -0.1
    noise = np.random.default_rng(1).normal(0.0, 0.1, 13 * RATE)
    soundfile.write(tmp_path / "13.flac", noise, RATE)  # in which each hears other beats
    (tmp_path / "dummy.ogg").write_bytes(b"none")
    assert main([*words, "--songs", "2"]) == 0
    assert "1 of 2 recordings on which the shipped networks agree" in capsys.readouterr().out
    assert "left out" in caplog.text


def test_a_search_of_all_frames_finds_beats_that_go_faster(caplog, tmp_path):
    beats = np.cumsum(np.linspace(0.6, 0.5, 30))
    activations = np.full((round(50 * beats[-1]) + 20, 3), 0.02, np.float32)
    activations[np.round(50 * beats).astype(int), 0] = 0.9
    activations[np.round(50 * beats[12:14]).astype(int), 0] = 0.02  # two are not heard
    found = offline_beats(activations)
    assert f_measure(beats[1:], found[found > 0.7], 0.03) > 0.98
    assert main(["evaluate", str(tmp_path), "--recordings"]) == 1
    assert "no recording of 30 s or more" in caplog.text


@pytest.mark.parametrize("words", [[], ["--codec"], ["--all"]])
def test_weights_of_the_tracker_are_its_own(songs, words, caplog):
    assert main(["evaluate", str(songs), *words, "--weights", "w.safetensors"]) == 2
    assert "--weights" in caplog.text
