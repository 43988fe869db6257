"""``liveband train``: train one of the networks, in one process or under ``torchrun``."""

from __future__ import annotations

import argparse
import json
import logging
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.options import JOBS
from model.errors import ModelConfigError
from model.formats.command_line import RealRange, WholeRange, given_name
from model.formats.output_places import check_output_folder

if TYPE_CHECKING:
    from model.networks.config import AutoencoderConfig, GeneratorConfig
    from model.networks.generator import Generator
    from model.presets import Preset
    from model.training.settings import LiveBandTraining
    from model.training.trainer import Progress, TrainingRun

__all__ = ["HELP", "configure", "run"]

HELP = "train a network; resumes where it was stopped"

logger = logging.getLogger(__name__)

_INTERRUPTED = 130


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the networks and their arguments."""
    networks = parser.add_subparsers(required=True, metavar="NETWORK")
    for name, help_text, runner in (
        ("codec", "train the autoencoder on rendered songs and recordings", _codec),
        ("decoder", "refine a checkpoint's decoder", _decoder),
        ("liveband", "train the generator on latents", _liveband),
        ("bidirectional", "train it to hear the future, offline", _bidirectional),
        ("baseline", "train StreamMusicGen's way, to compare", _baseline),
        ("tracker", "train the beat tracker's networks further on rendered songs", _tracker),
    ):
        network = networks.add_parser(name, help=help_text)
        if name in ("codec", "decoder", "tracker"):
            network.add_argument("data", type=Path, help="folder of rendered songs")
        else:
            network.add_argument("latents", type=Path, help="folder of latents")
            network.add_argument(
                "codec", type=given_name, help="checkpoint whose autoencoder made the latents"
            )
        if name == "decoder":
            text = "folder or shipped name; its latents stay valid"
            network.add_argument("checkpoint", type=given_name, help=text)
        network.add_argument("run_folder", type=Path, help="state, log and checkpoint go here")
        if name in ("codec", "decoder"):
            text = "learn from recordings too: a folder made by 'liveband data recordings'"
            network.add_argument("--recordings", type=Path, metavar="FOLDER", help=text)
        if name in ("codec", "liveband", "bidirectional", "baseline"):
            part = "autoencoder" if name == "codec" else "LiveBand generator"
            text = f"begin with the {part} of this checkpoint"
            network.add_argument("--start", metavar="C", type=given_name, help=text)
        if name == "baseline":
            _add_baseline_options(network)
        if name == "tracker":
            text = "begin with these weights (the shipped ones)"
            network.add_argument("--start", metavar="FILE", type=Path, help=text)
        _add_common_options(network)
        network.set_defaults(runner=runner, network=name)


def _add_baseline_options(network: argparse.ArgumentParser) -> None:
    network.add_argument(
        "--input-noise",
        type=RealRange(0, 10),
        metavar="X",
        help="noise on what is fed back, relative to each level: the remedy for exposure bias "
        "(the preset's: 0)",
    )
    network.add_argument(
        "--anticipation",
        type=RealRange(0, 10),
        metavar="S",
        help="practise this one alone (all)",
    )


def _add_common_options(network: argparse.ArgumentParser) -> None:
    network.add_argument(
        "--preset", default="cpu", help="sizes and steps: cpu, h200, long, smoke"
    )
    network.add_argument(
        "--steps",
        type=WholeRange(1, 10**9),
        help="length of the whole training (the preset's)",
    )
    network.add_argument(
        "--minutes",
        type=RealRange(0, 60 * 24 * 366),
        help="stop after so long and write a checkpoint; the same command goes on (no limit)",
    )
    network.add_argument(
        "--threads", type=JOBS, help="CPU threads (all cores, shared by the processes)"
    )
    text = "cpu or cuda; cuda where there is one"
    network.add_argument("--device", choices=("cpu", "cuda"), metavar="D", help=text)


def run(options: argparse.Namespace) -> int:
    """Train until done, stopped or out of time; return the exit code.

    Returns:
        0; 130 where it was interrupted.

    Raises:
        ModelConfigError: A setting contradicts the preset or the run to be continued.
        CheckpointError: A checkpoint is missing or damaged.
        DataError: The material is missing or malformed.
        OutputError: The run's folder cannot be written into.
    """
    import torch

    from model.checkpoint import load_autoencoder
    from model.presets import load_preset
    from model.training.processes import joined_processes
    from model.training.trainer import TrainingRun

    preset = load_preset(options.preset)
    check_output_folder(options.run_folder)
    if "codec" in options:  # the checkpoint at the end has it in it
        load_autoencoder(options.codec)
    cores = len(os.sched_getaffinity(0))
    together = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    torch.set_num_threads(options.threads or max(1, cores // together))
    torch.set_flush_denormal(True)
    with joined_processes(options.device) as (processes, device):
        if not processes.first:
            logging.disable(logging.INFO)
        run = TrainingRun(
            folder=options.run_folder,
            device=device,
            processes=processes,
            minutes=options.minutes,
        )
        progress = options.runner(options, preset, run)
    again = "the same command goes on"
    if progress.interrupted:
        logger.info("stopped at step %d of %d; %s", progress.step, progress.steps, again)
        return _INTERRUPTED
    done = progress.step >= progress.steps
    logger.info("step %d of %d%s", progress.step, progress.steps, "" if done else f"; {again}")
    return 0


def _settings(training: Any, options: argparse.Namespace) -> Any:  # noqa: ANN401
    """Return a training's settings, with the length of ``--steps`` if given."""
    return training if options.steps is None else replace(training, steps=options.steps)


def _codec(options: argparse.Namespace, preset: Preset, run: TrainingRun) -> Progress:
    from model.checkpoint import load_autoencoder, save_checkpoint
    from model.data.crops import load_training_audio
    from model.training.checkpoint_record import training_facts, whiten_latents
    from model.training.codec import train_codec
    from model.training.level_calibration import calibrate_level

    training = _settings(preset.codec_training, options)
    material = load_training_audio(options.data, options.recordings, training.recordings_share)
    start = None if options.start is None else load_autoencoder(options.start)
    network, progress = train_codec(material, preset.autoencoder, training, run, start=start)
    if _to_be_written(progress, run):
        calibrate_level(network, material)
        whiten_latents(network, material)
        more = {"start": options.start, "recordings": len(material.recordings)}
        own = {**asdict(training), **more, **training_facts(options.data, run.folder)}
        save_checkpoint(run.folder / "codec", network, None, {"codec": own})
        logger.info("autoencoder in %s", run.folder / "codec")
    return progress


def _decoder(options: argparse.Namespace, preset: Preset, run: TrainingRun) -> Progress:
    from model.checkpoint import load_autoencoder, load_generator, read_record, save_checkpoint
    from model.data.crops import load_training_audio
    from model.training.checkpoint_record import training_facts
    from model.training.decoder import train_decoder
    from model.training.level_calibration import calibrate_level

    training = _settings(preset.decoder_training, options)
    material = load_training_audio(options.data, options.recordings, training.recordings_share)
    refined, progress = train_decoder(
        material, load_autoencoder(options.checkpoint), preset.judges, training, run
    )
    if _to_be_written(progress, run):
        calibrate_level(refined, material)
        more = {"recordings": len(material.recordings)}
        own = {**asdict(training), **more, **training_facts(options.data, run.folder)}
        record = read_record(options.checkpoint)
        for stale in ("evaluation", "family", "notes"):
            record.pop(stale, None)
        folder, record["decoder"] = run.folder / "checkpoint", own
        save_checkpoint(folder, refined, load_generator(options.checkpoint), record)
        logger.info("checkpoint in %s", folder)
    return progress


def _liveband(options: argparse.Namespace, preset: Preset, run: TrainingRun) -> Progress:
    from model.networks.generator import Generator

    training = _settings(preset.liveband_training, options)
    return _generator(options, preset, run, Generator, preset.generator, training)


def _bidirectional(options: argparse.Namespace, preset: Preset, run: TrainingRun) -> Progress:
    from model.networks.bidirectional import BidirectionalGenerator

    training = _settings(preset.bidirectional_training, options)
    config = replace(preset.generator, anticipations=(0,))
    return _generator(options, preset, run, BidirectionalGenerator, config, training)


def _generator(
    options: argparse.Namespace,
    preset: Preset,
    run: TrainingRun,
    kind: type[Generator],
    config: GeneratorConfig,
    training: LiveBandTraining,
) -> Progress:
    from model.checkpoint import load_autoencoder
    from model.training.discriminator_file import save_discriminator
    from model.training.initial_weights import load_initial_networks
    from model.training.liveband import train_liveband

    generator, discriminator, progress = train_liveband(
        options.latents,
        load_autoencoder(options.codec),
        config,
        preset.discriminator,
        training,
        run,
        kind=kind,
        start=load_initial_networks(options.start),
    )
    if _to_be_written(progress, run):
        own = {**asdict(training), "start": options.start}
        save_discriminator(_write(options, run, generator, own), discriminator)
    return progress


def _baseline(options: argparse.Namespace, preset: Preset, run: TrainingRun) -> Progress:
    from model.checkpoint import load_autoencoder
    from model.training.baseline import train_baseline
    from model.training.initial_weights import load_initial_networks

    config = preset.generator
    training = _settings(preset.baseline_training, options)
    if options.anticipation is not None:
        codec = load_autoencoder(options.codec).config
        config = _dedicated(config, codec, options.anticipation)
        training = replace(training, anticipation_shares=(1.0,))
    if options.input_noise is not None:
        training = replace(training, input_noise=options.input_noise)
    start = load_initial_networks(options.start)
    network, kept, progress = train_baseline(
        options.latents,
        config,
        preset.coding,
        training,
        run,
        start=None if start is None else start.generator,
    )
    if _to_be_written(progress, run):
        own = {**asdict(training), "kept": kept, "start": options.start}
        _write(options, run, network, own)
    return progress


def _tracker(options: argparse.Namespace, preset: Preset, run: TrainingRun) -> Progress:
    from model.beat_tracker.weights import TRAINED_FURTHER, WEIGHTS, load_weights, save_weights
    from model.training.checkpoint_record import training_facts
    from model.training.tracker import train_tracker

    training = _settings(preset.tracker_training, options)
    start, identity = load_weights(options.start or WEIGHTS)
    networks, progress = train_tracker(options.data, start, training, run)
    if _to_be_written(progress, run):
        file = run.folder / "tracker.safetensors"
        own = {
            **asdict(training),
            **training_facts(options.data, run.folder),
            "start": identity,
        }
        save_weights(file, networks.arrays(), {**TRAINED_FURTHER, "training": json.dumps(own)})
        logger.info("weights in %s", file)
    return progress


def _to_be_written(progress: Progress, run: TrainingRun) -> bool:
    """Return whether this process writes a checkpoint of the present weights."""
    return run.processes.first and not progress.interrupted


def _write(
    options: argparse.Namespace,
    run: TrainingRun,
    network: Any,  # noqa: ANN401
    own: dict[str, Any],
) -> Path:
    """Write the checkpoint of a generator with its codec; return its folder."""
    from model.checkpoint import load_autoencoder, save_checkpoint
    from model.training.checkpoint_record import codec_record, training_facts

    own = {**own, **training_facts(options.latents, run.folder)}
    record = {**codec_record(options.codec), options.network: own}
    folder = run.folder / "checkpoint"
    save_checkpoint(folder, load_autoencoder(options.codec), network.cpu(), record)
    logger.info("checkpoint in %s", folder)
    return folder


def _dedicated(
    config: GeneratorConfig, codec: AutoencoderConfig, seconds: float
) -> GeneratorConfig:
    """Return sizes with a single anticipation.

    Raises:
        ModelConfigError: The anticipation is no whole number of hops.
    """
    hops = seconds * codec.hop_rate_hz
    if hops < 0 or abs(hops - round(hops)) > 1e-6:
        raise ModelConfigError(
            f"--anticipation must be 0 or more and a multiple of {1 / codec.hop_rate_hz:g} s, "
            f"got {seconds:g}"
        )
    return replace(config, anticipations=(round(hops),))
