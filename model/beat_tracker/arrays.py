"""Conversion of the beat tracker's state to named arrays and back, for saved banks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.errors import ModelConfigError

__all__ = ["from_arrays", "to_arrays"]

S = TypeVar("S")
Arrays = Mapping[str, NDArray[Any]]


def to_arrays(state: object, path: str = "") -> dict[str, NDArray[Any]]:
    """Return the fields of a state as arrays, with dotted names for nested states.

    Args:
        state: A dataclass of arrays, numbers, and dataclasses of the same sort.
        path: Prefix of all names.
    """
    assert is_dataclass(state)
    arrays: dict[str, NDArray[Any]] = {}
    for field in fields(state):
        value, name = getattr(state, field.name), f"{path}{field.name}"
        if is_dataclass(value):
            arrays |= to_arrays(value, f"{name}.")
        else:
            arrays[name] = np.array(value)
    return arrays


def from_arrays(arrays: Arrays, like: S, path: str = "") -> S:
    """Return the state that :func:`to_arrays` converted.

    Args:
        arrays: Arrays by name; others are ignored.
        like: Any state of this class.
        path: Prefix of all names.

    Raises:
        ModelConfigError: An array is missing or has another shape.
    """
    assert is_dataclass(like)
    found: dict[str, Any] = {}
    for field in fields(like):
        value, name = getattr(like, field.name), f"{path}{field.name}"
        if is_dataclass(value):
            found[field.name] = from_arrays(arrays, value, f"{name}.")
            continue
        shape = np.shape(value)
        if name not in arrays or arrays[name].shape != shape:
            raise ModelConfigError(f"a beat tracker's memory must hold {name} of shape {shape}")
        array = arrays[name]
        if isinstance(value, np.ndarray):
            found[field.name] = array.astype(value.dtype)
        else:
            found[field.name] = type(value)(array.item())
    return replace(like, **found)  # type: ignore[type-var]
