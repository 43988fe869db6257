"""TouchOSC, Open Stage Control, the pictures: what is in the files."""

import json
import shutil
import subprocess
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bridge.controls.controls import coerce, from_normalised
from bridge.controls.parameters import PARAMETERS, Kind
from tools.surfaces.open_stage import PATH as SESSION
from tools.surfaces.touchosc import PATH as TOSC
from tools.surfaces.touchosc import script
from tools.surfaces.touchosc_beat import BAR_NAME

ROOT = Path(__file__).parents[2]
ROWS = {row.address: row for row in PARAMETERS if row.kind is not Kind.READING}
LUA = shutil.which("lua5.4")
KINDS = {"GROUP", "BOX", "LABEL", "BUTTON", "FADER", "RADIO"}
TYPES = {"panel", "text", "switch", "button", "fader", "input", "root", "led", "variable"}


def nodes():
    tree = ElementTree.fromstring(zlib.decompress((ROOT / TOSC).read_bytes()))
    assert (tree.tag, tree.get("version")) == ("lexml", "3")
    return list(tree.iter("node"))


def held(node, key):
    for each in node.find("properties"):
        if each.findtext("key") == key:
            return each.find("value")
    return None


def frame(node):
    return [int(held(node, "frame").findtext(side)) for side in "xywh"]


def test_touchosc_nodes_are_whole_and_one_of_a_kind():
    found = nodes()
    assert {node.get("type") for node in found} <= KINDS
    ids = [node.get("ID") for node in found]
    assert len(set(ids)) == len(ids)
    _, _, width, height = frame(found[0])
    for node in found:
        x, y, w, h = frame(node)
        assert 0 <= x < x + w <= width
        assert 0 <= y < y + h <= height
        for each in node.iter("osc"):
            assert each.find("path/partial/value").text.startswith("/liveband/")


def test_touchosc_has_every_control():
    touched = [
        node
        for node in nodes()
        if node.get("type") in ("BUTTON", "FADER", "RADIO")
        and held(node, "name").text != BAR_NAME
    ]
    assert {held(node, "name").text for node in touched} == {row.name for row in ROWS.values()}
    for number, node in enumerate(touched):
        x, y, w, h = frame(node)
        for other in touched[number + 1 :]:
            left, top, across, down = frame(other)
            assert x + w <= left or left + across <= x or y + h <= top or top + down <= y
        row = PARAMETERS[held(node, "name").text]
        path = node.findtext("messages/osc/path/partial/value")
        start = float(node.findtext("values/value/default"))
        if node.get("type") == "FADER":
            assert path == f"/liveband/n/{row.name}"
            assert from_normalised(row, start).value == pytest.approx(row.default, abs=1)
        else:
            assert path == row.address
        if node.get("type") == "RADIO":
            assert held(node, "script").text == script(row)
            assert row.choices[int(start)] == row.default


@pytest.mark.skipif(LUA is None, reason="Lua 5.4 is not installed: make test-system")
@pytest.mark.parametrize(
    "row", [row for row in PARAMETERS if row.kind is Kind.CHOICE], ids=lambda row: row.name
)
def test_touchosc_choices_speak_and_hear_names_without_an_echo(row, tmp_path):
    last = len(row.choices) - 1
    told = repr(row.choices[last]) if isinstance(row.choices[last], str) else row.choices[last]
    file = tmp_path / "scene.lua"
    file.write_text(
        "self = {}\nlocal held = { x = -1 }\nlocal sent = {}\n"
        "self.values = setmetatable({}, {\n  __index = held,\n"
        "  __newindex = function(_, key, to) held[key] = to onValueChanged(key) end,\n})\n"
        "function sendOSC(...) sent[#sent + 1] = table.concat({ ... }, ' ') end\n"
        f"{script(row)}\n"
        "assert(onReceiveOSC({ '/elsewhere', {} }) == false)\n"
        f"assert(onReceiveOSC({{ '{row.address}', {{ {{ value = {told} }} }} }}))\n"
        f"assert(held.x == {last} and #sent == 0)\n"
        "self.values.x = 0\nprint(sent[1])\n"
    )
    done = subprocess.run([LUA, str(file)], capture_output=True, text=True)
    address, value = done.stdout.split()
    assert address == row.address, done.stderr
    assert coerce(row, value).value == row.choices[0]


def widgets(each):
    yield each
    for inner in each.get("widgets", ()):
        yield from widgets(inner)


def test_open_stage_control_has_every_control_as_the_table_has_it():
    session = json.loads((ROOT / SESSION).read_text())
    assert session["type"] == "session"
    every = list(widgets(session["content"]))
    assert {each["type"] for each in every} <= TYPES
    ids = [each["id"] for each in every]
    assert len(set(ids)) == len(ids)
    found = {each["address"]: each for each in every if each.get("address") in ROWS}
    assert found.keys() == ROWS.keys()
    for address, row in ROWS.items():
        widget = found[address]
        assert widget["target"] == "127.0.0.1:9100"
        if row.kind is Kind.CHOICE:
            assert list(widget["values"].values()) == list(row.choices)
            assert widget["default"] == row.default
        elif row.kind is Kind.FLOAT:
            assert widget["range"] == {"min": row.low, "max": row.high}
            assert widget["default"] == row.default
        elif row.kind is Kind.TOGGLE:
            assert (widget["on"], widget["off"]) == (1, 0)
            assert widget["default"] == int(row.default)


def test_open_stage_control_widgets_stay_in_their_panels():
    def check(parent):
        for each in parent.get("widgets", ()):
            if each["type"] == "variable":  # it is not seen
                continue
            assert each["left"] >= 0
            assert each["top"] >= 0
            assert each["left"] + each["width"] <= parent["width"]
            assert each["top"] + each["height"] <= parent["height"]
            check(each)

    check(json.loads((ROOT / SESSION).read_text())["content"])


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "pictures").glob("*.svg")))
def test_pictures_are_pictures(path):
    tree = ElementTree.parse(path).getroot()
    assert tree.tag.endswith("svg")
    assert len(list(tree.iter())) > 4


def test_docs_show_every_picture():
    text = "".join(path.read_text() for path in (ROOT / "docs").glob("*.md"))
    for path in (ROOT / "docs" / "pictures").iterdir():
        assert f"pictures/{path.name}" in text, path.name
