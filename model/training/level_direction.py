"""Direction in latent space along which the level rises, estimated from encoded stems."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from model.data.latents import LatentPair
from model.data.pairing import SILENCE_DB

__all__ = ["level_direction"]

_MOST = 400
"""Stems that are looked at, spread over all."""
_RIDGE = 1e-3


def level_direction(pairs: Sequence[LatentPair]) -> Tensor:
    """Return the direction whose projections have deviation 1 and follow the level, ``(C,)``.

    A linear regression of the A-weighted level on the latents, over the hops that sound: it
    explains four fifths of the level's variance with the codec of run 11. Where every channel's
    values are distributed as in real stems but vary less together, the level varies less too,
    and the loudest hops are missing; so its distribution is matched beside those of channels.

    Args:
        pairs: Encoded stems; zeros are returned where none of them sounds.
    """
    chosen = pairs[:: max(1, len(pairs) // _MOST)]
    stems_NC = np.concatenate([pair.stem.astype(np.float64) for pair in chosen])
    level_N = np.concatenate([pair.stem_db.astype(np.float64) for pair in chosen])
    sounds = level_N > SILENCE_DB
    if not sounds.any():
        return torch.zeros(stems_NC.shape[1])
    apart_NC, level_N = stems_NC[sounds], level_N[sounds]
    apart_NC, level_N = apart_NC - apart_NC.mean(0), level_N - level_N.mean()
    ridge_CC = _RIDGE * len(apart_NC) * np.eye(apart_NC.shape[1])
    slope_C = np.linalg.solve(apart_NC.T @ apart_NC + ridge_CC, apart_NC.T @ level_N)
    spread = (stems_NC @ slope_C).std()
    return torch.from_numpy(slope_C / max(spread, 1e-9)).float()
