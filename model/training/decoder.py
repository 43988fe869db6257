"""Adversarial refinement of the decoder; the latent space does not change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from model.autoencoder import Autoencoder
from model.data.crops import TrainingAudio, crop_batch
from model.losses import SpectralDistance
from model.spectrogram_discriminator import (
    SpectrogramDiscriminatorConfig,
    SpectrogramDiscriminators,
)
from model.training.averaging import WeightAverage
from model.training.precision import fast_matmul
from model.training.prefetch import batch_rng
from model.training.processes import Processes
from model.training.run_log import Metrics
from model.training.spectral import spectral_losses
from model.training.task import TrainingTask
from model.training.trainer import Progress, Trainer, TrainingRun

__all__ = ["DecoderTask", "DecoderTraining", "train_decoder"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DecoderTraining:
    """Settings of the decoder's refinement."""

    steps: int = 4000
    """Steps of the whole training; learning rates fall to a tenth at its end."""
    batch: int = 4
    """Crops per step and process."""
    hops: int = 30
    """Hops per crop."""
    warm_hops: int = 5
    """First hops of a crop, left out of the losses."""
    rate: float = 2e-4
    """Peak learning rate of decoder and discriminators."""
    latent_noise: float = 0.2
    """Standard deviation of the noise added to the whitened latents of half of the crops."""
    mel: float = 2.0
    """Weight of the log-mel distance."""
    adversarial: float = 0.3
    """Weight of the discriminators' scores."""
    matching: float = 1.0
    """Weight of the distance of their feature maps."""
    level: float = 0.1
    """Weight of the distance of the vocoder's magnitudes from those of the sound's spectrum;
    small, as noise needs larger ones: windows of random phase add up to less."""
    energy: float = 2.0
    """Weight of the distance of energies."""
    phase: float = 2.0
    """Weight of the likelihood of phase advances."""
    recordings_share: float = 0.3
    """Share of the crops taken from recordings, where there are any."""
    judged_share: float = 0.4
    """Last share of the steps, with discriminators; before it, only spectral losses."""
    alone_steps: int = 50
    """First steps of that share, in which only the discriminators are trained."""
    save_every: int = 100
    """Steps between saved states."""
    seed: int = 0
    """Seed of the crops and of the discriminators' weights."""


class DecoderTask(TrainingTask[Tensor]):
    """Training of a finished autoencoder's decoder against spectrogram discriminators.

    Args:
        autoencoder: On the device; its encoder and whitening are not changed.
        discriminators: On the device.
        training: Hyperparameters.
        draw: Returns the audio of a step, ``(batch, frames)``.
        processes: Processes that train together.
    """

    gradient_limit = 5.0

    def __init__(
        self,
        autoencoder: Autoencoder,
        discriminators: SpectrogramDiscriminators,
        training: DecoderTraining,
        draw: Callable[[int], Tensor],
        processes: Processes,
    ) -> None:
        super().__init__(draw, processes)
        self.autoencoder = autoencoder.requires_grad_(False)
        self.decoder = autoencoder.decoder.requires_grad_(True)
        self._discriminators = discriminators
        self._training = training
        self._device = next(discriminators.parameters()).device
        self._distance = SpectralDistance(autoencoder.config.sample_rate).to(self._device)
        self._decoder_steps, self._discriminator_steps = (
            torch.optim.AdamW(
                network.parameters(), betas=(0.8, 0.99), weight_decay=decay, fused=True
            )
            for network, decay in ((self.decoder, 0.0), (discriminators, 0.01))
        )
        self.average = WeightAverage(self.decoder)
        self.sizes = {"judges": asdict(discriminators.config)}
        self.parts = {
            "decoder": self.decoder,
            "judges": discriminators,
            "decoder_steps": self._decoder_steps,
            "judge_steps": self._discriminator_steps,
            "average": self.average,
        }
        self.optimisers = {
            self._decoder_steps: training.rate,
            self._discriminator_steps: training.rate,
        }

    def step(self, number: int) -> Metrics:
        """Train with spectral losses and, in the last share of the steps, adversarial ones."""
        audio_BT = self._batches.take(number).to(self._device)
        first_adversarial = round(self._training.steps * (1 - self._training.judged_share))
        if number < first_adversarial:
            metrics = self._spectral_step(audio_BT)
        else:
            alone = number < first_adversarial + self._training.alone_steps
            metrics = self._adversarial_step(audio_BT, alone=alone)
        self.average.update(self.decoder)
        return metrics

    def _spectral_step(self, audio_BT: Tensor) -> Metrics:
        made_BT, real_BT, spectra_BTC = _compare(self.autoencoder, audio_BT, self._training)
        loss, metrics = self._spectral_loss(audio_BT, made_BT, real_BT, spectra_BTC)
        self._descend(self._decoder_steps, self.decoder, loss)
        return metrics

    def _adversarial_step(self, audio_BT: Tensor, *, alone: bool) -> Metrics:
        training = self._training
        with torch.no_grad() if alone else torch.enable_grad():
            made_BT, real_BT, spectra_BTC = _compare(self.autoencoder, audio_BT, training)
        made_scores = [maps[-1] for maps in self._discriminators(made_BT.detach())]
        real_scores = [maps[-1] for maps in self._discriminators(real_BT)]
        pairs = zip(real_scores, made_scores, strict=True)
        discriminator_loss = torch.stack(
            [F.relu(1 - real).mean() + F.relu(1 + made).mean() for real, made in pairs]
        ).mean()
        self._descend(self._discriminator_steps, self._discriminators, discriminator_loss)
        if alone:
            return {"judges": discriminator_loss.detach()}
        spectral, metrics = self._spectral_loss(audio_BT, made_BT, real_BT, spectra_BTC)
        fooled, matching = _adversarial_losses(self._discriminators, made_BT, real_BT)
        loss = spectral + training.adversarial * fooled + training.matching * matching
        self._descend(self._decoder_steps, self.decoder, loss)
        adversarial = {"judges": discriminator_loss, "fooled": fooled, "matching": matching}
        return {**metrics, **{name: value.detach() for name, value in adversarial.items()}}

    def _spectral_loss(
        self, audio_BT: Tensor, made_BT: Tensor, real_BT: Tensor, spectra_BTC: Tensor
    ) -> tuple[Tensor, Metrics]:
        """Return the loss without discriminators, and its terms for the log."""
        c, training = self.autoencoder.config, self._training
        level, phase = spectral_losses(
            self.decoder.vocoder, spectra_BTC, audio_BT, training.warm_hops * c.inner_steps
        )
        parts = {
            **self._distance(made_BT, real_BT)._asdict(),
            "level": level,
            "phase": phase,
        }
        weights = {
            "mel": training.mel,
            "linear": 1.0,
            "energy": training.energy,
            "level": training.level,
            "phase": training.phase,
        }
        loss = torch.stack([weights[name] * part for name, part in parts.items()]).sum()
        return loss, {name: value.detach() for name, value in parts.items()}


def train_decoder(
    material: TrainingAudio,
    autoencoder: Autoencoder,
    config: SpectrogramDiscriminatorConfig,
    training: DecoderTraining,
    run: TrainingRun,
) -> tuple[Autoencoder, Progress]:
    """Refine, or go on refining, the decoder; state and log lie in the run's folder.

    Args:
        material: Audio that crops are drawn from.
        autoencoder: Finished autoencoder; its encoder and whitening are not changed.
        config: Sizes of the discriminators.
        training: Hyperparameters.
        run: Folder, device, processes and time limit.

    Returns:
        The autoencoder with the averaged decoder, and the progress.

    Raises:
        DataError: The run is of another version.
    """
    torch.manual_seed(training.seed)
    frames = training.hops * autoencoder.config.hop

    def draw(step: int) -> Tensor:
        rng = batch_rng(training.seed, step, run.processes)
        return torch.from_numpy(crop_batch(material, training.batch, frames, rng))

    discriminators = SpectrogramDiscriminators(config).to(run.device)
    task = DecoderTask(
        autoencoder.to(run.device), discriminators, training, draw, run.processes
    )
    progress = Trainer(training, run).train(task)
    autoencoder.decoder.load_state_dict(task.average.weights)
    return autoencoder.cpu().eval(), progress


def _compare(
    autoencoder: Autoencoder, audio_BT: Tensor, training: DecoderTraining
) -> tuple[Tensor, Tensor, Tensor]:
    """Return decoded and true audio over the same frames, and the vocoder's input."""
    c = autoencoder.config
    warm = training.warm_hops * c.hop
    made_BT, spectra_BTC = _reconstruct(autoencoder, audio_BT, training)
    return made_BT[:, warm + c.inner :], audio_BT[:, warm : -c.inner], spectra_BTC


def _reconstruct(
    autoencoder: Autoencoder, audio_BT: Tensor, training: DecoderTraining
) -> tuple[Tensor, Tensor]:
    decoder = autoencoder.decoder
    with fast_matmul(audio_BT.device):
        with torch.no_grad():
            latent_BTC = autoencoder.encoder(audio_BT[..., None]).float()
        noisy = torch.rand(len(audio_BT), 1, 1, device=audio_BT.device) < 0.5
        latent_BTC = latent_BTC + noisy * training.latent_noise * torch.randn_like(latent_BTC)
        state = decoder.init_state(len(audio_BT))
        spectra_BTC = decoder.spectra(latent_BTC, state)
    return decoder.vocoder.step(spectra_BTC, state.vocoder)[..., 0], spectra_BTC


def _adversarial_losses(
    discriminators: SpectrogramDiscriminators, made_BT: Tensor, real_BT: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the decoder's hinge loss and the relative distance of feature maps."""
    discriminators.requires_grad_(False)
    made = discriminators(made_BT)
    with torch.no_grad():
        real = discriminators(real_BT)
    discriminators.requires_grad_(True)
    fooled = torch.stack([-maps[-1].mean() for maps in made]).mean()
    distances = [
        F.l1_loss(m, r) / (r.abs().mean() + 1e-3)
        for made_maps, real_maps in zip(made, real, strict=True)
        for m, r in zip(made_maps[:-1], real_maps[:-1], strict=True)
    ]
    return fooled, torch.stack(distances).mean()
