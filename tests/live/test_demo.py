"""The demo as a newcomer runs it: JACK, a bridge, a deck and a remote, in real time."""

import json

import numpy as np
import pytest
import soundfile

from bridge.__main__ import main


@pytest.mark.jack
@pytest.mark.slow
def test_demo_plays_tells_and_leaves_nothing_but_its_files(tmp_path, capsys, monkeypatch):
    config = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    assert main(["demo", "--json", "--out", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {
        "ready_s",
        "seconds",
        "cycles",
        "xruns",
        "underruns",
        "late_hops",
        "musical_latency_frames",
        "causal_latency_frames",
        "rtf",
        "hop_p99_ms",
        "stem_rms_db",
        "osc_replies",
    }
    assert not (config / "liveband").exists()
    assert told["musical_latency_frames"] == 0
    assert told["causal_latency_frames"] == 3 * 2400
    assert told["cycles"] >= told["seconds"] * 48_000 / 256 - 1
    assert told["osc_replies"] > 4
    assert -60 < told["stem_rms_db"] < -3

    mix, _ = soundfile.read(tmp_path / "mix.wav", dtype="float32")
    stem, _ = soundfile.read(tmp_path / "stem.wav", dtype="float32")
    both, rate = soundfile.read(tmp_path / "both.wav", dtype="float32")
    assert rate == 48_000
    assert len(mix) == len(stem) == len(both)
    assert np.allclose(both[:, 0], mix.mean(1))
    assert np.allclose(both[:, 1], stem.mean(1))
    assert (tmp_path / "demo.png").read_bytes().startswith(b"\x89PNG")
