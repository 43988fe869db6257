"""The beat tracker's networks in torch, for training; live they run in C.

The layers and the names of the weights are those of
:class:`model.beat_tracker.network.BeatNetwork`, so weights can be converted both ways.

Source:
    BeatNet, Heydari, Cwitkowitz and Duan 2021 (arXiv:2108.03576).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from model.beat_tracker.network import ACTIVATIONS
from model.beat_tracker.spectrum import FEATURES
from model.errors import CheckpointError

__all__ = ["TrackerNetwork", "TrackerNetworks"]

_MAPS, _KERNEL, _CELLS = 2, 10, 150
_POOLED = (FEATURES - _KERNEL + 1) // 2


class TrackerNetwork(nn.Module):
    """One network: convolution over the bands, a linear layer, two LSTM layers."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(1, _MAPS, _KERNEL)
        self.linear0 = nn.Linear(_MAPS * _POOLED, _CELLS)
        self.lstm = nn.LSTM(_CELLS, _CELLS, 2)
        self.linear = nn.Linear(_CELLS, ACTIVATIONS)

    def forward(self, features_TBF: Tensor) -> Tensor:
        """Return logits of beat, downbeat and neither, ``(T, B, 3)``, from a cold start."""
        frames, batch, features = features_TBF.shape
        rows = features_TBF.reshape(frames * batch, 1, features)
        pooled = nn.functional.max_pool1d(torch.relu(self.conv1(rows)), 2)
        x_TBC = self.linear0(pooled.flatten(1)).view(frames, batch, _CELLS)
        logits_TBK: Tensor = self.linear(self.lstm(x_TBC)[0])
        return logits_TBK


class TrackerNetworks(nn.Module):
    """Ensemble of networks whose probabilities the tracker averages.

    Args:
        weights: By name, stacked along a first axis of networks, as
            :func:`model.beat_tracker.weights.load_weights` returns them.

    Raises:
        CheckpointError: An array is missing, unknown or has another shape.
    """

    def __init__(self, weights: Mapping[str, NDArray[np.floating]]) -> None:
        super().__init__()
        count = len(weights.get("linear.bias", ()))
        self.networks = nn.ModuleList(TrackerNetwork() for _ in range(count))
        if not count:
            raise CheckpointError("beat tracker: the weights lack linear.bias")
        try:
            for number, network in enumerate(self.networks):
                own = {name: torch.from_numpy(a[number].copy()) for name, a in weights.items()}
                network.load_state_dict({name: a.float() for name, a in own.items()})
        except RuntimeError as error:
            raise CheckpointError(
                f"beat tracker: weights of another network: {error}"
            ) from error

    def forward(self, features_BTF: Tensor) -> Tensor:
        """Return every network's logits, ``(networks, B, T, 3)``, from a cold start.

        Args:
            features_BTF: Frames of :class:`model.beat_tracker.spectrum.LogSpectrum`.
        """
        features_TBF = features_BTF.transpose(0, 1).contiguous()
        return torch.stack([network(features_TBF).transpose(0, 1) for network in self.networks])

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return the weights by name, stacked along a first axis of networks."""
        states = [network.state_dict() for network in self.networks]
        return {
            name: np.stack([state[name].detach().cpu().float().numpy() for state in states])
            for name in states[0]
        }
