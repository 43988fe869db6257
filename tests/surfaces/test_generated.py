"""Tests of the files made from the table: complete, stable, and equal to those stored."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.controls.parameters import PARAMETERS, Kind, Parameter, Table
from tools.surfaces.generated import generated_files, outdated_files
from tools.surfaces.layout import GRID, remote, strip
from tools.surfaces.widgets import decimals, long_name, section_of, sections, short_name

ROOT = Path(__file__).parents[2]
NEWCOMER = Parameter(
    name="gain/side", kind=Kind.FLOAT, help="A newcomer", low=0.0, high=2.0, number=53
)


def test_making_everything_again_changes_no_file():
    assert outdated_files(ROOT) == []


def test_it_is_the_same_each_time():
    assert generated_files() == generated_files()


def test_a_row_more_is_in_every_format():
    table = Table((*PARAMETERS.rows, NEWCOMER))
    wrong = set(outdated_files(ROOT, table))
    for part in (
        "max_patches/patchers/liveband.remote.maxpat",
        "max_patches/pd/liveband-remote.pd",
        "reaper_scripts/Liveband/liveband_control.jsfx",
        "surfaces/touchosc/liveband.tosc",
        "surfaces/open-stage-control/liveband.json",
        "surfaces/supercollider/Liveband.sc",
        "docs/pictures/max-remote.svg",
        "plugins/core/controls.h",
        "plugins/clap/parameters.h",
        "plugins/liveband.lv2/liveband.ttl",
    ):
        assert part in wrong


def test_the_check_tells_which_file_is_stale(tmp_path):
    for path, content in generated_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert outdated_files(tmp_path) == []
    victim = tmp_path / "max_patches" / "pd" / "liveband-osc.pd"
    victim.write_text(victim.read_text() + " ")
    (tmp_path / "surfaces" / "supercollider" / "Liveband.sc").unlink()
    assert outdated_files(tmp_path) == [
        "max_patches/pd/liveband-osc.pd",
        "surfaces/supercollider/Liveband.sc",
    ]


def test_the_command_checks():
    command = [sys.executable, "-m", "tools.surfaces", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_heavy_is_loaded():
    code = (
        "import sys, tools.surfaces.generated\n"
        "print({'torch', 'jack', 'mido'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr


@pytest.mark.parametrize("layout", [remote(), strip()], ids=["remote", "strip"])
def test_every_control_has_its_place_on_the_grid(layout):
    shown = [each.row.name for each in layout.placed]
    assert sorted(shown) == sorted(
        row.name for row in PARAMETERS if row.kind is not Kind.READING
    )
    for number, each in enumerate(layout.placed):
        assert not any(each.rect.meets(other.rect) for other in layout.placed[number + 1 :])
        panel = next(panel for panel in layout.panels if each in panel.placed)
        assert panel.rect.x <= each.rect.x
        assert each.rect.right <= panel.rect.right
        assert panel.rect.y <= each.rect.y
        assert each.rect.bottom <= panel.rect.bottom
        assert each.rect.x % GRID == each.rect.y % GRID == 0
    for number, panel in enumerate(layout.panels):
        assert not any(panel.rect.meets(other.rect) for other in layout.panels[number + 1 :])
        assert panel.rect.right <= layout.width
        assert panel.rect.bottom <= layout.height


def test_names_are_short_and_one_of_a_kind():
    rows = [row for row in PARAMETERS if row.kind is not Kind.READING]
    assert len({long_name(row) for row in rows}) == len(rows)
    assert all(len(short_name(row)) <= 12 for row in rows)
    for _, together in sections(PARAMETERS):
        assert len({short_name(row) for row in together}) == len(together)


def test_a_row_stands_where_its_first_word_belongs():
    assert section_of(NEWCOMER).title == "Sound"
    assert section_of(replace(NEWCOMER, name="transport/swing")).title == "Time"
    assert section_of(replace(NEWCOMER, name="anything")).title == "System"
    assert decimals(NEWCOMER) == 2
    assert decimals(PARAMETERS["gain/out"]) == 1
