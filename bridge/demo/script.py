"""Script of the demo: OSC messages and their times, for the performance and the picture."""

from dataclasses import dataclass

from bridge.controls.parameters import ROOT

__all__ = ["SCRIPT", "START_STEM", "ScriptStep"]

START_STEM = "bass"


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One OSC message, sent when the mix reaches a time."""

    at_s: float
    """Seconds from the beginning of the mix."""
    address: str
    """OSC address."""
    arguments: tuple[str | float, ...]
    """Arguments; none for a trigger."""
    label: str
    """Label in the picture."""


SCRIPT = (
    ScriptStep(8.0, f"{ROOT}/stem", ("drums",), "stem drums"),
    ScriptStep(15.0, f"{ROOT}/stem", ("piano",), "stem piano"),
    ScriptStep(21.0, f"{ROOT}/anticipation", (1.0,), "anticipation 1 s"),
    ScriptStep(26.0, f"{ROOT}/reset", (), "reset"),
)
"""Two changes of stem, one of anticipation, one reset, over the 30 s of the bundled mix."""
