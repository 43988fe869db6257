"""Windowed causal self-attention whose keys and values live in a ring."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.errors import ConfigError
from model.streaming import Streaming, StreamState

__all__ = ["PERIOD", "RingState", "WindowedAttention", "rotary_frequencies", "rotate"]

PERIOD = 4096
"""Steps after which the rotary positions repeat exactly; far beyond any window."""


def rotary_frequencies(head_channels: int, window: int) -> Tensor:
    """Return the whole turns per :data:`PERIOD` of each channel pair, ``(head_channels / 2,)``.

    Whole numbers make positions periodic, so a stream may run for ever at full precision;
    a growing float position would lose phase within hours. They are spaced geometrically
    between one turn in eight windows and half a turn per step.

    Source:
        Rotary positions: Su et al. 2021, arXiv:2104.09864.
    """
    slowest, fastest = max(1.0, PERIOD / (8 * window)), PERIOD / 2
    steps = torch.linspace(math.log(fastest), math.log(slowest), head_channels // 2).exp()
    return steps.round()


def rotate(x_BHTD: Tensor, turns: Tensor, start: int) -> Tensor:
    """Rotate channel pairs by their position ``start + t``; ``start`` in 0..PERIOD - 1."""
    steps = (torch.arange(x_BHTD.shape[2], device=x_BHTD.device) + start) % PERIOD
    angles = (steps[:, None] * turns.long()) % PERIOD * (2 * math.pi / PERIOD)
    cos, sin = angles.cos().to(x_BHTD.dtype), angles.sin().to(x_BHTD.dtype)
    left, right = x_BHTD.chunk(2, dim=-1)
    return torch.cat([left * cos - right * sin, left * sin + right * cos], dim=-1)


def _normalised(x_BHTD: Tensor) -> Tensor:
    return x_BHTD * torch.rsqrt(x_BHTD.square().mean(-1, keepdim=True) + 1e-6)


@dataclass(slots=True)
class RingState(StreamState):
    """The last ``window`` keys and values, slot = position modulo window."""

    keys: Tensor
    """``(B, H, window, D)``, already rotated."""
    values: Tensor
    """``(B, H, window, D)``."""
    position: int = 0
    """Steps taken so far, modulo nothing: the ring is full once it reaches the window."""


class WindowedAttention(Streaming[RingState]):
    """Attention over the newest ``window`` steps, the current one included.

    Args:
        channels: C.
        heads: H; ``channels / heads`` must be even.
        window: Steps a query can see. Memory of a stack of L such layers reaches
            ``L * (window - 1)`` steps back.

    Raises:
        ConfigError: ``heads`` does not divide ``channels`` into even parts.
    """

    turns: Tensor

    def __init__(self, channels: int, *, heads: int, window: int) -> None:
        super().__init__()
        if channels % (2 * heads):
            raise ConfigError(f"{channels=} must be a multiple of twice {heads=}")
        self.heads, self.window = heads, window
        self.project = nn.Linear(channels, 3 * channels, bias=False)
        self.query_scale = nn.Parameter(torch.ones(channels // heads))
        self.key_scale = nn.Parameter(torch.ones(channels // heads))
        self.merge = nn.Linear(channels, channels, bias=False)
        turns = rotary_frequencies(channels // heads, window)
        self.register_buffer("turns", turns, persistent=False)

    def init_state(self, batch: int) -> RingState:
        """Return an empty ring."""
        weight = self.merge.weight
        shape = (batch, self.heads, self.window, weight.shape[0] // self.heads)
        return RingState(weight.new_zeros(shape), weight.new_zeros(shape))

    def step(self, x_BTC: Tensor, state: RingState) -> Tensor:
        """Attend from T new steps to themselves and the ring; ``(B, T, C) -> (B, T, C)``.

        Gradients flow within one call; what the ring holds of earlier ones is a constant.
        """
        q_BHTD, k_BHTD, v_BHTD = self._heads(x_BTC, state.position % PERIOD)
        if x_BTC.shape[1] == 1:
            y_BHTD = self._one(q_BHTD, k_BHTD, v_BHTD, state)
        else:
            y_BHTD = self._many(q_BHTD, k_BHTD, v_BHTD, state)
        state.position += x_BTC.shape[1]
        merged: Tensor = self.merge(y_BHTD.transpose(1, 2).flatten(2))
        return merged

    def _heads(self, x_BTC: Tensor, start: int) -> tuple[Tensor, Tensor, Tensor]:
        split = self.project(x_BTC).unflatten(-1, (3, self.heads, -1))
        q_BHTD, k_BHTD, v_BHTD = split.permute(2, 0, 3, 1, 4)
        q_BHTD = rotate(_normalised(q_BHTD) * self.query_scale, self.turns, start)
        k_BHTD = rotate(_normalised(k_BHTD) * self.key_scale, self.turns, start)
        return q_BHTD.to(v_BHTD.dtype), k_BHTD.to(v_BHTD.dtype), v_BHTD

    def _one(self, q_BHTD: Tensor, k_BHTD: Tensor, v_BHTD: Tensor, state: RingState) -> Tensor:
        slot = state.position % self.window
        state.keys[:, :, slot] = k_BHTD[:, :, 0]
        state.values[:, :, slot] = v_BHTD[:, :, 0]
        held = min(state.position + 1, self.window)
        keys, values = state.keys[:, :, :held], state.values[:, :, :held]
        return F.scaled_dot_product_attention(q_BHTD, keys, values)

    def _many(self, q_BHTD: Tensor, k_BHTD: Tensor, v_BHTD: Tensor, state: RingState) -> Tensor:
        steps, held = q_BHTD.shape[2], min(state.position, self.window - 1)
        device = q_BHTD.device
        past = (torch.arange(-held, 0, device=device) + state.position) % self.window
        keys = torch.cat([state.keys[:, :, past].to(k_BHTD.dtype), k_BHTD], dim=2)
        values = torch.cat([state.values[:, :, past].to(v_BHTD.dtype), v_BHTD], dim=2)
        age = (
            torch.arange(steps, device=device)[:, None]
            + held
            - torch.arange(steps + held, device=device)
        )
        visible = (age >= 0) & (age < self.window)
        y_BHTD = F.scaled_dot_product_attention(q_BHTD, keys, values, attn_mask=visible)
        self._remember(k_BHTD.detach(), v_BHTD.detach(), state)
        return y_BHTD

    def _remember(self, k_BHTD: Tensor, v_BHTD: Tensor, state: RingState) -> None:
        kept = min(k_BHTD.shape[2], self.window)
        end = state.position + k_BHTD.shape[2]
        slots = torch.arange(end - kept, end, device=k_BHTD.device) % self.window
        state.keys[:, :, slots] = k_BHTD[:, :, -kept:].to(state.keys.dtype)
        state.values[:, :, slots] = v_BHTD[:, :, -kept:].to(state.values.dtype)
