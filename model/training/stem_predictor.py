"""Supervised prediction of the true stem from the stem network's features, in training only."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from model.training.adversarial_losses import channel_weights

__all__ = ["StemPredictor", "stem_prediction_loss"]


class StemPredictor(nn.Module):
    """Linear layer from the features below the generator's last block to stem latents.

    The discriminator says whether a whole sequence is convincing; this error says of every hop
    what was played, so that the features learn from the first steps on what a stem does in this
    beat, groove and harmony. It does not pass through the last block, which may choose among
    what is likely, where an error on the output would pull it to the mean of all choices.

    Args:
        channels: Channels of the features.
        latent: Channels of the stem latents.

    Source:
        A classifier inside an adversarial training that shares its features: Odena et al. 2016
        (AC-GAN), arXiv:1610.09585. Its place below the generator's last block is ours.
    """

    def __init__(self, channels: int, latent: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.predict = nn.Linear(channels, latent)

    def forward(self, features_BTC: Tensor) -> Tensor:
        """Return the expected stem latents, ``(B, T, latent)``."""
        expected_BTC: Tensor = self.predict(self.norm(features_BTC))
        return expected_BTC


def stem_prediction_loss(
    predictor: StemPredictor, features_BTC: Tensor, real_BTC: Tensor
) -> Tensor:
    """Return the Huber distance of predicted and true stems.

    Channels weigh as in :func:`~model.training.adversarial_losses.channel_weights`.

    Args:
        predictor: The layer; it is trained by this loss together with the generator.
        features_BTC: Features of the generator, ``(B, T, channels)``.
        real_BTC: True stems, ``(B, T, latent)``.
    """
    expected_BTC = predictor(features_BTC.float())
    error_BTC = F.huber_loss(expected_BTC, real_BTC, reduction="none")
    return error_BTC.mean((0, 1)) @ channel_weights(real_BTC)
