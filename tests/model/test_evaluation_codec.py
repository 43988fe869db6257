"""Tests of the evaluation of the autoencoder alone."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.__main__ import main
from model.data.recordings import Origin, cut_recordings
from model.evaluation.codec import attack_times
from model.evaluation.codec_cost import codec_cost
from model.networks.autoencoder import Autoencoder
from model.networks.config import AutoencoderConfig

RATE = 48_000


def clicks(*times_ms: int) -> np.ndarray:
    """Bursts of noise that decay within 20 ms."""
    audio = np.zeros(RATE, np.float32)
    burst = np.random.default_rng(0).standard_normal(960) * np.exp(-np.arange(960) / 200)
    for time_ms in times_ms:
        start = time_ms * RATE // 1000
        audio[start : start + 960] += 0.3 * burst
    return audio


def test_attacks_are_found_to_two_milliseconds() -> None:
    found = attack_times(clicks(100, 350, 700), RATE)
    assert np.abs(found - [100, 350, 700]).max() <= 2


def test_a_later_sound_has_later_attacks() -> None:
    early, late = (attack_times(clicks(100 + shift, 500 + shift), RATE) for shift in (0, 7))
    assert (late - early == 7).all()


def test_a_steady_tone_has_none() -> None:
    tone = np.sin(np.arange(RATE) * 0.05).astype(np.float32)
    assert len(attack_times(tone, RATE)) == 0


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("recordings")
    for number, hz in enumerate((220, 330)):
        song = 0.2 * np.sin(2 * np.pi * hz * np.arange(6 * RATE) / RATE)
        soundfile.write(root / f"song {number}.wav", song, RATE)
    origin = Origin(licence="CC0-1.0", package="album")
    cut_recordings([root], root / "cut", origin, split="train")
    return root / "cut"


FEW = ["--codec", "--split", "train", "--songs", "2", "--seconds", "4"]


def told(capsys: pytest.CaptureFixture[str], data: Path) -> dict:
    assert main(["evaluate", str(data), *FEW, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    return {"rows": {row["class"]: row for row in found["codec"]}, "cost": found["cost"]}


def test_the_command_prints_every_class(
    rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, rendered)
    rows, cost = found["rows"], found["cost"]
    assert set(rows) == {"bass", "drums", "piano", "all classes"}
    assert rows["all classes"]["excerpts"] == 4
    assert rows["drums"]["excerpts"] == 0
    assert rows["drums"]["log_mel"] is None
    for row in (rows["bass"], rows["piano"], rows["all classes"]):
        low, high = row["intervals"]["log_mel"]
        assert 0 < low <= row["log_mel"] <= high
        assert row["level_off_db"] >= abs(row["level_db"]) - 1e-3
    assert cost["ratio"] == pytest.approx(cost["ms"] / cost["other_ms"], abs=0.01)


def test_recordings_are_scored_as_they_are(
    recordings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = told(capsys, recordings)["rows"]
    assert set(rows) == {"mix", "all classes"}
    assert rows["mix"]["excerpts"] == 2
    assert rows["mix"]["chroma"] is not None


def test_the_table_has_intervals_and_the_cost(
    rendered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(rendered), *FEW]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.search(r"^bass \(2\) +\d\.\d{3} \[\d\.\d{3} \d\.\d{3}\]", lines[1])
    assert "ms a hop on one thread" in lines[-1]


def test_too_short_recordings_are_an_error(
    recordings: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked = ["evaluate", str(recordings), "--codec", "--split", "train", "--seconds", "10"]
    assert main(asked) == 1
    assert "fewer --seconds" in caplog.text


def test_a_codec_twice_as_wide_costs_more() -> None:
    narrow = Autoencoder(AutoencoderConfig(decoder_inner=64)).eval()
    wide = Autoencoder(AutoencoderConfig(decoder_inner=768)).eval()
    assert codec_cost(wide, narrow, hops=20)["ratio"] > 1.2
