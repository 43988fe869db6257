"""Many takes at once are those that would be played alone, and none is played twice."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest
import torch

from model.__main__ import main
from model.accompanists.players import play_together
from model.checkpoint import load_checkpoint, read_record, save_checkpoint
from model.data.index import Song
from model.evaluation.cache import CachedResult, fingerprint
from model.evaluation.estimate import costs_s
from model.evaluation.excerpts import Excerpt, seeds_of
from model.evaluation.plan import PlannedWork
from model.evaluation.rows import EvaluationResults, table_rows
from model.evaluation.scorer import LongScore, ReferenceStem, StemScore
from model.evaluation.systems import System, perform, perform_takes, player_phases
from model.formats.conditions import Conditions
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.network import Baseline
from model.networks.generator import Generator
from model.presets import load_preset


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    root = tmp_path_factory.mktemp("takes")
    torch.manual_seed(0)
    preset = load_preset("smoke")
    codec, sizes = Autoencoder(preset.autoencoder).eval(), preset.generator
    save_checkpoint(root / "band", codec, Generator(sizes).eval(), {})
    codes = Baseline(sizes, preset.coding)
    torch.nn.init.normal_(codes.codebooks, std=0.3)
    save_checkpoint(root / "codes", codec, codes.eval(), {})
    return root


def _mix(frames, seed):
    return (0.1 * np.random.default_rng(seed).standard_normal(frames)).astype(np.float32)


def test_the_baselines_batch_plays_what_each_would_play_alone(members):
    checkpoint = load_checkpoint(members / "codes")
    hop = checkpoint.autoencoder.config.hop
    mixes = [_mix(110 * hop, seed) for seed in (0, 1)]  # longer than what is encoded at once
    asked = [
        (mix, Conditions(stem=stem, seed=seed, anticipation_hops=hops))
        for mix, stem, seed, hops in (
            (0, "bass", 1, 0),
            (1, "drums", 2, 2),
            (0, "drums", 1, 20),
        )
    ]
    phases = [
        player_phases(checkpoint, mixes[mix], each.anticipation_hops) for mix, each in asked
    ]
    stems = play_together(checkpoint, mixes, asked, phases)
    for (mix, request), stem in zip(asked, stems, strict=True):
        hops = request.anticipation_hops
        alone = perform(checkpoint, mixes[mix], request.stem, hops, seed=request.seed)
        assert stem.shape == alone.shape == mixes[mix].shape
        assert np.abs(alone).max() > 1e-3
        assert np.allclose(stem, alone, atol=1e-5)


def test_who_is_told_no_phase_in_a_batch_keeps_its_own_count(members):
    checkpoint = load_checkpoint(members / "codes")
    mix = _mix(20 * checkpoint.autoencoder.config.hop, 0)
    asked = [(0, Conditions(stem="bass", seed=1, anticipation_hops=2))] * 2
    tracked = [
        phase and replace(phase, confidence=1.0) for phase in player_phases(checkpoint, mix, 2)
    ]
    told, untold = play_together(checkpoint, [mix], asked, [tracked, [None] * len(tracked)])
    assert np.array_equal(untold, play_together(checkpoint, [mix], asked)[0])
    alone = perform(checkpoint, mix, "bass", 2, seed=1, beat="none")
    assert np.allclose(untold, alone, atol=1e-5)
    assert not np.array_equal(told, untold)


def test_takes_of_one_band_are_takes_of_their_seeds(members):
    checkpoint = load_checkpoint(members / "codes")
    mix = _mix(12 * checkpoint.autoencoder.config.hop, 0)
    takes = perform_takes(checkpoint, mix, "bass", 2, seeds=(3, 4))
    assert len(takes) == 2
    for seed, take in zip((3, 4), takes, strict=True):
        alone = perform(checkpoint, mix, "bass", 2, seed=seed)
        assert np.allclose(take, alone, atol=1e-5)
    assert not np.allclose(*takes, atol=1e-3)


def test_every_excerpt_has_seeds_of_its_own_and_always_the_same(tmp_path):
    def excerpt(song, stem, start):
        return Excerpt(Song(tmp_path / song, (stem,), {}), stem, start, 100)

    places = [("a", "bass", 0), ("a", "bass", 7), ("a", "drums", 0), ("b", "bass", 0)]
    drawn = [seeds_of(excerpt(*place), 5) for place in places]
    assert len({seed for seeds in drawn for seed in seeds}) == 20
    assert all(0 <= seed < 2**31 for seeds in drawn for seed in seeds)
    assert seeds_of(excerpt(*places[0]), 2) == drawn[0][:2]


def test_who_played_in_a_band_before_does_not_play_on(members):
    checkpoint = load_checkpoint(members / "band")
    mix = _mix(6 * checkpoint.autoencoder.config.hop, 0)
    alone = perform(checkpoint, mix, "bass", 2, seed=3)
    assert len(perform_takes(checkpoint, mix, "bass", 2, seeds=(3, 4, 5))) == 3
    assert np.array_equal(perform(checkpoint, mix, "bass", 2, seed=3), alone)


def test_a_piece_is_done_once_and_comes_back_as_it_was(tmp_path):
    rng = np.random.default_rng(0)
    found = [
        StemScore(
            "s", "song", "bass", {"rhythm": 0.1 + 0.2, "chroma": None}, rng.random((2, 3))
        ),
        StemScore("t", "song", "bass", {}, None, rng.random((1, 4)).astype(np.float32), 7),
        LongScore("s", "song", "bass", [0.1, 0.2], None),
        ReferenceStem("bass", rng.random((5, 3)), None),
    ]
    calls = []
    piece = CachedResult(lambda: calls.append(1) or found, tmp_path / "piece.npz")
    assert not piece.is_there
    assert piece() is found
    for before, after in zip(found, piece(), strict=True):
        assert type(before) is type(after)
        for name in (field.name for field in fields(before)):
            a, b = getattr(before, name), getattr(after, name)
            assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b
    assert calls == [1]
    piece.file.write_bytes(piece.file.read_bytes()[:100])
    assert not piece.is_there


def test_other_facts_have_another_name():
    assert fingerprint("a", 1) == fingerprint("a", 1)
    assert len({fingerprint("a", 1), fingerprint("a", 2), fingerprint("b", 1)}) == 3


def test_a_control_that_played_once_is_the_rival_of_every_take():
    rival = System("shuffled", "player", wrong_mix=True)
    own = System("own", "player", rival="shuffled")
    stranger = System("random pairing", "stranger")

    def score(system, song, rhythm):
        figures = {"rhythm": rhythm, "chroma": None, "faint": 0.0}
        return [StemScore(system, song, "bass", figures)]

    scores = [score("shuffled", "a", 0.1), score("shuffled", "b", 0.2)]
    scores += [score("own", "a", 0.5), score("own", "a", 0.7), score("own", "b", 0.4)]
    scores += [score("random pairing", "a", 0.0)]
    rows = table_rows(EvaluationResults((own, rival, stranger), ("bass",), scores, [], [], []))
    assert rows[0]["gap"] == pytest.approx((0.4 + 0.6 + 0.2) / 3)
    assert (rows[0]["excerpts"], rows[1]["excerpts"]) == (3, 2)


def test_work_that_nobody_plays_in_is_counted_too(tmp_path):
    def piece(name):
        return CachedResult(lambda: [], tmp_path / f"{name}.npz")

    planned = [
        PlannedWork(piece(number), None, kind=kind)
        for number, kind in enumerate(("song", "song", "anchor", "song"))
    ]
    costs = costs_s(planned, [], 48_000)
    assert [cost > 0 for cost in costs] == [False, True, False, True]
    assert [each.piece.is_there for each in planned] == [True, False, True, False]
    assert costs_s(planned, [], 48_000)[2] == 0


def test_a_run_that_was_stopped_goes_on_and_is_recorded(members, rendered, tmp_path, caplog):
    words = ["evaluate", str(rendered), "--all", "--checkpoint", str(members), "--quick"]
    words += ["--songs", "1", "--seconds", "1", "--jobs", "1", "--seeds", "2"]
    words += ["--out", str(tmp_path)]
    caplog.set_level("INFO")
    assert main(words) == 0
    first = json.loads((tmp_path / "family.json").read_text())
    parts = sorted((tmp_path / "parts").iterdir())
    kept = {part: part.stat().st_mtime_ns for part in parts[1:]}
    assert f"0 of {len(parts)} pieces" in caplog.text
    assert "minute" in caplog.text
    parts[0].unlink()
    assert main([*words, "--record"]) == 0
    assert f"{len(kept)} of {len(parts)} pieces" in caplog.text
    assert {part: part.stat().st_mtime_ns for part in kept} == kept
    assert json.loads((tmp_path / "family.json").read_text()) == first
    for name, system in (("band", "liveband 0.1 s"), ("codes", "streammusicgen 0.1 s")):
        family = read_record(members / name)["family"]
        systems = [row["system"] for row in family["rows"]]
        assert family["seeds"] == 2
        assert {"ground truth", system, "shuffled input"} <= set(systems)
        assert {row["checkpoint"] for row in family["rows"]} == {None, name}
    assert main(["card", str(members / "codes")]) == 0
    card = (members / "codes" / "README.md").read_text()
    for said in (
        "## In the family, on the same excerpts",
        "2 takes of every system",
        "levels of",
        "hears its own slips on stage only",
    ):
        assert said in card
