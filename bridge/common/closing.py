"""Base class of objects that are closed at the end of a ``with`` statement."""

from abc import ABC, abstractmethod
from typing import Self

__all__ = ["Closeable"]


class Closeable(ABC):
    """Context manager that calls ``close`` at its end."""

    @abstractmethod
    def close(self) -> None:
        """Release what the object holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()
