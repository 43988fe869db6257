"""Our clock, as those who follow it hear it."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.controls.table import ControlKey
from bridge.midi.clock_in import ClockFollower
from bridge.midi.clock_out import ClockSender
from bridge.midi.event import EventKind, decode, encode_system
from bridge.tempo import TempoMap

RATE = 48_000
CLOCK, START, CONTINUE, STOP = (
    encode_system(kind)
    for kind in (EventKind.CLOCK, EventKind.START, EventKind.CONTINUE, EventKind.STOP)
)


def song(place):
    return encode_system(EventKind.SONG, place)


def tempo(bpm=120.0, *, frame=0.0, beat=0.0, rolling=True, bar=4.0):
    return TempoMap(
        frame=frame, beat=beat, tempo_bpm=bpm, beats_per_bar=bar, rate=RATE, rolling=rolling
    )


def run(sender, tempo_map, begin, end, step=256, ahead=1472):
    """Look once a block, as the conductor does, and return what was to be sent."""
    sent = []
    for now in range(begin, end, step):
        sent += sender.due(tempo_map, now, now + ahead)
    return sent


@given(st.floats(20, 300), st.floats(0, 1e5), st.floats(-8, 8), st.integers(1, 4096), st.data())
def test_every_tick_lies_on_its_frame_however_often_one_looks(bpm, frame, beat, step, data):
    begin = data.draw(st.integers(0, 10_000))
    line = tempo(bpm, frame=frame, beat=beat)
    sent = run(ClockSender(), line, begin, begin + 2 * RATE, step, ahead=step + 960)
    if sent[0][1] == START:
        first, ticks = 0, sent[1:]
    else:
        place = decode(sent[0][1], 0).value
        assert sent[1][1] == CONTINUE
        assert 6 * place >= line.beats(begin) * 24 - 1e-3
        first, ticks = 6 * place, sent[2:]
    for index, (at, message) in enumerate(ticks, first):
        assert message == CLOCK
        due = line.frame + (index / 24 - line.beat) * line.frames_per_beat
        assert at == max(begin, round(due))


@given(st.floats(40, 240), st.integers(0, 48_000), st.integers(64, 2048))
def test_a_follower_is_where_we_are(bpm, begin, step):
    line = tempo(bpm, frame=float(begin))
    follower, end = ClockFollower(RATE), begin + 3 * RATE
    for frame, message in run(ClockSender(), line, begin, end, step, ahead=step + 960):
        follower.feed(decode(message, frame))
    position = follower.position(end)
    assert position.beats == pytest.approx(line.beats(end), abs=0.002)
    assert position.tempo_bpm == pytest.approx(bpm, rel=1e-3)


def test_a_song_starts_stops_and_goes_on_where_it_was():
    sender = ClockSender()
    standing = run(sender, tempo(rolling=False), 0, 4096)
    assert {message for _, message in standing} == {CLOCK}
    assert [frame for frame, _ in standing[:3]] == [0, 1000, 2000]
    begun = run(sender, tempo(frame=5000.0), 5120, 20_000)
    last = standing[-1][0]
    assert begun[:3] == [(max(5120, last), START), (max(5120, last), CLOCK), (6000, CLOCK)]
    stopped = run(sender, tempo(beat=1.3, rolling=False), 20_224, 22_000)
    assert stopped[0][1] == STOP
    onward = run(sender, tempo(frame=48_000.0, beat=1.3), 48_128, 60_000)
    words = [entry for entry in onward if entry[1] != CLOCK]
    assert [message for _, message in words] == [song(6), CONTINUE]  # 1.5 beats
    after = onward[onward.index(words[-1]) + 1 :]
    assert after[0] == (48_000 + 4800, CLOCK)


@pytest.mark.parametrize(("bpm", "block"), [(300.0, 256), (120.0, 1024), (120.0, 4096)])
def test_a_song_seen_to_roll_a_block_late_starts_from_the_top(bpm, block):
    sender, ahead = ClockSender(), 2 * block + 960
    standing = run(sender, tempo(bpm, rolling=False), 0, 4 * block, block, ahead)
    begun = run(sender, tempo(bpm, frame=4.0 * block), 5 * block, 40_000, block, ahead)
    assert begun[0] == (max(5 * block, standing[-1][0]), START)
    late = sum(frame == begun[0][0] for frame, message in begun if message == CLOCK)
    assert begun[1 + late] == (4 * block + round(late * 60 / bpm / 24 * RATE), CLOCK)


def test_a_jump_stops_tells_the_place_and_goes_on():
    sender = ClockSender()
    run(sender, tempo(), 0, 24_000)
    sent = run(sender, tempo(beat=100.0), 24_064, 40_000)
    assert [message for _, message in sent[:3]] == [STOP, song(405), CONTINUE]
    assert sent[3] == (30_000, CLOCK)  # 101.25 beats
    assert run(sender, tempo(), 40_064, 60_000)[0][1] == STOP


def test_a_tempo_that_drifts_loses_no_tick_and_says_nothing():
    sender, line, beats, ticks = ClockSender(), tempo(), 0.0, 0
    for now in range(0, 10 * RATE, 256):
        beats = line.beats(now)
        line = tempo(120.0 + now / RATE, frame=float(now), beat=beats)
        for _, message in sender.due(line, now, now + 1472):
            assert message in (CLOCK, START)
            ticks += message == CLOCK
    assert ticks == pytest.approx(beats * 24, abs=3)


def test_a_stall_loses_no_tick():
    sender = ClockSender()
    sent = sender.due(tempo(), 0, 1472) + sender.due(tempo(), 2 * RATE, 2 * RATE + 1)
    assert sum(message == CLOCK for _, message in sent) == 4 * 24 + 1
    assert [frame for frame, _ in sent] == sorted(frame for frame, _ in sent)


def test_what_measures_the_beat_may_tremble():
    sender, sent = ClockSender(), []
    for number, now in enumerate(range(0, RATE, 256)):
        sent += sender.due(tempo(beat=0.0015 * (number % 2)), now, now + 1472)
    frames = [frame for frame, message in sent if message == CLOCK]
    assert frames == [1000 * index for index in range(len(frames))]


def test_without_a_beat_nothing_is_sent():
    sender = ClockSender()
    assert sender.due(None, 0, 1000) == []
    sender.due(tempo(), 0, 1000)
    assert [message for _, message in sender.due(None, 1024, 2000)] == [STOP]
    assert sender.due(None, 2048, 3000) == []


@pytest.mark.parametrize(("beats", "bar", "place"), [(4095.9, 4.0, 0), (4096.2, 3.0, 5)])
def test_far_into_a_song_the_place_in_the_bar_is_told(beats, bar, place):
    sent = ClockSender().due(tempo(beat=beats, bar=bar), 0, 10)
    assert sent[0][1] == song(place)


def test_the_clock_is_sent_while_asked_to_and_stops_at_the_end():
    from bridge.audio.shared.counters import TransportOffset
    from bridge.controls.controls import Controls
    from bridge.controls.store import ControlStore
    from bridge.transport.sync import TransportSync
    from tests.bridge.fake_band import FakeBand

    class Player:
        rate, block, frame = RATE, 256, 256
        transport_offset = TransportOffset(rolling=False, frames=0)
        share = property(lambda self: self)

        def bar_beat(self):
            return None

        def follow(self, time):
            """Not asked here."""

        async def correct_beat(self, correction):
            """Nor this."""

        def hold(self, held):
            """Nor this."""

        def tell_beat_fault(self, text):
            """Nor this."""

    async def scene():
        store, sent = (
            ControlStore(FakeBand(), Controls().apply("transport/source", "manual")),
            [],
        )
        sync = TransportSync(
            store, Player(), lambda frame: None, lambda *entry: sent.append(entry)
        )
        sync.update()
        assert sent == []
        await store.set(ControlKey(1, "midi/clock"), True)
        running = asyncio.create_task(sync.run())
        while not sent:
            await asyncio.sleep(0.001)
        assert [message for message, _ in sent[:2]] == [START, CLOCK]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert sent[-1][0] == STOP

    asyncio.run(scene())
