"""Remembered files are no condition of playing: every kind of them, damaged in every way."""

import codecs
import errno
import json
import os
import socket
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridge.common import remembered_files
from bridge.common.errors import BridgeError, ConfigError, RefusedError
from bridge.common.remembered_files import LARGEST_BYTES, RememberedFiles, read_file
from bridge.controls.parameters import PARAMETERS
from bridge.controls.table import ControlKey
from bridge.engine.bank_files import BankSource, adopt_banks, bank_path, bank_paths, write_bank
from bridge.live.connection_files import (
    connections_file,
    connections_toml,
    read_connections,
    read_rules,
    write_connections,
)
from bridge.midi.binding_files import parse_map, text_of
from bridge.monitoring.crash_report import CrashReporter
from bridge.session.state import read_state
from bridge.state.presets.file_format import parse_preset, preset_toml
from bridge.state.presets.folder import PresetFolder

NOISE = {ControlKey(1, "noise"): 0.5}
CONNECTION = ("daw:out 1", "liveband:in_L")
ENDED = 2**22 + 1
"""A process that there is none of."""


@dataclass(frozen=True)
class Kind:
    """One kind of file: where it lies, how it is read at a start and written again."""

    path: Path
    good: str
    read: Any
    holds: Any
    """What ``read`` returns of ``good``."""
    otherwise: Any
    """What it returns where nothing can be used."""
    write: Any = None
    partly: str = ""
    """A text of which ``read`` returns ``holds`` and notes the rest."""


def load_map(path, files):
    found = files.read(path, partial(parse_map, table=PARAMETERS), None)
    return found and [str(binding.control) for binding in found.bindings]


def write_map(path, files):
    parse = partial(parse_map, table=PARAMETERS)
    files.replace(path, text_of(parse(MAP)[0]), parse)


MAP = 'device = "jack"\n[[binding]]\ncontrol = "mute"\ntype = "cc"\nnumber = 9\n'


def kinds(folder):
    """Return every kind of file with text, in a folder."""
    presets = PresetFolder(folder, PARAMETERS)
    preset = preset_toml(NOISE)
    rules = 'rules = ["daw:*=>in_L"]'

    def load_preset(files):
        return PresetFolder(folder, PARAMETERS, files).load_what_fits("verse")

    def save_preset(files):
        PresetFolder(folder, PARAMETERS, files).save("verse", NOISE)

    return {
        "preset": Kind(
            presets.folder / "verse.toml", preset, load_preset, NOISE, None, save_preset,
            preset + "steam = 1\n",
        ),
        "session": Kind(
            folder / "controls.toml", preset, partial(read_state, folder, PARAMETERS), NOISE,
            {}, partial(write_state, folder), preset + '"gain/out" = "loud"\n',
        ),
        "connections": Kind(
            connections_file("liveband"), connections_toml({CONNECTION}),
            partial(read_connections, "liveband"), {CONNECTION}, frozenset(),
            lambda files: write_connections({CONNECTION}, "liveband", files),
            'wires = ["daw:out 1 => liveband:in_L", 5]',
        ),
        "rules": Kind(
            folder / "liveband" / "autoconnect.toml", rules,
            lambda files: [rule.text for rule in read_rules("liveband", files)],
            ["daw:*=>in_L"], [], None, 'rules = ["daw:*=>in_L", "in_L"]',
        ),
        "map": Kind(
            folder / "jack.toml", MAP, partial(load_map, folder / "jack.toml"), ["mute"], None,
            partial(write_map, folder / "jack.toml"), MAP + "[[binding]]\ntype = 'cc'\n",
        ),
        "run": Kind(
            folder / f"running-{ENDED}.json", json.dumps({"stem": "bass"}),
            partial(report_of, folder), "bass", None,
        ),
    }  # fmt: skip


def write_state(folder, files):
    parse = partial(parse_preset, table=PARAMETERS)
    files.replace(folder / "controls.toml", preset_toml(NOISE), parse)


def report_of(folder, files):
    """Return what the report of an earlier run says it played; None where it says nothing."""
    with CrashReporter(folder, dict, files):
        pass
    (report,) = folder.glob("crash-*.json")
    return json.loads(report.read_text()).get("stem")


NAMES = ("preset", "session", "connections", "rules", "map", "run")


def write(content, path):
    path.write_bytes(content)


def pipe(path):
    os.mkfifo(path)


def address(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


DAMAGES = {
    "zeros": partial(write, bytes(100)),
    "rubbish": partial(write, np.random.default_rng(1).bytes(300)),
    "latin-1": partial(write, "# Café\n".encode("latin-1")),
    "half a letter": partial(write, "# Café".encode()[:-1]),
    "a list": partial(write, b"[1, 2]"),
    "another text": partial(write, b"dear diary\n"),
    "wrong types": partial(write, b'controls = 3\nwires = 3\nrules = "x"\ndevice = 3\n'),
    "nested": partial(write, b"a = " + b"[" * 20_000),
    "a number": partial(write, b"a = 1" + b"0" * 6000),
    "too large": partial(write, b"#" * (LARGEST_BYTES + 1)),
    "a folder": Path.mkdir,
    "a pipe": pipe,
    "an address": address,
    "a circle": lambda path: path.symlink_to(path),
}


@pytest.fixture
def kind(request, tmp_path, monkeypatch):
    """A kind of file, whose folder is there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    kind = kinds(tmp_path)[request.param]
    kind.path.parent.mkdir(parents=True, exist_ok=True)
    return kind


every_kind = pytest.mark.parametrize("kind", NAMES, indirect=True)


@every_kind
@pytest.mark.parametrize("damage", DAMAGES)
def test_what_cannot_be_read_is_set_aside_and_told(kind, damage):
    files = RememberedFiles()
    DAMAGES[damage](kind.path)
    before = kind.path.lstat()
    assert kind.read(files) == kind.otherwise
    (notice,) = files.notices
    assert str(kind.path) in notice
    aside = kind.path.with_name(f"{kind.path.name}.set-aside")
    assert aside.name in notice
    assert not os.path.lexists(kind.path)
    after = aside.lstat()
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size)


@every_kind
def test_what_was_set_aside_is_never_lost(kind):
    for text in ("first", "second", "third"):
        kind.path.write_text(text)
        kind.read(RememberedFiles())
        for report in kind.path.parent.glob("crash-*.json"):
            report.unlink()
    kept = sorted(kind.path.parent.glob(f"{kind.path.name}.set-aside*"))
    assert [each.read_text() for each in kept] == ["first", "second", "third"]


@every_kind
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_is_no_damage(kind, mark, encoding):
    kind.path.write_bytes(mark + kind.good.encode(encoding))
    files = RememberedFiles()
    assert kind.read(files) == kind.holds
    assert not files.notices


@pytest.mark.parametrize("kind", NAMES[:-1], indirect=True)
def test_what_does_not_fit_is_noted_and_the_rest_is_in_force(kind, caplog):
    kind.path.write_text(kind.partly)
    files = RememberedFiles()
    assert kind.read(files) == kind.holds
    (notice,) = files.notices
    assert str(kind.path) in notice
    assert notice in caplog.text
    assert kind.path.read_text() == kind.partly, "it stays for the player to mend"


WRITTEN = ("preset", "session", "connections", "map")


@pytest.mark.parametrize("kind", WRITTEN, indirect=True)
@pytest.mark.parametrize("content", ["partly", "zeros"])
def test_nothing_that_was_not_understood_is_written_over(kind, content):
    text = kind.partly if content == "partly" else "\0" * 100
    kind.path.write_text(text)
    files = RememberedFiles()
    kind.write(files)
    assert kind.read(files) == kind.holds
    assert kind.path.with_name(f"{kind.path.name}.set-aside").read_text() == text
    kind.write(files)
    assert len(list(kind.path.parent.iterdir())) == 2


@pytest.mark.parametrize("kind", WRITTEN, indirect=True)
def test_a_good_file_is_replaced_without_a_copy(kind):
    files = RememberedFiles()
    kind.write(files)
    kind.write(files)
    assert kind.path in kind.path.parent.iterdir()
    assert not list(kind.path.parent.glob("*.set-aside"))
    assert not files.notices


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
@every_kind
def test_what_may_not_be_read_is_set_aside(kind, monkeypatch, number):
    kind.path.write_text(kind.good)
    refuse_to_open(monkeypatch, kind.path, number)
    files = RememberedFiles()
    assert kind.read(files) == kind.otherwise
    assert os.strerror(number) in files.notices[0]
    assert kind.path.with_name(f"{kind.path.name}.set-aside").read_text() == kind.good


@pytest.mark.parametrize("number", [errno.EIO, errno.EMFILE, errno.ESTALE])
@pytest.mark.parametrize("kind", WRITTEN, indirect=True)
def test_a_fault_of_the_machine_is_no_fault_of_the_file(kind, monkeypatch, number):
    kind.path.write_text(kind.good)
    with monkeypatch.context() as patch:
        refuse_to_open(patch, kind.path, number)
        files = RememberedFiles()
        assert kind.read(files) == kind.otherwise
        assert "cannot be read now" in files.notices[0]
        with pytest.raises(RefusedError, match="not written") as refused:
            kind.write(files)
        assert refused.value.code == 9
    assert kind.path.read_text() == kind.good
    assert kind.read(files) == kind.holds


@every_kind
def test_what_cannot_be_set_aside_either_is_told(kind, monkeypatch):
    kind.path.write_text("nonsense")

    def closed(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "rename", closed)
    files = RememberedFiles()
    assert kind.read(files) == kind.otherwise
    assert "nor could it be set aside: Permission denied" in files.notices[0]
    if kind.write is not None:
        with pytest.raises(RefusedError, match="not written"):
            kind.write(files)
        assert kind.path.read_text() == "nonsense"


def refuse_to_open(monkeypatch, path, number):
    """Let the system refuse to open one file, as it does not for a superuser."""
    open_file = os.open

    def refuse(name, *arguments, **options):
        if Path(name) == path:
            raise OSError(number, os.strerror(number))
        return open_file(name, *arguments, **options)

    monkeypatch.setattr(remembered_files.os, "open", refuse)


def test_who_asks_for_a_file_is_told_where_it_is_now(tmp_path):
    presets = PresetFolder(tmp_path, PARAMETERS)
    (tmp_path / "verse.toml").write_bytes(bytes(100))
    with pytest.raises(RefusedError, match=r"verse\.toml\.set-aside: mend it") as refused:
        presets.load("verse")
    assert refused.value.code == 9
    (tmp_path / "verse.toml").write_text("[controls]\nsteam = 1\n")
    with pytest.raises(ConfigError, match="did you mean 'stem'"):
        presets.load("verse")
    assert (tmp_path / "verse.toml").exists(), "a mistake stays where it can be mended"


def test_a_missing_preset_is_noted_and_the_band_plays(tmp_path):
    files = RememberedFiles()
    presets = PresetFolder(tmp_path, PARAMETERS, files)
    presets.save("verse", NOISE)
    assert presets.load_what_fits("vers") is None
    assert "no preset 'vers'" in files.notices[0]
    assert "did you mean 'verse'?" in files.notices[0]


def test_a_folder_that_is_a_file_is_no_hindrance(tmp_path):
    (tmp_path / "presets").write_text("")
    files = RememberedFiles()
    presets = PresetFolder(tmp_path / "presets", PARAMETERS, files)
    assert presets.names() == ()
    assert presets.load_what_fits("verse") is None
    with pytest.raises(BridgeError, match="presets"):
        presets.save("verse", NOISE)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_bank_that_cannot_be_read_keeps_nobody_from_the_others(tmp_path, damage, monkeypatch):
    monkeypatch.chdir(tmp_path)
    session, live = tmp_path / "session", tmp_path / "live"
    source = BankSource("5a", "default")
    for bank in (1, 3):
        write_bank(bank_path(session, bank), source, {"heard": np.arange(bank)})
    DAMAGES[damage](bank_path(session, 2))
    files = RememberedFiles()
    adopt_banks(session, live, files)
    assert set(bank_paths(live)) == set(bank_paths(session)) == {1, 3}
    (notice,) = files.notices
    assert "bank-2.safetensors.set-aside" in notice
    assert os.path.lexists(session / "bank-2.safetensors.set-aside")


def test_banks_that_cannot_be_copied_are_told(tmp_path):
    write_bank(bank_path(tmp_path / "session", 1), BankSource("5a", "x"), {"1": np.zeros(4)})
    (tmp_path / "live").write_text("")
    files = RememberedFiles()
    adopt_banks(tmp_path / "session", tmp_path / "live", files)
    assert "cannot be kept" in files.notices[0]


def test_a_mark_of_an_encoding_that_is_none_is_told(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(codecs.BOM_UTF16_LE + b"\x00\xd8")
    with pytest.raises(RefusedError, match="not text"):
        read_file(path)


def test_a_notice_is_kept_and_logged_once_and_known_anew(caplog):
    files = RememberedFiles()
    files.note("gone")
    files.note("closed")
    count = files.count
    assert files.since(count) == ()
    files.note("gone")
    assert files.notices == ("gone", "closed")
    assert files.since(count) == ("gone",)
    assert caplog.text.count("gone") == 1
