"""A training lasts as long as it was told to, however often it is interrupted."""

import time

from model.training.loop import Clock


def test_what_was_spent_before_counts():
    clock = Clock(minutes=10.0)
    clock.spent_s = 300.0
    assert 0.5 <= clock.progress < 0.9
    clock.spent_s = 600.0
    assert clock.progress == 1.0


def test_it_goes_by_itself():
    clock = Clock(minutes=10.0)
    before = clock.elapsed_s
    time.sleep(0.02)
    assert clock.elapsed_s - before >= 0.02
