"""Tests of the remote's script as text: what it names exists, nothing comes from outside."""

import re
from pathlib import Path

import pytest

import bridge.remote
from bridge.controls.parameters import PARAMETERS
from bridge.osc.codec import Message
from bridge.osc.commands import COMMANDS
from bridge.osc.dispatch import Addresses

PAGE = Path(bridge.remote.__file__).parent / "page"
SCRIPTS = sorted(PAGE.glob("*.js"))
CALLED = re.compile(r'(?:link\.(?:ask|send)\(|run\((?:this\.)?link, [^,]+?, )"([a-z/]+)"')
CHOSEN = re.compile(r'\? "([a-z/]+)" : "([a-z/]+)"')
FOLLOWED = re.compile(r'(?:follow|meter|spectrogram)\((?:link, |this\.link, )?"([a-z/]+)"')
OUTSIDE = re.compile(r"https?://(?!www\.w3\.org)|@import|url\(")


def text():
    return {script.name: script.read_text() for script in SCRIPTS}


def test_every_command_that_the_page_sends_exists():
    sent = {name for script in text().values() for name in CALLED.findall(script)}
    names = "jack/ports jack/graph jack/restore model model/list midi/learn preset/save"
    assert set(names.split()) <= sent
    assert sent - COMMANDS.keys() == set()
    chosen = {
        name for script in text().values() for pair in CHOSEN.findall(script) for name in pair
    }
    assert {"record/start", "record/stop", "jack/connect", "jack/disconnect"} <= chosen
    assert {name for name in chosen if "/" in name} - COMMANDS.keys() == set()


def test_every_reading_and_control_that_the_page_follows_exists():
    rows = PARAMETERS.by_name
    followed = {name for script in text().values() for name in FOLLOWED.findall(script)}
    assert {"status", "transport", "spectrum/in", "spectrum/out", "meter/in"} <= followed
    assert followed - rows.keys() - {"description", "pending"} == set()
    named = re.findall(r"^(?:  \w+: \[|  \.\.\.\[)(.+)\],$", text()["main.js"], re.MULTILINE)
    placed = {name for names in named for name in re.findall(r'"([a-z/]+)"', names)}
    assert "anticipation" in placed
    assert placed - rows.keys() == set()


def test_what_is_subscribed_to_can_be():
    patterns = re.findall(r'\["([^"]+)", \d+\]', text()["link.js"])
    assert len(patterns) >= 6
    addresses = Addresses(PARAMETERS)
    for pattern in patterns:
        assert addresses.readable(f"/liveband/{pattern}"), pattern
        (command,) = addresses.resolve(
            Message("/liveband/subscribe", (f"/liveband/{pattern}", 50))
        )
        assert command.command.name == "subscribe"


@pytest.mark.parametrize("file", sorted(PAGE.iterdir()), ids=lambda path: path.name)
def test_the_page_needs_nothing_from_outside(file):
    if file.name != "table.js":
        assert (
            OUTSIDE.findall(
                re.sub(r"/\*.*?\*/|^\s*//.*$", "", file.read_text(), flags=re.S | re.M)
            )
            == []
        )


def test_every_file_that_the_page_loads_is_there():
    html = (PAGE / "index.html").read_text()
    loaded = set(re.findall(r'(?:src|href)="([^"]+)"', html))
    loaded |= {
        name for script in text().values() for name in re.findall(r'from "\./([^"]+)"', script)
    }
    assert loaded <= {file.name for file in PAGE.iterdir()}
    assert {script.name for script in SCRIPTS} <= loaded
    assert re.findall(r" on[a-z]+=|style=|<script>", html) == []  # the policy forbids them


def test_every_element_that_a_script_looks_up_is_in_the_page():
    ids = set(re.findall(r'id="([^"]+)"', (PAGE / "index.html").read_text()))
    looked_up = {
        name for script in text().values() for name in re.findall(r'\bby\("([^"]+)"\)', script)
    }
    assert looked_up - ids == set()
    places = re.search(r"PLACED = \{(.+?)\};", text()["main.js"], re.S)[1]
    assert set(re.findall(r"^  (\w+):", places, re.MULTILINE)) <= ids


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_small(file):
    assert len(file.read_text().splitlines()) <= 200 or file.name == "table.js"
