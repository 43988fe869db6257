"""What happens when in the demo: pure data, told once and used by the show and the picture."""

from dataclasses import dataclass

from bridge.controls.parameters import ROOT

__all__ = ["SCRIPT", "START_STEM", "ScriptStep"]

START_STEM = "bass"


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One OSC message, sent when the tape reaches a time."""

    at_s: float
    """Seconds of the tape."""
    address: str
    """OSC address."""
    arguments: tuple[str | float, ...]
    """Arguments; none for a trigger."""
    label: str
    """What the picture says."""


SCRIPT = (
    ScriptStep(8.0, f"{ROOT}/stem", ("drums",), "stem drums"),
    ScriptStep(15.0, f"{ROOT}/stem", ("piano",), "stem piano"),
    ScriptStep(21.0, f"{ROOT}/anticipation", (1.0,), "anticipation 1 s"),
    ScriptStep(26.0, f"{ROOT}/reset", (), "reset"),
)
"""Two changes of stem, one of anticipation, one reset, over the 30 s of the bundled mix."""
