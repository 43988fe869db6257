"""Interface to MMA, the accompaniment generator: program text in, notes out."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from model.data.midifile import Note, read_notes
from model.errors import DataError, MissingTool

__all__ = ["find_mma", "play_grooves"]

_MAX_BARS = 2000


def find_mma() -> str:
    """Return the path of the ``mma`` program.

    Raises:
        MissingTool: It is not installed.
    """
    program = shutil.which("mma")
    if program is None:
        raise MissingTool(
            "MMA, which plays the accompaniment, is not installed: "
            "apt-get install mma fluid-soundfont-gm"
        )
    return program


def play_grooves(program: str, text: str) -> list[Note]:
    """Return the notes MMA plays for a chart, with times in beats.

    Args:
        program: Path of MMA.
        text: A song in MMA's language.

    Raises:
        DataError: MMA refused the text; the message ends with its own words.
    """
    with tempfile.TemporaryDirectory(prefix="liveband-mma-") as folder:
        song, midi = Path(folder, "song.mma"), Path(folder, "song.mid")
        song.write_text(text, encoding="latin-1")
        done = subprocess.run(
            [program, "-w", "-m", str(_MAX_BARS), "-xNOCREDIT", "-f", midi, song],
            capture_output=True,
            cwd=folder,
            check=False,
        )
        if done.returncode or not midi.exists():
            words = (done.stdout + done.stderr).decode("latin-1").strip()
            raise DataError(f"MMA could not play the song: {words[-400:]}")
        return read_notes(midi.read_bytes())
