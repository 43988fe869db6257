"""Beats by ``aubiotrack``, a causal beat tracker, as a baseline."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from model.errors import DataError, MissingTool
from model.sound_files.writing import write_sound

__all__ = ["aubio_beats", "require_aubio"]

PROGRAM = "aubiotrack"


def require_aubio() -> str:
    """Return the path of the program.

    Raises:
        MissingTool: It is not installed.
    """
    found = shutil.which(PROGRAM)
    if found is None:
        raise MissingTool(f"{PROGRAM} is not installed; apt-get install aubio-tools")
    return found


def aubio_beats(mix: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """Return the beats found by ``aubiotrack``, in seconds, ``(beats,)``, ascending.

    It hears 512 frames at a time, so a beat is known at most that long after its time.

    Args:
        mix: ``(frames,)``.
        sample_rate: Frames per second.

    Raises:
        MissingTool: The program is not installed.
        DataError: It could not read the sound.

    Source:
        Brossier 2006, Automatic annotation of musical audio for interactive applications;
        aubio 0.4.9.
    """
    program = require_aubio()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "mix.wav"
        write_sound(file, mix, sample_rate)
        answer = subprocess.run([program, "-i", file], capture_output=True, text=True)
    if answer.returncode:
        raise DataError(f"{PROGRAM} failed: {answer.stderr.strip()}")
    times = [float(line) for line in answer.stdout.split()]
    return np.sort(np.array(times, np.float64))
