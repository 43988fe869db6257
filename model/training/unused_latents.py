"""New meaning for the channels of a latent that a finished codec left unused."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from model.networks.autoencoder import Autoencoder

__all__ = ["renew_unused_latents"]

_USED_VARIANCE = 0.5
"""Channels of a whitened latent below this variance carry next to nothing."""


@torch.no_grad()
def renew_unused_latents(
    network: Autoencoder, draw: Callable[[int], Tensor], batches: int
) -> int:
    """Let every unused channel carry what the encoder knows and its latents do not tell.

    The new channels are the principal components of what is left of the encoder's last
    features once the used channels have been taken out, each of variance 1. The decoder does
    not listen to them yet, so the sound stays the same. Amplifying the old ones instead was
    tried: they are differences of nearly equal features, and training blew them up.

    Args:
        network: Whitened, with its whitening moved into the layers: used channels have
            variance 1 and no correlation.
        draw: Makes the audio of a step, ``(batch, frames)``.
        batches: How many to listen to; together several hundred latents a channel.

    Returns:
        How many channels were unused.
    """
    leave, enter = network.encoder.leave, network.decoder.enter
    feature_NF = _features(network, draw, batches).double()
    weight_CF, bias_C = leave.weight.double(), leave.bias.double()
    latent_NC = feature_NF @ weight_CF.T + bias_C
    unused_C = latent_NC.var(0) < _USED_VARIANCE
    count = int(unused_C.sum())
    if count == 0:
        return 0
    used_NC = latent_NC[:, ~unused_C]
    told_NC = torch.cat([used_NC, torch.ones(len(used_NC), 1).to(used_NC)], dim=1)
    map_CF = torch.linalg.lstsq(told_NC, feature_NF).solution
    rest_NF = feature_NF - told_NC @ map_CF
    variance_F, axes_FF = torch.linalg.eigh(rest_NF.T @ rest_NF / (len(rest_NF) - 1))
    axes_FC = axes_FF.flip(1)[:, :count] / variance_F.flip(0)[:count].clamp(min=1e-8).sqrt()
    through_FF = torch.eye(feature_NF.shape[1]).to(feature_NF)
    through_FF = through_FF - weight_CF[~unused_C].T @ map_CF[:-1]
    shift_F = bias_C[~unused_C] @ map_CF[:-1] + map_CF[-1]
    leave.weight[unused_C] = (through_FF @ axes_FC).T.to(leave.weight)
    leave.bias[unused_C] = -(shift_F @ axes_FC).to(leave.bias)
    enter.weight[:, unused_C] = 0
    return count


def _features(network: Autoencoder, draw: Callable[[int], Tensor], batches: int) -> Tensor:
    """Return what the encoder's last layer is given, ``(N, channels)``."""
    encoder, taken = network.encoder, []
    hook = encoder.leave.register_forward_pre_hook(
        lambda _, inputs: taken.append(inputs[0].flatten(0, 1))
    )
    try:
        for step in range(batches):
            audio_BT = draw(step)
            encoder.unrotated(audio_BT[..., None], encoder.init_state(len(audio_BT)))
    finally:
        hook.remove()
    return torch.cat(taken)
