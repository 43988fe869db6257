"""Stage of the plugins' tests: their build, a program to start, a mix and its stem."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

__all__ = ["RATE", "ROOT", "build", "equal", "needs", "noise", "prepare", "render"]

ROOT = Path(__file__).parents[2]
RATE = 48_000


def needs(tool):
    reason = f"{tool} is not installed: make test-system"
    return pytest.mark.skipif(shutil.which(tool) is None, reason=reason)


def build(plugin, folder):
    """Build ``lv2`` or ``clap`` into a folder."""
    subprocess.run(
        ["make", "-C", ROOT / "plugins", plugin, f"OUT={folder}", "CFLAGS=-O1 -Werror"],
        check=True,
        capture_output=True,
    )


def prepare(folder, monkeypatch):
    """Let plugins start this checkout with the pass-through model; its files are kept here."""
    program = folder / "program.sh"
    program.write_text(
        f'#!/bin/sh\nexec {sys.executable} -m bridge "$@" --checkpoint passthrough --seed 1 '
        f"$MORE 2>>{folder}/log\n"
    )
    program.chmod(0o755)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("LIVEBAND_PROGRAM", str(program))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def noise(seconds, seed=0):
    """Return a stereo mix; the engine's answer to every frame of it is another."""
    frames = round(seconds * RATE)
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (2, frames)).astype(np.float32)


def render(folder, *options):
    """Return a mix, its file, and what ``liveband render`` makes of it."""
    mix = noise(4)
    soundfile.write(folder / "mix.wav", mix.T, RATE, subtype="FLOAT")
    command = [
        sys.executable,
        "-m",
        "bridge",
        "render",
        folder / "mix.wav",
        folder / "stem.wav",
    ]
    subprocess.run(
        [*command, "--checkpoint", "passthrough", "--seed", "1", *options],
        check=True,
        cwd=ROOT,
        capture_output=True,
    )
    stem, _ = soundfile.read(folder / "stem.wav", dtype="float32")
    return mix, folder / "mix.wav", stem


def equal(out, stem, delay):
    """Check that a stem was played ``delay`` frames late, bit for bit, and silence before."""
    assert not np.any(out[:delay])
    np.testing.assert_array_equal(out[delay:], stem[: len(out) - delay])
