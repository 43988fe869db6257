"""``liveband`` alone: three lines, and an offer to play on a terminal only."""

import os
import pty
import subprocess
import sys

import pytest

import bridge.__main__
from bridge.commands.welcome import welcome

PLAYED = 7
END_S = 60.0


@pytest.mark.parametrize(
    ("answer", "code"),
    [(b"\n", PLAYED), (b"y\n", PLAYED), (b"Yes\n", PLAYED), (b"n\n", 0), (b"\x04", 0)],
)
def test_enter_or_yes_plays_and_nothing_else_does(answer, code):
    ours, theirs = pty.openpty()
    script = (
        "import sys; from bridge.commands.welcome import welcome; "
        f"sys.exit(welcome(lambda: {PLAYED}))"
    )
    asked = subprocess.Popen([sys.executable, "-c", script], stdin=theirs, stdout=theirs)
    os.close(theirs)
    try:
        said = b""
        while b"[Y/n] " not in said:
            said += os.read(ours, 4096)
        os.write(ours, answer)
        assert asked.wait(END_S) == code
    finally:
        asked.kill()
        asked.wait()
        os.close(ours)
    lines = said.decode().splitlines()
    assert len(lines) == 4
    assert max(map(len, lines)) <= 80


def test_programs_that_start_it_are_asked_nothing(capsys):
    assert welcome(lambda: PLAYED) == 0
    told = capsys.readouterr().out
    assert "liveband run --open" in told
    assert "liveband doctor" in told
    assert len(told.splitlines()) == 3


def test_yes_is_the_command_that_the_lines_name(monkeypatch):
    asked = []
    monkeypatch.setattr(bridge.__main__, "welcome", lambda play: play())
    monkeypatch.setattr(bridge.__main__, "parser_of", lambda name: _Parser(asked.append, name))
    monkeypatch.setattr(bridge.__main__, "_module_of", lambda name: _Command)
    assert bridge.__main__.main([]) == PLAYED
    assert asked == [("run", ["--open"])]


class _Parser:
    def __init__(self, tell, name):
        self._tell, self._name = tell, name

    def parse_args(self, words):
        self._tell((self._name, words))


class _Command:
    @staticmethod
    def run(_):
        return PLAYED
