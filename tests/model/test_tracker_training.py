"""Training of the beat tracker: its torch twin, targets, mixes, loss, and the command."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch

from model.__main__ import main
from model.beat_tracker.network import BeatNetwork
from model.beat_tracker.spectrum import FEATURES
from model.beat_tracker.tracker import load
from model.beat_tracker.weights import WEIGHTS, load_weights, save_weights
from model.data.beat_mixes import draw_sequence, draw_stems, songs_with_beats
from model.data.beat_targets import beat_targets, frames_between_beats
from model.data.index import load_songs
from model.errors import CheckpointError, DataError, ModelConfigError
from model.training.prefetch import StepBatches
from model.training.processes import ALONE
from model.training.tracker import (
    TrackerBatch,
    TrackerTask,
    TrackerTraining,
    beat_loss,
    train_tracker,
)
from model.training.tracker_network import TrackerNetworks
from model.training.trainer import Trainer, TrainingRun

RATE, FRAMES = 48_000, 200
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def shipped():
    return load_weights()[0]


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    """Two songs of 8 s at 120 bpm, in 4/4 from the first beat on."""
    root = tmp_path_factory.mktemp("songs")
    for number in range(2):
        folder = root / "train" / f"song{number}"
        folder.mkdir(parents=True)
        time = np.arange(8 * RATE) / RATE
        beat, bar = (np.exp(-((time % every) * 25)) for every in (0.5, 2.0))
        noise = np.random.default_rng(number).standard_normal(len(time))
        tone = np.sin(2 * np.pi * 55 * (2 + number) * time)
        stems = {"drums": 0.1 * beat * noise + 0.3 * bar * tone, "bass": 0.3 * beat * tone}
        for name, audio in stems.items():
            np.save(folder / f"{name}.npy", audio.astype(np.float16))
        facts = {
            "stems": [{"class": name, "active_share": 1.0} for name in stems],
            "beats_s": np.arange(0, 8, 0.5).tolist(),
            "downbeats_s": np.arange(0, 8, 2.0).tolist(),
        }
        (folder / "song.json").write_text(json.dumps(facts))
    return root


def _features(frames=FRAMES):
    rng = np.random.default_rng(1)
    return rng.random((frames, FEATURES)).astype(np.float32) ** 2


def _in_8_bits(weights):
    """Return matrices rounded as on stage: to 127ths of the largest weight of each row."""
    if weights.ndim != 3:
        return weights
    step = np.abs(weights).max(axis=2, keepdims=True) / 127
    return np.rint(weights / step) * step


# -- the twin and its weights ---------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_twin_says_what_the_stage_hears(shipped, count):
    weights = {name: _in_8_bits(array[:count]) for name, array in shipped.items()}
    features, stage = _features(), BeatNetwork(weights)
    told = stage.step(features, stage.init_state())
    with torch.no_grad():
        logits_NBTK = TrackerNetworks(weights)(torch.from_numpy(features)[None])
    assert logits_NBTK.shape == (count, 1, FRAMES, 3)
    expected = logits_NBTK.softmax(-1).mean(0)[0].numpy()
    assert np.ptp(expected[:, 0]) > 0.01
    np.testing.assert_allclose(told, expected, atol=1e-4)


def test_weights_come_back_as_they_were(shipped, tmp_path):
    file = tmp_path / "tracker.safetensors"
    save_weights(file, TrackerNetworks(shipped).arrays(), {"training": "none"})
    found, _ = load_weights(file)
    assert found.keys() == shipped.keys()
    assert all(np.array_equal(found[name], shipped[name]) for name in shipped)
    load(file).listen(np.zeros(4800, np.float32))
    size = WEIGHTS.stat().st_size
    assert abs(file.stat().st_size - size) < 1000


def test_weights_that_16_bits_cannot_hold_are_refused(shipped, tmp_path):
    for value in (np.nan, 1e6):
        bad = {**shipped, "linear.bias": np.full((3, 3), value, np.float32)}
        with pytest.raises(CheckpointError, match=r"linear\.bias"):
            save_weights(tmp_path / "w.safetensors", bad, {})
    assert not list(tmp_path.iterdir())


def test_weights_of_another_network_are_refused(shipped):
    with pytest.raises(CheckpointError, match=r"linear\.bias"):
        TrackerNetworks({})
    with pytest.raises(CheckpointError, match="another network"):
        TrackerNetworks({**shipped, "linear.weight": np.zeros((3, 4, 150), np.float32)})


# -- targets and mixes ----------------------------------------------------------------------


def test_targets_are_beats_a_frame_wider_on_either_side():
    beats_s = np.array([-1.0, 0.0, 0.5, 1.004, 9.0])
    targets = beat_targets(beats_s, beats_s[[1, 4]], 60)
    np.testing.assert_array_equal(targets.sum(1), 1)
    assert targets[:2, 1].tolist() == [1, 0.5]
    assert targets[24:27, 0].tolist() == [0.5, 1, 0.5]
    assert targets[49:52, 0].tolist() == [0.5, 1, 0.5]
    assert targets[:, :2].sum() == pytest.approx(1.5 + 2 + 2)
    known = frames_between_beats(np.array([0.5, 1.0]), 60)
    assert (known.argmax(), known.sum()) == (21, 34)


def test_half_of_the_mixes_lack_drums_and_some_are_one_stem():
    rng = Random(0)
    drawn = [draw_stems(rng, ("drums", "bass", "piano", "lead")) for _ in range(2000)]
    without = np.mean(["drums" not in names for names in drawn])
    assert 0.5 < without < 0.65
    assert 0.2 < np.mean([len(names) == 1 for names in drawn]) < 0.45
    assert all(len(set(names)) == len(names) > 0 for names in drawn)
    assert {draw_stems(rng, ("drums",))[0] for _ in range(20)} == {"drums"}


def test_beats_of_a_sequence_lie_where_its_sound_rises(songs):
    (song, *_) = songs_with_beats(load_songs(songs, "train"))
    found = []
    for seed in range(12):
        sequence = draw_sequence(Random(seed), song, 300)
        assert sequence.features.shape == (300, FEATURES)
        assert sequence.targets.shape == (300, 3)
        assert np.isfinite(sequence.features).all()
        rises = sequence.features[:, FEATURES // 2 :].sum(1)
        beats = np.flatnonzero(sequence.targets[:, 2] == 0)
        beats = beats[(beats > 5) & (beats < 294) & sequence.counts[beats]]
        assert len(beats) >= 6
        found.append(np.mean([rises[b - 6 : b + 7].argmax() - 6 for b in beats]))
    assert abs(np.median(found)) <= 2


def test_songs_that_teach_no_beat_are_left_out(songs, rendered, tmp_path):
    with pytest.raises(DataError, match="beats_s and downbeats_s"):
        songs_with_beats(load_songs(rendered, "train"))
    one = load_songs(songs, "train")[0]
    facts = json.loads((one.path / "song.json").read_text())
    facts["beats_s"] = np.arange(0, 8, 2.0).tolist()
    slow = tmp_path / "train" / "slow"
    slow.mkdir(parents=True)
    (slow / "song.json").write_text(json.dumps(facts))
    with pytest.raises(DataError, match="55 to 215 bpm"):
        songs_with_beats(load_songs(tmp_path, "train"))


# -- training -------------------------------------------------------------------------------


def test_frames_that_do_not_count_teach_nothing():
    logits = torch.zeros(1, 1, 4, 3, requires_grad=True)
    targets = torch.tensor([[[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]])
    counts = torch.tensor([[True, False, True, False]])
    loss = beat_loss(logits, targets, counts, (2.0, 7.0, 1.0))
    assert loss.item() == pytest.approx(1.5 * np.log(3))
    loss.sum().backward()
    assert logits.grad[0, 0, [1, 3]].abs().max() == 0
    assert logits.grad[0, 0, [0, 2]].abs().min() > 0


def test_the_loss_falls(songs, shipped, tmp_path):
    (song, *_) = songs_with_beats(load_songs(songs, "train"))
    drawn = [draw_sequence(Random(seed), song, 100) for seed in range(2)]
    names = ("features", "targets", "counts")
    batch = TrackerBatch(
        *(torch.from_numpy(np.stack([getattr(one, n) for one in drawn])) for n in names)
    )
    one = TrackerNetworks({name: array[:1] for name, array in shipped.items()})
    settings = TrackerTraining(steps=30, rate=5e-3)
    task = TrackerTask(one, settings, StepBatches(lambda step: batch, ALONE))
    Trainer(settings, TrainingRun(folder=tmp_path, device=CPU), log_every=1).train(task)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines[-1]["loss"] < 0.5 * lines[0]["loss"]


def test_settings_out_of_range_are_refused():
    with pytest.raises(ModelConfigError, match="seconds of a sequence"):
        TrackerTraining(seconds=0.5)
    with pytest.raises(ModelConfigError, match="downbeat_weight"):
        TrackerTraining(downbeat_weight=0.0)
    for kept in (-0.01, 1.01, float("nan")):
        with pytest.raises(ModelConfigError, match=f"kept must be 0 to 1, got {kept:g}"):
            TrackerTraining(kept=kept)


def test_the_result_lies_between_the_weights_before_and_after_training(
    songs, shipped, tmp_path
):
    def trained(kept):
        settings = TrackerTraining(steps=2, batch=1, seconds=2.0, kept=kept)
        run = TrainingRun(folder=tmp_path / f"{kept}", device=CPU)
        return train_tracker(songs, shipped, settings, run)[0].state_dict()

    begun, after, half, kept = TrackerNetworks(shipped).state_dict(), *map(trained, (0, 0.5, 1))
    assert any(not torch.equal(after[name], begun[name]) for name in begun)
    for name, before in begun.items():
        assert torch.equal(kept[name], before)
        assert torch.allclose(half[name], (before + after[name]) / 2, atol=1e-7)


def test_the_command_writes_weights_that_the_tracker_hears_with(songs, tmp_path, shipped):
    run = tmp_path / "run"
    words = ["train", "tracker", str(songs), str(run), "--preset", "smoke", "--threads", "1"]
    assert main([*words, "--steps", "2"]) == 0
    found, _ = load_weights(run / "tracker.safetensors")
    assert any(not np.array_equal(found[name], shipped[name]) for name in shipped)
    assert max(np.abs(found[name] - shipped[name]).max() for name in shipped) < 0.01
    load(run / "tracker.safetensors")
    import safetensors

    with safetensors.safe_open(run / "tracker.safetensors", "np") as file:
        about = file.metadata()
    assert "Heydari" in about["authors"]
    assert "trained further" in about["changes"]
    assert json.loads(about["training"])["steps"] == 2
    again = [*words, "--steps", "1", "--start", str(Path(run) / "tracker.safetensors")]
    again[3] = str(tmp_path / "other")
    assert main(again) == 0
