"""The page of figures holds every engine and size, from lines as the bench tells them."""

from tools.benchmarks.engine_comparison import PACED_PLAYERS, PLAYERS
from tools.benchmarks.engines import NAMES, draw, page


def _line(part, players, key, **more):
    engine, dtype = key
    times = {"p50_ms": 4.0 + players, "p99_ms": 6.0, "max_ms": 7.0, "limit_ms": 2.0}
    named = {"part": part, "players": players, "engine": engine, "dtype": dtype}
    facts = {"memory_gb_s": 20.0 + players, "ratio_to_limit": 2.5, "rss_mb": 120.0}
    return {**STAMP, **times, **named, **facts, **more}


PROGRAMS = [("torch", "float32"), ("onnx", "int8")]
STAMP = {
    "git": "abc1234",
    "machine": "Abacus, 2 cores",
    "time": "2026-01-01 00:00",
    "checkpoint": "default",
    "steps": 400,
}


def _lines():
    held = {"p50_ms": 0.01, "p99_ms": 6.5, "max_ms": 9.5, "budget_ms": 50.0}
    yield {**STAMP, "part": "pauses", **held}
    for key in NAMES:
        yield _line("engine start", 1, key)
        if key in PROGRAMS:
            yield _line("start", 1, key)
        yield from (_line("hop", players, key) for players in PLAYERS)
        if key != ("torch-eager", "float32"):
            yield from (
                _line(part, 1, key) for part in ("encode", "generate", "decode", "track")
            )
        for part in ("paced", "paced beside two"):
            yield from (_line(part, players, key, late=3) for players in PACED_PLAYERS)


def test_the_page_has_a_row_for_every_size(tmp_path):
    lines = list(_lines())
    text = page(lines)
    assert "Abacus, 2 cores; one thread reads memory at 21.0 to 28.0 GB/s" in text
    assert "| the program, ms |  | 5 / 7 |  | 5 / 7 |" in text
    assert "| the engine alone, ms | 5 | 5 | 5 | 5 |" in text
    assert "held up for 0.01 / 6.5 / 9.5 ms" in text
    assert "## A native step?" in text
    for name in NAMES.values():
        assert text.count(name) == 4
    assert "| 8 | 12.0 / 6.0 (2.5 x) |" in text
    assert "| nothing | 4 | 8.0 / 6.0 / 7.0, 3 late |" in text
    assert "| encode |  | 5.0 / 6.0 |" in text
    draw(lines, tmp_path / "pictures" / "engines.svg")
    assert "<svg" in (tmp_path / "pictures" / "engines.svg").read_text()
