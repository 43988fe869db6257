"""Mean and covariance of latents over many batches, and the distance from white latents."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from model.training.processes import ALONE, Processes

__all__ = ["RunningMoments"]


class RunningMoments:
    """Running mean and covariance of latents, and a penalty that draws them to white ones.

    A batch has too few independent latents for a covariance of 64 channels: its own distance
    from the identity is about 1 even where the latents are white. So the distance is that of
    the running covariance, and a batch only gives the direction of the gradient.

    Args:
        channels: C.
        processes: Who trains together; they keep the same running values.
        decay: Share of the running values kept at each step, once warmed up.

    Source:
        Off-diagonal entries as a penalty: Bardes et al. 2022 (VICReg), arXiv:2105.04906. The
        running values are ours.
    """

    def __init__(
        self,
        channels: int,
        processes: Processes = ALONE,
        *,
        device: torch.device | None = None,
        decay: float = 0.9,
    ) -> None:
        self._processes, self._decay = processes, decay
        self.steps = 0
        self.mean_C = torch.zeros(channels, device=device)
        self.covariance_CC = torch.eye(channels, device=device)

    def penalty(self, latent_BTC: Tensor) -> tuple[Tensor, Tensor]:
        """Take in a batch.

        Args:
            latent_BTC: Latents before whitening, ``(B, T, C)``, ``B * T`` above 1.

        Returns:
            A loss whose gradient is that of the distance, and the distance: the squared mean of
            each channel and the squared difference of the covariance from the identity, summed
            and divided by C.
        """
        flat_NC = latent_BTC.float().flatten(0, 1)
        mean_C = flat_NC.mean(0)
        apart_NC = flat_NC - self._follow(mean_C)
        covariance_CC = apart_NC.T @ apart_NC / (len(apart_NC) - 1)
        self._take_in(mean_C.detach().clone(), covariance_CC.detach().clone())
        off_CC = self.covariance_CC - torch.eye(len(mean_C), device=mean_C.device)
        slope = 2 * ((self.mean_C * mean_C).sum() + (off_CC * covariance_CC).sum())
        distance = self.mean_C.square().sum() + off_CC.square().sum()
        return slope / len(mean_C), distance / len(mean_C)

    def _follow(self, mean_C: Tensor) -> Tensor:
        return mean_C.detach() if self.steps == 0 else self.mean_C

    @torch.no_grad()
    def _take_in(self, mean_C: Tensor, covariance_CC: Tensor) -> None:
        self._processes.average([mean_C, covariance_CC])
        self.steps += 1
        share = 1 - min(self._decay, self.steps / (10 + self.steps))
        self.mean_C = torch.lerp(self.mean_C, mean_C, share)
        self.covariance_CC = torch.lerp(self.covariance_CC, covariance_CC, share)

    def state_dict(self) -> dict[str, Any]:
        """Return what a run must keep to go on."""
        return {
            "mean": self.mean_C,
            "covariance": self.covariance_CC,
            "steps": self.steps,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what :meth:`state_dict` returned."""
        self.mean_C = state["mean"].to(self.mean_C.device)
        self.covariance_CC = state["covariance"].to(self.covariance_CC.device)
        self.steps = int(state["steps"])
