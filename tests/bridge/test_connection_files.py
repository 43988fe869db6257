"""Files of rules and of remembered connections: read back, and mistakes named."""

import pytest

from bridge.common.errors import ConfigError
from bridge.live.connection_files import (
    connections_file,
    connections_toml,
    read_connections,
    read_rules,
)

CONNECTION = ("daw:mix/out 1", "liveband:in_L")


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    """Folder of the player's settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "liveband"


def remember(text, client="liveband"):
    file = connections_file(client)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return read_connections(client)


def test_connections_are_read_back():
    assert read_connections("liveband") == frozenset()
    assert remember(connections_toml([])) == frozenset()
    connections = {
        CONNECTION,
        ('a:"quoted" \\ ü', "liveband:in_R"),
        ("DAW:a => b", "liveband:in_L"),
        ("DAW:a=>b", "liveband:in_L"),
        ("liveband:out_L", "DAW: => "),
        ("a2j:nano [20] (capture): MIDI 1", "liveband:control_in"),
        ("DAW:a => liveband:x", "liveband:in_L"),
    }
    assert remember(connections_toml(connections)) == connections


def test_files_of_earlier_versions_are_read():
    plain = '# Wires\nwires = [\n  "daw:mix/out 1 => liveband:in_L",\n]\n'
    assert remember(plain) == {CONNECTION}
    assert plain.splitlines()[1:] == connections_toml({CONNECTION}).splitlines()[1:]
    arrows = 'wires = ["DAW:a => b => liveband:in_L", "liveband:out_L => DAW:a => b"]'
    assert remember(arrows) == {
        ("DAW:a => b", "liveband:in_L"),
        ("liveband:out_L", "DAW:a => b"),
    }


@pytest.mark.parametrize(
    "text",
    ['wires = ["daw:out"]', "wires = [3]", 'wires = [["daw:out"]]', "wires = 3", "wire = []"],
)
def test_what_is_no_list_of_connections_is_named(text):
    with pytest.raises(ConfigError, match=r"liveband\.toml: "):
        remember(text)


def test_rules_come_from_the_file_and_mistakes_are_named(config):
    assert read_rules("x") == ()
    config.mkdir()
    file = config / "autoconnect.toml"
    file.write_text('\ufeffrules = ["daw:*=>in_L", "Hallgerät:out=>in_R"]', encoding="utf-8")
    assert [rule.patterns[0] for rule in read_rules("x")] == [
        ("daw:*", "x:in_L"),
        ("Hallgerät:out", "x:in_R"),
    ]
    for text in ("rules = 3", "rule = []", "rules = [1]", "rules =", 'rules = ["in_L"]'):
        file.write_text(text)
        with pytest.raises(ConfigError, match=r"autoconnect\.toml: "):
            read_rules("x")
    file.write_bytes(b'rules = ["Hallger\xe4t:out=>in_R"]')
    with pytest.raises(ConfigError, match=r"autoconnect\.toml: .*utf-8"):
        read_rules("x")
