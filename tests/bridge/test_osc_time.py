"""Bundles: as one, in time, and in nobody's way. The clocks are the test's own."""

import asyncio
import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.controls.controls import Controls
from bridge.controls.readings import BeatReading
from bridge.controls.store import ControlStore
from bridge.controls.target import Position
from bridge.midi.frame_clock import FrameClock
from bridge.osc.access import Access
from bridge.osc.bundle_schedule import BundleQueue, Timeline, message_groups
from bridge.osc.codec import (
    IMMEDIATELY,
    Bundle,
    Message,
    decode,
    encode,
    encode_bundle,
    parse,
    time_tag,
)
from bridge.osc.route import Route
from bridge.osc.server import OscServer
from bridge.transport.beat_reports import BeatReporter
from tests.bridge.fake_band import FakeBand

NOW_S = 1.7e9
RATE = 48000
HOP = RATE // 20
PEER = Route("udp", "127.0.0.1", 9)


class ServerStage:
    """A server without sockets, whose clocks and audio position stand still unless moved."""

    clogged = False

    def __init__(self):
        self.band = FakeBand()
        self.band.frame = 1000
        self.steady_s = 100.0
        self.sent = []
        self.server = OscServer(
            ControlStore(self.band, Controls()),
            Access(),
            version="1",
            clock=lambda: self.steady_s,
            wall=lambda: NOW_S,
        )
        self.server.outbox.udp = self

    def send(self, packet, route):
        self.sent += [(message.address, *message.arguments) for message in decode(packet)]
        return True

    def receive(self, *messages, ahead_s=None):
        tag = IMMEDIATELY if ahead_s is None else time_tag(NOW_S + ahead_s)
        self.server.receive(encode_bundle(tag, messages), PEER)

    async def play(self, frames):
        """Let the host go on by some frames, and the server notice."""
        self.band.frame += frames
        await asyncio.sleep(0.05)

    async def until(self, condition):
        while not condition():
            await asyncio.sleep(0.001)


def play(scene):
    async def run():
        stage = ServerStage()
        stage.server.start()
        try:
            await asyncio.wait_for(scene(stage), 60)
        finally:
            await stage.server.stop()

    asyncio.run(run())


STEM = Message("/liveband/stem", ("bass",))
NOISE = Message("/liveband/noise", (0.5,))
MUTE = Message("/liveband/mute", (1,))


def test_the_values_of_a_bundle_reach_the_band_in_one_call():
    async def scene(stage):
        stage.receive(STEM, MUTE, Message("/liveband/noise", (0.25,)), NOISE)
        await stage.until(lambda: len(stage.sent) == 4)
        assert stage.band.applied == [{"stem": "bass", "mute": True, "noise": 0.5}]
        assert [sent[0] for sent in stage.sent] == ["/liveband/done"] * 4
        told = [sent[1].removeprefix("/liveband/") for sent in stage.sent]
        assert told == ["stem", "mute", "noise", "noise"]

    play(scene)


def test_triggers_and_questions_follow_the_values():
    async def scene(stage):
        stage.receive(Message("/liveband/reset"), STEM, Message("/liveband/stem"))
        await stage.until(lambda: len(stage.sent) == 3)
        assert stage.band.applied == [{"stem": "bass"}]
        assert stage.band.fired == ["reset"]
        assert ("/liveband/stem", "bass") in stage.sent

    play(scene)


def test_what_is_wrong_in_a_bundle_leaves_the_rest_alone():
    async def scene(stage):
        stage.band.refuse = lambda names: ValueError("no") if "mute" in names else None
        stage.receive(STEM, MUTE, Message("/liveband/zzz", (1,)), NOISE)
        await stage.until(lambda: len(stage.sent) == 5)
        assert {"noise": 0.5} in stage.band.applied
        assert {"stem": "bass"} in stage.band.applied
        codes = {sent[1]: sent[2] for sent in stage.sent if sent[0] == "/liveband/fail"}
        assert codes == {"/liveband/mute": 99, "/liveband/zzz": 1}
        assert ("/liveband/mute", 0) in stage.sent

    play(scene)


def test_a_bundle_five_seconds_ahead_lands_within_a_hop_and_delays_nothing():
    async def scene(stage):
        stage.receive(STEM, ahead_s=5.0)
        stage.receive(NOISE)
        await stage.until(lambda: stage.sent)
        assert stage.band.applied == [{"noise": 0.5}]
        await stage.play(5 * RATE - HOP)
        assert stage.band.applied == [{"noise": 0.5}]
        await stage.play(HOP)
        await stage.until(lambda: len(stage.band.applied) > 1)
        assert stage.band.applied[1:] == [{"stem": "bass"}]
        reading = stage.server.reading
        assert (reading.scheduled, reading.late) == (1, 0)
        assert 0.0 <= reading.landed_ms < 50.0

    play(scene)


def test_bundles_land_in_the_order_of_their_dates():
    async def scene(stage):
        for seconds, level in ((3.0, -3.0), (1.0, -1.0), (2.0, -2.0), (2.0, -2.5)):
            stage.receive(Message("/liveband/gain/out", (level,)), ahead_s=seconds)
        for _ in range(40):
            await stage.play(RATE // 10)
        levels = [change["gain/out"] for change in stage.band.applied]
        assert levels[0] == -1.0
        assert levels[-1] == -3.0
        assert levels[1:-1] == [-2.0, -2.5] or levels[1:-1] == [-2.5]

    play(scene)


def test_without_a_host_time_is_the_clocks():
    async def scene(stage):
        stage.band.frame = None
        stage.receive(STEM, ahead_s=5.0)
        stage.steady_s += 4.9
        await asyncio.sleep(0.05)
        assert stage.band.applied == []
        stage.steady_s += 0.2
        await stage.until(lambda: stage.band.applied)

    play(scene)


def test_the_past_is_now_and_counted():
    async def scene(stage):
        stage.receive(STEM, ahead_s=-0.25)
        await stage.until(lambda: stage.band.applied)
        reading = stage.server.reading
        assert (reading.late, reading.scheduled) == (1, 0)
        assert reading.late_by_ms == pytest.approx(250, abs=1)

    play(scene)


def test_more_than_ten_seconds_ahead_is_refused():
    async def scene(stage):
        stage.receive(STEM, ahead_s=10.1)
        ((address, where, code, text),) = stage.sent
        assert (address, where, code) == ("/liveband/fail", "/liveband/stem", 12)
        assert "10.1 s ahead; at most 10 s" in text
        stage.receive(STEM, ahead_s=9.9)
        assert stage.server.reading.scheduled == 1

    play(scene)


def test_sync_does_not_wait_for_what_is_dated_ahead():
    async def scene(stage):
        stage.receive(STEM, ahead_s=5.0)
        stage.receive(NOISE)
        stage.server.receive(encode(Message("/liveband/sync", (7,))), PEER)
        await stage.until(lambda: len(stage.sent) == 2)
        assert stage.sent[-1] == ("/liveband/synced", 7)
        assert stage.band.applied == [{"noise": 0.5}]

    play(scene)


def test_too_many_bundles_are_refused_as_busy(monkeypatch):
    monkeypatch.setattr("bridge.osc.server.MAX_UNDER_WAY", 2)

    async def scene(stage):
        for _ in range(3):
            stage.receive(STEM, ahead_s=5.0)
        ((address, where, code, _),) = stage.sent
        assert (address, where, code) == ("/liveband/fail", "/liveband/stem", 6)

    play(scene)


def test_bundles_within_bundles():
    ahead = time_tag(NOW_S + 2)
    early = Bundle(time_tag(NOW_S + 1), (Message("/early"),))
    now = Bundle(IMMEDIATELY, (Message("/now"),))
    late = Bundle(time_tag(NOW_S + 3), (Message("/late"),))
    bundle = Bundle(ahead, (Message("/a"), early, now, late, Message("/b")))
    together, later = message_groups(bundle, NOW_S)
    assert together[0] == pytest.approx(2.0)
    assert [message.address for message in together[1]] == ["/a", "/early", "/now", "/b"]
    assert later[0] == pytest.approx(3.0)
    assert later[1] == [Message("/late")]
    assert list(message_groups(Bundle(IMMEDIATELY, (Bundle(0, (Message("/x"),)),)), NOW_S)) == [
        (0.0, [Message("/x")])
    ]
    assert list(message_groups(parse(encode_bundle(5, [])), NOW_S)) == []


@given(st.lists(st.floats(0, 100)), st.floats(0, 100))
def test_an_agenda_gives_back_what_is_due_in_order(times, now_s):
    agenda = BundleQueue()
    for number, due_s in enumerate(times):
        agenda.add(due_s, number)
    due = agenda.due(now_s)
    assert [work for _, work in due] == [
        number
        for _, number in sorted((due_s, n) for n, due_s in enumerate(times) if due_s <= now_s)
    ]
    assert len(agenda) == len(times) - len(due)
    assert agenda.next_s > now_s


def test_a_timeline_follows_the_sound_and_the_clock_where_there_is_none():
    timeline = Timeline()
    assert timeline.advance(10.0, Position(frame=0, rate=RATE)) == 0.0
    assert timeline.advance(10.0, Position(frame=RATE, rate=RATE)) == 1.0
    assert timeline.advance(99.0, Position(frame=RATE, rate=RATE)) == 1.0
    assert timeline.advance(100.0, None) == 2.0
    assert timeline.advance(101.0, None) == 3.0
    assert timeline.advance(101.0, Position(frame=0, rate=RATE)) == 3.0
    assert timeline.advance(101.0, Position(frame=RATE // 2, rate=RATE)) == 3.5


def test_a_stopped_server_takes_nothing_more():
    async def scene():
        stage = ServerStage()
        stage.server.start()
        stage.receive(STEM, ahead_s=1.0)
        await stage.server.stop()
        stage.receive(NOISE)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stage.until(lambda: stage.band.applied), 0.05)
        assert stage.band.applied == []

    asyncio.run(scene())


def test_a_beat_goes_once_to_who_follows_dated_to_its_moment():
    """To who registered and to who subscribed to it, and no second time by their feeds."""

    async def scene(stage):
        packets = []
        send = stage.send

        def keep(packet, route):
            packets.append(parse(packet))
            return send(packet, route)

        stage.send = keep
        stage.receive(Message("/liveband/register"))
        stage.receive(Message("/liveband/subscribe", ("/liveband/be*", 20)))
        await asyncio.sleep(0.1)
        stage.sent.clear()
        packets.clear()
        reading = BeatReading(beat=2, bar=7, tempo_bpm=120.0, confidence=0.5)
        stage.band.readings["beat"] = lambda player: reading
        stage.server.tell_beat(reading, NOW_S + 0.25)
        for _ in range(10):
            stage.steady_s += 0.1
            await asyncio.sleep(0.01)
        beats = [told for told in stage.sent if told[0] == "/liveband/beat"]
        assert beats == [("/liveband/beat", 2, 7, 120.0, 0.5)]
        (bundle,) = (packet for packet in packets if isinstance(packet, Bundle))
        assert bundle.time_tag == time_tag(NOW_S + 0.25)
        stage.sent.clear()
        stage.receive(Message("/liveband/unregister"))
        stage.receive(Message("/liveband/unsubscribe", ("/liveband/be*",)))
        await asyncio.sleep(0.1)
        stage.server.tell_beat(reading, NOW_S)
        assert [told for told in stage.sent if told[0] == "/liveband/beat"] == []

    play(scene)


def test_a_beat_is_told_when_it_passes():
    async def scene():
        frame, seen = [0], []
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        frames = FrameClock(lambda: frame[0], lambda: RATE, loop.time)
        reporter = BeatReporter(frames, lambda: RATE)
        reporter.listener = lambda reading, unix_s: seen.append(
            (reading.beat, unix_s, loop.time() - began_s)
        )
        asked_s = time.time()
        reporter.schedule(BeatReading(beat=3), 9600)  # 0.2 s from now
        reporter.schedule(BeatReading(beat=4), 48000)
        while not seen:
            await asyncio.sleep(0.001)
        assert reporter.reading.beat == 3
        reporter.close()
        (beat, unix_s, after_s), *others = seen
        assert (beat, others) == (3, [])
        assert unix_s - asked_s == pytest.approx(0.2, abs=0.1)  # a busy machine reads late
        assert after_s >= 0.19

    asyncio.run(scene())
