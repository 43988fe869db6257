"""Benchmark of generator training: sequences per minute, beside a slower step, as JSON.

Usage: ``make bench-training``. The step of today and the one it is measured against take turns
in one process; then one process and two, a core each, take turns under ``torchrun``. The data
are noise: what is learnt does not matter. Compiling takes minutes the first time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch

from model.data.batches import Batch, PairBatches
from model.data.latents import LatentPair
from model.networks.annotation import ANNOTATION, COUNT
from model.networks.discriminator import Discriminator
from model.networks.generator import Generator
from model.presets import load_preset
from model.training import generator_task
from model.training.generator_task import GeneratorTask
from model.training.latent_distributions import LatentDistributions
from model.training.prefetch import StepBatches, batch_rng
from model.training.processes import Processes, joined_processes
from model.training.settings import LiveBandTraining
from tools.benchmarks.reference_step import ReferenceStep

WARM_STEPS = 9
"""Steps before any is measured: every shape is compiled by then."""
PARTS = ("play", "discriminator_losses", "losses", "_descend")


def main() -> int:
    """Measure; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=24, help="measured steps of each (24)")
    parser.add_argument("--turns", type=int, default=3, help="turns of one process and two (3)")
    parser.add_argument("--preset", default="cpu", help="sizes (cpu)")
    parser.add_argument("--worker", metavar="WAY", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    if options.worker:
        return _work(options)
    alone = _side_by_side(options)
    crews = {"reference, 1 x 2 threads": [], "now, 1 x 1": [], "now, 2 x 1": []}
    for _ in range(options.turns):
        for name, rates in crews.items():
            way, shape = name.split(", ")
            processes, threads = (int(word) for word in shape.split()[:3:2])
            rates.append(_under_torchrun(way, processes, threads, options))
    before, one, two = (statistics.median(rates) for rates in crews.values())
    cores = {
        "sequences_a_minute": crews,
        "two processes over one": round(two / one, 2),
        "both cores, now over reference": round(two / before, 2),
    }
    print(json.dumps({"one process": alone, "two cores": cores}, indent=2))
    return 0


def _side_by_side(options: argparse.Namespace) -> dict[str, object]:
    """Return seconds per step of both steps, in turns, and the parts of today's."""
    batches, training = _batches(options), _training(options)
    reference = ReferenceStep(*_networks(options), training, batches)
    task = _task(options, batches, Processes(0, 1))
    ways: dict[str, Callable[[int], object]] = {"reference": reference.step, "now": task.step}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    with _timed_parts(task) as parts:
        for number in range(WARM_STEPS + options.steps):
            if number == WARM_STEPS:
                for spent in parts.values():
                    spent.clear()
            for name, step in ways.items():
                began = time.perf_counter()
                step(number)
                if number >= WARM_STEPS:
                    seconds[name].append(time.perf_counter() - began)
    began = time.perf_counter()
    for number in range(options.steps):
        batches.draw(batch_rng(0, number, Processes(0, 1)))
    drawing = (time.perf_counter() - began) / options.steps
    task.close()
    mean = {name: statistics.fmean(each) for name, each in seconds.items()}
    return {
        "seconds_a_step": {name: round(value, 4) for name, value in mean.items()},
        "median_seconds": {
            name: round(statistics.median(each), 4) for name, each in seconds.items()
        },
        "sequences_a_minute": {
            name: round(60 * training.batch / value) for name, value in mean.items()
        },
        "ratio": round(mean["reference"] / mean["now"], 2),
        "parts_ms": {
            **{
                name: round(1000 * sum(each) / options.steps, 1) for name, each in parts.items()
            },
            "drawing a batch, in the background": round(1000 * drawing, 1),
        },
    }


@contextmanager
def _timed_parts(task: GeneratorTask) -> Iterator[dict[str, list[float]]]:
    """Time the parts of a step by wrapping them."""
    parts: dict[str, list[float]] = {name: [] for name in PARTS}
    places = (
        (task, "play"),
        (generator_task, "discriminator_losses"),
        (task, "losses"),
        (task, "_descend"),
    )
    originals = [getattr(place, name) for place, name in places]

    def timed(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object, **named: object) -> object:
            began = time.perf_counter()
            result = call(*arguments, **named)
            parts[name].append(time.perf_counter() - began)
            return result

        return run

    for (place, name), original in zip(places, originals, strict=True):
        setattr(place, name, timed(name, original))
    try:
        yield parts
    finally:
        for (place, name), original in zip(places, originals, strict=True):
            setattr(place, name, original)


def _under_torchrun(way: str, count: int, threads: int, options: argparse.Namespace) -> float:
    """Return the sequences a minute of so many processes together."""
    program = Path(sys.executable).with_name("torchrun")
    words = [str(program), "--standalone", f"--nproc-per-node={count}", "-m", __spec__.name]
    words += [f"--worker={way}", f"--steps={options.steps}", f"--preset={options.preset}"]
    words += [f"--threads={threads}"]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def _work(options: argparse.Namespace) -> int:
    """Train as one of the processes; the first prints how many sequences a minute it makes."""
    cpu = torch.device("cpu")
    with joined_processes("cpu") as (processes, _):
        batches = _batches(options)
        if options.worker == "reference":
            reference = ReferenceStep(*_networks(options), _training(options), batches)
            step: Callable[[int], object] = reference.step
        else:
            task = _task(options, batches, processes)
            step = task.step
        for number in range(WARM_STEPS):
            step(number)
        processes.any(False, cpu)
        began = time.perf_counter()
        for number in range(options.steps):
            step(number)
        processes.any(False, cpu)
        spent_s = time.perf_counter() - began
        if processes.first:
            sequences = options.steps * batches.batch * processes.count
            print(round(60 * sequences / spent_s))
    return 0


def _training(options: argparse.Namespace) -> LiveBandTraining:
    preset = load_preset(options.preset).liveband_training
    return LiveBandTraining(
        batch=preset.batch,
        hops=preset.hops,
        compiled=preset.compiled,
        context_share=0.0,
        means=0.0,
        changes=0.0,
        level=0.0,
        seeds=0.0,
        stem_prediction=0.0,
        takes=0.0,
    )


def _networks(options: argparse.Namespace) -> tuple[Generator, Discriminator]:
    torch.manual_seed(0)
    preset = load_preset(options.preset)
    return Generator(preset.generator), Discriminator(preset.discriminator)


def _task(
    options: argparse.Namespace, batches: PairBatches, processes: Processes
) -> GeneratorTask:
    def draw(step: int) -> Batch:
        return batches.draw(batch_rng(0, step, processes))

    generator, discriminator = _networks(options)
    config, wide_C = generator.config, torch.full((generator.config.latent,), 4.0)
    distributions = LatentDistributions(
        len(config.stems), len(config.anticipations), -wide_C, wide_C, discriminator.probe
    )
    steps = StepBatches(draw, processes)
    return GeneratorTask(
        generator,
        discriminator,
        _training(options),
        steps,
        distributions,
        torch.zeros(config.latent),
    )


def _batches(options: argparse.Namespace) -> PairBatches:
    """Return batches of noise with the length and level of songs."""
    preset, rng = load_preset(options.preset), np.random.default_rng(0)
    config, training = preset.generator, preset.liveband_training
    hops, ahead, grooves = 1200, len(config.anticipations), config.grooves or ("",)
    pairs = []
    for number in range(24):
        for name in config.stems:
            annotation = rng.random((hops, ANNOTATION)).astype(np.float16)
            annotation[:, [COUNT, -1]] = 1
            pairs.append(
                LatentPair(
                    song=str(number),
                    groove=grooves[number % len(grooves)],
                    stem_class=name,
                    annotation=annotation,
                    tracked=rng.random((ahead, hops, COUNT + 1)).astype(np.float16),
                    stem=rng.standard_normal((hops, config.latent)).astype(np.float16),
                    mix=rng.standard_normal((hops, config.latent)).astype(np.float16),
                    onset=rng.random((hops, 1)).astype(np.float16),
                    stem_db=np.full(hops, -20, np.float16),
                    mix_db=np.full(hops, -20, np.float16),
                )
            )
    return PairBatches(
        pairs, config.stems, config.grooves, batch=training.batch, hops=training.hops
    )


if __name__ == "__main__":
    sys.exit(main())
