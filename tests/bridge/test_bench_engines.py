"""Engines are timed in turns, in processes of their own, and say what they need."""

import json

import numpy as np
import pytest

from bridge.__main__ import main
from bridge.bench.engines import EngineVariant, engine_times
from bridge.bench.machine import memory_gb_s, pauses
from bridge.bench.start import start_seconds
from bridge.common.errors import ConfigError, EngineError
from tools.benchmarks.engine_comparison import VARIANTS, comparison_times, variants_for

WIRE = (EngineVariant("onnx", "int8"), EngineVariant("torch", "float32"))


def test_every_variant_and_size_has_its_row():
    rows = list(comparison_times("passthrough", 3, WIRE, (1, 2), at_pace=False))
    told = [(row.part, row.variant, row.players) for row in rows]
    starts = [("engine start", each, 1) for each in WIRE]
    alone = [(part, each, 1) for each in WIRE for part in ("track", "hop")]
    assert told == starts + alone + [("hop", each, 2) for each in WIRE]
    for row in rows:
        assert 0 < row.times.p50_ms <= row.times.p99_ms <= row.times.max_ms
        assert 20 < row.rss_mb < 250
        assert row.limit_ms is None


def test_what_an_engine_refuses_comes_through():
    with pytest.raises(ConfigError, match="no engine 'abacus'"):
        list(engine_times("default", 1, EngineVariant("abacus", "int8")))


@pytest.mark.parametrize(
    ("checkpoint", "engines"),
    [
        ("default", ["torch-eager", "torch", "onnx", "onnx"]),
        ("passthrough", ["torch-eager", "torch", "onnx", "onnx"]),
        ("streammusicgen", ["torch"]),
    ],
)
def test_only_who_can_play_the_checkpoint_takes_part(checkpoint, engines):
    able = variants_for(checkpoint)
    assert [each.engine for each in able] == engines
    assert set(able) <= set(VARIANTS)


def test_every_variant_of_the_baseline_plays_it():
    able = variants_for("streammusicgen")
    rows = comparison_times("streammusicgen", 1, able, (1,), at_pace=False)
    assert {row.variant for row in rows} == set(able)


def test_memory_is_read_at_a_believable_speed():
    assert 0.5 < memory_gb_s() < 1000


def test_the_longest_pause_of_each_hop_is_found(monkeypatch):
    ticks = iter([0.0, 0.01, 0.04, 0.05, 0.07, 0.08, 0.1])
    monkeypatch.setattr("bridge.bench.machine.time.perf_counter", lambda: next(ticks))
    np.testing.assert_allclose(pauses(2), [0.03, 0.02])


@pytest.mark.jack
def test_a_start_is_over_when_the_program_is_ready():
    seconds = start_seconds("passthrough", "", 2)
    assert len(seconds) == 2
    assert all(0.05 < each < 60.0 for each in seconds)
    with pytest.raises(EngineError, match=r"does not get ready.*no checkpoint 'kazoo'"):
        start_seconds("kazoo", "", 1)


@pytest.mark.jack
def test_the_command_tells_engine_players_and_limit(capsys):
    assert main(["bench", "--json", "--steps", "2"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["part"] for line in lines] == [
        "start",
        "engine start",
        "encode",
        "generate",
        "decode",
        "track",
        "hop",
        "callback",
        "pauses",
        *["latency"] * 3,
    ]
    assert [(line["anticipation_s"], line["musical"]) for line in lines[9:]] == [
        (0.0, 3008),
        (0.1, 0),
        (1.0, 0),
    ]
    hop = lines[6]
    assert (hop["engine"], hop["dtype"], hop["players"]) == ("onnx", "int8", 1)
    parts = sum(line["limit_ms"] for line in lines[2:5])
    assert hop["limit_ms"] == pytest.approx(parts, abs=0.001)
    assert hop["ratio_to_limit"] == pytest.approx(hop["p50_ms"] / hop["limit_ms"], abs=0.01)
    assert 30 < hop["rss_mb"] < 250


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--storm"], ["make bench-storm", "python -m tools.trials storm"]),
        (["--storm", "1000", "--json"], ["make bench-storm"]),
        (["--hours", "0.5", "--paced"], ["make bench-hours", "python -m tools.trials hours"]),
        (["--chaos", "600"], ["make chaos", "python -m tools.trials chaos"]),
        (["--engines"], ["make bench", "python -m tools.benchmarks.engines"]),
        (["--players", "9"], ["--players takes 1 to 8, got 9"]),
    ],
)
def test_trials_of_a_clone_are_named_with_their_program(capsys, options, named):
    assert main(["bench", *options]) == 2
    said = capsys.readouterr().err
    for each in named:
        assert each in said
