"""Descriptor for the values in shared memory that native functions read and write."""

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, Protocol, Self, TypeVar, overload

from bridge.common.errors import ConfigError

__all__ = ["SharedValue", "in_range", "linear_gain", "within"]

T = TypeVar("T")


class _Holder(Protocol):
    @property
    def native_arguments(self) -> tuple[object, ...]:
        """First arguments of the native functions."""


class SharedValue(Generic[T]):
    """Attribute that a native function reads, and another writes.

    Args:
        kind: Makes the value of what ``read`` returns.
        read: Native function that returns the value.
        write: Native function that sets it; without one the attribute is read-only.
        check: Returns a value that may be set; raises ``ConfigError`` for any other.
    """

    def __init__(
        self,
        kind: Callable[[Any], T],
        read: Callable[..., Any],
        write: Callable[..., None] | None = None,
        check: Callable[[T], T] | None = None,
    ) -> None:
        self._kind, self._read, self._write, self._check = kind, read, write, check

    @overload
    def __get__(self, holder: None, owner: type) -> Self: ...
    @overload
    def __get__(self, holder: _Holder, owner: type) -> T: ...
    def __get__(self, holder: _Holder | None, owner: type) -> Self | T:
        return self if holder is None else self._kind(self._read(*holder.native_arguments))

    def __set__(self, holder: _Holder, value: T) -> None:
        if self._write is None:
            raise AttributeError("this value is read-only")
        checked = value if self._check is None else self._check(value)
        self._write(*holder.native_arguments, checked)


def within(name: str, value: int, low: int, high: int) -> int:
    """Return a value if it is in its range.

    Raises:
        ConfigError: It is not.
    """
    if not low <= value <= high:
        raise ConfigError(f"{name} must be {low}..{high}, got {value}")
    return value


def in_range(name: str, low: int, high: int) -> Callable[[int], int]:
    """Return :func:`within` for one range, as a check of a :class:`SharedValue`."""
    return partial(within, name, low=low, high=high)


def linear_gain(linear: float) -> float:
    """Return a linear gain if it is in range.

    Raises:
        ConfigError: It is below 0, as decibels are, or above 1000.
    """
    if not 0.0 <= linear <= 1000.0:
        raise ConfigError(f"a linear gain must be 0..1000, got {linear}; mind the sign of dB")
    return linear
