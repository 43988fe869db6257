"""Tests of the project's structure: sizes of files, public names, imports, documents."""

import argparse
import ast
import importlib
import importlib.util
import inspect
import pkgutil
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import bridge
import model
import tools
from bridge.__main__ import _MODEL, _VERBS

ROOT = Path(__file__).parents[1]
TOPS = ("bridge", "model", "tools")
ROOMS = sorted(p for top in TOPS for p in (ROOT / top).rglob("*.py"))
SOURCES = [*ROOMS, *(p for top in TOPS for p in (ROOT / top).rglob("*.[ch]"))]
LARGEST = 400
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "model" / "TRAINING.md"]
PAGES = sorted(page for page in PAGES if page.name != "CHANGELOG.md")
NOT_OURS = {"SoundFonts", "TensorBoard", "WebSocket", "YourLayer", "YourState"}
"""Names in code on the pages that look like classes of the project."""


def _modules():
    for package in (bridge, model, tools):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(("__main__", "_native")) and (
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
    drawn = set(re.findall(r"^[ │├└┬─]*(\w+)", module.__doc__, re.MULTILINE))
    classes = {name for name, _ in inspect.getmembers(module, _is_error)}
    assert drawn >= classes
    assert classes == {name for name in module.__all__ if _is_error(getattr(module, name))}


def _is_error(member):
    return inspect.isclass(member) and issubclass(member, Exception)


def test_the_control_process_loads_neither_torch_nor_libjack_and_no_model():
    program = "import sys, bridge.app.run, bridge.__main__"
    code = f"{program}; print(*sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = set(answer.stdout.split())
    assert "bridge.app.run" in loaded, answer.stderr
    assert not loaded & {"torch", "jack", "sounddevice", "matplotlib", "onnx", "onnxruntime"}
    of_the_model = {name for name in loaded if name.split(".")[0] == "model"}
    formats = {name for name in of_the_model if name.startswith("model.formats.")}
    assert of_the_model - formats <= {"model", "model.errors", "model.formats"}


def test_onnx_runtime_is_imported_where_its_telemetry_is_off_and_nowhere_else():
    door = ROOT / "model" / "onnx" / "runtime.py"
    files = [file for top in (*TOPS, "tests") for file in (ROOT / top).rglob("*.py")]
    importing = re.compile(r"^\s*(import|from) onnxruntime\b|import_module\(.onnxruntime", re.M)
    assert [file for file in files if importing.search(file.read_text())] == [door]


def test_file_formats_load_no_numerics():
    names = [name for name in _modules() if name.startswith("model.formats.")]
    code = f"import sys, {', '.join(names)}; print(*sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = set(answer.stdout.split())
    assert loaded.issuperset(names), answer.stderr
    assert not loaded & {"bridge", "numpy", "onnx", "onnxruntime", "safetensors", "torch"}


def test_readme_and_help_name_the_same_commands():
    verbs = {verb for group in _VERBS.values() for verb in group}
    readme = (ROOT / "README.md").read_text()
    for command in ("run", "set", "get", "status", "doctor", "render", "connect", "learn"):
        assert f"liveband {command}" in readme, command
    command = re.compile(r"\bliveband ([a-z]+)\b(?!\.)")
    named = {page: set(command.findall(_code(page.read_text()))) for page in PAGES}
    assert {page: unknown for page, each in named.items() if (unknown := each - verbs)} == {}
    assert verbs - set().union(*named.values()) == set(), "commands that no page names"


def test_options_that_the_pages_name_exist():
    options = {verb: _options(verb) for group in _VERBS.values() for verb in group}
    for page in PAGES:
        for line in _code(page.read_text()).splitlines():
            for verb, rest in re.findall(r"\bliveband ([a-z]+)\b(?!\.)([^#]*)", line):
                unknown = set(re.findall(r"(?<!\S)--[a-z-]+", rest)) - options[verb]
                assert unknown == set(), f"{page.name}: {line}"


def test_make_targets_that_the_pages_name_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        unknown = set(re.findall(r"\bmake ([a-z-]+)", _code(page.read_text()))) - targets
        assert unknown == set(), page.name
    called = re.findall(r"^make (\w+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert called
    assert all(f"make {target} " in readme for target in called)


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_the_pages_lead_somewhere(page):
    for target, anchor in re.findall(
        r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", page.read_text()
    ):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in _anchors(file), f"{page.name}: {target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_modules_that_the_pages_name_exist(page):
    words = _code(page.read_text())
    for path in re.findall(
        r"(?<![\w./-])((?:bridge|model|tools|tests|docs)/[\w./-]*\w)", words
    ):
        assert (ROOT / path).exists() or path == "model/list", f"{page.name}: {path}"
    for dotted in re.findall(r"(?<![\w./-])(?:bridge|model|tools)(?:\.\w+)+", words):
        assert _is_there(dotted), f"{page.name}: {dotted}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_classes_and_members_that_the_pages_name_exist(page):
    words = _code(page.read_text())
    for name, member in re.findall(r"(?<![\w./-])([A-Z]\w*)\.(\w+)", words):
        assert name not in _members() or member in _members()[name], f"{name}.{member}"
    if page.name in ("architecture.md", "training.md", "glossary.md"):
        named = set(re.findall(r"(?<![\w./-])(?:[A-Z][a-z]+){2,}\b", words))
        assert named <= _members().keys() | NOT_OURS, named - _members().keys()


@cache
def _members():
    """Return the names of what every class has, also of what its methods assign to it."""
    found, bases = {}, {}
    for path in ROOMS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                found[node.name] = set(_own_members(node))
                bases[node.name] = [ast.unparse(base).split("[")[0] for base in node.bases]
    return {name: found[name].union(*_inherited(name, found, bases)) for name in found}


def _own_members(node):
    for part in node.body:
        if isinstance(part, ast.Assign | ast.AnnAssign):
            yield from (each.id for each in ast.walk(part) if isinstance(each, ast.Name))
        elif hasattr(part, "name"):
            yield part.name
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store):
            yield each.attr


def _inherited(name, found, bases):
    for base in bases.get(name, ()):
        yield found.get(base, set())
        yield from _inherited(base, found, bases)


def test_addresses_that_readme_and_playing_name_are_in_the_reference():
    reference = (ROOT / "docs" / "osc.md").read_text()
    for name in ("README.md", "docs/playing.md"):
        text = _code((ROOT / name).read_text())
        for address in re.findall(r"(?<![\w~./])/liveband(/[a-z/]*[a-z])(?![\w./])", text):
            assert f"`{address}`" in reference, f"{name}: {address}"


def _code(text):
    """Return what stands in backquotes or in blocks of code, a piece a line."""
    blocks = re.findall(r"^```\w*$(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`]+)`", rest)])


def _options(verb):
    """Return the options of a command and of its own commands."""
    package = "model" if verb in _MODEL else "bridge"
    parser = argparse.ArgumentParser()
    importlib.import_module(f"{package}.commands.{verb}").configure(parser)
    found, parsers = set(), [parser]
    while parsers:
        for action in parsers.pop()._actions:
            found |= set(action.option_strings)
            if isinstance(action, argparse._SubParsersAction):
                parsers += action.choices.values()
    return found


def _anchors(page):
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def _is_there(dotted):
    """Return whether a dotted name is a module, or something that a module holds."""
    *front, last = dotted.split(".")
    try:
        return hasattr(importlib.import_module(".".join(front)), last) or bool(
            importlib.util.find_spec(dotted)
        )
    except ImportError:
        return False
