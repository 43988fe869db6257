"""Tests of files for REAPER and ReaPack: patterns, templates, note names, headers."""

import re
from pathlib import Path
from uuid import UUID

import pytest
import rpp

from bridge.controls.parameters import PARAMETERS
from bridge.midi.binding import ControllerKind
from bridge.midi.device_bindings import default_bindings
from tools.surfaces.reaper_jsfx import sliders
from tools.surfaces.reaper_rpp import CONTROL, NOTES

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "reaper_scripts" / "Liveband"
KEYS = set((HERE / "reaper_osc_keys.txt").read_text().split())
TEMPLATES = sorted(FOLDER.glob("*.RTrackTemplate"))
STEREO = 1024
FIELDS = {
    "REC": 8, "MAINSEND": 2, "HWOUT": 9, "NCHAN": 1, "MIDIOUT": 1, "VOLPAN": 5, "MUTESOLO": 3,
    "PEAKCOL": 1, "ISBUS": 2, "TRACKID": 1, "NAME": 1, "FX": 1, "SEL": 1, "BEAT": 1,
    "AUTOMODE": 1, "IPHASE": 1, "PLAYOFFS": 2, "BUSCOMP": 5, "SHOWINMIX": 8,
}  # fmt: skip


def roots(text):
    """Split a template, which may hold several tracks, into trees."""
    return [rpp.loads(part) for part in re.split(r"(?m)^(?=<)", text) if part.strip()]


def tracks(path):
    return [root for root in roots(path.read_text()) if root.tag == "TRACK"]


def line(chunk, key):
    return next(each for each in chunk if isinstance(each, list) and each[0] == key)[1:]


def patterns():
    for text in (FOLDER / "Liveband.ReaperOSC").read_text().splitlines():
        if text and not text.startswith("#"):
            yield text


def test_the_pattern_file_keeps_to_reapers_rules():
    for text in patterns():
        key, *values = text.split()
        assert key in KEYS, key
        assert values
        for value in values:
            assert len(value) < 512
            if key.endswith("COUNT"):
                assert value.isdigit()
            elif key.endswith("FOLLOWS"):
                assert value in ("REAPER", "DEVICE", "LAST_TOUCHED", "FOCUSED", "MIXER")
            else:
                assert re.fullmatch(r"[nfbtrsi]/[\w/@+-]*", value), value


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_track_templates_have_the_fields_reaper_writes(path):
    found = tracks(path)
    assert found
    for track in found:
        for each in track:
            if isinstance(each, list) and each[0] in FIELDS:
                assert len(each) - 1 == FIELDS[each[0]], each
        if line(track, "NAME")[0] != "liveband send":
            armed, channel, monitor, mode, *_ = line(track, "REC")
            assert (armed, monitor, mode) == ("1", "1", "0")
            assert int(channel) >= STEREO + 2
            assert int(channel) % 2 == 0
    ids = re.findall(r"(?:TRACKID|FXID|IGUID) (\{.*?\})", path.read_text())
    assert len(set(ids)) == len(ids)
    assert all(UUID(each) for each in ids)


def test_the_templates_are_the_three_that_were_promised():
    counts = {path.stem: len(tracks(path)) for path in TEMPLATES}
    assert counts == {
        "liveband - send and return": 2,
        "liveband - return only": 1,
        "liveband - four stems": 5,
    }
    four = tracks(FOLDER / "liveband - four stems.RTrackTemplate")
    inputs = [line(track, "REC")[1] for track in four[1:]]
    assert inputs == [str(STEREO + 2 + 2 * number) for number in range(4)]
    send = four[0]
    assert line(send, "HWOUT")[0] == "2"  # a stereo pair, its first channel counted from 0
    assert line(send, "MAINSEND")[0] == "0"


def test_the_effect_stands_where_reapack_puts_it_with_values_in_range():
    rows = sliders(PARAMETERS)
    assert (FOLDER.parent / CONTROL.partition("/")[2]).exists()
    for path in (*TEMPLATES, FOLDER / "liveband 48 kHz.RPP"):
        text = path.read_text()
        assert f"<JS {CONTROL} " in text
        values = re.search(r"<JS .*\n\s*(.*)\n", text)[1].split()
        assert len(values) == 64
        for number, value in enumerate(values, start=1):
            assert (value == "-") == (number not in rows)
            if number in rows and rows[number].has_value and not rows[number].choices:
                row = rows[number]
                top = 1.0 if row.kind == "toggle" else row.high
                assert row.low <= float(value) <= top


def test_controls_of_saved_projects_keep_their_sliders():
    rows = sliders(PARAMETERS)
    kept = {
        56: "reset",
        57: "reseed",
        58: "panic",
        61: "stem",
        8: "gain/out",
        20: "transport/source",
    }
    assert {number: rows[number].name for number in kept} == kept


def test_the_project_runs_at_48_khz_and_explains_itself():
    (project,) = roots((FOLDER / "liveband 48 kHz.RPP").read_text())
    assert project.tag == "REAPER_PROJECT"
    assert line(project, "SAMPLERATE")[0] == "48000"
    assert [each.tag for each in project if hasattr(each, "tag")].count("TRACK") == 2
    words = " ".join(NOTES)
    for needed in ("REAPER:out3 -> liveband:in_L", "one JACK block", "48000", "control_in"):
        assert needed in words
    for path in (*TEMPLATES, FOLDER / "liveband 48 kHz.RPP"):
        assert all(f"|{text}" in path.read_text() for text in NOTES)


def test_keys_carry_the_names_of_the_stems():
    lines = (FOLDER / "liveband stems.txt").read_text().splitlines()[1:]
    bound = {
        str(each.source.number): str(each.value)
        for each in default_bindings(PARAMETERS)
        if each.source.kind is ControllerKind.NOTE
    }
    assert dict(text.split(" ", 1) for text in lines) == bound


def test_reapack_finds_one_package_and_every_file():
    head = (FOLDER / "liveband.lua").read_text()
    tags = dict(re.findall(r"(?m)^@(\w+)(?: (.*))?$", head))
    assert re.fullmatch(r"\d+(\.\d+)*\w*", tags["version"])
    assert tags["description"]
    assert tags["author"]
    assert "metapackage" in tags
    provided = dict(reversed(pair) for pair in re.findall(r"(?m)^  \[(\w+)\] (.+)$", head))
    there = {path.name for path in FOLDER.iterdir() if path.is_file()} - {"liveband.lua"}
    assert provided.keys() == there
    types = {
        ".lua": {"main", "nomain"}, ".jsfx": {"effect"}, ".RTrackTemplate": {"tracktpl"},
        ".RPP": {"projecttpl"}, ".txt": {"midinotenames"}, ".ReaperOSC": {"data"},
        ".py": {"nomain"},
    }  # fmt: skip
    for name, kind in provided.items():
        assert kind in types[Path(name).suffix], name
        if Path(name).suffix in (".lua", ".jsfx", ".py"):
            assert "@noindex" in (FOLDER / name).read_text(), name
