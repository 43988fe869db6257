"""A small checkpoint of random weights and the backends that play it, for tests of bands."""

from functools import partial

import numpy as np
import torch

from model.accompanists.players import load as load_torch
from model.checkpoint import save_checkpoint
from model.networks.autoencoder import Autoencoder
from model.networks.config import AutoencoderConfig, GeneratorConfig
from model.networks.generator import Generator
from model.onnx.accompanist import load as load_onnx

__all__ = ["HOP", "LOADERS", "WINDOW", "go_on", "mix_hops", "save_small", "silence_tail"]

HOP, WINDOW = 2400, 8
LOADERS = {
    "torch": load_torch,
    "torch without inference mode": partial(load_torch, inference_mode=False),
    "onnx": partial(load_onnx, dtype="float32"),
}
"""Backends: each returns the band of a checkpoint's folder, in float32."""


def save_small(where, *, phase_lock=0.0, std=0.15, **settings):
    """Save a checkpoint of small networks and return its folder."""
    torch.manual_seed(3)
    codec = AutoencoderConfig(
        latent=6,
        encoder_inner=16,
        encoder_hop=24,
        decoder_hop=24,
        decoder_inner=16,
        phase_lock=phase_lock,
    )
    band = GeneratorConfig(
        latent=6,
        channels=64,
        context_depth=1,
        depth=2,
        heads=2,
        window=WINDOW,
        condition=8,
        stems=("drums", "bass"),
        grooves=("polka", "swing"),
        **settings,
    )
    generator = Generator(band)
    for parameter in generator.parameters():
        torch.nn.init.normal_(parameter, std=std)
    save_checkpoint(where, Autoencoder(codec), generator, {})
    return where


def mix_hops(hops, seed=0):
    """Return noise as hops of a mix, ``(hops, HOP)``."""
    return 0.1 * np.random.default_rng(seed).standard_normal((hops, HOP)).astype(np.float32)


def go_on(band, hops):
    """Return what everyone plays to these hops of the mix, ``(players, frames)``."""
    played = []
    for hop in hops:
        band.listen(hop)
        played.append(band.play())
    return np.concatenate(played, axis=1)


def silence_tail(band):
    """Have nothing ring on of what a band has played."""
    _, _, band._decoder_state = band._new_states(len(band.players))
