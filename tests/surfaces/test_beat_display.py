"""The lamp, the tempo and the confidence in the head of each remote, from a beat to its end."""

import json
import shutil
import subprocess
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from py2max.m4l import unpack_amxd

from bridge.controls.parameters import PARAMETERS
from bridge.controls.readings import BeatReading
from tools.surfaces import open_stage_beat as osc
from tools.surfaces import pd_beat
from tools.surfaces import touchosc_beat as tosc
from tools.surfaces.beat import (
    BEAT,
    BEAT_COLOUR,
    DARK_COLOUR,
    ENDED_MS,
    FIRST_COLOUR,
    FLASH_MS,
    GROOVE,
    NO_TEMPO,
    beat_display,
)
from tools.surfaces.colours import colour
from tools.surfaces.layout import GRID, remote
from tools.surfaces.open_stage import PATH as SESSION
from tools.surfaces.touchosc import PATH as TOSC

from .max_machine import SECOND_MS, Machine

ROOT = Path(__file__).parents[2]
LUA, NODE = shutil.which("lua5.4"), shutil.which("node")
FIRST = (BEAT, 1, 5, 119.96, 0.75)
NONE = (BEAT, 0, 0, 0.0, 0.0)
SECOND = (BEAT, 2, 5, 119.96, 0.5)
approx = pytest.approx


def maxpat():
    return json.loads(
        (ROOT / "max_patches" / "patchers" / "liveband.remote.maxpat").read_text()
    )["patcher"]


def device():
    file = ROOT / "max_patches" / "devices" / "Liveband Remote.amxd"
    return json.loads(unpack_amxd(file.read_bytes())[0])["patcher"]


def flat_device():
    """Return the device with the connection inside it replaced by an inlet."""
    whole = device()
    for each in whole["boxes"]:
        if "patcher" in each["box"]:
            each["box"] = {"id": each["box"]["id"], "maxclass": "inlet"}
    return whole


class Panel:
    """A patch of Max that shows beats, and what its parts show."""

    def __init__(self, patcher):
        self.machine = Machine(patcher)
        self._boxes = list(self.machine.boxes.values())

    def _shown(self, box):
        held = self.machine.shown.get(box["id"])
        return held[1:] if held and held[0] == "set" else held

    def one(self, maxclass):
        (box,) = [each for each in self._boxes if each["maxclass"] == maxclass]
        return self._shown(box)

    def words(self):
        comments = [self._shown(box) for box in self._boxes if box["maxclass"] == "comment"]
        return [each[0] for each in comments if each]


@pytest.fixture(params=[maxpat, flat_device], ids=["remote", "device"])
def panel(request):
    return Panel(request.param())


def test_the_readings_are_announced_and_as_the_displays_read_them():
    for address in (BEAT, GROOVE):
        row = next(row for row in PARAMETERS if row.address == address)
        assert row.announced
    assert list(BeatReading.__dataclass_fields__) == ["beat", "bar", "tempo_bpm", "confidence"]
    assert 60_000 / PARAMETERS["tempo"].high > FLASH_MS
    assert 60_000 / PARAMETERS["tempo"].low < ENDED_MS


def test_the_display_stays_in_the_head_and_its_parts_apart():
    layout = remote()
    shown = beat_display(layout.width - GRID)
    parts = [shown.lamp, shown.tempo, shown.confidence, shown.groove]
    for number, part in enumerate(parts):
        assert part.right <= layout.width - GRID
        assert not any(part.meets(each.rect) for each in layout.panels)
        assert not any(part.meets(other) for other in parts[number + 1 :])


def test_the_lamp_of_max_flashes_in_another_colour_on_the_one(panel):
    panel.machine.feed(*FIRST)
    assert panel.one("led") == approx(colour(FIRST_COLOUR))
    panel.machine.tick()
    assert panel.one("led") is None
    panel.machine.feed(*SECOND)
    assert panel.one("led") == approx(colour(BEAT_COLOUR))
    assert panel.machine.sent == []


def test_no_beat_so_far_is_no_beat(panel):
    panel.machine.feed(*NONE)
    for maxclass in ("led", "multislider"):
        assert panel.one(maxclass) is None


def test_max_shows_tempo_and_confidence_until_the_beat_ends(panel):
    panel.machine.feed(*FIRST)
    panel.machine.feed(*SECOND)
    assert panel.one("multislider") == [0.5]
    assert "120.0" in panel.words()
    for _ in range(ENDED_MS // SECOND_MS - 1):
        panel.machine.tick()
    assert "120.0" in panel.words()
    panel.machine.tick()
    assert float(panel.one("multislider")[0]) == 0
    assert NO_TEMPO in panel.words()


def test_a_beat_puts_off_the_end(panel):
    for _ in range(2 * ENDED_MS // SECOND_MS):
        panel.machine.feed(*SECOND)
        panel.machine.tick()
    assert panel.one("multislider") == [0.5]


def test_max_shows_the_groove_that_was_chosen(panel):
    panel.machine.feed(GROOVE, "shuffle")
    assert "shuffle" in panel.words()


def test_the_lamp_of_max_ends_by_itself():
    (lamp,) = [each["box"] for each in maxpat()["boxes"] if each["box"]["maxclass"] == "led"]
    assert lamp["blinktime"] == FLASH_MS
    assert lamp["ignoreclick"] == 1


def test_pd_has_every_part_once():
    text = (ROOT / "max_patches" / "pd" / "liveband-remote.pd").read_text()
    for name in (
        pd_beat.LAMP_NAME,
        pd_beat.TEMPO_NAME,
        pd_beat.BAR_NAME,
        pd_beat.GROOVE_NAME,
    ):
        canvases = [line for line in text.splitlines() if f"empty {name} " in line]
        assert len(canvases) == 1
        assert f"s {name};" in text


@pytest.mark.skipif(LUA is None, reason="Lua 5.4 is not installed: make test-system")
def test_the_script_of_touchosc(tmp_path):
    script = script_in_touchosc()
    assert script == tosc.beat_script()
    first, beat, dark = (
        " ".join(f"{part:g}" for part in colour(shade))
        for shade in (FIRST_COLOUR, BEAT_COLOUR, DARK_COLOUR)
    )
    file = tmp_path / "scene.lua"
    file.write_text(
        "local now = 1000\nfunction getMillis() return now end\n"
        "function Color(...) return table.concat({ ... }, ' ') end\n"
        f"local lamp, tempo, bar = {{}}, {{ values = {{}} }}, {{ values = {{}} }}\n"
        f"self = {{ children = {{ ['{tosc.LAMP_NAME}'] = lamp, ['{tosc.TEMPO_NAME}'] = tempo,\n"
        f"  ['{tosc.BAR_NAME}'] = bar }} }}\n{script}\n"
        "local function told(...)\n  local list = {}\n"
        "  for _, each in ipairs({ ... }) do list[#list + 1] = { value = each } end\n"
        f"  return onReceiveOSC({{ '{BEAT}', list }})\nend\n"
        "update()\nassert(lamp.color == nil)\n"
        "assert(onReceiveOSC({ '/liveband/status', {} }) == false)\n"
        "assert(told(0, 0, 0, 0) == true and lamp.color == nil)\n"
        f"assert(told(1, 5, 119.96, 0.75) == true and lamp.color == '{first}')\n"
        "assert(tempo.values.text == '120.0 bpm' and bar.values.x == 0.75)\n"
        f"now = now + {FLASH_MS - 1} update() assert(lamp.color == '{first}')\n"
        f"now = now + 1 update() assert(lamp.color == '{dark}')\n"
        f"told(2, 5, 119.96, 0.5) assert(lamp.color == '{beat}')\n"
        f"now = now + {ENDED_MS - 1} update() assert(bar.values.x == 0.5)\n"
        "now = now + 1 update()\n"
        f"assert(bar.values.x == 0 and tempo.values.text == '{NO_TEMPO}')\n"
    )
    done = subprocess.run([LUA, str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def touchosc():
    return ElementTree.fromstring(zlib.decompress((ROOT / TOSC).read_bytes()))


def held(node, key):
    return next(
        (each.find("value") for each in node.find("properties") if each.findtext("key") == key),
        None,
    )


def script_in_touchosc():
    return held(touchosc().find("node"), "script").text


def test_touchosc_hears_of_beats_at_its_root_and_holds_what_the_script_moves():
    root = touchosc().find("node")
    assert root.findtext("messages/osc/path/partial/value") == BEAT
    assert root.findtext("messages/osc/send") == "0"
    below = {held(node, "name").text: node for node in root.find("children")}
    assert below[tosc.LAMP_NAME].get("type") == "BOX"
    bar = below[tosc.BAR_NAME]
    assert held(bar, "interactive").text == "0"
    assert bar.find("messages/osc") is None
    assert below[tosc.TEMPO_NAME].get("type") == "LABEL"
    groove = below["beat groove"]
    assert groove.findtext("messages/osc/path/partial/value") == GROOVE


def session_widgets():
    content = json.loads((ROOT / SESSION).read_text())["content"]
    return {each["id"]: each for each in content["widgets"]}


def test_open_stage_control_shows_and_sends_nothing():
    found = session_widgets()
    assert found["beat"]["address"] == BEAT
    assert found["beat"]["type"] == "variable"
    assert found["beat_groove"]["address"] == GROOVE
    for name in (osc.LAMP_NAME, osc.BAR_NAME):
        assert found[name]["bypass"]
        assert not found[name]["interaction"]


@pytest.mark.skipif(NODE is None, reason="Node is not installed")
def test_the_script_of_open_stage_control(tmp_path):
    script = session_widgets()["beat"]["onValue"]
    file = tmp_path / "scene.js"
    file.write_text(
        "const shown = {}, timers = {}, moves = [];\n"
        "const set = (id, value, options) => {\n"
        "  if (options.send !== false) throw id;\n  shown[id] = value; };\n"
        "const setTimeout = (id, call, delay) => { timers[id] = [call, delay]; };\n"
        f"const hear = new Function('value', 'set', 'setTimeout', {json.dumps(script)});\n"
        f"hear({list(NONE[1:])}, set, setTimeout);\n"
        "if (Object.keys(shown).length) throw 'there was no beat';\n"
        f"for (const value of [{list(FIRST[1:])}, {list(SECOND[1:])}]) {{\n"
        "  hear(value, set, setTimeout); moves.push({ ...shown }); }\n"
        "for (const [call] of [timers.lamp, timers.ended]) {\n"
        "  call(); moves.push({ ...shown }); }\n"
        "moves.push([timers.lamp[1], timers.ended[1]]);\n"
        "console.log(JSON.stringify(moves));\n"
    )
    done = subprocess.run([NODE, str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first, second, dark, ended, delays = json.loads(done.stdout)
    names = (osc.LAMP_NAME, osc.TEMPO_NAME, osc.BAR_NAME)
    assert [first[name] for name in names] == [FIRST_COLOUR, "120.0 bpm", 0.75]
    assert [second[name] for name in names] == [BEAT_COLOUR, "120.0 bpm", 0.5]
    assert [dark[name] for name in names] == [DARK_COLOUR, "120.0 bpm", 0.5]
    assert [ended[name] for name in names] == [DARK_COLOUR, NO_TEMPO, 0]
    assert delays == [FLASH_MS, ENDED_MS]
    assert names == tuple(name for name in session_widgets() if name in names)
