"""Tests of names: one rule at every door, in every language, composed or decomposed."""

import asyncio
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
import unicodedata
import urllib.request

import pytest
import soundfile
from pythonosc.osc_message_builder import OscMessageBuilder
from websockets.asyncio.client import connect

from bridge.audio.shared.share import AudioShare
from bridge.common.atomic_files import plain_name
from bridge.common.errors import RefusedError
from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.midi.binding_files import earlier_file_of, file_of
from bridge.midi.commands import commands as midi_commands
from bridge.midi.frame_clock import FrameClock
from bridge.midi.service import MidiService
from bridge.osc.client import BridgeClient
from bridge.osc.codec import Message, encode
from bridge.state.prefill import find_sound
from bridge.state.presets.commands import PresetCommands
from bridge.state.presets.folder import PresetFolder
from bridge.state.recording import Recorder
from model.data.recordings import find_recordings
from model.errors import DataError
from model.formats import checkpoint_folder
from model.formats.names import composed, find_named, hyphenated, is_plain_name
from tests.bridge.fake_band import FakeBand, serving
from tests.bridge.fake_controls import FakePort

NAMES = [
    "Café", "हिन्दी गीत", "ประตู ๒", "שָׁלוֹם", "한국어", "语音 2", "Ярмарок й",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "ガンバ", "བོད་ཡིག", "Ồn ào",
    "L'été (live)", "🎸 solo", "Verse 2.b_c-d",
]  # fmt: skip
"""In composed form."""
REFUSED = [
    "", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", "..\\x", ".hidden", "~root", "-rf",
    "C:x", "a*", "a?", 'a"', "a<b", "a|b", "a\0b", "a\nb", "a\x7fb", "a\u202eb", "a\u2028b",
    "a\ud800", "\ue000", "\u0301a", "con", "Aux.toml", "LPT1.txt", "com\u00b9", "con .x",
    "end.", "end ", "end\u3000", " x", "a..b", "x" * 65, "語" * 65, "𠀀" * 59,
]  # fmt: skip
FORMS = ["NFC", "NFD"]
every_name = pytest.mark.parametrize("name", NAMES)
every_form = pytest.mark.parametrize("form", FORMS)
PATIENCE_S = 60.0
NOISE = {ControlKey(1, "noise"): 0.5}


def other(form):
    return FORMS[1 - FORMS.index(form)]


def in_form(form, name):
    return unicodedata.normalize(form, name)


# -- the rule ----------------------------------------------------------------------------------


@every_form
@every_name
def test_names_in_any_language_are_taken_and_composed(name, form):
    assert unicodedata.is_normalized("NFC", name)
    assert plain_name(in_form(form, name)) == name


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_name_everywhere_is_refused(name):
    with pytest.raises(RefusedError, match="a name, not a path") as refused:
        plain_name(name)
    assert refused.value.code == 9


@pytest.mark.parametrize("letter", ["x", "語", "क\u093c", "e\u0301"])
def test_a_name_is_as_long_as_it_looks(letter):
    fits = 64 * len(composed(letter).encode()) <= 235
    assert is_plain_name(letter * 64) == fits
    assert not is_plain_name(letter * 65)


def test_every_name_that_was_taken_before_is_taken_now():
    earlier = re.compile(r"\w[\w .-]{0,63}")
    reserved = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
    source = random.Random(3)
    letters = [chr(code) for code in range(0x20, 0x30000) if re.match(r"[\w .-]", chr(code))]
    taken = 0
    for _ in range(3000):
        name = "".join(source.choices(letters, k=source.randint(1, 40)))
        was = earlier.fullmatch(name) and ".." not in name and not name.endswith((" ", "."))
        if was and not reserved.fullmatch(name):
            taken += 1
            assert is_plain_name(name), ascii(name)
    assert taken > 1000


def test_a_name_with_every_ending_fits_into_a_folder(tmp_path):
    name = plain_name("語" * 64)
    presets = PresetFolder(tmp_path, PARAMETERS)
    presets.save(name, NOISE)
    (tmp_path / f"{name}.toml").write_bytes(bytes(9))
    with pytest.raises(RefusedError, match="set-aside"):
        presets.load(name)


def test_an_exact_name_comes_before_a_decomposed_one(tmp_path):
    for form in FORMS:
        (tmp_path / in_form(form, "Café")).mkdir()
    assert find_named(tmp_path, in_form("NFD", "Café")).name == "Café"
    (tmp_path / "Café").rmdir()
    assert find_named(tmp_path, "Café").name == in_form("NFD", "Café")
    for elsewhere in ("../Café", "/nowhere/Café", "x/Café"):
        assert find_named(tmp_path, elsewhere) is None


# -- the doors ---------------------------------------------------------------------------------


@every_form
@every_name
def test_presets(tmp_path, name, form):
    """``form`` is how the file lies on the disk, as other systems and versions made it."""
    presets = PresetFolder(tmp_path, PARAMETERS)
    presets.save(name, NOISE)
    (path,) = tmp_path.iterdir()
    path.rename(tmp_path / in_form(form, path.name))
    assert presets.names() == (name,)
    for asked in FORMS:
        assert presets.load(in_form(asked, name)) == NOISE
        assert presets.load_what_fits(in_form(asked, name)) == NOISE
        presets.save(in_form(asked, name), NOISE)
        assert len(list(tmp_path.iterdir())) == 1
    presets.delete(in_form(other(form), name))
    assert not list(tmp_path.iterdir())


@every_form
@every_name
def test_takes(tmp_path, name, form):
    with AudioShare.create(48000, 2400) as share:
        recorder = Recorder(share, tmp_path, dict)
        (reply,) = asyncio.run(recorder.commands["record/start"](in_form(form, name)))
        assert reply[1][1] == name
        assert recorder.reading.name == name
        assert recorder.stop() == name
        for lies in FORMS:
            for path in tmp_path.iterdir():
                path.rename(tmp_path / in_form(lies, path.name))
            with pytest.raises(RefusedError, match="a recording"):
                recorder.start(in_form(other(form), name))
    assert find_sound(tmp_path, in_form(form, name)).name == in_form("NFD", f"{name}.mix.wav")


@every_form
@every_name
def test_sounds_to_prefill_from(tmp_path, name, form):
    file = tmp_path / in_form(form, f"{name}.wav")
    soundfile.write(file, [0.0], 48000)
    for asked in FORMS:
        for ending in ("", ".wav"):
            assert find_sound(tmp_path, in_form(asked, name + ending)) == file


@every_form
@every_name
def test_checkpoints(tmp_path, monkeypatch, name, form):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    own = checkpoint_folder.own_checkpoints() / in_form(form, name)
    own.mkdir(parents=True)
    (own / checkpoint_folder.CONFIG).write_text("{}")
    assert name in checkpoint_folder.checkpoint_names()
    for asked in FORMS:
        assert checkpoint_folder.named_folder(in_form(asked, name)) == own


@every_form
@every_name
def test_midi_maps(tmp_path, name, form):
    async def scene():
        store = ControlStore(FakeBand(), Controls())
        clock = FrameClock(lambda: 0, lambda: 48000, lambda: 0.0)
        service = MidiService(store, [FakePort(in_form(form, name))], clock, tmp_path)
        midi = midi_commands(service)
        assert service.device(in_form(other(form), name))
        await midi["midi/map"]("mute", "cc", 1, 9)
        await midi["midi/save"](in_form(form, f"{name} two"))
        await midi["midi/clear"]()
        (reply,) = await midi["midi/load"](in_form(other(form), f"{name} two"))
        assert reply[1][2] == 1
        again = MidiService(store, [FakePort(in_form(other(form), name))], clock, tmp_path)
        assert len(again.devices[0].bindings.own) == 1

    asyncio.run(scene())
    assert len(list(tmp_path.iterdir())) == 2


def test_devices_of_different_names_have_different_maps(tmp_path):
    assert file_of(tmp_path, "Клавиатура 1") != file_of(tmp_path, "Пианино 1")
    earlier = tmp_path / "1.toml"
    earlier.write_text('device = "Пианино 1"\n[[binding]]\ncontrol = "mute"\ntype = "cc"\n')
    assert earlier_file_of(tmp_path, "Пианино 1") == earlier
    assert earlier_file_of(tmp_path, "nano 1") is None
    store = ControlStore(FakeBand(), Controls())
    clock = FrameClock(lambda: 0, lambda: 48000, lambda: 0.0)
    ports = [FakePort("Клавиатура 1"), FakePort("Пианино 1")]
    service = MidiService(store, ports, clock, tmp_path)
    assert [len(device.bindings.own) for device in service.devices] == [0, 1]


def test_recordings_for_training_keep_their_names_apart(tmp_path):
    for name in ("Песня", "Танец", "Take 1"):
        (tmp_path / f"{name}.wav").touch()
    assert list(find_recordings([tmp_path])) == ["take-1", "песня", "танец"]
    (tmp_path / "take_1.wav").touch()
    with pytest.raises(DataError, match="would both be called"):
        find_recordings([tmp_path])
    assert hyphenated("¿¡") == ""


# -- over the network --------------------------------------------------------------------------


@pytest.fixture
def bridge(tmp_path):
    """A client of an OSC server with presets in a folder."""
    band = FakeBand()
    folder = PresetFolder(tmp_path, PARAMETERS)
    commands = PresetCommands(ControlStore(FakeBand(), Controls()), folder)
    band.commands |= commands.commands
    band.readings["preset"] = lambda player: commands.reading
    with serving(band) as port, BridgeClient(port=port) as client:
        client.port = port
        client.folder = folder
        yield client


def send_with_python_osc(port, address, name):
    builder = OscMessageBuilder(address)
    builder.add_arg(name)
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.sendto(builder.build().dgram, ("127.0.0.1", port))


def send_with_liblo(port, address, name):
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(
        ["oscsend", "127.0.0.1", str(port), address, "s", name], env=environment, check=True
    )


def send_with_the_command_line(port, address, name, **environment):
    command = [sys.executable, "-m", "bridge", "set", "--osc-port", str(port), address, name]
    subprocess.run(command, env={**os.environ, **environment}, check=True)


def send_with_a_latin_command_line(port, address, name):
    send_with_the_command_line(port, address, name, LC_ALL="C")


SENDERS = [
    send_with_python_osc,
    send_with_liblo,
    send_with_the_command_line,
    send_with_a_latin_command_line,
]


@pytest.mark.parametrize("send", SENDERS)
@every_form
@pytest.mark.parametrize("name", ["Café", "語 2", "हिन्दी गीत"])
def test_every_sender_says_names_in_utf_8(bridge, name, form, send):
    for number, verb in enumerate(("save", "load")):
        bridge.folder.save(f"{number}", NOISE)
        bridge.do("/liveband/preset/load", f"{number}")
        send(bridge.port, f"/liveband/preset/{verb}", in_form(form, name))
        deadline_s = time.monotonic() + PATIENCE_S
        while bridge.read("/liveband/preset")[0] != name:
            assert time.monotonic() < deadline_s
    assert name in [each.arguments[-1] for each in bridge.collect("/liveband/preset/list")]
    bridge.do("/liveband/preset/delete", in_form(other(form), name))
    assert name not in bridge.folder.names()


@pytest.mark.parametrize("name", [each for each in REFUSED if "\0" not in each])
def test_over_osc_what_is_no_name_is_refused(bridge, name):
    for verb in ("save", "load", "delete"):
        with pytest.raises(RefusedError):
            bridge.do(f"/liveband/preset/{verb}", name)
    assert not list(bridge.folder.folder.iterdir())


@every_form
def test_over_http_and_a_web_socket(on_stage, tmp_path, form):
    async def scene(stage):
        commands = PresetCommands(stage.store, PresetFolder(tmp_path, PARAMETERS))
        stage.band.commands |= commands.commands
        stage.band.readings["preset"] = lambda player: commands.reading
        at = f"127.0.0.1:{stage.endpoint.query_port}"
        async with connect(f"ws://{at}") as page:
            await page.send(
                encode(Message("/liveband/preset/save", (in_form(form, "हिन्दी गीत"),)))
            )
            while not commands.reading.name:
                await asyncio.sleep(0)
        url = f"http://{at}/liveband/preset?VALUE"
        with await asyncio.to_thread(urllib.request.urlopen, url) as reply:
            assert json.loads(reply.read())["VALUE"][0] == "हिन्दी गीत"

    on_stage(scene)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_a_terminal_without_the_letters_is_shown_something(bridge, encoding):
    bridge.do("/liveband/preset/save", "語")
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "get", "--osc-port", str(bridge.port), "preset"],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=True,
    )
    shown = "語" if encoding == "utf-8" else r"\u8a9e"
    assert shown.encode() in done.stdout
