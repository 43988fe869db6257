"""Presets of a training: TOML files of sizes and settings, one per class of machine."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any, get_type_hints

from model.errors import ModelConfigError
from model.networks.baseline.coding import Coding
from model.networks.config import AutoencoderConfig, GeneratorConfig, from_mapping
from model.networks.discriminator import DiscriminatorConfig
from model.networks.spectrogram_discriminator import SpectrogramDiscriminatorConfig
from model.training.baseline import BaselineTraining
from model.training.codec import CodecTraining
from model.training.decoder import DecoderTraining
from model.training.settings import LiveBandTraining
from model.training.tracker import TrackerTraining

__all__ = ["Preset", "load_preset", "preset_names"]


@dataclass(frozen=True, slots=True)
class Preset:
    """Sizes and settings of all trainings; each field is a section of the TOML file."""

    autoencoder: AutoencoderConfig
    generator: GeneratorConfig
    discriminator: DiscriminatorConfig
    judges: SpectrogramDiscriminatorConfig
    """Sizes of the decoder's discriminators."""
    codec_training: CodecTraining
    decoder_training: DecoderTraining
    liveband_training: LiveBandTraining
    bidirectional_training: LiveBandTraining
    coding: Coding
    baseline_training: BaselineTraining
    tracker_training: TrackerTraining


def preset_names() -> list[str]:
    """Return the names of the presets that come with the package."""
    files = resources.files(__package__).iterdir()
    return sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml"))


def load_preset(name: str) -> Preset:
    """Read a preset by name.

    Raises:
        ModelConfigError: There is no such preset, or it has an unknown section or key.
    """
    if name not in preset_names():
        raise ModelConfigError(f"no preset {name!r}; there are {', '.join(preset_names())}")
    values = tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text())
    sections = get_type_hints(Preset)
    for section in values:
        if section not in sections:
            raise ModelConfigError(f"preset {name}: unknown section {section!r}")
    made: dict[str, Any] = {
        section: from_mapping(config, values.get(section, {}))
        for section, config in sections.items()
    }
    return Preset(**made)
