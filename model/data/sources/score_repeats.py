"""Playing order of the measures of a score with repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["RepeatMarks", "played_order"]


@dataclass(kw_only=True, slots=True)
class RepeatMarks:
    """Marks of one measure that decide which measure follows."""

    forward: bool = False
    """A repeat begins with it."""
    backward: int = 0
    """How often the repeat that ends with it is played; 0 where none ends."""
    endings: frozenset[int] = frozenset()
    """The times it is played at, as the first or second ending of a repeat; empty for all."""
    segno: bool = False
    coda: bool = False
    to_coda: bool = False
    fine: bool = False
    da_capo: bool = False
    dal_segno: bool = False


def played_order(marks: Sequence[RepeatMarks]) -> list[int]:
    """Return the indices of measures in the order they are played.

    A jump is taken once, after the repeats around it. Behind it repeats are played once, with
    the last ending, and *to coda* and *fine* hold. Without a beginning a repeat goes back to
    the end of the one before. A jump to a sign that is nowhere is not taken.

    Args:
        marks: Of every measure.

    Example:
        >>> first = RepeatMarks(endings=frozenset({1}), backward=2)
        >>> second = RepeatMarks(endings=frozenset({2}))
        >>> played_order([RepeatMarks(), first, second])
        [0, 1, 0, 2]
    """
    order: list[int] = []
    segno = next((n for n, mark in enumerate(marks) if mark.segno), None)
    coda = next((n for n, mark in reversed([*enumerate(marks)]) if mark.coda), None)
    at, start, time, jumped = 0, 0, 1, False
    while at < len(marks):
        mark = marks[at]
        left_endings = at > 0 and marks[at - 1].endings and not mark.endings
        if at != start and (mark.forward or left_endings):
            start, time = at, 1
        endings = max(2, _last_ending(marks, at))
        if mark.endings and (endings if jumped else time) not in mark.endings:
            at += 1
            continue
        order.append(at)
        target = 0 if mark.da_capo else segno if mark.dal_segno else None
        if jumped and mark.fine:
            break
        if jumped and mark.to_coda and coda is not None and coda > at:
            at = coda
        elif not jumped and time < (
            endings if mark.backward and mark.endings else mark.backward
        ):
            at, time = start, time + 1
        elif not jumped and target is not None:
            at, start, time, jumped = target, target, 1, True
        else:
            at += 1
            if mark.backward and not mark.endings:
                start, time = at, 1
    return order


def _last_ending(marks: Sequence[RepeatMarks], at: int) -> int:
    """Return the highest ending of the repeat that a measure is an ending of, else 0."""
    last = at
    while last + 1 < len(marks) and marks[last + 1].endings:
        last += 1
    first = at
    while first > 0 and marks[first - 1].endings:
        first -= 1
    return max((n for mark in marks[first : last + 1] for n in mark.endings), default=0)
