"""The whole program with damaged files: it plays, tells what it set aside, and learns anew."""

import os
import subprocess
import sys

import pytest

from tests.live.program import program

pytestmark = pytest.mark.jack

ZEROS = bytes(100)
MAP = 'device = "jack"\n[[binding]]\ncontrol = "mute"\ntype = "cc"\nnumber = 9\n'
GOOD = {
    "autoconnect.toml": 'rules = ["daw:*=>in_L"]\n',
    "wires/band.toml": 'wires = ["daw:out 1 => band:in_R"]\n',
    "midi/jack.toml": MAP,
    "presets/Café.toml": '[controls]\n"gain/out" = -12.0\n',
}
OPTIONS = ("--checkpoint", "passthrough", "--jack-name", "band", "--preset", "Cafe\u0301")


@pytest.fixture
def remembered(tmp_path, monkeypatch):
    """A function that writes what is remembered, and the folder it is in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = tmp_path / "liveband"

    def write(contents):
        for name, content in contents.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder

    return write


@pytest.mark.parametrize(
    "content",
    [ZEROS, b"\xff\xfe\x00rubbish", b"[1, 2]\n"],
    ids=["zeros", "rubbish", "another file"],
)
def test_it_plays_and_tells_what_it_set_aside(jackd, tmp_path, remembered, wait_until, content):
    damaged = (*GOOD, f"running-{2**22 + 1}.json")
    folder = remembered(dict.fromkeys(damaged, content))
    with program(jackd(), tmp_path, *OPTIONS, wait_until=wait_until) as (client, _):
        state, text = client.read("/liveband/status")
        assert state in ("running", "idle")
        for name in damaged:
            assert f"{folder / name} cannot be used: " in text
            assert not (folder / name).exists() or name.startswith("wires")
            assert (folder / f"{name}.set-aside").read_bytes() == content
        assert client.read("/liveband/preset") == ("", 0)
        client.do("/liveband/midi/map", "/liveband/noise", "cc", 1, 70)
        assert "noise" in (folder / "midi" / "jack.toml").read_text()
        client.do("/liveband/preset/save", "Café")
        assert client.read("/liveband/preset") == ("Café", 0)
        listed = [message.arguments for message in client.collect("/liveband/preset/list")]
        assert listed == [(0, "Café")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_with_byte_order_marks_all_is_in_force(
    jackd, tmp_path, remembered, wait_until, encoding
):
    remembered({name: text.encode(encoding) for name, text in GOOD.items()})
    with program(jackd(), tmp_path, *OPTIONS, wait_until=wait_until) as (client, _):
        assert client.read("/liveband/status")[1] == ""
        assert client.read("/liveband/gain/out") == (-12.0,)
        assert client.read("/liveband/preset") == ("Café", 0)
        bound = [message.arguments for message in client.collect("/liveband/midi/list")]
        assert bound[0][:4] == ("/liveband/mute", "cc", 0, 9)


def test_the_second_start_plays_as_well(jackd, tmp_path, remembered, wait_until):
    folder = remembered(dict.fromkeys(GOOD, ZEROS))
    server = jackd()
    for _ in range(2):
        with program(server, tmp_path, *OPTIONS, wait_until=wait_until) as (client, process):
            assert "Café" in client.read("/liveband/status")[1]
        assert process.returncode == 0
    assert len(list(folder.rglob("*.set-aside"))) == len(GOOD)


def test_a_name_that_is_none_is_a_wrong_command_line(tmp_path):
    command = (sys.executable, "-m", "bridge", "run", "--checkpoint", "passthrough")
    done = subprocess.run(
        [*command, "--preset", "../verse"],
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "a name, not a path" in done.stderr
