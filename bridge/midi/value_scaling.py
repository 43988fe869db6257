"""Scaling between a control's values and positions 0..1 along the target of a binding.

Each value of a choice or toggle covers a range of positions, a number a single one. Controllers
work in positions only, independent of the unit of the control.
"""

from dataclasses import dataclass

from bridge.controls.parameters import Kind, Parameter, Value

__all__ = ["ValueScaling"]


@dataclass(frozen=True, slots=True)
class ValueScaling:
    """Maps values between two ends to positions, from 0 at the first to 1 at the second.

    Example:
        >>> from bridge.controls.parameters import PARAMETERS
        >>> upside_down = ValueScaling(PARAMETERS["gain/out"], (0.0, -60.0))
        >>> upside_down.value(0.25), upside_down.zone(-30.0)
        (-15.0, (0.5, 0.5))
    """

    row: Parameter
    """Row of a control that keeps a value."""
    ends: tuple[Value, Value] | None = None
    """Values at 0 and at 1, each one the row can hold; None for its whole range."""

    @property
    def steps(self) -> tuple[Value, ...]:
        """The values of a choice or toggle in order; empty for numbers."""
        if self.row.kind is Kind.TOGGLE:
            values: tuple[Value, ...] = (False, True)
        elif self.row.kind is Kind.CHOICE:
            values = self.row.choices
        else:
            return ()
        if self.ends is None:
            return values
        first, last = (values.index(end) for end in self.ends)
        if first <= last:
            return values[first : last + 1]
        return values[last : first + 1][::-1]

    def value(self, position: float) -> Value:
        """Return the value at a position, 0..1."""
        steps = self.steps
        if steps:
            return steps[min(int(position * len(steps)), len(steps) - 1)]
        low, high = self._range
        number = low + position * (high - low)
        return round(number) if self.row.kind is Kind.INT else number

    def zone(self, value: Value) -> tuple[float, float]:
        """Return the range of positions of a value, the nearest end for one beyond the ends."""
        steps = self.steps
        if steps:
            index = steps.index(value) if value in steps else self._nearest(value)
            return index / len(steps), (index + 1) / len(steps)
        low, high = self._range
        half = 0.5 / abs(high - low) if self.row.kind is Kind.INT else 0.0
        position = min(max((float(value) - low) / (high - low), 0.0), 1.0)
        return max(position - half, 0.0), min(position + half, 1.0)

    def position(self, value: Value) -> float:
        """Return the position that shows ``value``: exactly 0 and 1 at the ends."""
        steps = self.steps
        if steps:
            index = steps.index(value) if value in steps else self._nearest(value)
            return index / max(1, len(steps) - 1)
        low, high = self._range
        return min(max((float(value) - low) / (high - low), 0.0), 1.0)

    @property
    def least_step(self) -> float:
        """Smallest difference of two positions with different values; 0 for floats."""
        steps = self.steps
        if steps:
            return 1.0 / max(1, len(steps) - 1)
        low, high = self._range
        return 1.0 / abs(high - low) if self.row.kind is Kind.INT else 0.0

    @property
    def _range(self) -> tuple[float, float]:
        if self.ends is None:
            return self.row.low, self.row.high
        return float(self.ends[0]), float(self.ends[1])

    def _nearest(self, value: Value) -> int:
        """Return the index of the end that is nearer to a value beyond the ends."""
        values = self.row.choices if self.row.kind is Kind.CHOICE else (False, True)
        steps = self.steps
        at = values.index(value)
        first, last = values.index(steps[0]), values.index(steps[-1])
        return 0 if abs(at - first) <= abs(at - last) else len(steps) - 1
