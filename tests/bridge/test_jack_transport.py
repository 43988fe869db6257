"""Tests of the position that JACK's timebase tells, read while cycles begin."""

import threading
from types import SimpleNamespace

import pytest

from bridge.audio.jack import JackBackend

STOPPED, ROLLING, STARTING = 0, 1, 3


def position(frame, beat, *, torn=False):
    return SimpleNamespace(
        unique_1=frame, unique_2=frame + torn, valid=0x10, frame=frame, bar=1, beat=beat,
        tick=0, ticks_per_beat=1920.0, beats_per_minute=60.0, beats_per_bar=4.0, bbt_offset=0,
    )  # fmt: skip


class Client:
    """A client that is told what libjack reads: each time a position, and then the state."""

    def __init__(self, before, *reads):
        self.transport_state, self.reads = before, list(reads)

    def transport_query_struct(self):
        return self.reads.pop(0) if len(self.reads) > 1 else self.reads[0]


def backend(*reads):
    made = JackBackend.__new__(JackBackend)
    made._client, made._share, made._closing = Client(*reads), None, threading.Thread()
    return made


OLD, MOVED, THERE = position(48_000, 2), position(960_000, 2), position(960_256, 1)
"""While it waits to roll, JACK tells the new frame and the old beat."""


@pytest.mark.parametrize(
    "reads",
    [
        [STARTING, (ROLLING, MOVED), (ROLLING, THERE)],
        [ROLLING, (STARTING, OLD), (ROLLING, THERE)],
        [ROLLING, (STARTING, MOVED), (ROLLING, THERE)],
    ],
)
def test_a_position_read_where_a_cycle_began_with_another_state_is_not_told(reads):
    assert backend(*reads).bar_beat() is None


@pytest.mark.parametrize(
    "reads",
    [
        [ROLLING, (ROLLING, THERE)],
        [STOPPED, (STOPPED, THERE)],
        [STOPPED, (ROLLING, OLD), (ROLLING, THERE)],
        [ROLLING, (ROLLING, position(1, 1, torn=True)), (ROLLING, THERE)],
    ],
)
def test_a_position_of_one_state_and_one_cycle_is_told(reads):
    found = backend(*reads).bar_beat()
    assert (found.frame, found.beat) == (960_256.0, 0)
    assert found.rolling is (reads[-1][0] == ROLLING)


def test_a_position_that_is_never_whole_is_not_told():
    assert backend(ROLLING, (ROLLING, position(1, 1, torn=True))).bar_beat() is None
