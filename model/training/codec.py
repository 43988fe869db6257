"""Train the autoencoder to reconstruct single stems and sub-mixes."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from model.autoencoder import Autoencoder
from model.config import AutoencoderConfig, from_mapping
from model.data.crops import crop_batches, load_songs
from model.layers.synthesis import PhaseVocoder, phase_likelihood, synthesis_window
from model.losses import SpectralDistance
from model.training.loop import (
    Average,
    Clock,
    RunLog,
    load_state,
    moments_penalty,
    save_state,
    set_rate,
)

__all__ = ["CodecTraining", "spectral_losses", "train_codec"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class CodecTraining:
    """How the autoencoder is trained."""

    minutes: float = 60.0
    """Wall-clock budget; the learning rate falls to a tenth at its end."""
    batch: int = 8
    """Crops per step."""
    hops: int = 30
    """Hops per crop."""
    warm_hops: int = 5
    """First hops of a crop, in which the networks are still warming up: not scored."""
    rate: float = 6e-4
    """Peak learning rate."""
    latent_noise: float = 0.2
    """Deviation of the noise added to the latents, so that the decoder forgives errors."""
    save_every: int = 200
    """Steps between saved states."""
    seed: int = 0
    """Seed of the crops and of the initial weights."""


def train_codec(
    data: Path,
    run: Path,
    config: AutoencoderConfig,
    training: CodecTraining,
    device: torch.device,
) -> Autoencoder:
    """Train, or go on training, the autoencoder; state and log lie in ``run``.

    Args:
        data: Folder of rendered songs; songs still being rendered join as they finish.
        run: Folder of this training.
        config: Sizes, used when the run is new.
        training: Budget and hyperparameters.
        device: Where to train.

    Returns:
        The averaged autoencoder on the CPU, not yet whitened.

    Raises:
        DataError: There is no finished song.
    """
    torch.manual_seed(training.seed)
    state_file = run / "state.pt"
    clock, step = Clock(training.minutes), 0
    state = load_state(state_file) if state_file.exists() else None
    if state is not None:
        config = from_mapping(AutoencoderConfig, state["config"])
    network = Autoencoder(config).to(device)
    optimiser = torch.optim.AdamW(network.parameters(), betas=(0.8, 0.99), weight_decay=0.01)
    average = Average(network)
    if state is not None:
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        average.weights, average.steps = state["average"], state["step"]
        clock.spent_s, step = state["spent_s"], state["step"]
        logger.info("going on at step %d, %.0f s spent", step, clock.spent_s)
    distance = SpectralDistance(config.sample_rate).to(device)
    crops = _crops(data, config, training, step)
    with closing(RunLog(run)) as log:
        while clock.progress < 1:
            set_rate(optimiser, training.rate, clock, step)
            figures = _step(network, optimiser, distance, next(crops).to(device), training)
            average.follow(network)
            step += 1
            if step % 20 == 0:
                log.write(step, {**figures, "seconds": clock.elapsed_s})
            if step % training.save_every == 0:
                _save(state_file, network, optimiser, average, config, clock, step)
    _save(state_file, network, optimiser, average, config, clock, step)
    network.load_state_dict(average.weights)
    return network.cpu().eval()


def _crops(
    data: Path, config: AutoencoderConfig, training: CodecTraining, step: int
) -> Iterator[Tensor]:
    """Yield crops, looking for newly finished songs every hundred steps."""
    rng = random.Random(training.seed + step)
    while True:
        songs = load_songs(data, "train")
        batches = crop_batches(
            songs, batch=training.batch, frames=training.hops * config.hop, rng=rng
        )
        for _ in range(100):
            yield torch.from_numpy(next(batches))


def _step(
    network: Autoencoder,
    optimiser: torch.optim.Optimizer,
    distance: SpectralDistance,
    audio_BT: Tensor,
    training: CodecTraining,
) -> dict[str, float]:
    c = network.config
    device_type = audio_BT.device.type
    with torch.autocast(device_type, dtype=torch.bfloat16):
        encoder_state = network.encoder.init_state(len(audio_BT))
        latent_BTC = network.encoder.unrotated(audio_BT[..., None], encoder_state).float()
        drawn = torch.rand(len(audio_BT), 1, 1, device=audio_BT.device)
        noisy = (drawn < 0.8) * training.latent_noise
        noisy_BTC = latent_BTC + noisy * torch.randn_like(latent_BTC)
        decoder_state = network.decoder.init_state(len(audio_BT))
        spectra_BTC = network.decoder.spectra(noisy_BTC, decoder_state)
    made_BT = network.decoder.vocoder.step(spectra_BTC, decoder_state.vocoder)[..., 0]
    level, phase = spectral_losses(
        network.decoder.vocoder, spectra_BTC, audio_BT, training.warm_hops * c.inner_steps
    )
    warm = training.warm_hops * c.hop
    mel, linear = distance(made_BT[:, warm + c.inner :], audio_BT[:, warm : -c.inner])
    moments = moments_penalty(latent_BTC)
    loss = 2 * mel + linear + 0.5 * level + 2 * phase + 0.02 * moments
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return {
        "mel": mel.item(),
        "linear": linear.item(),
        "level": level.item(),
        "phase": phase.item(),
        "moments": moments.item(),
        "gradient": float(norm),
    }


def spectral_losses(
    vocoder: PhaseVocoder, spectra_BTC: Tensor, audio_BT: Tensor, warm_steps: int
) -> tuple[Tensor, Tensor]:
    """Compare what the vocoder is fed with the spectrum of the audio it should make.

    Args:
        vocoder: Gives hop and window.
        spectra_BTC: Magnitudes and tendencies, ``(B, T, channels)``.
        audio_BT: The true audio, ``(B, T * hop)``.
        warm_steps: First steps left out.

    Returns:
        Mean absolute difference of log magnitudes, and the negative log-likelihood of the
        true phase advances, weighted by how loud each bin is and, as pitch has few bins to
        an octave in the bass, by how low.
    """
    hop = vocoder.frames
    window = synthesis_window(hop).to(audio_BT)
    # Window t of the vocoder begins one hop before step t: the output trails by a hop.
    padded = F.pad(audio_BT, (hop, 0))
    frames = padded.unfold(1, vocoder.n_fft, hop)
    real_BTF = torch.fft.rfft(frames * window / window.sum() * 2)[:, warm_steps:]
    made_BTC = spectra_BTC[:, warm_steps : warm_steps + real_BTF.shape[1]]
    magnitude_BTF, tendency_BTF2 = vocoder.split(made_BTC)
    loud_BTF = real_BTF.abs()
    level = F.l1_loss((magnitude_BTF + 1e-4).log(), (loud_BTF + 1e-4).log())
    tonal_BTF, centre = real_BTF[..., : vocoder.tonal], vocoder.centre[: vocoder.tonal]
    turn = torch.polar(torch.ones_like(centre), -centre)
    advance_BTF = (tonal_BTF[:, 1:] * tonal_BTF[:, :-1].conj() * turn).angle()
    likelihood = phase_likelihood(tendency_BTF2[:, 1:], advance_BTF)
    loud_BTF = loud_BTF[..., : vocoder.tonal]
    octaves = (torch.arange(vocoder.tonal, device=loud_BTF.device) + 1.0).rsqrt()
    weight_BTF = (loud_BTF[:, 1:] * loud_BTF[:, :-1] + 1e-12).pow(0.25) * octaves
    return level, -(likelihood * weight_BTF).sum() / weight_BTF.sum()


def _save(
    path: Path,
    network: Autoencoder,
    optimiser: torch.optim.Optimizer,
    average: Average,
    config: AutoencoderConfig,
    clock: Clock,
    step: int,
) -> None:
    save_state(
        path,
        {
            "config": asdict(config),
            "network": network.state_dict(),
            "optimiser": optimiser.state_dict(),
            "average": average.weights,
            "spent_s": clock.elapsed_s,
            "step": step,
        },
    )
