"""Work in the background: it goes on whatever it raises, and what it raised is told."""

import asyncio
import logging
import threading

import pytest

from bridge.common.background import BackgroundTasks, TaskErrors
from bridge.common.errors import RefusedError

UNEXPECTED = UnicodeDecodeError("utf-8", b"\xe4", 0, 1, "invalid continuation byte")


class Clock:
    now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def errors(clock):
    return TaskErrors(clock)


def lines(caplog):
    return [(record.levelname, record.getMessage()) for record in caplog.records]


def test_what_nobody_expected_is_counted_by_task_and_logged_now_and_then(errors, clock, caplog):
    assert (errors.counts, errors.last) == ({}, "")
    for _ in range(5):
        errors.tell("MIDI", UNEXPECTED)
    errors.tell("transport", ZeroDivisionError("no beat"))
    assert errors.counts == {"MIDI": 5, "transport": 1}
    assert errors.last == "transport: ZeroDivisionError: no beat"
    assert [text.split(",")[0] for _, text in lines(caplog)] == [
        f"MIDI: unexpected UnicodeDecodeError: {UNEXPECTED}",
        "transport: unexpected ZeroDivisionError: no beat",
    ]
    assert all(record.exc_info for record in caplog.records)
    caplog.clear()
    clock.now_s += 10.0
    errors.tell("MIDI", UNEXPECTED)
    errors.tell("MIDI", UNEXPECTED)
    [record] = caplog.records
    assert record.getMessage().endswith("and 4 others before")
    assert not record.exc_info  # the traceback is known
    assert errors.counts["MIDI"] == 7


def test_a_refusal_is_logged_once_for_a_while_and_not_counted(errors, clock, caplog):
    for text in ("no bank 3", "no bank 3", "no bank 4", "no bank 3"):
        errors.tell("MIDI", RefusedError(text))
    assert lines(caplog) == [("WARNING", "MIDI: no bank 3"), ("WARNING", "MIDI: no bank 4")]
    assert errors.counts == {}
    clock.now_s += 10.0
    errors.tell("MIDI", RefusedError("no bank 3"))
    assert lines(caplog)[2:] == [("WARNING", "MIDI: no bank 3")]


def test_ever_other_refusals_and_exceptions_take_no_more_memory(errors, caplog):
    caplog.set_level(logging.CRITICAL)
    for number in range(1000):
        errors.tell("MIDI", RefusedError(f"no bank {number}"))
        errors.tell("MIDI", ValueError(number))
    assert max(len(errors._told_s), len(errors._traced)) <= 65
    assert errors.counts == {"MIDI": 1000}


def test_a_repeated_step_goes_on_whatever_it_raises_until_it_is_cancelled(errors, monkeypatch):
    monkeypatch.setattr("bridge.common.background._AGAIN_S", 0.0)
    taken = []

    async def step():
        taken.append(len(taken))
        if len(taken) % 2:
            raise UNEXPECTED
        if len(taken) == 10:
            done.set()

    async def scene():
        repeating = asyncio.create_task(errors.repeat("feed", step, lambda: 0.0))
        await asyncio.wait_for(done.wait(), 60)
        repeating.cancel()
        with pytest.raises(asyncio.CancelledError):
            await repeating

    done = asyncio.Event()
    asyncio.run(scene())
    assert errors.counts["feed"] >= 5


def test_a_step_that_is_no_coroutine_is_repeated_too(errors):
    taken = []

    async def scene():
        repeating = asyncio.create_task(errors.repeat("tick", step, lambda: 0.0))
        with pytest.raises(asyncio.CancelledError):
            await repeating

    def step():
        taken.append(1)
        if len(taken) == 5:
            asyncio.current_task().cancel()

    asyncio.run(scene())
    assert len(taken) == 5


def test_tasks_are_kept_told_of_by_name_and_ended_together(errors, caplog):
    async def scene():
        tasks = BackgroundTasks(errors)
        tasks.start("saving", fail(RefusedError("the disk is full")))
        tasks.start("loading", fail(UNEXPECTED))
        await tasks.finish()
        await asyncio.sleep(0)
        assert len(tasks) == 0
        for _ in range(3):
            tasks.start("waiting", asyncio.sleep(3600))
        assert len(tasks) == len(tasks.under_way) == 3
        await tasks.close()
        assert len(tasks) == 0

    async def fail(error):
        raise error

    asyncio.run(scene())
    assert errors.counts == {"loading": 1}
    assert ("WARNING", "saving: the disk is full") in lines(caplog)


def test_what_callbacks_of_the_loop_and_threads_leave_to_nobody_is_told(errors):
    def fail(*_):
        raise UNEXPECTED

    before = threading.excepthook

    async def scene():
        loop = asyncio.get_running_loop()
        with errors.of_loop():
            loop.call_soon(fail)
            thread = threading.Thread(target=fail, name="recorder")
            thread.start()
            thread.join()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert loop.get_exception_handler() is None

    asyncio.run(scene())
    assert errors.counts == {"event loop": 1, "recorder": 1}
    assert threading.excepthook is before
