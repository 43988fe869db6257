"""Training of the decoder against spectrogram judges; the latent space stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from model.autoencoder import Autoencoder
from model.data.crops import Material, crop_batch
from model.losses import SpectralDistance
from model.spectrogram_discriminator import SpectrogramJudgeConfig, SpectrogramJudges
from model.training.averaging import Average
from model.training.optimisation import descend
from model.training.precision import fast_products
from model.training.prefetch import Prefetched, batch_rng
from model.training.processes import Processes
from model.training.run_log import Figures
from model.training.spectral import spectral_losses
from model.training.trainer import Progress, Sitting, Trainer

__all__ = ["DecoderTask", "DecoderTraining", "train_decoder"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DecoderTraining:
    """How the decoder is refined."""

    steps: int = 4000
    """Steps of the whole training; learning rates fall to a tenth at its end."""
    batch: int = 4
    """Crops per step and process."""
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
    phase: float = 2.0
    """Weight of the likelihood of phase advances."""
    recordings_share: float = 0.3
    """Share of the crops taken from recordings, where there are any."""
    judged_share: float = 0.4
    """Last share of the steps, in which the judges take part; before it, spectra teach."""
    alone_steps: int = 50
    """First steps of that share, in which only the judges learn."""
    save_every: int = 100
    """Steps between saved states."""
    seed: int = 0
    """Seed of the crops and of the judges' weights."""


class DecoderTask:
    """The decoder of a finished autoencoder, and the judges of what it makes.

    Args:
        autoencoder: On the device; its encoder and whitening are not touched.
        judges: On the device.
        training: Hyperparameters.
        draw: Makes the audio of a step, ``(batch, frames)``.
        processes: Who trains together.
    """

    def __init__(
        self,
        autoencoder: Autoencoder,
        judges: SpectrogramJudges,
        training: DecoderTraining,
        draw: Callable[[int], Tensor],
        processes: Processes,
    ) -> None:
        self.autoencoder = autoencoder.requires_grad_(False)
        self.decoder = autoencoder.decoder.requires_grad_(True)
        self._judges = judges
        self._training, self._processes = training, processes
        self._device = next(judges.parameters()).device
        self._distance = SpectralDistance(autoencoder.config.sample_rate).to(self._device)
        self._decoder_steps, self._judge_steps = (
            torch.optim.AdamW(
                network.parameters(), betas=(0.8, 0.99), weight_decay=decay, fused=True
            )
            for network, decay in ((self.decoder, 0.0), (judges, 0.01))
        )
        self.average = Average(self.decoder)
        self._crops = Prefetched(draw)

    @property
    def sizes(self) -> dict[str, Any]:
        """Configuration of the judges; the autoencoder's is in its checkpoint."""
        return {"judges": asdict(self._judges.config)}

    @property
    def parts(self) -> Mapping[str, Any]:
        """Networks, optimisers and the average."""
        return {
            "decoder": self.decoder,
            "judges": self._judges,
            "decoder_steps": self._decoder_steps,
            "judge_steps": self._judge_steps,
            "average": self.average,
        }

    @property
    def optimisers(self) -> Mapping[torch.optim.Optimizer, float]:
        """Both optimisers at the same peak rate."""
        rate = self._training.rate
        return {self._decoder_steps: rate, self._judge_steps: rate}

    def step(self, number: int) -> Figures:
        """Learn from spectra alone or, in the last share of the steps, from judges too."""
        audio_BT = self._crops.take(number).to(self._device)
        first_judged = round(self._training.steps * (1 - self._training.judged_share))
        if number < first_judged:
            figures = self._learn_spectra(audio_BT)
        else:
            alone = number < first_judged + self._training.alone_steps
            figures = self._learn_judged(audio_BT, alone=alone)
        self.average.follow(self.decoder)
        return figures

    def close(self) -> None:
        """Stop preparing crops."""
        self._crops.close()

    def _learn_spectra(self, audio_BT: Tensor) -> Figures:
        made_BT, real_BT, spectra_BTC = _compare(self.autoencoder, audio_BT, self._training)
        loss, figures = self._own_loss(audio_BT, made_BT, real_BT, spectra_BTC)
        self._descend(self._decoder_steps, self.decoder, loss)
        return figures

    def _learn_judged(self, audio_BT: Tensor, *, alone: bool) -> Figures:
        training = self._training
        with torch.no_grad() if alone else torch.enable_grad():
            made_BT, real_BT, spectra_BTC = _compare(self.autoencoder, audio_BT, training)
        made_scores = [maps[-1] for maps in self._judges(made_BT.detach())]
        real_scores = [maps[-1] for maps in self._judges(real_BT)]
        pairs = zip(real_scores, made_scores, strict=True)
        judged = torch.stack(
            [F.relu(1 - real).mean() + F.relu(1 + made).mean() for real, made in pairs]
        ).mean()
        self._descend(self._judge_steps, self._judges, judged)
        if alone:
            return {"judges": judged.detach()}
        own, figures = self._own_loss(audio_BT, made_BT, real_BT, spectra_BTC)
        fooled, matching = _fooling(self._judges, made_BT, real_BT)
        loss = own + training.adversarial * fooled + training.matching * matching
        self._descend(self._decoder_steps, self.decoder, loss)
        judgement = {"judges": judged, "fooled": fooled, "matching": matching}
        return {**figures, **{name: value.detach() for name, value in judgement.items()}}

    def _own_loss(
        self, audio_BT: Tensor, made_BT: Tensor, real_BT: Tensor, spectra_BTC: Tensor
    ) -> tuple[Tensor, Figures]:
        """Return the loss that needs no judge, and its parts for the log."""
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

    def _descend(
        self, optimiser: torch.optim.Optimizer, network: torch.nn.Module, loss: Tensor
    ) -> None:
        descend(optimiser, network, loss, limit=5.0, processes=self._processes)


def train_decoder(
    material: Material,
    autoencoder: Autoencoder,
    config: SpectrogramJudgeConfig,
    training: DecoderTraining,
    sitting: Sitting,
) -> tuple[Autoencoder, Progress]:
    """Refine, or go on refining, the decoder; state and log lie in the sitting's folder.

    Args:
        material: What crops are drawn from.
        autoencoder: A finished one; its encoder and whitening are not touched.
        config: Sizes of the judges.
        training: Hyperparameters.
        sitting: Where, with whom, and for how long.

    Returns:
        The autoencoder with the averaged decoder, and how far it came.

    Raises:
        DataError: The run is of another version.
    """
    torch.manual_seed(training.seed)
    frames = training.hops * autoencoder.config.hop

    def draw(step: int) -> Tensor:
        rng = batch_rng(training.seed, step, sitting.processes)
        return torch.from_numpy(crop_batch(material, training.batch, frames, rng))

    judges = SpectrogramJudges(config).to(sitting.device)
    task = DecoderTask(
        autoencoder.to(sitting.device), judges, training, draw, sitting.processes
    )
    progress = Trainer(training, sitting).train(task)
    autoencoder.decoder.load_state_dict(task.average.weights)
    return autoencoder.cpu().eval(), progress


def _compare(
    autoencoder: Autoencoder, audio_BT: Tensor, training: DecoderTraining
) -> tuple[Tensor, Tensor, Tensor]:
    """Return what was made and what it should be, over the same frames, and its spectra."""
    c = autoencoder.config
    warm = training.warm_hops * c.hop
    made_BT, spectra_BTC = _reconstruct(autoencoder, audio_BT, training)
    return made_BT[:, warm + c.inner :], audio_BT[:, warm : -c.inner], spectra_BTC


def _reconstruct(
    autoencoder: Autoencoder, audio_BT: Tensor, training: DecoderTraining
) -> tuple[Tensor, Tensor]:
    decoder = autoencoder.decoder
    with fast_products(audio_BT.device):
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
