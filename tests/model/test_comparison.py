"""``liveband evaluate --all``: every checkpoint in one table, in words and in pictures."""

import json
import shutil
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch

from model.__main__ import main
from model.checkpoint import read_record, save_checkpoint
from model.errors import CheckpointError
from model.evaluation.charts import ChartInterval, ChartLine, ChartPoint, ladder, lines
from model.evaluation.comparison import find_checkpoints, labels
from model.evaluation.comparison_report import plots
from model.evaluation.features import LISTENING_RATE
from model.evaluation.halves import HALVES, halves
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.network import Baseline
from model.networks.bidirectional import BidirectionalGenerator
from model.networks.config import GeneratorConfig
from model.networks.generator import Generator
from model.presets import load_preset


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    """One untrained checkpoint of every kind, of one codec."""
    root = tmp_path_factory.mktemp("members")
    torch.manual_seed(0)
    preset = load_preset("smoke")
    codec = Autoencoder(preset.autoencoder).eval()
    sizes = preset.generator
    whole = GeneratorConfig(
        **{name: getattr(sizes, name) for name in sizes.__slots__} | {"anticipations": (0,)}
    )
    for name, network in (
        ("band", Generator(sizes)),
        ("codes", Baseline(sizes, preset.coding)),
        ("whole", BidirectionalGenerator(whole)),
    ):
        save_checkpoint(root / name, codec, network.eval(), {})
    save_checkpoint(root / "a-codec-alone", codec, None, {})
    return root


@pytest.fixture(scope="module")
def table(members, rendered, tmp_path_factory):
    out = tmp_path_factory.mktemp("table")
    words = ["evaluate", str(rendered), "--all", "--checkpoint", str(members), "--quick"]
    few = ["--songs", "2", "--seconds", "2", "--jobs", "1", "--seeds", "2", "--out", str(out)]
    assert main([*words, *few]) == 0
    return out


def test_every_system_has_a_row_and_anchors_have_one_together(table):
    rows = json.loads((table / "family.json").read_text())["rows"]
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names)
    assert {
        "ground truth",
        "codec",
        "random pairing",
        "silence",
        "liveband 0.1 s",
        "streammusicgen 0 s",
        "streammusicgen 0.1 s",
        "streammusicgen 1 s",
        "liveband bidirectional",
    } <= set(names)
    assert names.count("ground truth") == 1
    shuffled = [row for row in rows if row["system"].startswith("shuffled")]
    assert len(shuffled) == 0 or {row["source"] for row in shuffled} == {"shuffled"}
    kinds = {row["kind"] for row in rows if row["source"] == "player"}
    assert kinds == {"liveband", "baseline", "bidirectional"}
    for row in rows:
        live = "tracker" if row["kind"] in ("liveband", "baseline") else "none"
        assert row["beat"] == (live if row["kind"] else None)


def test_both_takes_are_counted(table):
    found = json.loads((table / "family.json").read_text())
    assert found["seeds"] == 2
    (truth,) = [row for row in found["rows"] if row["source"] == "truth"]
    assert truth["songs"] == 2
    assert truth["excerpts"] == truth["songs"] * len(truth["per_class"])
    for row in found["rows"]:
        if row["source"] == "player":
            assert row["excerpts"] == 2 * truth["excerpts"]
            assert row["diversity"] is not None
        if row["source"] == "shuffled":
            assert row["excerpts"] == truth["excerpts"]


def test_markdown_and_plots_are_written(table):
    text = (table / "family.md").read_text()
    assert "| streammusicgen 0.1 s |" in text
    assert "2 takes" in text
    assert "Who plays live is told the beat by the beat tracker" in text
    assert "10-20 s" not in text  # excerpts were shorter
    assert "-0.00" not in text
    (head,) = [line for line in text.splitlines() if line.startswith("| system")]
    titles = head.split(" | ")
    assert len(titles) == len(set(titles))
    for name in ("ladder", "anticipation"):
        drawing = ET.parse(table / f"{name}.svg").getroot()
        assert drawing.tag.endswith("svg")
        assert "liveband" in "".join(drawing.itertext())


def test_a_folder_stands_for_the_checkpoints_in_it_that_play(members):
    by_kind = ["band", "whole", "codes"]
    assert [folder.name for folder in find_checkpoints([str(members)])] == by_kind
    twice = find_checkpoints([str(members / "codes"), str(members)])
    assert [folder.name for folder in twice] == by_kind
    with pytest.raises(CheckpointError, match="no checkpoint"):
        find_checkpoints([str(members / "nobody")])
    with pytest.raises(CheckpointError, match="holds no checkpoint that plays"):
        find_checkpoints([str(members / "a-codec-alone")])


@pytest.mark.parametrize("words", [["--seeds", "3"], ["--out", "x"], ["--checkpoint", "b"]])
def test_what_needs_all_says_so(rendered, words, caplog):
    assert main(["evaluate", str(rendered), "--checkpoint", "a", *words]) == 2
    assert "need --all" in caplog.text


def test_halves_tell_a_player_who_stops_halfway():
    rng = np.random.default_rng(0)
    time = np.arange(20 * LISTENING_RATE) / LISTENING_RATE
    mix = np.exp(-((time % 0.5) * 20)) * rng.standard_normal(len(time))
    stem = mix.copy()
    stem[10 * LISTENING_RATE :] = 0.01 * rng.standard_normal(10 * LISTENING_RATE)
    found = halves(mix, stem, pitched=False)
    assert set(found) == set(HALVES)
    assert found["rhythm_first"] > 0.9
    assert found["rhythm_change"] < -0.8
    assert found["chroma_change"] is None
    short = halves(mix[: 15 * LISTENING_RATE], stem[: 15 * LISTENING_RATE], pitched=True)
    assert set(short.values()) == {None}


def test_checkpoints_of_one_name_are_told_apart_by_their_folders(members, tmp_path, rendered):
    for run in ("first", "second"):
        shutil.copytree(members / "codes", tmp_path / run / "checkpoint")
    twice = [tmp_path / "first/checkpoint", tmp_path / "second" / ".." / "second/checkpoint"]
    assert labels(twice) == ["first/checkpoint", "second/checkpoint"]
    assert labels([members / "band", twice[0]]) == ["band", "checkpoint"]
    assert len(find_checkpoints([str(twice[1]), str(tmp_path / "second")])) == 1
    words = ["evaluate", str(rendered), "--all", "--quick", "--songs", "1", "--seconds", "1"]
    words += ["--jobs", "1", "--out", str(tmp_path / "out"), "--record"]
    assert (
        main([*words, *(part for folder in twice for part in ("--checkpoint", str(folder)))])
        == 0
    )
    names = [
        row["name"] for row in json.loads((tmp_path / "out/family.json").read_text())["rows"]
    ]
    assert len(names) == len(set(names))
    for folder, name in zip(twice, labels(twice), strict=True):
        assert {row["checkpoint"] for row in read_record(folder)["family"]["rows"]} == {
            None,
            name,
        }


def test_no_curve_is_drawn_of_who_is_told_the_beat_otherwise():
    rows = [
        {
            "system": system,
            "name": system,
            "source": "player",
            "checkpoint": "c",
            "kind": "liveband",
            "rhythm": 0.3,
            "intervals": {},
            "drift_bins": [0.3, 0.2],
        }
        for system in (
            "liveband 0 s",
            "liveband 0.1 s",
            "liveband 0.1 s with transport",
            "liveband 0.1 s by its own count",
        )
    ]
    drawn = plots({"rows": rows})
    for name in ("anticipation", "time"):
        said = "".join(ET.fromstring(drawn[name]).itertext())
        assert "liveband" in said
        assert "transport" not in said
        assert "own count" not in said
    assert "own count" in drawn["ladder"]


def test_bars_are_as_long_as_their_values():
    bars = [ChartInterval("a", 0.5, (0.4, 0.6)), ChartInterval("b & c", 0.25)]
    drawing = ET.fromstring(ladder("t <&>", bars))
    a, b = (float(r.get("width")) for r in drawing.iter() if r.tag.endswith("rect"))
    assert a == pytest.approx(2 * b, rel=0.01)
    assert "b & c" in "".join(drawing.itertext())


def test_lines_rise_where_values_do():
    rising = ChartLine("x", [ChartPoint("0 s", 0.1), ChartPoint("1 s", 0.4, (0.3, 0.5))], "x")
    drawing = ET.fromstring(lines("t", [rising], anchors={"truth": 0.6}, axis="a"))
    low, high = (float(c.get("cy")) for c in drawing.iter() if c.tag.endswith("circle"))
    assert high < low
    assert "truth" in "".join(drawing.itertext())


def test_a_group_of_lines_has_one_colour_and_its_lines_a_dash_each():
    names = ["a 0 s", "a 1 s", "a 2 s", "b 0 s", "b 1 s", "truth"]
    points = [ChartPoint("x", 0.1), ChartPoint("y", 0.2)]
    drawn = [ChartLine(name, points, name[0]) for name in names]
    drawing = ET.fromstring(lines("t", drawn, axis="a"))
    dashed = [p for p in drawing.iter() if p.get("stroke-dasharray") is not None]
    looks = [(p.get("stroke"), p.get("stroke-dasharray")) for p in dashed]
    assert looks[::2] == looks[1::2]  # the line and its entry in the legend
    assert len(set(looks)) == len(names)
    assert [colour for colour, _ in looks[::2]].count(looks[0][0]) == 3
    assert len({colour for colour, _ in looks}) == 3
