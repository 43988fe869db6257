"""Files of rules and of remembered connections: read back, and mistakes named."""

import pytest

from bridge.common.errors import ConfigError
from bridge.common.remembered_files import RememberedFiles
from bridge.live.connection_files import (
    connections_file,
    connections_toml,
    parse_connections,
    read_connections,
    read_rules,
    write_connections,
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
    return read_connections(client, RememberedFiles())


def test_connections_are_read_back():
    assert read_connections("liveband", RememberedFiles()) == frozenset()
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


def test_the_file_of_an_earlier_version_is_shared_by_names_of_one_length(config):
    assert connections_file("Группа").name == "Группа.toml"
    earlier = connections_file("______")
    earlier.parent.mkdir(parents=True)
    own, other = ("daw:out", "Группа:in_L"), ("daw:out", "Капела:in_L")
    earlier.write_text(connections_toml({own, other}), encoding="utf-8")
    files = RememberedFiles()
    assert read_connections("Группа", files) == {own}
    write_connections({other}, "Группа", files)
    assert read_connections("Группа", files) == {other}
    assert read_connections("Капела", files) == {other}
    assert not files.notices


@pytest.mark.parametrize(
    "text", ['wires = ["daw:out", GOOD]', "wires = [3, GOOD]", 'wires = [["daw:out"], GOOD]']
)
def test_what_is_no_connection_is_left_out(text):
    good = '["daw:mix/out 1", "liveband:in_L"]'
    connections, (reason,) = parse_connections(text.replace("GOOD", good), "liveband")
    assert connections == {CONNECTION}
    assert "a connection is" in reason


@pytest.mark.parametrize("text", ["wires = 3", "wire = []", "wires ="])
def test_what_is_no_list_of_connections_is_refused(text):
    with pytest.raises(ConfigError):
        parse_connections(text, "liveband")


def test_rules_come_from_the_file_and_mistakes_are_named(config):
    files = RememberedFiles()
    assert read_rules("x", files) == ()
    config.mkdir()
    file = config / "autoconnect.toml"
    file.write_text('\ufeffrules = ["daw:*=>in_L", "Hallgerät:out=>in_R"]', encoding="utf-8")
    assert [rule.patterns[0] for rule in read_rules("x", files)] == [
        ("daw:*", "x:in_L"),
        ("Hallgerät:out", "x:in_R"),
    ]
    assert not files.notices
    file.write_text('rules = [1, "in_L", "daw:*=>in_L"]')
    assert len(read_rules("x", files)) == 1
    assert ["got 1;" in files.notices[0], "'in_L'" in files.notices[1]] == [True, True]
    for text in ("rules = 3", "rule = []", "rules ="):
        file.write_text(text)
        assert read_rules("x", files) == ()
        assert "autoconnect.toml cannot be used" in files.notices[-1]
