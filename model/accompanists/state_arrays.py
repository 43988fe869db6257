"""Streaming states of torch networks as named arrays that can be kept in a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.accompanists.band_memory import Arrays, found_array
from model.layers.streaming import StreamState

__all__ = ["pack_state", "unpack_state"]

S = TypeVar("S", bound=StreamState)


def pack_state(state: StreamState, path: str) -> dict[str, NDArray[Any]]:
    """Return a state as arrays; they share no memory with it.

    Args:
        state: Tensors, counters and states within, however nested.
        path: First part of every name.

    Example:
        >>> from model.layers.attention import RingState
        >>> ring = RingState(torch.zeros(1, 2, 3, 4), torch.zeros(1, 2, 3, 4), position=7)
        >>> arrays = pack_state(ring, "ring")
        >>> arrays["ring.position"].tolist(), arrays["ring.keys"].shape
        (7, (1, 2, 3, 4))
    """
    return dict(_leaves(state, path))


def unpack_state(like: S, arrays: Arrays, path: str) -> S:
    """Return the state that :func:`pack_state` made arrays of.

    Args:
        like: Any state of the same module and as many streams; it stays as it is.
        arrays: May hold other things too.
        path: As it was packed with.

    Raises:
        ModelConfigError: An array is missing or has another shape.
    """
    made: S = _filled(like, arrays, path)
    return made


def _leaves(value: object, path: str) -> Iterator[tuple[str, NDArray[Any]]]:
    if isinstance(value, Tensor):
        yield path, value.detach().cpu().numpy().copy()
    elif isinstance(value, StreamState):
        for field in fields(value):
            yield from _leaves(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, list) and value and isinstance(value[0], StreamState):
        for number, each in enumerate(value):
            yield from _leaves(each, f"{path}.{number}")
    else:
        yield path, np.array(value, np.int64)


def _filled(like: Any, arrays: Arrays, path: str) -> Any:  # noqa: ANN401
    if isinstance(like, StreamState):
        parts = {
            field.name: _filled(getattr(like, field.name), arrays, f"{path}.{field.name}")
            for field in fields(like)
        }
        return replace(like, **parts)
    if isinstance(like, list) and like and isinstance(like[0], StreamState):
        return [_filled(each, arrays, f"{path}.{n}") for n, each in enumerate(like)]
    array = found_array(arrays, path, np.shape(like))
    if not isinstance(like, Tensor):
        return array.tolist()
    return torch.from_numpy(array.copy()).to(like)
