"""What a stream remembers, as named arrays that can be kept in a file, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.errors import ConfigError
from model.streaming import StreamState

__all__ = ["Arrays", "packed", "unpacked"]

Arrays = Mapping[str, NDArray[Any]]
"""Arrays by the path of the field that they fill."""

S = TypeVar("S", bound=StreamState)


def packed(state: StreamState, path: str) -> dict[str, NDArray[Any]]:
    """Return a state as arrays; they share no memory with it.

    Args:
        state: Tensors, counters and states within, however nested.
        path: What every name begins with.

    Example:
        >>> from model.layers.attention import RingState
        >>> ring = RingState(torch.zeros(1, 2, 3, 4), torch.zeros(1, 2, 3, 4), position=7)
        >>> arrays = packed(ring, "ring")
        >>> arrays["ring.position"].tolist(), arrays["ring.keys"].shape
        (7, (1, 2, 3, 4))
    """
    return dict(_leaves(state, path))


def unpacked(like: S, arrays: Arrays, path: str) -> S:
    """Return the state that :func:`packed` made arrays of.

    Args:
        like: Any state of the same module; it stays as it is.
        arrays: May hold other things too.
        path: As it was packed with.

    Raises:
        ConfigError: An array is missing or has another shape, the number of streams aside.
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
    if path not in arrays:
        raise ConfigError(f"this memory lacks {path}; it was kept by another version")
    array = arrays[path]
    if not isinstance(like, Tensor):
        return array.tolist()
    if array.shape[1:] != tuple(like.shape[1:]):
        raise ConfigError(
            f"{path} of this memory has shape {array.shape}, expected (streams, "
            f"{', '.join(map(str, like.shape[1:]))}); it was kept by another checkpoint"
        )
    return torch.from_numpy(array.copy()).to(like)
