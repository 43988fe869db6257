"""Tiny latents and networks, for tests of training."""

from pathlib import Path

import numpy as np

from model.networks.annotation import ANNOTATION, COUNT
from model.networks.autoencoder import Autoencoder
from model.networks.config import AutoencoderConfig, GeneratorConfig
from model.networks.discriminator import DiscriminatorConfig

__all__ = ["AUTOENCODER", "DISCRIMINATOR", "GENERATOR", "HOPS", "tiny_codec", "write_latents"]

HOPS = 24
GENERATOR = GeneratorConfig(
    latent=6,
    channels=24,
    context_depth=1,
    depth=1,
    heads=2,
    window=8,
    noise=4,
    seed_noise=4,
    condition=12,
    stems=("drums", "bass"),
    grooves=("pop",),
    confidence=True,
)
AUTOENCODER = AutoencoderConfig(
    latent=6,
    encoder_inner=16,
    encoder_hop=24,
    encoder_depth=(1, 1),
    decoder_hop=24,
    decoder_inner=16,
    decoder_depth=(1, 1),
    phase_lock=0.3,
)
DISCRIMINATOR = DiscriminatorConfig(
    latent=6, channels=24, depth=1, heads=2, stems=2, grooves=1, hops=HOPS
)


def tiny_codec() -> Autoencoder:
    """Return an untrained autoencoder of the tiny latents."""
    return Autoencoder(AUTOENCODER).eval()


def write_latents(root: Path, config: GeneratorConfig = GENERATOR, hops: int = 80) -> Path:
    """Write a folder of three songs as ``liveband data encode`` leaves it, of noise."""
    rng = np.random.default_rng(0)
    for number in range(3):
        folder = root / f"song{number}"
        folder.mkdir(parents=True)
        for name in config.stems:
            noise = rng.standard_normal((3, hops, config.latent))
            annotation = rng.random((hops, ANNOTATION)).round(1)
            annotation[:, COUNT] = 1
            tracks = {
                "stem": noise[0],
                "mix": noise[1],
                "annotation": annotation,
                "onset": rng.random((hops, 1)),
                "stem_db": np.full(hops, -20.0),
                "mix_db": np.full(hops, -20.0),
                "tracked": rng.random((3, hops, COUNT + 1)),
            }
            np.savez(
                folder / f"{name}.npz",
                groove=np.array("pop"),
                anticipations=np.array(config.anticipations),
                **{key: track.astype(np.float16) for key, track in tracks.items()},
            )
    return root
