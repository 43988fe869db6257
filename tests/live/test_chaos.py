"""A short run of the trial ``chaos``; ``make chaos`` takes ten minutes."""

import pytest

from tools.trials.chaos import FAULTS, inject_faults

pytestmark = [pytest.mark.jack, pytest.mark.slow]


def test_the_bridge_plays_after_every_fault_and_names_it():
    outcomes = list(inject_faults(20.0, seed=4))
    assert {outcome.fault for outcome in outcomes} == set(FAULTS)
    assert [outcome.fault for outcome in outcomes if not outcome.named] == []
