"""Parts common to the trainings that reconstruct audio: crops, optimiser and losses."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from model.data.crops import TrainingAudio, crop_batch
from model.networks.autoencoder import Autoencoder
from model.networks.losses import SpectralDistance
from model.training.prefetch import StepBatches, batch_rng
from model.training.processes import Processes
from model.training.settings import ReconstructionSettings
from model.training.spectral import spectral_losses
from model.training.task import TrainingTask

__all__ = ["ReconstructionTask", "adamw", "crops_by_step"]


class ReconstructionTask(TrainingTask[Tensor]):
    """A training that decodes crops of audio and compares them with the originals.

    Args:
        autoencoder: On the device.
        batches: Audio of each step, ``(batch, frames)``.
        warm_hops: First hops of a crop, left out of the losses.
    """

    gradient_limit = 5.0

    def __init__(
        self,
        autoencoder: Autoencoder,
        batches: StepBatches[Tensor],
        warm_hops: int,
    ) -> None:
        super().__init__(batches)
        self._device = next(autoencoder.parameters()).device
        self._distance = SpectralDistance(autoencoder.config.sample_rate).to(self._device)
        self._config, self._vocoder = autoencoder.config, autoencoder.decoder.vocoder
        self._warm_hops = warm_hops

    def _aligned(self, made_BT: Tensor, audio_BT: Tensor) -> tuple[Tensor, Tensor]:
        """Return decoded and true audio over the same frames, without the first hops."""
        warm, inner = self._warm_hops * self._config.hop, self._config.inner
        return made_BT[:, warm + inner :], audio_BT[:, warm:-inner]

    def _spectral_losses(
        self,
        audio_BT: Tensor,
        made_BT: Tensor,
        spectra_BTC: Tensor,
        *,
        resolutions: int | None = None,
    ) -> dict[str, Tensor]:
        """Return the losses of decoded audio by name: ``mel linear energy level phase``.

        Args:
            audio_BT: True audio.
            made_BT: Decoded audio, as long.
            spectra_BTC: The vocoder's input.
            resolutions: See :class:`model.networks.losses.SpectralDistance`.
        """
        warm_steps = self._warm_hops * self._config.inner_steps
        level, phase = spectral_losses(self._vocoder, spectra_BTC, audio_BT, warm_steps)
        distances = self._distance(*self._aligned(made_BT, audio_BT), sampled=resolutions)
        return {**distances._asdict(), "level": level, "phase": phase}


def adamw(network: nn.Module, decay: float) -> torch.optim.Optimizer:
    """Return the optimiser of a network.

    Args:
        network: On its device.
        decay: Weight decay.
    """
    return torch.optim.AdamW(
        network.parameters(), betas=(0.8, 0.99), weight_decay=decay, fused=True
    )


def crops_by_step(
    material: TrainingAudio,
    settings: ReconstructionSettings,
    hop: int,
    processes: Processes,
) -> StepBatches[Tensor]:
    """Return the audio of each step, ``(batch, frames)``.

    Args:
        material: Audio that crops are drawn from.
        settings: Seed, crops per step and hops per crop.
        hop: Frames per hop.
        processes: Processes that train together.
    """

    def draw(step: int) -> Tensor:
        rng = batch_rng(settings.seed, step, processes)
        frames = settings.hops * hop
        return torch.from_numpy(crop_batch(material, settings.batch, frames, rng))

    return StepBatches(draw, processes)
