"""Refine the decoder against spectrogram judges; the latent space stays as it is."""

from __future__ import annotations

import logging
import random
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from model.autoencoder import Autoencoder
from model.data.crops import crop_batches, load_songs
from model.losses import SpectralDistance, energy_distance
from model.spectrogram_discriminator import SpectrogramJudgeConfig, SpectrogramJudges
from model.training.codec import spectral_losses
from model.training.loop import Average, Clock, RunLog, load_state, save_state, set_rate

__all__ = ["DecoderTraining", "train_decoder"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class DecoderTraining:
    """How the decoder is refined."""

    minutes: float = 30.0
    """Wall-clock budget; learning rates fall to a tenth at its end."""
    batch: int = 4
    """Crops per step."""
    hops: int = 30
    """Hops per crop."""
    warm_hops: int = 5
    """First hops of a crop: not scored."""
    rate: float = 2e-4
    """Peak learning rate of decoder and judges."""
    latent_noise: float = 0.2
    """Deviation of the noise on whitened latents, on half of the crops."""
    mel: float = 2.0
    """Weight of the log-mel distance."""
    adversarial: float = 0.3
    """Weight of the judges' scores."""
    matching: float = 1.0
    """Weight of the distance of their feature maps."""
    level: float = 0.1
    """Weight of the distance of the vocoder's magnitudes from those of the sound's spectrum;
    small, as noise needs larger ones: windows of random phase add up to less."""
    energy: float = 2.0
    """Weight of the distance of energies."""
    judged_share: float = 0.4
    """Last share of the budget, in which the judges take part; before it, spectra teach."""
    alone_steps: int = 50
    """First steps of that share, in which only the judges learn."""
    save_every: int = 100
    """Steps between saved states."""
    seed: int = 0
    """Seed of the crops and of the judges' weights."""


@dataclass(slots=True)
class _Workshop:
    autoencoder: Autoencoder
    judges: SpectrogramJudges
    distance: SpectralDistance
    decoder_steps: torch.optim.Optimizer
    judge_steps: torch.optim.Optimizer
    average: Average
    judged: int = 0
    """Steps the judges have taken part in."""

    def parts(self) -> dict[str, torch.nn.Module | torch.optim.Optimizer]:
        return {
            "decoder": self.autoencoder.decoder,
            "judges": self.judges,
            "decoder_steps": self.decoder_steps,
            "judge_steps": self.judge_steps,
        }


def train_decoder(
    data: Path,
    run: Path,
    autoencoder: Autoencoder,
    config: SpectrogramJudgeConfig,
    training: DecoderTraining,
    device: torch.device,
) -> Autoencoder:
    """Refine, or go on refining, the decoder; state and log lie in ``run``.

    Args:
        data: Folder of rendered songs.
        run: Folder of this training.
        autoencoder: A finished one; its encoder and whitening are not touched.
        config: Sizes of the judges.
        training: Budget and hyperparameters.
        device: Where to train.

    Returns:
        The autoencoder with the averaged decoder.

    Raises:
        DataError: There is no finished song.
    """
    torch.manual_seed(training.seed)
    shop = _workshop(autoencoder.to(device), SpectrogramJudges(config).to(device))
    clock, step, state_file = Clock(training.minutes), 0, run / "state.pt"
    if state_file.exists():
        state = load_state(state_file)
        for name, part in shop.parts().items():
            part.load_state_dict(state[name])
        shop.average.weights, step = state["average"], state["step"]
        clock.spent_s, shop.average.steps = state["spent_s"], step
        shop.judged = state["judged"]
        logger.info("going on at step %d, %.0f s spent", step, clock.spent_s)
    crops = crop_batches(
        load_songs(data, "train"),
        batch=training.batch,
        frames=training.hops * autoencoder.config.hop,
        rng=random.Random(training.seed + step),
    )
    with closing(RunLog(run)) as log:
        while clock.progress < 1:
            set_rate(shop.decoder_steps, training.rate, clock, step)
            set_rate(shop.judge_steps, training.rate, clock, step)
            audio_BT = torch.from_numpy(next(crops)).to(device)
            if clock.progress < 1 - training.judged_share:
                figures = _learn_spectra(shop, audio_BT, training)
            else:
                figures = _learn_judged(shop, audio_BT, training)
                shop.judged += 1
            shop.average.follow(autoencoder.decoder)
            step += 1
            if step % 10 == 0:
                log.write(step, {**figures, "seconds": clock.elapsed_s})
            if step % training.save_every == 0:
                _save(state_file, shop, clock, step)
    _save(state_file, shop, clock, step)
    autoencoder.decoder.load_state_dict(shop.average.weights)
    return autoencoder.cpu().eval()


def _workshop(autoencoder: Autoencoder, judges: SpectrogramJudges) -> _Workshop:
    autoencoder.requires_grad_(False)
    decoder = autoencoder.decoder.requires_grad_(True)
    betas = (0.8, 0.99)
    return _Workshop(
        autoencoder,
        judges,
        SpectralDistance(autoencoder.config.sample_rate).to(decoder.mean.device),
        torch.optim.AdamW(decoder.parameters(), betas=betas, weight_decay=0.0),
        torch.optim.AdamW(judges.parameters(), betas=betas, weight_decay=0.01),
        Average(decoder),
    )


def _learn_spectra(
    shop: _Workshop, audio_BT: Tensor, training: DecoderTraining
) -> dict[str, float]:
    made_BT, real_BT, spectra_BTC = _compare(shop.autoencoder, audio_BT, training)
    loss, figures = _own_loss(shop, audio_BT, made_BT, real_BT, spectra_BTC, training)
    _descend(shop.decoder_steps, loss, shop.autoencoder.decoder)
    return figures


def _learn_judged(
    shop: _Workshop, audio_BT: Tensor, training: DecoderTraining
) -> dict[str, float]:
    alone = shop.judged < training.alone_steps
    with torch.no_grad() if alone else torch.enable_grad():
        made_BT, real_BT, spectra_BTC = _compare(shop.autoencoder, audio_BT, training)
    made_scores = [maps[-1] for maps in shop.judges(made_BT.detach())]
    real_scores = [maps[-1] for maps in shop.judges(real_BT)]
    judged = sum(
        F.relu(1 - real).mean() + F.relu(1 + made).mean()
        for real, made in zip(real_scores, made_scores, strict=True)
    ) / len(real_scores)
    assert isinstance(judged, Tensor)
    _descend(shop.judge_steps, judged, shop.judges)
    if alone:
        return {"judges": judged.item()}
    own, figures = _own_loss(shop, audio_BT, made_BT, real_BT, spectra_BTC, training)
    fooled, matching = _fooling(shop.judges, made_BT, real_BT)
    loss = own + training.adversarial * fooled + training.matching * matching
    _descend(shop.decoder_steps, loss, shop.autoencoder.decoder)
    judgement = {"judges": judged, "fooled": fooled, "matching": matching}
    return figures | {name: value.item() for name, value in judgement.items()}


def _compare(
    autoencoder: Autoencoder, audio_BT: Tensor, training: DecoderTraining
) -> tuple[Tensor, Tensor, Tensor]:
    """Return what was made and what it should be, over the same frames, and its spectra."""
    c = autoencoder.config
    warm = training.warm_hops * c.hop
    made_BT, spectra_BTC = _reconstruct(autoencoder, audio_BT, training)
    return made_BT[:, warm + c.inner :], audio_BT[:, warm : -c.inner], spectra_BTC


def _own_loss(
    shop: _Workshop,
    audio_BT: Tensor,
    made_BT: Tensor,
    real_BT: Tensor,
    spectra_BTC: Tensor,
    training: DecoderTraining,
) -> tuple[Tensor, dict[str, float]]:
    """Return the loss that needs no judge, and its parts for the log."""
    c = shop.autoencoder.config
    level, phase = spectral_losses(
        shop.autoencoder.decoder.vocoder,
        spectra_BTC,
        audio_BT,
        training.warm_hops * c.inner_steps,
    )
    mel, linear = shop.distance(made_BT, real_BT)
    energy = energy_distance(made_BT, real_BT, c.sample_rate)
    loss = training.mel * mel + linear + training.level * level + 2 * phase
    loss = loss + training.energy * energy
    parts = {"mel": mel, "linear": linear, "level": level, "phase": phase, "energy": energy}
    return loss, {name: value.item() for name, value in parts.items()}


def _reconstruct(
    autoencoder: Autoencoder, audio_BT: Tensor, training: DecoderTraining
) -> tuple[Tensor, Tensor]:
    decoder = autoencoder.decoder
    with torch.autocast(audio_BT.device.type, dtype=torch.bfloat16):
        with torch.no_grad():
            latent_BTC = autoencoder.encoder(audio_BT[..., None]).float()
        noisy = torch.rand(len(audio_BT), 1, 1, device=audio_BT.device) < 0.5
        latent_BTC = latent_BTC + noisy * training.latent_noise * torch.randn_like(latent_BTC)
        state = decoder.init_state(len(audio_BT))
        spectra_BTC = decoder.spectra(latent_BTC, state)
    return decoder.vocoder.step(spectra_BTC, state.vocoder)[..., 0], spectra_BTC


def _fooling(
    judges: SpectrogramJudges, made_BT: Tensor, real_BT: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the decoder's hinge loss and the relative distance of the feature maps."""
    judges.requires_grad_(False)
    made = judges(made_BT)
    with torch.no_grad():
        real = judges(real_BT)
    judges.requires_grad_(True)
    fooled = torch.stack([-maps[-1].mean() for maps in made]).mean()
    distances = [
        F.l1_loss(m, r) / (r.abs().mean() + 1e-3)
        for made_maps, real_maps in zip(made, real, strict=True)
        for m, r in zip(made_maps[:-1], real_maps[:-1], strict=True)
    ]
    return fooled, torch.stack(distances).mean()


def _descend(optimiser: torch.optim.Optimizer, loss: Tensor, network: torch.nn.Module) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()


def _save(path: Path, shop: _Workshop, clock: Clock, step: int) -> None:
    states = {name: part.state_dict() for name, part in shop.parts().items()}
    own = {"average": shop.average.weights, "spent_s": clock.elapsed_s, "step": step}
    save_state(path, states | own | {"judged": shop.judged})
