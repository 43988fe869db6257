"""Windowed causal self-attention whose keys and values live in a ring."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model import tables
from model.errors import ConfigError
from model.streaming import Streaming, StreamState
from model.tables import PERIOD

__all__ = ["PERIOD", "RingState", "WindowedAttention", "rotary_frequencies", "rotate"]


def rotary_frequencies(head_channels: int, window: int) -> Tensor:
    """Return :func:`model.tables.rotary_frequencies` as a float32 tensor."""
    return torch.from_numpy(tables.rotary_frequencies(head_channels, window)).float()


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
    """Steps taken so far, modulo nothing; all streams of a batch step together."""
    held: list[int] = field(default_factory=list)
    """Newest steps that each stream remembers; less than the others' where it joined later."""


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
        return RingState(weight.new_zeros(shape), weight.new_zeros(shape), held=[0] * batch)

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
        state.held = [min(held + x_BTC.shape[1], self.window) for held in state.held]
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
        if min(state.held) + 1 >= held:
            keys, values = state.keys[:, :, :held], state.values[:, :, :held]
            return F.scaled_dot_product_attention(q_BHTD, keys, values)
        age_W = (slot - torch.arange(self.window, device=q_BHTD.device)) % self.window
        visible = age_W <= torch.tensor(state.held, device=q_BHTD.device)[:, None]
        return F.scaled_dot_product_attention(
            q_BHTD, state.keys, state.values, attn_mask=visible[:, None, None]
        )

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
        if min(state.held) < held:  # a stream that joined later has nothing before that
            known = torch.arange(-held, steps, device=device) >= -torch.tensor(
                state.held, device=device
            ).view(-1, 1, 1, 1)
            visible = visible & known
        y_BHTD = F.scaled_dot_product_attention(q_BHTD, keys, values, attn_mask=visible)
        self._remember(k_BHTD.detach(), v_BHTD.detach(), state)
        return y_BHTD

    def _remember(self, k_BHTD: Tensor, v_BHTD: Tensor, state: RingState) -> None:
        kept = min(k_BHTD.shape[2], self.window)
        end = state.position + k_BHTD.shape[2]
        slots = torch.arange(end - kept, end, device=k_BHTD.device) % self.window
        state.keys[:, :, slots] = k_BHTD[:, :, -kept:].to(state.keys.dtype)
        state.values[:, :, slots] = v_BHTD[:, :, -kept:].to(state.values.dtype)
