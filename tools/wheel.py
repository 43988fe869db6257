"""Builds the wheel of the program: ``python -m tools.wheel FOLDER``, as ``make wheel`` does.

It is built from a copy of what is shipped, so that neither files left over in ``build`` nor
graphs made from a checkpoint get into it.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["build_wheel"]

_ROOT = Path(__file__).parents[1]
_SHIPPED = ("bridge", "model")
_BUILDING = (
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "native_build.py",
    "pyproject.toml",
    "setup.py",
)
_MADE = shutil.ignore_patterns("__pycache__", "*.so", "*.o", "_native.c")


def build_wheel(folder: Path) -> Path:
    """Build the wheel with the tools of this environment, offline; return its path.

    Args:
        folder: Where it goes; a wheel of the same version there is replaced.

    Raises:
        subprocess.CalledProcessError: It cannot be built; what pip says is on stderr.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="liveband-wheel-") as work:
        tree, made = Path(work, "tree"), Path(work, "made")
        for name in _SHIPPED:
            shutil.copytree(_ROOT / name, tree / name, ignore=_MADE)
        for graphs in tree.glob("model/checkpoints/*/onnx"):
            shutil.rmtree(graphs)
        for name in _BUILDING:
            shutil.copy2(_ROOT / name, tree / name)
        command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index"]
        command += ["--no-build-isolation", "-w", str(made), str(tree)]
        subprocess.run(command, check=True)
        (built,) = made.glob("*.whl")
        return Path(shutil.copy2(built, folder / built.name))


if __name__ == "__main__":
    print(build_wheel(Path(sys.argv[1])))
