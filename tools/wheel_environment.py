"""Environment with nothing but an installed wheel, as a musician has it: no compiler."""

import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ProgramEnvironment", "install_wheel"]

_PINS = Path(__file__).parents[1] / "requirements.txt"


@dataclass(frozen=True, slots=True)
class ProgramEnvironment:
    """A folder of Python's with the program, and the variables to run it in."""

    folder: Path
    variables: Mapping[str, str]

    @property
    def program(self) -> Path:
        """The command ``liveband``."""
        return self.folder / "bin" / "liveband"

    @property
    def size_bytes(self) -> int:
        """Size of all files that were installed, with what the program depends on."""
        files = (each for each in self.folder.rglob("*") if not each.is_symlink())
        return sum(each.stat().st_size for each in files if each.is_file())


def install_wheel(wheel: Path, place: Path) -> ProgramEnvironment:
    """Install a wheel and the pinned versions of what it needs; compile nothing.

    Args:
        wheel: Its file.
        place: Folder for the environment and for what the program writes.

    Raises:
        subprocess.CalledProcessError: It cannot be installed; ``stderr`` has pip's words.
    """
    folder = place / "env"
    venv.create(folder, with_pip=False, symlinks=True)
    own = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    own |= {f"XDG_{kind}_HOME": str(place / kind) for kind in ("CONFIG", "CACHE", "DATA")}
    own |= {"CC": "/nonexistent", "CXX": "/nonexistent"}
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    command = [*pip, "install", "-q", "--retries", "0", "--only-binary", ":all:"]
    subprocess.run(
        [*command, "--no-compile", "-c", str(_PINS), str(wheel)],
        env=own, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return ProgramEnvironment(folder, own)
