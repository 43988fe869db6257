"""Every change while a loud tone plays: nothing clicks, and the tone goes on."""

import pytest

from tools.trials.transitions import STEADY, transitions

pytestmark = [pytest.mark.jack, pytest.mark.slow]

KINDS = (
    "reset",
    "bypass",
    "stem",
    "model",
    "player",
    "preset",
    "anticipation",
    "block",
    "loop",
)


def test_no_change_makes_a_step_that_the_tone_and_its_fades_do_not():
    rows = list(transitions())
    assert all(any(row.what.startswith(kind) for row in rows) for kind in KINDS)
    assert rows[0].what == "nothing"
    assert rows[0].step > 0.99 * STEADY, "what is heard is the tone"
    assert [row for row in rows if row.step > row.bound] == []
    assert all(row.cycles > 0 for row in rows)
