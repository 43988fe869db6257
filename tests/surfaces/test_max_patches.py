"""The Max package: py2max's rules, and our own."""

import json
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from py2max import Patcher
from py2max.m4l import unpack_amxd

from bridge.controls.controls import coerce, from_normalised
from bridge.controls.parameters import PARAMETERS, Kind
from tools.surfaces.max_objects import OBJECTS
from tools.surfaces.widgets import long_name, short_name, texts

from .max_machine import Machine

FOLDER = Path(__file__).parents[2] / "max_patches"
PATCHES = sorted(path for end in ("maxpat", "maxhelp") for path in FOLDER.rglob(f"*.{end}"))
OURS = {each.name for each in OBJECTS} | {"liveband.remote.app"}
NAMES = [str(path.relative_to(FOLDER)) for path in PATCHES]
LIVE = ("live.dial", "live.numbox", "live.tab", "live.menu", "live.text")
SETTING = ("prepend set", "prepend setsymbol", "set ")
SILENT = (*SETTING, "prepend _parameter_range", "prepend append")
"""Beside ``set``: other items for tabs and menus, which send nothing either."""


def patcher(path):
    return json.loads(path.read_text())["patcher"]


def remote():
    return patcher(FOLDER / "patchers" / "liveband.remote.maxpat")


def flat(whole):
    """Yield the patchers of a file: itself, and those inside."""
    yield whole
    for each in whole["boxes"]:
        if "patcher" in each["box"]:
            yield from flat(each["box"]["patcher"])


def device():
    payload, kind = unpack_amxd((FOLDER / "devices" / "Liveband Remote.amxd").read_bytes())
    assert kind == "midi_effect"
    return json.loads(payload)["patcher"]


def everything():
    yield from ((str(path), patcher(path)) for path in PATCHES)
    yield "device", device()


@pytest.mark.parametrize("path", PATCHES, ids=NAMES)
def test_py2max_has_nothing_against_it(path):
    for found in Patcher.from_file(path).lint():
        known = found.code == "W-UNKNOWN-OBJECT" and any(name in found.message for name in OURS)
        assert known, found


def test_py2max_would_notice(tmp_path):
    broken = patcher(FOLDER / "patchers" / "liveband.osc.maxpat")
    broken["lines"][0]["patchline"]["source"][1] = 9
    (tmp_path / "broken.maxpat").write_text(json.dumps({"patcher": broken}))
    found = Patcher.from_file(tmp_path / "broken.maxpat").lint()
    assert any(each.severity == "error" for each in found)


def test_every_control_is_a_parameter_as_the_table_has_it():
    for whole in (remote(), device()):
        boxes = {
            each["box"]["varname"]: each["box"]
            for each in whole["boxes"]
            if "varname" in each["box"]
        }
        rows = {row.name.replace("/", "_"): row for row in PARAMETERS if row.reading is None}
        assert boxes.keys() == rows.keys()
        for name, row in rows.items():
            check_parameter(row, boxes[name])
        titles = [
            box["saved_attribute_attributes"]["valueof"]["parameter_longname"]
            for box in boxes.values()
        ]
        assert len(set(titles)) == len(titles)


def check_parameter(row, box):
    held = box["saved_attribute_attributes"]["valueof"]
    assert box["parameter_enable"] == 1
    assert held["parameter_longname"] == long_name(row)
    assert held["parameter_shortname"] == short_name(row)
    assert row.help in box["annotation"]
    assert row.help in box["hint"]
    if row.kind is Kind.TRIGGER:
        assert "parameter_initial_enable" not in held  # it would fire by being opened
        return
    assert held["parameter_initial_enable"] == 1
    if row.kind in (Kind.CHOICE, Kind.TOGGLE):
        assert held["parameter_enum"] == list(texts(row))
        assert held["parameter_enum"][held["parameter_initial"][0]] == (
            texts(row)[int(row.default)]
            if row.kind is Kind.TOGGLE
            else texts(row)[row.choices.index(row.default)]
        )
        return
    assert (held["parameter_mmin"], held["parameter_mmax"]) == (row.low, row.high)
    assert held["parameter_initial"] == [row.default]
    assert held["parameter_type"] == 0 or 0 <= row.low < row.high <= 255
    if row.unit:
        style = held["parameter_unitstyle"]
        assert {"dB": 4, "ms": 2}.get(row.unit, 9) == style
        assert style != 9 or row.unit in held["parameter_units"]


def test_from_receiving_to_sending_everything_is_set():
    """Cut every cord out of a ``set``: then no way leads from what comes to what goes."""
    for name, whole in everything():
        for each in flat(whole):
            boxes = {box["box"]["id"]: box["box"] for box in each["boxes"]}
            starts = {key for key, box in boxes.items() if _receives(box)}
            ends = {key for key, box in boxes.items() if _sends(box)}
            if name == "device" or not _is_view(boxes):
                starts = {key for key in starts if "udpreceive" in boxes[key].get("text", "")}
                ends = {key for key in ends if "udpsend" in boxes[key].get("text", "")}
            reached, todo = set(), list(starts)
            while todo:
                here = todo.pop()
                if here in reached or boxes[here].get("text", "").startswith(SILENT):
                    continue
                reached.add(here)
                todo += [
                    line["patchline"]["destination"][0]
                    for line in each["lines"]
                    if line["patchline"]["source"][0] == here
                ]
            assert not reached & ends, (name, [boxes[key] for key in reached & ends])


def _is_view(boxes):
    return not any("udp" in box.get("text", "") for box in boxes.values())


def _receives(box):
    return box["maxclass"] == "inlet" or box.get("text", "").startswith("udpreceive")


def _sends(box):
    return box["maxclass"] == "outlet" or box.get("text", "").startswith("udpsend")


def test_every_file_that_is_named_is_there():
    there = {path.name for path in FOLDER.rglob("*")}
    for _, whole in everything():
        for each in flat(whole):
            for box in (each["box"] for each in each["boxes"]):
                if box["maxclass"] == "bpatcher":
                    assert box["name"] in there
                first = box.get("text", "").split(" ")[0]
                if box["maxclass"] == "newobj" and first.startswith("liveband."):
                    assert f"{first}.maxpat" in there
    facts = json.loads((FOLDER / "package-info.json").read_text())
    assert facts["homepatcher"] in there
    for thing in OBJECTS:
        assert f"{thing.name}.maxpat" in there
        assert f"{thing.name}.maxhelp" in there
        assert f"{thing.name}.maxref.xml" in there


@pytest.mark.parametrize("path", PATCHES, ids=NAMES)
def test_panels_are_inside_and_apart(path):
    whole = patcher(path)
    if not whole["openinpresentation"]:
        return
    shown = [each["box"] for each in whole["boxes"] if "presentation_rect" in each["box"]]
    ground = next((box for box in shown if box["maxclass"] == "panel"), None)
    front = [box for box in shown if not box.get("background")]
    _, _, width, height = max(
        (box["presentation_rect"] for box in shown if box.get("background")),
        key=lambda rect: rect[2] * rect[3],
    )
    assert ground is not None
    for number, box in enumerate(front):
        x, y, w, h = box["presentation_rect"]
        assert 0 <= x < x + w <= width, box
        assert 0 <= y < y + h <= height, box
        for other in front[number + 1 :]:
            left, top, across, down = other["presentation_rect"]
            apart = x + w <= left or left + across <= x or y + h <= top or top + down <= y
            assert apart, (box, other)


def test_scripting_names_and_tab_order_are_one_of_a_kind():
    boxes = [each["box"] for each in remote()["boxes"] if "varname" in each["box"]]
    assert len({box["varname"] for box in boxes}) == len(boxes)
    assert sorted(box["taborder"] for box in boxes) == list(range(1, len(boxes) + 1))


def test_only_objects_of_max_itself():
    for name, whole in everything():
        for each in flat(whole):
            for box in (each["box"] for each in each["boxes"]):
                first = box.get("text", "").split(" ")[0]
                if box["maxclass"] == "newobj":
                    assert not first.startswith(("mxj", "js", "node", "v8", "bach.")), name


def test_references_are_complete():
    for thing in OBJECTS:
        tree = ElementTree.parse(FOLDER / "docs" / f"{thing.name}.maxref.xml").getroot()
        assert (tree.tag, tree.get("name")) == ("c74object", thing.name)
        for part in ("digest", "description", "inletlist", "outletlist", "methodlist"):
            assert tree.find(part) is not None, (thing.name, part)
        described = {each.get("name") for each in tree.iter("objarg")}
        assert described == {name for name, _, _ in thing.arguments}


def test_the_device_says_how_long_it_is():
    data = (FOLDER / "devices" / "Liveband Remote.amxd").read_bytes()
    assert struct.unpack_from("<I", data, 16)[0] == len(data) - 20


@pytest.mark.parametrize("row", PARAMETERS.controls, ids=lambda row: row.name)
def test_a_value_from_the_bridge_is_shown_and_not_sent(row):
    machine = Machine(remote())
    name = row.name.replace("/", "_")
    value, index = _another(row)
    machine.feed(row.address, value)
    assert machine.shown[name] == (index if row.kind is Kind.CHOICE else value)
    assert machine.sent == []


@pytest.mark.parametrize("row", PARAMETERS.controls, ids=lambda row: row.name)
def test_a_hand_sends_what_the_bridge_understands(row):
    machine = Machine(remote())
    value, index = _another(row)
    machine.move(row.name.replace("/", "_"), index if row.kind is Kind.CHOICE else value)
    assert len(machine.sent) == 1
    address, sent = machine.sent[0]
    assert address == row.address
    understood = coerce(row, sent)
    assert (understood.value, understood.notice) == (value, "")


def test_triggers_fire():
    for row in PARAMETERS:
        if row.kind is Kind.TRIGGER:
            machine = Machine(remote())
            machine.move(row.name.replace("/", "_"), 1)
            assert machine.sent == [[row.address, 1]]


@pytest.mark.parametrize(
    "row", [row for row in PARAMETERS if row.cc is not None], ids=lambda row: row.name
)
def test_controllers_in_max_mean_what_the_map_says(row):
    machine = Machine(patcher(FOLDER / "patchers" / "liveband.midi.maxpat"))
    machine.control(row.cc, 0)
    machine.control(row.cc, 127)
    if row.kind is Kind.TRIGGER:
        assert machine.sent == [[row.address, 1]]
        return
    ends = [from_normalised(row, part).value for _, part in machine.sent]
    assert {address for address, _ in machine.sent} == {f"/liveband/n/{row.name}"}
    if row.kind is Kind.TOGGLE:
        assert ends == [False, True]
    elif row.kind is Kind.CHOICE:
        assert ends == [row.choices[0], row.choices[-1]]
    else:
        assert ends == [row.low, row.high]


def test_the_stems_on_offer_are_the_bridges():
    machine = Machine(patcher(FOLDER / "patchers" / "liveband.stemselect.maxpat"))
    machine.feed("/liveband/stems", "drums", "kazoo")
    machine.move("stem", 1)
    assert machine.sent == [["/liveband/stem", "kazoo"]]


def _another(row):
    """Return a value that is not the default where there is one, and its index."""
    if row.kind is Kind.CHOICE:
        index = (row.choices.index(row.default) + 1) % len(row.choices)
        return row.choices[index], index
    if row.kind is Kind.TOGGLE:
        return int(not row.default), None
    return (row.low if row.default != row.low else row.high), None
