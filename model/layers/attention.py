"""Windowed causal self-attention: rolling state, mask and rotary positions.

Live, keys and values are kept in a ring buffer of one window (:class:`RingState`); over whole
sequences, a mask does the same (:class:`SequencePlan`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.errors import ModelConfigError
from model.layers import tables
from model.layers.streaming import Streaming, StreamState
from model.layers.tables import PERIOD

__all__ = [
    "PERIOD",
    "RingState",
    "SequencePlan",
    "WindowedAttention",
    "rotary_frequencies",
]

UNSEEN = -1e9
"""Added to the score of a masked step; finite, so that no softmax is undefined."""


def rotary_frequencies(head_channels: int, window: int) -> Tensor:
    """Return :func:`model.layers.tables.rotary_frequencies` as a float32 tensor."""
    return torch.from_numpy(tables.rotary_frequencies(head_channels, window)).float()


def _rotation(steps: int, turns: Tensor, start: int) -> tuple[Tensor, Tensor]:
    """Return cosines and sines of rotary positions from ``start`` on, ``(steps, D / 2)``."""
    steps_T = (torch.arange(steps, device=turns.device) + start) % PERIOD
    angle_TD = (steps_T[:, None] * turns.long()) % PERIOD * (2 * math.pi / PERIOD)
    return angle_TD.cos(), angle_TD.sin()


def _rotated(x_BHTD: Tensor, cos_TD: Tensor, sin_TD: Tensor) -> Tensor:
    cos_TD, sin_TD = cos_TD.to(x_BHTD.dtype), sin_TD.to(x_BHTD.dtype)
    left, right = x_BHTD.chunk(2, dim=-1)
    return torch.cat([left * cos_TD - right * sin_TD, left * sin_TD + right * cos_TD], dim=-1)


def _normalised(x_BHTD: Tensor) -> Tensor:
    return x_BHTD * torch.rsqrt(x_BHTD.square().mean(-1, keepdim=True) + 1e-6)


@dataclass(frozen=True, slots=True)
class SequencePlan:
    """Rotary positions and mask of sequences of one length, shared by all layers."""

    cos_TD: Tensor
    """Cosines of the rotary positions, ``(T, D / 2)``."""
    sin_TD: Tensor
    """Sines of the rotary positions, ``(T, D / 2)``."""
    bias_NWK: Tensor
    """0 where a step of a block of ``window`` attends to a step of its block or of the block
    before, else :data:`UNSEEN`; ``(blocks, window, 2 * window)``."""


def _within_window(q_BHTD: Tensor, k_BHTD: Tensor, v_BHTD: Tensor, bias_NWK: Tensor) -> Tensor:
    """Return causal attention over the newest ``window`` steps, ``(B, H, T, D)``."""
    *_, steps, width = q_BHTD.shape
    blocks, window, _ = bias_NWK.shape
    q_BHNWD, k_BHNWD, v_BHNWD = (
        F.pad(x_BHTD, (0, 0, 0, blocks * window - steps)).reshape(
            *x_BHTD.shape[:2], blocks, window, width
        )
        for x_BHTD in (q_BHTD, k_BHTD, v_BHTD)
    )
    score_BHNWK = (q_BHNWD * width**-0.5) @ _with_previous(k_BHNWD).mT
    weight_BHNWK = (score_BHNWK + bias_NWK.to(score_BHNWK.dtype)).softmax(-1)
    y_BHTD: Tensor = (weight_BHNWK @ _with_previous(v_BHNWD)).flatten(2, 3)[:, :, :steps]
    return y_BHTD


def _with_previous(x_BHNWD: Tensor) -> Tensor:
    """Return every block after the one before it, ``(B, H, N, 2 * W, D)``; zero-padded."""
    last_BHNWD = F.pad(x_BHNWD, (0, 0, 0, 0, 1, 0))[:, :, :-1]
    return torch.cat([last_BHNWD, x_BHNWD], dim=3)


@dataclass(slots=True)
class RingState(StreamState):
    """The last ``window`` keys and values, slot = position modulo window."""

    keys: Tensor
    """``(B, H, window, D)``, already rotated."""
    values: Tensor
    """``(B, H, window, D)``."""
    position: int = 0
    """Steps taken so far; all streams of a batch step together."""
    held: list[int] = field(default_factory=list)
    """Steps in the ring per stream; fewer for streams that joined later."""


class WindowedAttention(Streaming[RingState]):
    """Attention over the newest ``window`` steps, the current one included.

    Args:
        channels: C.
        heads: H; ``channels / heads`` must be even.
        window: Steps that a query attends to. The receptive field of L such layers reaches
            ``L * (window - 1)`` steps back.

    Raises:
        ModelConfigError: ``heads`` does not divide ``channels`` into even parts.
    """

    turns: Tensor

    def __init__(self, channels: int, *, heads: int, window: int) -> None:
        super().__init__()
        if channels % (2 * heads):
            raise ModelConfigError(f"{channels=} must be a multiple of twice {heads=}")
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

        Gradients flow within one call; keys and values of earlier calls are constants.
        """
        rotation = _rotation(x_BTC.shape[1], self.turns, state.position % PERIOD)
        q_BHTD, k_BHTD, v_BHTD = self._heads(x_BTC, *rotation)
        if x_BTC.shape[1] == 1:
            y_BHTD = self._step_one(q_BHTD, k_BHTD, v_BHTD, state)
        else:
            y_BHTD = self._step_many(q_BHTD, k_BHTD, v_BHTD, state)
        state.position += x_BTC.shape[1]
        state.held = [min(held + x_BTC.shape[1], self.window) for held in state.held]
        merged: Tensor = self.merge(y_BHTD.transpose(1, 2).flatten(2))
        return merged

    def run_sequence(self, x_BTC: Tensor, plan: SequencePlan) -> Tensor:
        """Attend within whole sequences from an empty ring; ``(B, T, C) -> (B, T, C)``.

        It equals :meth:`step` from an empty ring and keeps no state. It is for training: blocks
        of ``window`` steps attend to themselves and to the block before, so that the cost grows
        linearly with T.

        Args:
            x_BTC: The sequences.
            plan: Result of :meth:`plan` for T steps.
        """
        q_BHTD, k_BHTD, v_BHTD = self._heads(x_BTC, plan.cos_TD, plan.sin_TD)
        y_BHTD = _within_window(q_BHTD, k_BHTD, v_BHTD, plan.bias_NWK)
        merged: Tensor = self.merge(y_BHTD.transpose(1, 2).flatten(2))
        return merged

    def plan(self, steps: int) -> SequencePlan:
        """Return positions and mask of sequences of that many steps."""
        device, window = self.turns.device, self.window
        key_K = torch.arange(-window, window, device=device)
        age_WK = torch.arange(window, device=device)[:, None] - key_K
        block_N11 = torch.arange(-(-steps // window), device=device)[:, None, None]
        seen_NWK = (age_WK >= 0) & (age_WK < window) & (block_N11 * window + key_K >= 0)
        bias_NWK = torch.zeros(seen_NWK.shape, device=device).masked_fill(~seen_NWK, UNSEEN)
        return SequencePlan(*_rotation(steps, self.turns, 0), bias_NWK)

    def _heads(
        self, x_BTC: Tensor, cos_TD: Tensor, sin_TD: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        split = self.project(x_BTC).unflatten(-1, (3, self.heads, -1))
        q_BHTD, k_BHTD, v_BHTD = split.permute(2, 0, 3, 1, 4)
        q_BHTD = _rotated(_normalised(q_BHTD) * self.query_scale, cos_TD, sin_TD)
        k_BHTD = _rotated(_normalised(k_BHTD) * self.key_scale, cos_TD, sin_TD)
        return q_BHTD.to(v_BHTD.dtype), k_BHTD.to(v_BHTD.dtype), v_BHTD

    def _step_one(
        self, q_BHTD: Tensor, k_BHTD: Tensor, v_BHTD: Tensor, state: RingState
    ) -> Tensor:
        slot = state.position % self.window
        state.keys[:, :, slot] = k_BHTD[:, :, 0]
        state.values[:, :, slot] = v_BHTD[:, :, 0]
        held = min(state.position + 1, self.window)
        if min(state.held, default=held) + 1 >= held:
            keys, values = state.keys[:, :, :held], state.values[:, :, :held]
            return F.scaled_dot_product_attention(q_BHTD, keys, values)
        age_W = (slot - torch.arange(self.window, device=q_BHTD.device)) % self.window
        visible = age_W <= torch.tensor(state.held, device=q_BHTD.device)[:, None]
        return F.scaled_dot_product_attention(
            q_BHTD, state.keys, state.values, attn_mask=visible[:, None, None]
        )

    def _step_many(
        self, q_BHTD: Tensor, k_BHTD: Tensor, v_BHTD: Tensor, state: RingState
    ) -> Tensor:
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
        if min(state.held) < held:  # streams that joined later have no earlier steps
            known = torch.arange(-held, steps, device=device) >= -torch.tensor(
                state.held, device=device
            ).view(-1, 1, 1, 1)
            visible = visible & known
        y_BHTD = F.scaled_dot_product_attention(q_BHTD, keys, values, attn_mask=visible)
        self._store(k_BHTD.detach(), v_BHTD.detach(), state)
        return y_BHTD

    def _store(self, k_BHTD: Tensor, v_BHTD: Tensor, state: RingState) -> None:
        kept = min(k_BHTD.shape[2], self.window)
        end = state.position + k_BHTD.shape[2]
        slots = torch.arange(end - kept, end, device=k_BHTD.device) % self.window
        state.keys[:, :, slots] = k_BHTD[:, :, -kept:].to(state.keys.dtype)
        state.values[:, :, slots] = v_BHTD[:, :, -kept:].to(state.values.dtype)
