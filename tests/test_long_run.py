"""The growing table of the long run: what may stand in it, and what its page shows."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

from model.errors import DataError
from tools.long_run import add_line, read_lines, songs_digest
from tools.long_run_report import FIGURES, SYSTEMS, plots, report

STEM = {"class": "bass", "active_share": 1.0}


def _line(step, rhythm, **other):
    def row(system, value):
        figures = {**dict.fromkeys(FIGURES, 0.5), "rhythm": value, "gap": None}
        own = {"rhythm": value, "chroma": 0.25, "level_db": -20.0}
        return {"system": system, **figures, "excerpts": 7, "per_class": {"bass": own}}

    rows = [row(name, rhythm + at / 100) for at, name in enumerate(SYSTEMS)]
    rows += [row("ground truth", 0.61), row("random pairing", 0.11)]
    judged_by = {"songs": "abc", "known": "def", "seconds": 10.0}
    told = {"note": "", "git": "1234567", "time": "2026-01-01 00:00"}
    return {"step": step, **told, **judged_by, "rows": rows, **other}


def test_lines_are_kept_by_step_and_each_is_shown(tmp_path):
    file = tmp_path / "lines.jsonl"
    assert read_lines(file) == []
    for line in (_line(5000, 0.33, note="more songs"), _line(2500, 0.22)):
        add_line(file, line)
    lines = read_lines(file)
    assert [line["step"] for line in lines] == [2500, 5000]
    page = report(lines)
    table = page.split("## 0.1 s\n")[1].split("##")[0].strip().splitlines()
    told = {row.split(" | ")[0].strip("| "): row.split(" | ")[1] for row in table[2:]}
    assert told == {
        "2500": "0.23", "5000": "0.34", "ground truth": "0.61", "random pairing": "0.11",
    }  # fmt: skip
    assert "| 5000 | 0.34 / 0.25 |" in page
    assert "- 5000 (`1234567`, 2026-01-01): more songs" in page


def test_every_drawing_is_linked_and_well_formed():
    lines = [_line(2500, 0.2), _line(5000, 0.4)]
    drawn = plots(lines)
    for name, drawing in drawn.items():
        assert f"(pictures/{name})" in report(lines)
        words = "".join(ElementTree.fromstring(drawing).itertext())
        assert "2500" in words
        assert "ground truth" in words
    assert len(drawn) == 2


@pytest.mark.parametrize(
    ("name", "other"), [("songs", "xyz"), ("known", "xyz"), ("seconds", 5.0)]
)
def test_what_cannot_be_compared_is_refused(tmp_path, name, other):
    file = tmp_path / "lines.jsonl"
    add_line(file, _line(2500, 0.2))
    with pytest.raises(DataError, match=f"step 2500 was judged by {name}"):
        add_line(file, _line(5000, 0.4, **{name: other}))
    assert len(read_lines(file)) == 1


def test_the_digest_follows_names_facts_and_number_of_the_songs(tmp_path):
    def write(name, facts):
        folder = tmp_path / "test" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "song.json").write_text(json.dumps({"stems": [STEM], **facts}))

    write("a", {"seed": 1})
    one = songs_digest(tmp_path, "test", 2)
    write("b", {"seed": 2})
    both = songs_digest(tmp_path, "test", 2)
    assert songs_digest(tmp_path, "test", 1) == one != both
    write("b", {"seed": 3})
    assert songs_digest(tmp_path, "test", 2) != both
