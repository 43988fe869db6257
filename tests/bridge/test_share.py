"""Tests of the shared memory: visibility of writes between its users, and refused sizes."""

import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare, EngineState
from bridge.audio.shared.space import reserve_file
from bridge.common.errors import ConfigError, EnvironmentMissing

RATE, HOP = 48_000, 2400
RING, GUARD = 262_144, 16_384


@pytest.fixture
def share():
    with AudioShare.create(RATE, HOP) as made:
        yield made


def noise(frames, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, frames).astype(np.float32)


def run_mix(share, mix, block=1024):
    with Host(share) as host:
        for start in range(0, len(mix), block):
            piece = mix[start : start + block]
            host.process(piece, piece)


# -- life --------------------------------------------------------------------------------------


def test_a_second_process_sees_what_the_first_wrote(share):
    code = (
        "import sys, numpy as np\n"
        "from bridge.audio.shared.share import AudioShare, EngineState\n"
        "share = AudioShare.attach(sys.argv[1])\n"
        "share.begin_generation(share.generation)\n"
        "share.write_stem(10, np.ones(5, np.float32))\n"
        "share.engine_state = EngineState.LIVE\n"
        "share.musical_latency = 321\n"
        "print(share.rate, share.hop, share.strip(1).gain_out)\n"
        "share.close()\n"
    )
    share.strip(1).gain_out = 0.5
    done = subprocess.run(
        [sys.executable, "-c", code, share.name], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["48000", "2400", "0.5"]
    assert (share.stem_written, share.musical_latency) == (15, 321)
    assert share.engine_state is EngineState.LIVE


def test_the_creator_removes_the_memory_and_an_attacher_does_not(share):
    path = Path("/dev/shm") / share.name
    AudioShare.attach(share.name).close()
    assert path.exists()
    share.close()
    share.close()
    assert not path.exists()
    with pytest.raises(ValueError, match="closed"):
        _ = share.frame


def test_shares_of_dead_processes_are_removed_and_others_are_kept():
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    stale = Path(f"/dev/shm/liveband-{dead.pid}-0badcafe")
    stale.touch()
    other = Path(f"/dev/shm/liveband-{os.getpid()}-0badcafe")
    other.touch()
    try:
        with AudioShare.create(RATE, HOP):
            assert not stale.exists()
            assert other.exists()
    finally:
        other.unlink()


@pytest.mark.parametrize("moment", ["before it is opened", "before it is locked"])
def test_a_share_taken_for_stale_while_it_is_made_is_made_anew(monkeypatch, moment):
    """As by a bridge in another namespace of process numbers, where ours is nobody's."""
    made = []

    def reserve(path, *rest):
        reserve_file(path, *rest)
        made.append(path)
        if moment == "before it is opened" and len(made) == 1:
            path.unlink()

    lock = fcntl.flock

    def lock_late(file, operation):
        if len(made) == 1:
            made[0].unlink(missing_ok=True)
        lock(file, operation)

    monkeypatch.setattr("bridge.audio.shared.memory.reserve_file", reserve)
    monkeypatch.setattr(fcntl, "flock", lock_late)
    with AudioShare.create(RATE, HOP) as share, AudioShare.attach(share.name):
        assert (len(made), made[1].name) == (2, share.name)
    assert not any(path.exists() for path in made)


def test_who_looks_for_stale_shares_is_not_taken_for_their_creator():
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    stale = Path(f"/dev/shm/liveband-{dead.pid}-0badcafe")
    stale.touch()
    with stale.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        AudioShare.create(RATE, HOP).close()
    assert not stale.exists()


def test_a_share_stays_while_a_host_runs_on_it(share):
    host = Host(share)
    with pytest.raises(RuntimeError, match="backend before the share"):
        share.close()
    host.close()
    host.close()
    with pytest.raises(ValueError, match="closed"):
        _ = host.memory_locked


@pytest.mark.parametrize("rate", [0, 7_980, 22_049, 192_020])
def test_a_rate_without_whole_hops_is_refused(rate):
    with pytest.raises(ConfigError, match="divisible by 20"):
        AudioShare.create(rate, rate // 20)


def test_a_hop_of_another_length_is_refused():
    with pytest.raises(ConfigError, match="2205 frames at 44100 Hz, got 2400"):
        AudioShare.create(44_100, 2400)


def test_attaching_to_nothing_or_to_another_file_is_refused(tmp_path):
    with pytest.raises(EnvironmentMissing, match="not there"):
        AudioShare.attach("liveband-0-none")
    other = Path("/dev/shm") / f"liveband-{os.getpid()}-other"
    other.write_bytes(bytes(16_000_000))
    try:
        with pytest.raises(EnvironmentMissing, match="another version"):
            AudioShare.attach(other.name)
    finally:
        other.unlink()


# -- mix ---------------------------------------------------------------------------------------


def test_the_mix_comes_back_as_it_went_in_across_the_end_of_the_ring(share):
    mix = noise(RING + 30_000)
    run_mix(share, mix)
    assert share.mix_written == share.frame == len(mix)
    start = RING - 1_000
    np.testing.assert_array_equal(share.read_mix(start, 5_000), mix[start : start + 5_000])


def test_the_mix_is_given_out_only_when_written_and_not_when_overwritten(share):
    run_mix(share, noise(RING))
    with pytest.raises(ValueError, match="wait_mix"):
        share.read_mix(RING - 10, 11)
    assert share.read_mix(GUARD, HOP) is not None
    assert share.read_mix(GUARD - 1, HOP) is None


def test_waiting_ends_when_the_hop_is_complete(share):
    share.begin_generation(share.generation)
    assert not share.wait_mix(HOP, 0.01)
    runner = threading.Timer(0.05, run_mix, (share, noise(HOP)))
    runner.start()
    assert share.wait_mix(HOP, 60.0)
    runner.join()


def test_waiting_ends_at_once_when_the_host_is_in_another_generation(share):
    run_mix(share, noise(HOP))
    assert not share.wait_mix(HOP, 60.0)
    share.begin_generation(share.generation)
    assert share.wait_mix(HOP, 60.0)
    runner = threading.Timer(0.05, share.set_rate, (44_100, 2205))  # the grid is another
    runner.start()
    assert not share.wait_mix(10 * HOP, 60.0)
    runner.join()
    assert share.epoch == (2, HOP)


def test_an_audio_host_after_another_goes_on_where_that_ended(share):
    run_mix(share, np.full(HOP, 0.5))
    share.begin_generation(share.generation)
    run_mix(share, np.full(HOP, -0.5))
    assert share.epoch == (1, 0)
    assert share.frame == 2 * HOP
    seam = share.read_mix(HOP - 1, HOP)
    assert np.abs(np.diff(seam)).max() <= 1.01 / 240, "the mix crosses over"
    np.testing.assert_array_equal(seam[241:], -0.5)


def test_the_callback_tells_how_long_its_last_cycles_took(share):
    assert len(share.cycle_times()) == 0
    with Host(share) as host:
        for _ in range(1030):
            host.process(np.zeros(64, np.float32), np.zeros(64, np.float32))
    times = share.cycle_times()
    assert len(times) == 1024
    assert 0.0 < float(np.median(times)) < 1.0


# -- stem --------------------------------------------------------------------------------------


def test_a_new_generation_empties_the_stem(share):
    share.begin_generation(1)
    share.write_stem(100, noise(HOP))
    assert share.stem_written == 100 + HOP
    share.begin_generation(2)
    assert share.stem_written == 0


def test_stem_beyond_the_ring_is_refused(share):
    share.begin_generation(1)
    share.write_stem(0, noise(RING - GUARD))
    with pytest.raises(ValueError, match="stem ring holds"):
        share.write_stem(RING - GUARD, noise(1))


@settings(max_examples=40, deadline=None)
@given(
    pieces=st.lists(st.integers(1, 5_000), min_size=1, max_size=8), start=st.integers(0, 900)
)
def test_stem_written_in_pieces_is_played_whole(pieces, start):
    stem = noise(sum(pieces))
    with AudioShare.create(RATE, HOP) as share, Host(share) as host:
        share.begin_generation(1)
        position = 0
        for length in pieces:
            share.write_stem(start + position, stem[position : position + length])
            position += length
        silent = np.zeros(start + position, np.float32)
        left, right = host.process(silent, silent)
    np.testing.assert_array_equal(left, right)
    np.testing.assert_array_equal(left[:start], 0)
    np.testing.assert_array_equal(left[start + 240 :], stem[240:])


# -- engine and controls -----------------------------------------------------------------------


def test_step_times_keep_the_newest_in_order(share):
    for step in range(1, 1031):
        share.record_step(step * 1e-3)
    times = share.step_times()
    np.testing.assert_allclose(times, np.arange(7, 1031) * 1e-3, rtol=1e-5)
    assert share.snapshot().hops == 1030


def test_late_and_skipped_hops_are_counted(share):
    share.add_late()
    share.add_late(2)
    share.add_skipped(5)
    counters = share.snapshot()
    assert (counters.late_hops, counters.skipped_hops) == (3, 5)


def owner(share, name):
    """Return who has a control: a player's strip, or the share."""
    strip = share.strip(3)
    return strip if hasattr(strip, name) else share


@pytest.mark.parametrize("name", ["mute", "bypass", "enabled", "listening", "engine_live"])
def test_switches_keep_their_value(share, name):
    whose = owner(share, name)
    start = getattr(whose, name)
    assert start is (name in ("enabled", "listening"))
    setattr(whose, name, not start)
    assert getattr(whose, name) is (not start)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gain_in", -0.1),
        ("gain_out", float("nan")),
        ("gain_out", float("inf")),
        ("fade_frames", 0),
        ("musical_latency", -1),
        ("musical_latency", 98_305),
        ("block", 0),
    ],
)
def test_values_out_of_range_are_refused_and_change_nothing(share, name, value):
    whose = owner(share, name)
    before = getattr(whose, name)
    with pytest.raises(ConfigError, match="must be"):
        setattr(whose, name, value)
    assert getattr(whose, name) == before


@pytest.mark.parametrize("message", [b"", b"\xf0\x01\x02\xf7"])
def test_midi_of_no_or_too_many_bytes_is_refused(share, message):
    with pytest.raises(ConfigError, match="MIDI message"):
        share.send_midi(message)


def test_a_full_midi_queue_drops_and_counts(share):
    assert all(share.send_midi(b"\xf8") for _ in range(1024))
    assert not share.send_midi(b"\xf8")
    assert share.snapshot().midi_out_dropped == 1
