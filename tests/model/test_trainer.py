"""A training is the same however often it was stopped."""

import json
import math
import os
import shutil
import signal
from dataclasses import replace

import pytest
import torch

from model.beat_tracker.weights import load_weights
from model.data.crops import load_training_audio
from model.errors import DataError, ModelConfigError
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.coding import Coding
from model.networks.bidirectional import BidirectionalGenerator
from model.networks.generator import Generator
from model.presets import load_preset
from model.training.baseline import BaselineTraining, train_baseline
from model.training.codec import train_codec
from model.training.decoder import train_decoder
from model.training.initial_weights import InitialNetworks
from model.training.liveband import train_liveband
from model.training.optimisation import rate_at
from model.training.prefetch import Prefetched
from model.training.processes import ALONE, Processes
from model.training.run_state import STATE_FILE, load_state, save_state
from model.training.settings import LiveBandTraining
from model.training.tracker import train_tracker
from model.training.trainer import TrainingRun
from tests.model.tiny import DISCRIMINATOR, GENERATOR, HOPS, tiny_codec, write_latents

CPU = torch.device("cpu")
SMOKE = load_preset("smoke")
STEPS = 6
GAN = LiveBandTraining(
    steps=STEPS,
    batch=4,
    hops=HOPS,
    context_share=0.4,
    save_every=2,
    probe_stretches=10,
    probe_steps=3,
)
WHOLE = replace(GAN, anticipation_shares=(1.0,))
CODEC = tiny_codec()
CONTEXT = ("blocks.0.", "enter.", "late.", "believe.", "context_norm.", "silence")
"""Beginnings of the names of the context network's weights."""


class StopAfter(Processes):
    """A lone process whose time is up after so many steps."""

    left: int

    def any(self, flag, device):
        StopAfter.left -= 1
        return flag or StopAfter.left < 0


@pytest.fixture(scope="module")
def latents(tmp_path_factory):
    return write_latents(tmp_path_factory.mktemp("latents"))


@pytest.fixture(scope="module")
def trainings(latents, rendered, tmp_path_factory):
    """Every training by name, as a function of its run."""
    material = load_training_audio(rendered, None, 0.0)

    def refine(run):
        torch.manual_seed(1)
        codec = Autoencoder(SMOKE.autoencoder).eval()
        settings = replace(SMOKE.decoder_training, steps=STEPS, judged_share=0.6)
        return train_decoder(material, codec, SMOKE.judges, settings, run)

    codec = replace(SMOKE.codec_training, steps=STEPS)
    whole = replace(GENERATOR, anticipations=(0,))
    baseline = BaselineTraining(steps=STEPS, batch=4, hops=HOPS, fitted=100, input_noise=0.5)
    timed, tracker = (
        _with_beats(rendered, tmp_path_factory),
        replace(SMOKE.tracker_training, steps=STEPS),
    )
    coding = Coding(codes=8, delays=(0, 1), top_k=4)
    return {
        "codec": lambda at: train_codec(material, SMOKE.autoencoder, codec, at),
        "decoder": refine,
        "liveband": lambda at: train_liveband(
            latents, CODEC, GENERATOR, DISCRIMINATOR, GAN, at
        ),
        "bidirectional": lambda at: train_liveband(
            latents, CODEC, whole, DISCRIMINATOR, WHOLE, at, kind=BidirectionalGenerator
        ),
        "baseline": lambda at: train_baseline(latents, GENERATOR, coding, baseline, at),
        "tracker": lambda at: train_tracker(timed, load_weights()[0], tracker, at),
    }


def _with_beats(rendered, tmp_path_factory):
    """Return the folder of a rendered song that knows its beats."""
    root = tmp_path_factory.mktemp("timed")
    folder = root / "train" / "song0"
    shutil.copytree(rendered / "train" / "song0", folder)
    facts = json.loads((folder / "song.json").read_text())
    facts |= {
        name: [n * s for n in range(5)] for name, s in (("beats_s", 0.5), ("downbeats_s", 2))
    }
    (folder / "song.json").write_text(json.dumps(facts))
    return root


def _same(one, other):
    """Whether two states are equal to the last bit."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    return one == other


@pytest.mark.parametrize(
    "kind", ["codec", "decoder", "liveband", "bidirectional", "baseline", "tracker"]
)
def test_a_stopped_run_equals_one_that_was_not(kind, trainings, tmp_path):
    network, *_, progress = trainings[kind](TrainingRun(folder=tmp_path / "whole", device=CPU))
    assert (progress.step, progress.interrupted) == (STEPS, False)
    resumed = tmp_path / "resumed"
    for steps in (1, 3, 5):
        torch.manual_seed(steps)
        done = torch.load(resumed / "state.pt")["step"] if resumed.exists() else 0
        StopAfter.left = steps - done
        trainings[kind](TrainingRun(folder=resumed, device=CPU, processes=StopAfter(0, 1)))
        assert load_state(resumed / "state.pt")["step"] == steps
    again, *_ = trainings[kind](TrainingRun(folder=resumed, device=CPU))
    states = [load_state(folder / "state.pt") for folder in (tmp_path / "whole", resumed)]
    for state in states:
        del state["seconds"]
    assert _same(*states)
    assert _same(network.state_dict(), again.state_dict())


@pytest.mark.parametrize(
    ("before", "alone"),
    [
        (None, True),
        (Generator(GENERATOR), False),
        (BidirectionalGenerator(replace(GENERATOR, anticipations=(0,))), True),
    ],
    ids=["nothing", "the same kind", "another kind"],
)
def test_a_generator_that_is_trained_further_is_trained_as_a_whole(
    before, alone, latents, tmp_path
):
    start = None if before is None else InitialNetworks(before, None)
    for steps in (1, 2):
        StopAfter.left = 1
        run = TrainingRun(folder=tmp_path, device=CPU, processes=StopAfter(0, 1))
        train_liveband(latents, CODEC, GENERATOR, DISCRIMINATOR, GAN, run, start=start)
        state = load_state(tmp_path / "state.pt")
        assert state["step"] == steps
        assert (not state["parts"]["discriminator_steps"]["state"]) == alone
        start = None


@pytest.mark.parametrize("before", [None, Generator(GENERATOR)], ids=["nothing", "the same"])
def test_a_context_network_of_no_weight_stays_as_it_was_begun(before, latents, tmp_path):
    start = None if before is None else InitialNetworks(before, None)
    settings, weights = replace(GAN, belief=0.0), []
    for processes in (StopAfter(0, 1), ALONE):
        StopAfter.left = math.ceil(GAN.context_share * STEPS)
        run = TrainingRun(folder=tmp_path, device=CPU, processes=processes)
        train_liveband(latents, CODEC, GENERATOR, DISCRIMINATOR, settings, run, start=start)
        weights.append(load_state(tmp_path / STATE_FILE)["parts"]["generator"])
    left, trained = weights
    for name, value in trained.items():
        assert torch.equal(value, left[name]) == name.startswith(CONTEXT), name
        if before is not None and name.startswith(CONTEXT):
            assert torch.equal(value, before.state_dict()[name]), name


def test_a_context_network_that_would_never_be_trained_is_refused(latents, tmp_path):
    settings = replace(GAN, belief=0.0, context_share=0.0)
    run = TrainingRun(folder=tmp_path, device=CPU)
    with pytest.raises(ModelConfigError, match=r"never be trained; .*--start"):
        train_liveband(latents, CODEC, GENERATOR, DISCRIMINATOR, settings, run)


def test_a_baseline_hears_as_the_generator_that_it_begins_with(latents, tmp_path):
    before, coding = Generator(GENERATOR), Coding(codes=8, delays=(0, 1), top_k=4)
    settings = BaselineTraining(steps=2, batch=4, hops=HOPS, fitted=100, belief=0.0)
    run = TrainingRun(folder=tmp_path, device=CPU)
    with pytest.raises(ModelConfigError, match=r"never be trained; .*--start"):
        train_baseline(latents, GENERATOR, coding, settings, run)
    trained, *_ = train_baseline(latents, GENERATOR, coding, settings, run, start=before)
    known = before.state_dict()
    for name, value in trained.trunk.state_dict().items():
        if name.startswith(CONTEXT):
            assert torch.equal(value, known[name]), name
        elif value.shape == known[name].shape:
            assert not torch.equal(value, known[name]), name
    again, *_ = train_baseline(latents, GENERATOR, coding, replace(settings, steps=3), run)
    assert torch.equal(again.trunk.enter.weight, before.enter.weight)


def test_another_seed_is_another_run(latents, tmp_path):
    networks = [
        train_liveband(
            latents,
            CODEC,
            GENERATOR,
            DISCRIMINATOR,
            replace(GAN, seed=seed, steps=2),
            TrainingRun(folder=tmp_path / str(seed), device=CPU),
        )[0]
        for seed in (0, 1)
    ]
    assert not _same(*(network.state_dict() for network in networks))


def test_minutes_only_stop_it(trainings, tmp_path):
    *_, progress = trainings["baseline"](TrainingRun(folder=tmp_path, device=CPU, minutes=0.0))
    assert progress.step == 0
    assert progress.steps == STEPS
    assert not (tmp_path / "state.pt").exists()
    *_, progress = trainings["baseline"](TrainingRun(folder=tmp_path, device=CPU, minutes=9.0))
    assert progress.step == STEPS


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_the_step_at_hand(number, trainings, tmp_path, monkeypatch):
    take = Prefetched.take

    def interrupted(self, step):
        if step == 3:
            os.kill(os.getpid(), number)
        return take(self, step)

    before = signal.getsignal(number)
    monkeypatch.setattr(Prefetched, "take", interrupted)
    *_, progress = trainings["baseline"](TrainingRun(folder=tmp_path, device=CPU))
    assert (progress.step, progress.interrupted) == (4, True)
    assert load_state(tmp_path / "state.pt")["step"] == 4
    assert signal.getsignal(number) is before


def test_figures_are_written_as_numbers(trainings, tmp_path):
    trainings["liveband"](TrainingRun(folder=tmp_path, device=CPU))
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    figures = json.loads(line)
    assert figures["step"] == STEPS
    names = {"gap", "discriminator", "generator", "quantiles", "belief_count"}
    assert names | {"matching", "penalty"} <= set(figures)


def test_a_state_is_replaced_as_a_whole(tmp_path, monkeypatch):
    file = tmp_path / "state.pt"
    save_state(file, {"step": 1})

    def broken(state, opened):
        opened.write(b"half of it")
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", broken)
    with pytest.raises(OSError, match="no space"):
        save_state(file, {"step": 2})
    assert load_state(file)["step"] == 1


def test_a_state_of_another_version_is_refused(trainings, tmp_path):
    torch.save({"step": 5, "spent_s": 60.0}, tmp_path / "state.pt")
    with pytest.raises(DataError, match="--start"):
        trainings["liveband"](TrainingRun(folder=tmp_path, device=CPU))


def test_a_run_does_not_go_on_with_another_seed(latents, tmp_path):
    here = TrainingRun(folder=tmp_path, device=CPU)
    train_liveband(latents, CODEC, GENERATOR, DISCRIMINATOR, replace(GAN, steps=1), here)
    with pytest.raises(DataError, match="begun with seed 0, not 5"):
        train_liveband(latents, CODEC, GENERATOR, DISCRIMINATOR, replace(GAN, seed=5), here)


def test_a_state_that_lacks_a_part_is_named(latents, tmp_path):
    here = TrainingRun(folder=tmp_path, device=CPU)
    train_liveband(latents, CODEC, GENERATOR, DISCRIMINATOR, replace(GAN, steps=1), here)
    state = load_state(tmp_path / STATE_FILE)
    del state["parts"]["distributions"]
    save_state(tmp_path / STATE_FILE, state)
    with pytest.raises(DataError, match=r"without distributions.*--start"):
        train_liveband(latents, CODEC, GENERATOR, DISCRIMINATOR, replace(GAN, steps=2), here)


def test_the_rate_rises_stays_and_falls_by_steps():
    rates = [rate_at(step, 1000) for step in range(1001)]
    assert rates[:100] == pytest.approx([(step + 1) / 100 for step in range(100)])
    assert set(rates[100:750]) == {1.0}
    assert rates[750:] == sorted(rates[750:], reverse=True)
    assert rates[875] == pytest.approx(0.55)
    assert rates[-1] == pytest.approx(0.1)
