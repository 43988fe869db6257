"""Maps are read as they were written, and mistakes in them are found by file, line and key."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.common.atomic_files import write_user_file
from bridge.common.errors import ConfigError
from bridge.controls.parameters import PARAMETERS
from bridge.midi import binding_files as files
from bridge.midi.binding import Binding, ControllerKind, Mode, Source, Takeover
from bridge.midi.binding_files import DeviceMap
from model.formats.user_folders import config_folder
from tests.bridge.fake_controls import key

NUMBER = st.floats(-60, 12).filter(lambda value: value == value)
SOURCES = st.builds(
    Source, st.just(ControllerKind.CC), channel=st.integers(0, 16), number=st.integers(0, 119)
)
BINDINGS = st.one_of(
    st.builds(
        Binding,
        control=st.sampled_from([key("gain/in"), key("gain/out")]),
        source=SOURCES,
        mode=st.sampled_from([Mode.ABSOLUTE, *(mode for mode in Mode if mode.relative)]),
        input=st.none() | st.just((100, 3)),
        target=st.none() | st.tuples(NUMBER, NUMBER).filter(lambda ends: ends[0] != ends[1]),
        takeover=st.sampled_from(Takeover),
        step=st.floats(1e-6, 1.0),
    ),
    st.builds(
        Binding,
        control=st.just(key("stem")),
        source=st.builds(Source, st.just(ControllerKind.NOTE), number=st.integers(0, 127)),
        value=st.sampled_from(PARAMETERS["stem"].choices),
    ),
    st.builds(Binding, control=st.just(key("mute")), source=SOURCES, value=st.booleans()),
)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(lambda s: f"x{s}")


@settings(deadline=None)
@given(
    device=NAMES,
    bindings=st.lists(BINDINGS, max_size=4),
    released=st.lists(st.sampled_from([key("mute"), key("player/2/stem")]), unique=True),
    defaults=st.booleans(),
)
def test_a_map_survives_its_file(tmp_path_factory, device, bindings, released, defaults):
    path = tmp_path_factory.mktemp("maps") / "new" / "x.toml"
    written = DeviceMap(
        device=device, bindings=tuple(bindings), released=frozenset(released), defaults=defaults
    )
    write_user_file(path, files.text_of(written))
    assert files.parse_map(path.read_text("utf-8"), PARAMETERS) == (written, [])
    assert [each.name for each in path.parent.iterdir()] == ["x.toml"]


def test_a_file_says_only_what_was_chosen():
    binding = Binding(control="gain/out", source=Source(ControllerKind.CC14, 1, 7))
    text = files.text_of(DeviceMap(device="jack", bindings=(binding,)))
    assert tomllib.loads(text) == {
        "device": "jack",
        "binding": [{"control": "gain/out", "type": "cc14", "channel": 1, "number": 7}],
    }


BINDING = '[[binding]]\ncontrol = "gain/out"\ntype = "cc"\nnumber = 7\n'


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('device = "jack"\nbinding = [5]\n', 1, "a binding is a table"),
        ('device = "jack"\nspeed = 5\n', None, "speed is no key of a map; there are device"),
        ('device = "jack"\nreleased = ["gain"]\n', None, "released: no control 'gain'"),
        ('device = "jack"\nreleased = [1]\n', None, "released: no control 1"),
        ('device = "jack"\nreleased = [[1]]\n', None, "released: no control [1]"),
        (f'device = "jack"\n{BINDING}channel = 17\n', 6, "channel takes 0 to 16, got 17"),
        (f'device = "jack"\n{BINDING}channel = "1"\n', 6, "channel takes a whole number"),
        (f'device = "jack"\n{BINDING}{BINDING}mode = "x"\n', 10, "mode takes absolute, toggle"),
        (f'device = "jack"\n{BINDING}input = [1]\n', 6, "input takes two ends"),
        (f'device = "jack"\n{BINDING}target = [0, 20]\n', 2, "gain/out takes -60 to 12 dB"),
        (f'device = "jack"\n{BINDING}color = "red"\n', 6, "color is no key of a binding"),
        ('device = "jack"\n[[binding]]\ntype = "cc"\n', 2, "control is missing"),
        (f'device = "jack"\n{BINDING}step = true\n', 6, "step takes a whole number or a"),
    ],
)
def test_a_mistake_is_left_out_and_named_with_its_place(text, line, problem):
    whole = '\n[[binding]]\ncontrol = "mute"\ntype = "cc"\nnumber = 9\n'
    rest = "" if "binding = [" in text else whole
    device_map, (reason,) = files.parse_map(text + rest, PARAMETERS)
    assert problem in reason
    if line is not None:
        assert f"line {line}" in reason
    assert not rest or device_map.bindings[-1].control == key("mute")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("device = jack\n", "Invalid value (at line 1"),
        ("", "begins with its device"),
        ("device = 5\n", "device takes text, got 5"),
        ('device = "jack"\nbinding = 5\n', "binding takes a list, got 5"),
        ('device = "jack"\nreleased = "mute"\n', "released takes a list"),
    ],
)
def test_what_is_no_map_is_refused(text, problem):
    with pytest.raises(ConfigError) as refused:
        files.parse_map(text, PARAMETERS)
    assert problem in str(refused.value)


@pytest.mark.parametrize("name", ["", "...", "../", "///"])
def test_a_name_without_letters_names_no_file(tmp_path, name):
    with pytest.raises(ConfigError, match="letters or digits"):
        files.file_of(tmp_path, name)


@settings(deadline=None)
@given(name=st.text(min_size=1))
def test_no_name_leads_out_of_the_folder(tmp_path_factory, name):
    folder = tmp_path_factory.getbasetemp()
    try:
        assert files.file_of(folder, name).parent == folder
    except ConfigError:
        assert not any(each.isascii() and each.isalnum() for each in name.casefold())


def test_settings_are_kept_where_each_system_keeps_them(monkeypatch):
    monkeypatch.setenv("HOME", "/home/mia")
    assert config_folder({}, "linux").as_posix() == "/home/mia/.config/liveband"
    assert config_folder({"XDG_CONFIG_HOME": "relative"}, "linux") == config_folder({}, "linux")
    assert config_folder({}, "darwin").as_posix().endswith("Application Support/liveband")
    assert config_folder({"APPDATA": "/roaming"}, "win32").as_posix() == "/roaming/liveband"


def test_the_map_in_the_manual_is_one():
    manual = Path(__file__).parents[2] / "docs" / "midi.md"
    (example,) = re.findall(r"```toml\n(.*?)```", manual.read_text(), re.DOTALL)
    device_map, left_out = files.parse_map(example, PARAMETERS)
    assert (len(device_map.bindings), left_out) == (2, [])
