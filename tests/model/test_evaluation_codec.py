"""What the autoencoder alone is said to do."""

import json

import numpy as np
import pytest

from model.__main__ import main
from model.evaluation.codec import attack_times

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


def test_the_command_prints_every_class(rendered, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["evaluate", str(rendered), "--codec", "--json"]
    assert main([*asked, "--split", "train", "--songs", "2", "--seconds", "4"]) == 0
    *classes, everything = json.loads(capsys.readouterr().out)["codec"]
    assert {row["class"] for row in classes} >= {"bass", "drums"}
    assert everything["class"] == "all classes"
    assert everything["log_mel_noisy"] > 0
    assert next(row for row in classes if row["class"] == "drums")["chroma"] is None
