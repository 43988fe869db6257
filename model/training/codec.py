"""Training of the autoencoder: reconstruct single stems, sub-mixes and recordings."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from model.data.crops import TrainingAudio
from model.errors import ModelConfigError
from model.networks.autoencoder import Autoencoder
from model.networks.config import AutoencoderConfig, from_mapping
from model.training.averaging import WeightAverage
from model.training.moments import RunningMoments
from model.training.precision import fast_matmul
from model.training.prefetch import StepBatches
from model.training.reconstruction import ReconstructionTask, adamw, crops_by_step
from model.training.run_log import Metrics
from model.training.run_state import find_state
from model.training.settings import ReconstructionSettings
from model.training.trainer import Progress, Trainer, TrainingRun
from model.training.unused_latents import renew_unused_latents

__all__ = [
    "CodecTask",
    "CodecTraining",
    "begin_with",
    "noise_like",
    "train_codec",
]

_RENEWAL_BATCHES = 40
"""Batches of crops from which unused channels of the codec it begins with get a new meaning."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CodecTraining(ReconstructionSettings):
    """Settings of the autoencoder's training."""

    steps: int = 3500
    linear: float = 1.0
    """Weight of the distance of magnitudes."""
    resolutions: int = 2
    """Number of resolutions beside 1024 drawn at random for each step's distances."""
    moments: float = 0.02
    """Weight of the latents' distance from zero mean, unit variance and no correlation."""
    save_every: int = 200


class CodecTask(ReconstructionTask):
    """Training of the autoencoder by reconstruction.

    Args:
        network: On the device.
        training: Hyperparameters.
        batches: Audio of each step, ``(batch, frames)``.
    """

    def __init__(
        self,
        network: Autoencoder,
        training: CodecTraining,
        batches: StepBatches[Tensor],
    ) -> None:
        super().__init__(network, batches, training.warm_hops)
        self.network, self._training = network, training
        self._steps = adamw(network, 0.01)
        self.average = WeightAverage(network)
        self._moments = RunningMoments(
            network.config.latent, batches.processes, device=self._device
        )
        self.sizes = {"autoencoder": asdict(network.config)}
        self.parts = {
            "network": network,
            "steps": self._steps,
            "average": self.average,
            "moments": self._moments,
        }
        self.optimisers = {self._steps: training.rate}

    def step(self, number: int) -> Metrics:
        """Reconstruct one batch of crops."""
        network, training = self.network, self._training
        audio_BT = self._batches.take(number).to(self._device)
        latent_BTC, made_BT, spectra_BTC = self._reconstruct(audio_BT)
        parts = self._spectral_losses(
            audio_BT, made_BT, spectra_BTC, resolutions=training.resolutions
        )
        parts["moments"], moments = self._moments.penalty(latent_BTC)
        loss = torch.stack([getattr(training, name) * part for name, part in parts.items()])
        norm = self._descend(self._steps, network, loss.sum())
        self.average.update(network)
        metrics = {name: part.detach() for name, part in parts.items()}
        return {**metrics, "moments": moments, "gradient": norm}

    def _reconstruct(self, audio_BT: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return latents, the audio decoded from noisy latents, and the vocoder's input."""
        network = self.network
        with fast_matmul(self._device):
            encoder_state = network.encoder.init_state(len(audio_BT))
            latent_BTC = network.encoder.unrotated(audio_BT[..., None], encoder_state).float()
            drawn = torch.rand(len(audio_BT), 1, 1, device=self._device)
            share = (drawn < 0.8) * self._training.latent_noise
            noisy_BTC = latent_BTC + share * noise_like(latent_BTC)
            decoder_state = network.decoder.init_state(len(audio_BT))
            spectra_BTC = network.decoder.spectra(noisy_BTC, decoder_state)
        made_BT = network.decoder.vocoder.step(spectra_BTC, decoder_state.vocoder)[..., 0]
        return latent_BTC, made_BT, spectra_BTC


def noise_like(latent_BTC: Tensor) -> Tensor:
    """Return noise with the covariance of a batch of latents, without a gradient.

    Noise of equal size in all directions favours few directions of large variance: a codec so
    trained used 28 of 64 channels. This noise scales with the latents, as noise on whitened
    latents does, with which a finished codec is evaluated.

    Args:
        latent_BTC: ``(B, T, C)``, ``B * T`` above 1.
    """
    flat_NC = latent_BTC.detach().float().flatten(0, 1)
    apart_NC = flat_NC - flat_NC.mean(0)
    count = len(apart_NC)
    drawn_NN = torch.randn(count, count, device=apart_NC.device)
    noise_NC: Tensor = drawn_NN @ apart_NC / math.sqrt(count - 1)
    return noise_NC.view_as(latent_BTC)


def begin_with(network: Autoencoder, start: Autoencoder) -> None:
    """Copy the weights of a finished autoencoder, with its whitening merged into them.

    Args:
        network: Its weights are written.
        start: Autoencoder of the same sizes; only ``phase_lock`` may differ.

    Raises:
        ModelConfigError: The sizes differ.
    """
    wanted, known = asdict(network.config), asdict(start.config)
    differing = [
        f"{name} {known[name]} where the preset has {wanted[name]}"
        for name in wanted
        if wanted[name] != known[name] and name != "phase_lock"
    ]
    if differing:
        raise ModelConfigError(
            f"cannot begin with an autoencoder of other sizes: {', '.join(differing)}; choose "
            "another preset or checkpoint"
        )
    network.load_state_dict(start.state_dict())
    network.fold_whitening()


def train_codec(
    material: TrainingAudio,
    config: AutoencoderConfig,
    training: CodecTraining,
    run: TrainingRun,
    *,
    start: Autoencoder | None = None,
) -> tuple[Autoencoder, Progress]:
    """Train, or go on training, the autoencoder; state and log lie in the run's folder.

    Args:
        material: Audio that crops are drawn from.
        config: Sizes, used when the run is new.
        training: Hyperparameters.
        run: Folder, device, processes and time limit.
        start: Autoencoder whose weights a new run begins with; random ones if None. Latents
            of that autoencoder do not stay valid.

    Returns:
        The averaged autoencoder on the CPU, not yet whitened, and the progress.

    Raises:
        ModelConfigError: ``start`` has other sizes.
        DataError: The run is of another version.
    """
    torch.manual_seed(training.seed)
    state = find_state(run.folder)
    if state is not None:
        config = from_mapping(AutoencoderConfig, state["sizes"]["autoencoder"])
    network = Autoencoder(config)
    batches = crops_by_step(material, training, config.hop, run.processes)
    if state is None and start is not None:
        begin_with(network, start)
        renew_unused_latents(network, batches.draw, _RENEWAL_BATCHES)
    network.to(run.device)
    task = CodecTask(network, training, batches)
    progress = Trainer(training, run).train(task)
    network.load_state_dict(task.average.weights)
    return network.cpu().eval(), progress
