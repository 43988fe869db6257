"""Adversarial refinement of the decoder; the latent space does not change."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.crops import TrainingAudio
from model.networks.autoencoder import Autoencoder
from model.networks.spectrogram_discriminator import (
    SpectrogramDiscriminatorConfig,
    SpectrogramDiscriminators,
)
from model.training.averaging import WeightAverage
from model.training.precision import fast_matmul
from model.training.prefetch import StepBatches
from model.training.reconstruction import ReconstructionTask, adamw, crops_by_step
from model.training.run_log import Metrics
from model.training.settings import ReconstructionSettings
from model.training.trainer import Progress, Trainer, TrainingRun

__all__ = ["DecoderTask", "DecoderTraining", "train_decoder"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DecoderTraining(ReconstructionSettings):
    """Settings of the decoder's refinement."""

    batch: int = 4
    rate: float = 2e-4
    adversarial: float = 0.3
    """Weight of the discriminators' scores."""
    matching: float = 1.0
    """Weight of the distance of their feature maps."""
    judged_share: float = 0.4
    """Last share of the steps, with discriminators; before it, only spectral losses."""
    alone_steps: int = 50
    """First steps of that share, in which only the discriminators are trained."""


class DecoderTask(ReconstructionTask):
    """Training of a finished autoencoder's decoder against spectrogram discriminators.

    Args:
        autoencoder: On the device; its encoder and whitening are not changed.
        discriminators: On the device.
        training: Hyperparameters.
        batches: Audio of each step, ``(batch, frames)``.
    """

    def __init__(
        self,
        autoencoder: Autoencoder,
        discriminators: SpectrogramDiscriminators,
        training: DecoderTraining,
        batches: StepBatches[Tensor],
    ) -> None:
        super().__init__(autoencoder, batches, training.warm_hops)
        self.autoencoder = autoencoder.requires_grad_(False)
        self.decoder = autoencoder.decoder.requires_grad_(True)
        self._discriminators = discriminators
        self._training = training
        self._decoder_steps = adamw(self.decoder, 0.0)
        self._discriminator_steps = adamw(discriminators, 0.01)
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
        loss, metrics = self._spectral_loss(audio_BT, *self._reconstruct(audio_BT))
        self._descend(self._decoder_steps, self.decoder, loss)
        return metrics

    def _adversarial_step(self, audio_BT: Tensor, *, alone: bool) -> Metrics:
        training = self._training
        with torch.no_grad() if alone else torch.enable_grad():
            decoded_BT, spectra_BTC = self._reconstruct(audio_BT)
        made_BT, real_BT = self._aligned(decoded_BT, audio_BT)
        made_scores = [maps[-1] for maps in self._discriminators(made_BT.detach())]
        real_scores = [maps[-1] for maps in self._discriminators(real_BT)]
        pairs = zip(real_scores, made_scores, strict=True)
        discriminator_loss = torch.stack(
            [F.relu(1 - real).mean() + F.relu(1 + made).mean() for real, made in pairs]
        ).mean()
        self._descend(self._discriminator_steps, self._discriminators, discriminator_loss)
        if alone:
            return {"judges": discriminator_loss.detach()}
        spectral, metrics = self._spectral_loss(audio_BT, decoded_BT, spectra_BTC)
        fooled, matching = _adversarial_losses(self._discriminators, made_BT, real_BT)
        loss = spectral + training.adversarial * fooled + training.matching * matching
        self._descend(self._decoder_steps, self.decoder, loss)
        adversarial = {"judges": discriminator_loss, "fooled": fooled, "matching": matching}
        return {**metrics, **{name: value.detach() for name, value in adversarial.items()}}

    def _reconstruct(self, audio_BT: Tensor) -> tuple[Tensor, Tensor]:
        """Return audio decoded from latents, half of them noisy, and the vocoder's input."""
        with fast_matmul(self._device):
            with torch.no_grad():
                latent_BTC = self.autoencoder.encoder(audio_BT[..., None]).float()
            noisy = torch.rand(len(audio_BT), 1, 1, device=self._device) < 0.5
            noise = self._training.latent_noise
            noisy_BTC = latent_BTC + noisy * noise * torch.randn_like(latent_BTC)
            state = self.decoder.init_state(len(audio_BT))
            spectra_BTC = self.decoder.spectra(noisy_BTC, state)
        return self.decoder.vocoder.step(spectra_BTC, state.vocoder)[..., 0], spectra_BTC

    def _spectral_loss(
        self, audio_BT: Tensor, made_BT: Tensor, spectra_BTC: Tensor
    ) -> tuple[Tensor, Metrics]:
        """Return the loss without discriminators, and its terms for the log."""
        parts = self._spectral_losses(audio_BT, made_BT, spectra_BTC)
        weighted = [
            part if name == "linear" else getattr(self._training, name) * part
            for name, part in parts.items()
        ]
        loss = torch.stack(weighted).sum()
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
    batches = crops_by_step(material, training, autoencoder.config.hop, run.processes)
    discriminators = SpectrogramDiscriminators(config).to(run.device)
    task = DecoderTask(autoencoder.to(run.device), discriminators, training, batches)
    progress = Trainer(training, run).train(task)
    autoencoder.decoder.load_state_dict(task.average.weights)
    return autoencoder.cpu().eval(), progress


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
