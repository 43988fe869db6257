"""The house keeps its order: sizes, names, drawings, and what an import may bring along."""

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import bridge
import model
import tools

ROOT = Path(__file__).parents[1]
TOPS = ("bridge", "model", "tools")
ROOMS = sorted(p for top in TOPS for p in (ROOT / top).rglob("*.py"))
SOURCES = [*ROOMS, *(p for top in TOPS for p in (ROOT / top).rglob("*.[ch]"))]
LARGEST = 400


def _modules():
    for package in (bridge, model, tools):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(("__main__", "_native", "native.build")) and (
                not found.name.startswith("tools.benchmarks")
            ):
                yield found.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_room_is_too_large(path):
    assert len(path.read_text().splitlines()) <= LARGEST


@pytest.mark.parametrize("name", list(_modules()))
def test_every_module_imports_and_lists_what_it_offers(name):
    module = importlib.import_module(name)
    tree = ast.parse(Path(module.__file__).read_text())
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    offered = set(getattr(module, "__all__", ()))
    assert defined <= offered, f"not in __all__: {defined - offered}"
    assert all(hasattr(module, each) for each in offered)


@pytest.mark.parametrize("package", ["bridge.common.errors", "model.errors"])
def test_the_error_tree_is_drawn_as_it_is(package):
    module = importlib.import_module(package)
    drawn = {
        line.split()[1] if line.strip()[0] in "├└│" else line.split()[0]
        for line in module.__doc__.splitlines()
        if "Error" in line or "Missing" in line
    }
    classes = {name for name, _ in inspect.getmembers(module, inspect.isclass)}
    assert {name.strip("─ ") for name in drawn} >= classes
    assert classes == set(module.__all__)


def test_the_control_process_loads_neither_torch_nor_libjack():
    heavy = "{'torch', 'jack', 'sounddevice', 'matplotlib', 'model'}"
    program = "import sys, bridge.app.run, bridge.__main__"
    code = f"{program}; print(sorted({heavy} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "[]", answer.stderr


def test_readme_and_help_name_the_same_commands():
    from bridge.__main__ import _BRIDGE, _MODEL

    text = (ROOT / "README.md").read_text()
    for command in ("run", "render", "demo", "doctor", "set", "status", *_MODEL):
        assert f"liveband {command}" in text or f"`{command}" in text, command
    assert set(_BRIDGE) == {p.stem for p in (ROOT / "bridge" / "commands").glob("*.py")} - {
        "__init__",
        "options",
    }
