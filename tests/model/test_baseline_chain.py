"""From latents to checkpoints of the other kinds, by our own commands, and onto the stage."""

import itertools
import json
import shutil
from functools import partial

import numpy as np
import pytest
import soundfile
import torch

from bridge.checkpoints.catalogue import named_capabilities
from bridge.common.errors import RefusedError
from bridge.protocols import Conditions
from model.__main__ import main
from model.accompanists.condition_encoding import encode_condition
from model.accompanists.players import (
    FADE,
    OVERLAP,
    _in_windows,
    _windows,
    load,
    play_whole,
)
from model.checkpoint import (
    load_checkpoint,
    load_generator,
    save_checkpoint,
)
from model.errors import CheckpointError, ModelConfigError
from model.evaluation.systems import perform_conditions, perform_takes
from model.formats.checkpoint_folder import BASELINE, BIDIRECTIONAL, LIVEBAND
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.network import Baseline
from model.networks.generator import Generator
from model.presets import load_preset
from model.training.run_state import load_state

FEW = ["--preset", "smoke", "--threads", "1"]


@pytest.fixture(scope="module")
def family(rendered, tmp_path_factory):
    """A codec, its latents, and a checkpoint of every kind, hardly trained."""
    root = tmp_path_factory.mktemp("family")
    torch.manual_seed(0)
    preset = load_preset("smoke")
    codec, latents = root / "codec", root / "latents"
    autoencoder = Autoencoder(preset.autoencoder).eval()
    save_checkpoint(codec, autoencoder, None, {"codec": {"minutes": 0}})
    save_checkpoint(root / "liveband", autoencoder, Generator(preset.generator).eval(), {})
    encode = ["data", "encode", str(rendered), str(codec), str(latents)]
    assert main([*encode, "--preset", "smoke"]) == 0
    for kind, more in (
        ("baseline", ["--input-noise", "0.5"]),
        ("bidirectional", []),
    ):
        train = ["train", kind, str(latents), str(codec), str(root / f"run_{kind}")]
        assert main([*train, *FEW, *more]) == 0
        (root / f"run_{kind}" / "checkpoint").rename(root / kind)
    return root


def _mix(player, hops, seed=0):
    noise = np.random.default_rng(seed).standard_normal(hops * player.hop)
    return (0.1 * noise).astype(np.float32)


def _take(player, mix):
    hops = []
    for start in range(0, len(mix), player.hop):
        player.listen(mix[start : start + player.hop])
        hops.append(player.play())
    return np.concatenate(hops, axis=1)


def test_every_kind_is_known_by_its_config(family):
    for kind in ("liveband", "bidirectional", "baseline"):
        facts = json.loads((family / kind / "config.json").read_text())
        assert facts["kind"] == kind
        assert facts["generator"]["stems"] == ["drums", "bass"]
        assert load_checkpoint(family / kind).kind == kind
    assert isinstance(load_checkpoint(family / "baseline").generator, Baseline)


def test_a_checkpoint_from_before_there_were_kinds_is_liveband(family, tmp_path):
    old = tmp_path / "old"
    old.mkdir()
    facts = json.loads((family / "liveband" / "config.json").read_text())
    del facts["kind"]
    (old / "config.json").write_text(json.dumps(facts))
    weights = (family / "liveband" / "weights.safetensors").read_bytes()
    (old / "weights.safetensors").write_bytes(weights)
    assert load_checkpoint(old).kind == "liveband"
    facts["kind"] = "psychic"
    (old / "config.json").write_text(json.dumps(facts))
    with pytest.raises(CheckpointError, match=r"psychic.*liveband, bidirectional, baseline"):
        load_checkpoint(old)


@pytest.mark.parametrize("reader", [partial(load_checkpoint, kind=LIVEBAND), load_generator])
def test_a_kind_is_not_taken_for_another(family, reader):
    with pytest.raises(CheckpointError, match="kind 'baseline'"):
        reader(family / "baseline")
    with pytest.raises(CheckpointError, match="kind 'bidirectional'"):
        load_checkpoint(family / "bidirectional", BASELINE)


def test_the_record_tells_noise_and_what_the_codes_keep(family):
    record = load_checkpoint(family / "baseline").training
    assert record["baseline"]["input_noise"] == 0.5
    assert len(record["baseline"]["kept"]) == 2
    assert load_checkpoint(family / "bidirectional").training["bidirectional"]["hops"] == 16


def test_the_baselines_training_goes_on_where_it_stopped(family):
    state = family / "run_baseline" / "state.pt"
    before = load_state(state)
    train = ["train", "baseline", str(family / "latents"), str(family / "codec")]
    more = ["--steps", str(before["step"] + 10)]
    assert main([*train, str(family / "run_baseline"), *FEW, *more]) == 0
    after = load_state(state)
    assert after["step"] == before["step"] + 10
    assert after["sizes"] == before["sizes"]
    books = [state["parts"]["network"]["codebooks"] for state in (before, after)]
    assert torch.equal(*books)
    lines = (family / "run_baseline" / "log.jsonl").read_text().splitlines()
    assert {"surprise", "right_0", "right_1", "belief_count"} <= set(json.loads(lines[-1]))


def test_one_anticipation_alone_can_be_practised(family, tmp_path, caplog):
    train = ["train", "baseline", str(family / "latents"), str(family / "codec")]
    assert main([*train, str(tmp_path), *FEW, "--anticipation", "0.1"]) == 0
    assert load_checkpoint(tmp_path / "checkpoint").generator.config.anticipations == (2,)
    assert main([*train, str(tmp_path), *FEW, "--anticipation", "0.12"]) == 2
    assert "multiple of 0.05 s, got 0.12" in caplog.text


def test_a_baseline_begins_with_a_generator_and_says_so(family, tmp_path, caplog):
    train = ["train", "baseline", str(family / "latents"), str(family / "codec")]
    start = str(family / "liveband")
    assert main([*train, str(tmp_path), *FEW, "--steps", "1", "--start", start]) == 0
    assert load_checkpoint(tmp_path / "checkpoint").training["baseline"]["start"] == start
    other = str(family / "bidirectional")
    assert main([*train, str(tmp_path / "other"), *FEW, "--start", other]) == 1
    assert "kind 'bidirectional'" in caplog.text


def test_the_baseline_plays_live_and_repeats_by_seed(family):
    player = load(family / "baseline")
    mix = _mix(player, 12)
    takes = []
    for seed in (1, 1, 2):
        player.restart()
        player.condition(1, Conditions(stem="bass", seed=seed))
        takes.append(_take(player, mix))
    assert np.isfinite(takes[0]).all()
    assert np.array_equal(takes[0], takes[1])
    assert not np.array_equal(takes[0], takes[2])


def test_a_player_of_the_baseline_does_not_mind_who_else_plays(family):
    player, alone = load(family / "baseline"), load(family / "baseline")
    mix = _mix(player, 16)
    half = 8 * player.hop
    player.condition(3, Conditions(stem="bass", seed=5))
    alone.condition(3, Conditions(stem="bass", seed=5))
    start = _take(player, mix[:half])
    player.condition(1, Conditions(stem="drums", seed=6))
    both = _take(player, mix[half:])
    expected = _take(alone, mix)
    assert np.allclose(np.concatenate([start[0], both[1]]), expected[0], atol=1e-5)
    player.dismiss(1)
    assert player.play().shape == (1, player.hop)


def test_the_baseline_remembers(family):
    player = load(family / "baseline")
    mix = _mix(player, 12)
    player.condition(1, Conditions(stem="bass", seed=1))
    _take(player, mix)
    arrays = player.packed(player.state())
    assert "thinking.named.codes" in arrays
    other = load(family / "baseline")
    other.condition(1, Conditions(stem="bass", seed=1))
    other.restore(other.unpacked(arrays))
    assert np.array_equal(
        other.state().generator.named.codes, player.state().generator.named.codes
    )


def test_the_bidirectional_kind_hears_the_future_and_only_that_kind_does(family):
    checkpoint = load_checkpoint(family / "bidirectional", BIDIRECTIONAL)
    for parameter in checkpoint.generator.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    hop = checkpoint.autoencoder.config.hop
    mix = np.random.default_rng(0).standard_normal(30 * hop).astype(np.float32) * 0.1
    changed = mix.copy()
    changed[25 * hop :] = 0
    asked = Conditions(stem="bass", seed=3)
    a, b = (play_whole(checkpoint, each, asked) for each in (mix, changed))
    assert a.shape == mix.shape
    assert not np.allclose(a[: 10 * hop], b[: 10 * hop], atol=1e-6)
    assert np.array_equal(a, play_whole(checkpoint, mix, asked))
    assert not np.array_equal(a, play_whole(checkpoint, mix, Conditions(stem="bass", seed=4)))
    with pytest.raises(CheckpointError, match="train bidirectional"):
        play_whole(load_checkpoint(family / "liveband"), mix, asked)
    with pytest.raises(ModelConfigError, match=r"'kazoo'.*drums, bass"):
        play_whole(checkpoint, mix, Conditions(stem="kazoo"))


def test_what_hears_the_future_is_judged_in_every_condition_asked_for(family):
    checkpoint = load_checkpoint(family / "bidirectional", BIDIRECTIONAL)
    mix = _mix(load(family / "baseline"), 12)
    asked = [Conditions(stem=stem, seed=3) for stem in ("bass", "drums")]
    for each, stem in zip(asked, perform_conditions(checkpoint, mix, asked), strict=True):
        assert np.array_equal(stem, play_whole(checkpoint, mix, each))
    takes = perform_takes(checkpoint, mix, "drums", 0, seeds=(3, 4))
    assert np.array_equal(takes[0], play_whole(checkpoint, mix, asked[1]))
    assert not np.array_equal(*takes)


def test_windows_cover_pieces_of_any_length(family):
    checkpoint = load_checkpoint(family / "bidirectional", BIDIRECTIONAL)
    hop = checkpoint.autoencoder.config.hop
    for frames in (1, hop, 200 * hop, 200 * hop + 1, 391 * hop):
        mix = np.full(frames, 0.01, np.float32)
        assert play_whole(checkpoint, mix, Conditions(stem="drums")).shape == (frames,)


@pytest.mark.parametrize("hops", [2, 150, 201, 202, 260, 361, 362, 1000])
def test_no_window_is_shorter_than_what_it_was_trained_on(hops):
    windows = _windows(hops, 200)
    assert (windows[0].start, windows[-1].stop) == (0, hops)
    if hops > 201:
        assert {each.stop - each.start for each in windows[:-1]} <= {200}
    assert windows[-1].stop - windows[-1].start == min(hops, 201)
    for before, after in itertools.pairwise(windows):
        assert before.start < after.start <= before.stop - OVERLAP


def test_the_seam_of_two_windows_is_short_and_amid_their_overlap(family, monkeypatch):
    checkpoint = load_checkpoint(family / "bidirectional", BIDIRECTIONAL)
    calls = itertools.count(1)

    def play(mix_BTC, *_):
        size = (*mix_BTC.shape[:2], checkpoint.generator.config.latent)
        return torch.full(size, float(next(calls))), None

    monkeypatch.setattr(checkpoint.generator, "play", play)
    config = checkpoint.generator.config
    asked = Conditions(stem="bass", anticipation_hops=config.anticipations[0])
    condition = encode_condition(config, asked, 20.0)
    mix_BTC = torch.zeros(1, 501, checkpoint.generator.config.latent)
    made_T = _in_windows(checkpoint, mix_BTC, condition, 200)[0, :, 0]
    assert (made_T.diff() >= 0).all()
    between = [(made_T == whole).nonzero().flatten().tolist() for whole in (1, 2, 3)]
    assert sum(map(len, between)) == 501 - 2 * FADE
    assert between[0] == list(range(176))  # (160 + 200) / 2 - 4
    assert between[1][0] == 184
    assert between[2][-1] == 500


def test_the_bidirectional_kind_does_not_go_on_stage(family):
    with pytest.raises(CheckpointError, match="render --bidirectional"):
        load(family / "bidirectional")


def _render(family, tmp_path, kind, *more):
    from bridge.__main__ import main as liveband

    mix = tmp_path / "mix.wav"
    rng = np.random.default_rng(0)
    soundfile.write(mix, 0.1 * rng.standard_normal(48_000), 48_000)
    where = ["--checkpoint", str(family / kind), "--stem", "bass"]
    return liveband(["render", str(mix), str(tmp_path / "out.wav"), *where, *more])


@pytest.mark.parametrize(
    ("kind", "more"), [("baseline", []), ("bidirectional", ["--bidirectional"])]
)
def test_render_plays_the_other_kinds(family, tmp_path, kind, more):
    assert _render(family, tmp_path, kind, *more) == 0
    audio, rate = soundfile.read(tmp_path / "out.wav")
    assert (len(audio), rate) == (48_000, 48_000)


def test_render_refuses_what_does_not_fit(family, tmp_path, capsys):
    assert _render(family, tmp_path, "bidirectional") == 2
    assert "render --bidirectional" in capsys.readouterr().err
    assert _render(family, tmp_path, "baseline", "--engine", "onnx") == 2
    assert "is of the kind baseline, which has no graphs" in capsys.readouterr().err
    assert _render(family, tmp_path, "liveband", "--bidirectional") == 2
    assert "liveband train bidirectional" in capsys.readouterr().err


def test_no_controller_can_put_a_bidirectional_checkpoint_on_stage(
    family, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    own = tmp_path / "liveband" / "checkpoints"
    for kind in ("bidirectional", "baseline"):
        shutil.copytree(family / kind, own / kind)
    assert named_capabilities("baseline").kind == "baseline"
    with pytest.raises(RefusedError, match="render --bidirectional"):
        named_capabilities("bidirectional")


def test_run_refuses_what_cannot_play_live(family, capsys):
    from bridge.__main__ import main as liveband

    where = str(family / "bidirectional")
    assert liveband(["run", "--checkpoint", where, "--backend", "portaudio"]) == 2
    assert "render --bidirectional" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["run", "--backend", "portaudio", "--engine", "onnx", "--checkpoint"],
        ["export"],
    ],
    ids=lambda words: words[0],
)
def test_what_has_no_graphs_says_so(family, words, capsys):
    from bridge.__main__ import main as liveband

    assert liveband([*words, str(family / "baseline")]) == 2
    assert "is of the kind baseline, which has no graphs" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["demo"], ["bench"]])
def test_nothing_is_begun_that_could_not_be_played(family, words, capsys):
    from bridge.__main__ import main as liveband

    assert liveband([*words, "--checkpoint", str(family / "bidirectional")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "JACK" not in said.err
    assert "render --bidirectional" in said.err


def test_a_trial_of_hours_is_not_begun_either(family, capsys):
    from tools.trials.__main__ import main as trials

    assert trials(["hours", "1", "--checkpoint", str(family / "bidirectional")]) == 2
    assert "render --bidirectional" in capsys.readouterr().err
