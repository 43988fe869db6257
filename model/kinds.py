"""The other kinds on the command line: ``train baseline`` and ``train bidirectional``."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path

import torch

from model.bidirectional import BidirectionalGenerator
from model.checkpoint import load_autoencoder, save_checkpoint
from model.config import AutoencoderConfig, GeneratorConfig
from model.errors import ConfigError
from model.presets import Preset
from model.training.baseline import train_baseline
from model.training.finish import codec_record, made_of
from model.training.liveband import train_liveband
from model.training.start import load_start

__all__ = ["run_baseline", "run_bidirectional"]


def run_baseline(options: argparse.Namespace, preset: Preset, device: torch.device) -> Path:
    """Train the baseline and write its checkpoint; return its folder.

    Raises:
        ConfigError: The anticipation is no whole number of hops.
        DataError: There are no latents of a stem class.
        CheckpointError: The codec cannot be read.
    """
    codec = load_autoencoder(options.codec)
    config, training = preset.generator, preset.baseline_training
    if options.anticipation is not None:
        config = _dedicated(config, codec.config, options.anticipation)
        training = replace(training, anticipation_shares=(1.0,))
    if options.minutes is not None:
        training = replace(training, minutes=options.minutes)
    if options.input_noise is not None:
        training = replace(training, input_noise=options.input_noise)
    network, kept = train_baseline(
        options.latents, options.run_folder, config, preset.coding, training, device
    )
    own = {**asdict(training), "kept": kept, **made_of(options.latents, options.run_folder)}
    record = {**codec_record(options.codec), "baseline": own}
    folder: Path = options.run_folder / "checkpoint"
    save_checkpoint(folder, codec, network.cpu(), record)
    return folder


def run_bidirectional(
    options: argparse.Namespace, preset: Preset, device: torch.device
) -> Path:
    """Train the bidirectional generator and write its checkpoint; return its folder.

    Raises:
        ConfigError: The checkpoint to start with has other sizes.
        DataError: There are no latents of a stem class.
        CheckpointError: The codec cannot be read.
    """
    training = preset.bidirectional_training
    if options.minutes is not None:
        training = replace(training, minutes=options.minutes)
    generator = train_liveband(
        options.latents,
        options.run_folder,
        replace(preset.generator, anticipations=(0,)),
        preset.discriminator,
        training,
        device,
        kind=BidirectionalGenerator,
        start=load_start(options.start),
    ).cpu()
    own = {**asdict(training), **made_of(options.latents, options.run_folder)}
    own["start"] = options.start
    record = {**codec_record(options.codec), "bidirectional": own}
    folder: Path = options.run_folder / "checkpoint"
    save_checkpoint(folder, load_autoencoder(options.codec), generator, record)
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
