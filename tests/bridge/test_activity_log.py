"""The log tells what changed, and how often, without drowning in it."""

import pytest

from bridge.monitoring.activity_log import ActivityLog, ActivitySnapshot

ZEROS = dict.fromkeys(("lost_hops", "underruns", "xruns", "midi_dropped", "malformed"), 0)


@pytest.fixture
def told(caplog):
    """A function that lets a log look and returns its new lines."""
    seconds = [0.0]
    log = ActivityLog(lambda: seconds[0])
    caplog.set_level("INFO", "bridge.monitoring.activity_log")

    def look(after_s=0.5, rate=48_000, block=256, engine_pid=7, **counts):
        seconds[0] += after_s
        caplog.clear()
        moment = ActivitySnapshot(
            rate=rate, block=block, engine_pid=engine_pid, counts={**ZEROS, **counts}
        )
        log.update(moment)
        return [record.getMessage() for record in caplog.records]

    return look


def test_what_changes_is_told_once(told):
    assert told() == ["blocks of 256 frames at 48000 Hz", "the engine is process 7"]
    assert told() == []
    assert told(block=512) == ["blocks of 512 frames at 48000 Hz"]
    assert told(block=512, engine_pid=None) == []
    assert told(block=512, engine_pid=8) == ["the engine is process 8"]


def test_what_goes_on_is_told_now_and_then_with_its_number(told):
    told()
    assert told(xruns=3) == ["3 xruns of the audio server"]
    assert told(xruns=9) == []
    assert told(xruns=10, malformed=1) == ["1 packets were no OSC"]
    assert told(5.0, xruns=10, malformed=1) == ["7 xruns of the audio server"]
    assert told(5.0, xruns=10, malformed=1) == []
