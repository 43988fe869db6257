"""``liveband train``: every training on the command line, alone or under ``torchrun``."""

from __future__ import annotations

import argparse
import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from model.errors import ConfigError

if TYPE_CHECKING:
    from model.config import AutoencoderConfig, GeneratorConfig
    from model.generator import Generator
    from model.presets import Preset
    from model.training.generator_settings import LiveBandTraining
    from model.training.trainer import Progress, Sitting

__all__ = ["add_train"]

logger = logging.getLogger(__name__)

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Runner: TypeAlias = "Callable[[argparse.Namespace, Preset, Sitting], Progress]"

_INTERRUPTED = 130


def add_train(commands: Subparsers) -> None:
    """Add ``train`` and its networks to the model's commands."""
    train = commands.add_parser("train", help="train a network; resumes where it was stopped")
    networks = train.add_subparsers(required=True)
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
            network.add_argument("codec", help="checkpoint whose autoencoder made the latents")
        if name == "decoder":
            text = "folder or shipped name; its latents stay valid"
            network.add_argument("checkpoint", help=text)
        network.add_argument("run_folder", type=Path, help="state, log and checkpoint go here")
        if name in ("codec", "decoder"):
            text = "learn from recordings too: a folder made by 'liveband data recordings'"
            network.add_argument("--recordings", type=Path, metavar="FOLDER", help=text)
        if name == "codec":
            text = "begin with the autoencoder of this checkpoint"
            network.add_argument("--start", metavar="C", help=text)
        if name in ("liveband", "bidirectional"):
            text = "begin with the generator of this checkpoint"
            network.add_argument("--start", metavar="C", help=text)
        if name == "baseline":
            _add_baseline_options(network)
        if name == "tracker":
            text = "begin with these weights (the shipped ones)"
            network.add_argument("--start", metavar="FILE", type=Path, help=text)
        _add_common_options(network)
        network.set_defaults(run=_run, runner=runner, network=name)


def _add_baseline_options(network: argparse.ArgumentParser) -> None:
    network.add_argument(
        "--input-noise",
        type=float,
        metavar="X",
        help="noise on what is fed back, relative to each level: the remedy for exposure bias "
        "(the preset's: 0)",
    )
    network.add_argument(
        "--anticipation", type=float, metavar="S", help="practise this one alone (all)"
    )


def _add_common_options(network: argparse.ArgumentParser) -> None:
    network.add_argument("--preset", default="cpu", help="sizes and steps: cpu, h200, smoke")
    network.add_argument(
        "--steps", type=_positive, help="length of the whole training (the preset's)"
    )
    network.add_argument(
        "--minutes",
        type=_minutes,
        help="stop after so long and write a checkpoint; the same command goes on (no limit)",
    )
    network.add_argument(
        "--threads", type=_positive, help="CPU threads (all cores, shared by the processes)"
    )
    network.add_argument("--device", help="cpu or cuda; cuda where there is one")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, got {value}")
    return value


def _minutes(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"expected 0 or more minutes, got {text}")
    return value


def _run(options: argparse.Namespace) -> int:
    import torch

    from model.presets import load_preset
    from model.training.processes import joined_processes
    from model.training.trainer import Sitting

    preset = load_preset(options.preset)
    cores = len(os.sched_getaffinity(0))
    together = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    torch.set_num_threads(options.threads or max(1, cores // together))
    torch.set_flush_denormal(True)
    with joined_processes(options.device) as (processes, device):
        if not processes.first:
            logging.disable(logging.INFO)
        sitting = Sitting(
            run=options.run_folder, device=device, processes=processes, minutes=options.minutes
        )
        progress = options.runner(options, preset, sitting)
    again = "the same command goes on"
    if progress.interrupted:
        logger.info("stopped at step %d of %d; %s", progress.step, progress.steps, again)
        return _INTERRUPTED
    done = progress.step >= progress.steps
    logger.info("step %d of %d%s", progress.step, progress.steps, "" if done else f"; {again}")
    return 0


def _settings(training: Any, options: argparse.Namespace) -> Any:  # noqa: ANN401
    """Return a training's settings with another length, if one was asked for."""
    return training if options.steps is None else replace(training, steps=options.steps)


def _codec(options: argparse.Namespace, preset: Preset, sitting: Sitting) -> Progress:
    from model.checkpoint import load_autoencoder, save_checkpoint
    from model.data.crops import load_material
    from model.training.codec import train_codec
    from model.training.finish import fix_latent_space, made_of

    training = _settings(preset.codec_training, options)
    material = load_material(options.data, options.recordings, training.recordings_share)
    start = None if options.start is None else load_autoencoder(options.start)
    network, progress = train_codec(
        material, preset.autoencoder, training, sitting, start=start
    )
    if _to_be_written(progress, sitting):
        fix_latent_space(network, material)
        more = {"start": options.start, "recordings": len(material.recordings)}
        own = {**asdict(training), **more, **made_of(options.data, sitting.run)}
        record = {"codec": own}
        save_checkpoint(sitting.run / "codec", network, None, record)
        logger.info("autoencoder in %s", sitting.run / "codec")
    return progress


def _decoder(options: argparse.Namespace, preset: Preset, sitting: Sitting) -> Progress:
    from model.checkpoint import load_autoencoder, load_generator, read_record, save_checkpoint
    from model.data.crops import load_material
    from model.training.decoder import train_decoder
    from model.training.finish import made_of

    training = _settings(preset.decoder_training, options)
    material = load_material(options.data, options.recordings, training.recordings_share)
    refined, progress = train_decoder(
        material, load_autoencoder(options.checkpoint), preset.judges, training, sitting
    )
    if _to_be_written(progress, sitting):
        more = {"recordings": len(material.recordings)}
        own = {**asdict(training), **more, **made_of(options.data, sitting.run)}
        known = read_record(options.checkpoint)
        stale = ("evaluation", "family", "notes")
        kept = {name: facts for name, facts in known.items() if name not in stale}
        record = {**kept, "decoder": own}
        folder = sitting.run / "checkpoint"
        save_checkpoint(folder, refined, load_generator(options.checkpoint), record)
        logger.info("checkpoint in %s", folder)
    return progress


def _liveband(options: argparse.Namespace, preset: Preset, sitting: Sitting) -> Progress:
    from model.generator import Generator

    training = _settings(preset.liveband_training, options)
    return _generator(options, preset, sitting, Generator, preset.generator, training)


def _bidirectional(options: argparse.Namespace, preset: Preset, sitting: Sitting) -> Progress:
    from model.bidirectional import BidirectionalGenerator

    training = _settings(preset.bidirectional_training, options)
    config = replace(preset.generator, anticipations=(0,))
    return _generator(options, preset, sitting, BidirectionalGenerator, config, training)


def _generator(
    options: argparse.Namespace,
    preset: Preset,
    sitting: Sitting,
    kind: type[Generator],
    config: GeneratorConfig,
    training: LiveBandTraining,
) -> Progress:
    from model.training.kept_discriminator import save_discriminator
    from model.training.liveband import train_liveband
    from model.training.start import load_start

    generator, discriminator, progress = train_liveband(
        options.latents,
        config,
        preset.discriminator,
        training,
        sitting,
        kind=kind,
        start=load_start(options.start),
    )
    if _to_be_written(progress, sitting):
        own = {**asdict(training), "start": options.start}
        save_discriminator(_write(options, sitting, generator, own), discriminator)
    return progress


def _baseline(options: argparse.Namespace, preset: Preset, sitting: Sitting) -> Progress:
    from model.checkpoint import load_autoencoder
    from model.training.baseline import train_baseline

    config = preset.generator
    training = _settings(preset.baseline_training, options)
    if options.anticipation is not None:
        codec = load_autoencoder(options.codec).config
        config = _dedicated(config, codec, options.anticipation)
        training = replace(training, anticipation_shares=(1.0,))
    if options.input_noise is not None:
        training = replace(training, input_noise=options.input_noise)
    network, kept, progress = train_baseline(
        options.latents, config, preset.coding, training, sitting
    )
    if _to_be_written(progress, sitting):
        _write(options, sitting, network, {**asdict(training), "kept": kept})
    return progress


def _tracker(options: argparse.Namespace, preset: Preset, sitting: Sitting) -> Progress:
    from model.beat_tracker.weights import TRAINED_FURTHER, WEIGHTS, load_weights, save_weights
    from model.training.finish import made_of
    from model.training.tracker import train_tracker

    training = _settings(preset.tracker_training, options)
    start, identity = load_weights(options.start or WEIGHTS)
    networks, progress = train_tracker(options.data, start, training, sitting)
    if _to_be_written(progress, sitting):
        file = sitting.run / "tracker.safetensors"
        own = {**asdict(training), **made_of(options.data, sitting.run), "start": identity}
        save_weights(file, networks.arrays(), {**TRAINED_FURTHER, "training": json.dumps(own)})
        logger.info("weights in %s", file)
    return progress


def _to_be_written(progress: Progress, sitting: Sitting) -> bool:
    """Return whether this process writes a checkpoint of what has been learnt so far."""
    return sitting.processes.first and not progress.interrupted


def _write(
    options: argparse.Namespace,
    sitting: Sitting,
    network: Any,  # noqa: ANN401
    own: dict[str, Any],
) -> Path:
    """Write the checkpoint of a network that plays through a finished codec; return where."""
    from model.checkpoint import load_autoencoder, save_checkpoint
    from model.training.finish import codec_record, made_of

    own = {**own, **made_of(options.latents, sitting.run)}
    record = {**codec_record(options.codec), options.network: own}
    folder = sitting.run / "checkpoint"
    save_checkpoint(folder, load_autoencoder(options.codec), network.cpu(), record)
    logger.info("checkpoint in %s", folder)
    return folder


def _dedicated(
    config: GeneratorConfig, codec: AutoencoderConfig, seconds: float
) -> GeneratorConfig:
    """Return sizes with one anticipation only.

    Raises:
        ConfigError: It is no whole number of hops.
    """
    hops = seconds * codec.hop_rate_hz
    if hops < 0 or abs(hops - round(hops)) > 1e-6:
        raise ConfigError(
            f"--anticipation must be 0 or more and a multiple of {1 / codec.hop_rate_hz:g} s, "
            f"got {seconds:g}"
        )
    return replace(config, anticipations=(round(hops),))
