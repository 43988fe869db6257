"""Everything that can go wrong, in short; ``make chaos`` takes ten minutes of it."""

import pytest

from tools.trials.chaos import FAULTS, chaos

pytestmark = [pytest.mark.jack, pytest.mark.slow]


def test_the_bridge_plays_after_every_fault_and_names_it():
    ordeals = list(chaos(20.0, seed=4))
    assert {ordeal.fault for ordeal in ordeals} == set(FAULTS)
    assert [ordeal.fault for ordeal in ordeals if not ordeal.named] == []
