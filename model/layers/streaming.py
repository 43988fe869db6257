"""Base classes of streaming modules, which give equal results hop by hop and on whole input.

Shape letters used in all of ``model``: B streams (batch), T time (frames, hops or steps,
as the docstring says), C channels, H heads, D channels per head, K keys.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any, Generic, Self, TypeVar

import torch
from torch import Tensor, nn

__all__ = ["StreamState", "Streaming"]


@dataclass(slots=True)
class StreamState:
    """State of a batch of streams: tensors, nested states and step counters.

    ``step`` writes into the state that it is given. The first axis of every tensor goes over
    the streams, and so does a list of numbers; a single number is common to all streams.
    """

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor, depth first, in the order of the fields."""
        for value in self._values():
            if isinstance(value, Tensor):
                yield value
            elif isinstance(value, StreamState):
                yield from value.tensors()

    @property
    def nbytes(self) -> int:
        """Size in bytes; constant over the life of a stream."""
        return sum(t.nelement() * t.element_size() for t in self.tensors())

    def clone(self) -> Self:
        """Return an independent copy, which continues bit for bit like this one."""
        return copy.deepcopy(self)

    def select(self, streams: Sequence[int]) -> Self:
        """Return an independent copy of some of the streams, in the order given."""
        chosen = list(streams)
        return _combined(
            [self], lambda rows: rows[0][chosen], lambda rows: [rows[0][i] for i in chosen]
        )

    def joined(self, newcomers: Self) -> Self:
        """Return an independent copy with more streams appended, at the step count of these.

        Args:
            newcomers: Streams that have not stepped yet.
        """
        return _combined([self, newcomers], torch.cat, lambda rows: [*chain(*rows)])

    def _values(self) -> Iterator[object]:
        for field in fields(self):
            value = getattr(self, field.name)
            yield from value if isinstance(value, list) else (value,)


S = TypeVar("S", bound=StreamState)


def _combined(
    states: list[S],
    tensors: Callable[[list[Tensor]], Tensor],
    numbers: Callable[[list[list[int]]], list[int]],
) -> S:
    """Combine states of one class field by field."""

    def part(values: list[Any]) -> object:
        first = values[0]
        if isinstance(first, Tensor):
            return tensors(values)
        if isinstance(first, StreamState):
            return _combined(values, tensors, numbers)
        if not isinstance(first, list):
            return first
        if first and isinstance(first[0], StreamState):
            return [part(list(row)) for row in zip(*values, strict=True)]
        return numbers(values)

    names = [field.name for field in fields(states[0])]
    parts = {name: part([getattr(state, name) for state in states]) for name in names}
    return replace(states[0], **parts)


class Streaming(nn.Module, ABC, Generic[S]):
    """A causal module: ``forward`` on the whole input equals ``step`` on any cut into hops.

    For every ``x_BTC`` of T = a whole number of ``hop`` frames, and every cut of it,
    ``forward(x) == cat([step(part, state) for part in cut], dim=1)``, where ``state`` comes
    from ``init_state`` and is the only memory between the calls. ``forward`` starts from
    the same initial state. ``tests/model/stream_contract.py`` checks it.
    """

    hop: int = 1
    """Input steps consumed at once; ``step`` takes any positive multiple of it."""
    latency: int = 0
    """Delay in output steps: the first output that depends on a hop, after its first output."""

    @abstractmethod
    def init_state(self, batch: int) -> S:
        """Return the initial state of ``batch`` streams."""

    @abstractmethod
    def step(self, x_BTC: Tensor, state: S) -> Tensor:
        """Advance every stream by T steps, writing into ``state``; return ``(B, T', C')``."""

    def forward(self, x_BTC: Tensor) -> Tensor:
        """Run from the initial state over the whole input in one parallel pass."""
        return self.step(x_BTC, self.init_state(x_BTC.shape[0]))
