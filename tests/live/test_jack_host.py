"""The JACK client on a real server: sound, latency, MIDI, and a server that goes away."""

import threading

import numpy as np
import pytest

from bridge.audio.jack import JackBackend
from bridge.audio.jack_opening import open_client
from bridge.audio.jack_server import JackServer
from bridge.common.errors import ConfigError, EnvironmentMissing, ParameterError
from tests.live.program import jack_tool

pytestmark = pytest.mark.jack

HOP, BLOCK = 2400, 256


def noise(frames, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, frames).astype(np.float32)


def first_sound(audio):
    return int(np.flatnonzero(audio)[0])


def listed_latencies(server, port):
    """What ``jack_lsp -l`` says: ``{"playback": (min, max), "capture": (min, max)}``."""
    lines = (line.split() for line in jack_tool(server, "jack_lsp", "-l", port).splitlines())
    return {words[1]: (int(words[5]), int(words[6])) for words in lines if words[0] == "port"}


# -- sound -------------------------------------------------------------------------------------


def test_what_comes_in_reaches_the_mix_ring(jackd, band, peers, wait_until):
    server, sound = jackd(), noise(20_000)
    backend, share = band(server)
    player, _ = peers(server, backend, sound)
    begin = share.frame
    player.play()
    wait_until(lambda: player.done)
    heard = share.read_mix(begin, share.mix_written - begin)
    start = first_sound(heard)
    length = min(len(sound), len(heard) - start)
    assert length > 19_000
    np.testing.assert_array_equal(heard[start : start + length], sound[:length])


@pytest.mark.parametrize("latency", [0, 1000])
def test_stem_written_ahead_goes_out_at_its_position(jackd, band, peers, wait_until, latency):
    server, stem = jackd(), noise(HOP)
    backend, share = band(server, musical_latency=latency)
    player, recorder = peers(server, backend, np.ones(1))
    share.begin_generation(share.generation)
    begin = share.frame
    player.play()  # one click, which the mix and the recorder hear in the same frame
    wait_until(lambda: share.read_mix(begin, share.mix_written - begin).any())
    position = share.frame + 48_000
    quiet = np.full(500, 1e-9, np.float32)  # takes the fade-in
    share.write_stem(position, np.concatenate([quiet, stem]))
    click = begin + first_sound(share.read_mix(begin, share.mix_written - begin))
    wait_until(lambda: share.frame > position + latency + 2 * HOP)
    out, reference = recorder.sound
    start = first_sound(reference) + position + len(quiet) + latency - click
    np.testing.assert_array_equal(out[start : start + HOP], stem)


def test_the_block_may_change_while_it_plays(jackd, band, peers, wait_until):
    server, sound, latency = jackd(), noise(400_000), 777
    backend, share = band(server, bypass=True, musical_latency=latency)
    player, recorder = peers(server, backend, sound)
    player.play()
    for block in (64, 1024, 100, 4096):
        player.set_block(block)
        wait_until(lambda block=block: share.block == block)
        frame = share.frame
        wait_until(lambda frame=frame: share.frame > frame + 10_000)
    out, reference = recorder.sound
    start = first_sound(reference)
    np.testing.assert_array_equal(out[start + latency :], reference[start:-latency])
    assert backend.block == 4096
    assert not share.offline


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_other_rates_have_other_hops(jackd, band, wait_until, rate):
    backend, share = band(jackd(rate=rate, block=1024))
    assert (backend.rate, share.rate, share.hop) == (rate, rate, rate // 20)
    wait_until(lambda: share.frame > 3 * 1024)


def test_freewheel_waits_for_every_hop(jackd, band, peers, wait_until):
    server, stem = jackd(), noise(20 * HOP)
    backend, share = band(server, engine_live=True)
    _, recorder = peers(server, backend, np.zeros(1))
    played = threading.Event()

    def engine():
        wait_until(lambda: share.freewheel)
        generation, epoch = share.epoch
        share.begin_generation(generation)
        for k in range(20):
            assert k == 0 or share.wait_mix(epoch + k * HOP, 60.0)
            share.write_stem(epoch + k * HOP, stem[k * HOP : (k + 1) * HOP])
        assert share.wait_mix(epoch + 20 * HOP, 60.0)
        share.engine_live = False  # or the callback waits for hop 20
        played.set()

    thread = threading.Thread(target=engine)
    thread.start()
    backend.set_freewheel(True)
    thread.join()
    backend.set_freewheel(False)
    assert played.is_set()
    out = recorder.sound[0]
    start = first_sound(out)
    np.testing.assert_array_equal(out[start : start + len(stem)], stem)
    assert share.generation == 2
    assert share.snapshot().underruns == 0
    wait_until(lambda: not share.freewheel)


# -- latency -----------------------------------------------------------------------------------


def test_jack_is_told_the_musical_latency(jackd, band, wait_until):
    server = jackd()
    backend, share = band(server, musical_latency=1000)
    backend.connect("system:capture_1", "band:in_L")
    backend.connect("band:out_R", "system:playback_2")
    captured = listed_latencies(server, "system:capture_1")["capture"]
    played = listed_latencies(server, "system:playback_2")["playback"]

    def told(port, kind, due):
        return lambda: listed_latencies(server, port)[kind] == due

    for latency in (1000, 2048, 0):
        share.musical_latency = latency
        backend.update_latency()
        for side in ("L", "R"):
            outward = tuple(frames + latency for frames in captured)
            inward = tuple(frames + latency for frames in played)
            wait_until(told(f"band:out_{side}", "capture", outward))
            wait_until(told(f"band:in_{side}", "playback", inward))


def test_the_latency_of_a_loop_does_not_grow(jackd, band, wait_until):
    """A wire from us to us, and a way back through a client that passes latency on."""
    import jack

    server = jackd()
    backend, share = band(server, musical_latency=1000)
    through = open_client(jack, "through", server.name)
    through.inports.register("in")
    through.outports.register("out")
    through.set_process_callback(lambda frames: None)
    try:
        with through:
            backend.connect("system:capture_1", "band:in_L")
            captured = listed_latencies(server, "system:capture_1")["capture"]
            before = tuple(frames + 1000 for frames in captured)
            wait_until(lambda: listed_latencies(server, "band:out_L")["capture"] == before)
            for source, destination in (
                ("band:out_R", "band:in_R"),
                ("system:capture_2", "through:in"),
                ("band:out_L", "through:in"),
                ("through:out", "band:in_L"),
            ):
                backend.connect(source, destination)
            for _ in range(5):
                backend.update_latency()
            assert before[1] > 1000
            wait_until(
                lambda: listed_latencies(server, "through:out")["capture"][1] == before[1]
            )
            assert listed_latencies(server, "band:out_L")["capture"] == before
            share.musical_latency = 300
            for _ in range(3):
                backend.update_latency()
            due = tuple(frames - 700 for frames in before)
            wait_until(lambda: listed_latencies(server, "band:out_L")["capture"] == due)
    finally:
        through.close()


# -- MIDI --------------------------------------------------------------------------------------


def test_midi_in_carries_the_frame_of_the_sound(jackd, band, peers, wait_until):
    frames = [0, 1, 255, 256, 1000, 5003]
    clicks = np.zeros(6000, np.float32)
    clicks[frames] = 1.0
    events = [(at, bytes([0x90, number, 0x40])) for number, at in enumerate(frames)]
    events.insert(3, (300, bytes([0xF0, 1, 2, 3, 0xF7])))
    events.sort(key=lambda event: event[0])
    server = jackd()
    backend, share = band(server)
    player, _ = peers(server, backend, clicks, events)
    begin = share.frame
    player.play()
    wait_until(lambda: player.done)
    start = share.frame
    wait_until(lambda: share.frame > start + 2 * BLOCK)
    heard = np.flatnonzero(share.read_mix(begin, share.mix_written - begin)) + begin
    received = share.midi_events()
    assert [frame for frame, _ in received] == heard.tolist()
    assert [message[1] for _, message in received] == list(range(len(frames)))
    assert share.snapshot().sysex_dropped == 1


def test_midi_out_leaves_at_the_frame_asked_for(jackd, band, peers, wait_until):
    server = jackd()
    backend, share = band(server)
    _, recorder = peers(server, backend, np.zeros(1))
    start = share.frame + 48_000
    offsets = [0, 3, 255, 256, 5000]
    for number, offset in enumerate(offsets):
        assert share.send_midi(bytes([0x80, number, 0]), frame=start + offset)
    wait_until(lambda: len(recorder.events) == len(offsets))
    frames = [frame for frame, _ in recorder.events]
    assert [frame - frames[0] for frame in frames] == offsets
    assert [message[1] for _, message in recorder.events] == list(range(5))


# -- counts ------------------------------------------------------------------------------------


def test_xruns_are_counted(jackd, band, peers, wait_until):
    server = jackd()
    backend, share = band(server)
    player, _ = peers(server, backend, np.zeros(1))
    before = share.snapshot().xruns
    player.stall_s = 0.2
    wait_until(lambda: share.snapshot().xruns > before)


# -- a server that is not there, refuses, or goes away -----------------------------------------


def test_a_server_that_ends_leaves_the_client_offline_and_a_new_one_goes_on(
    jackd, band, wait_until
):
    server = jackd()
    backend, share = band(server)
    wait_until(lambda: share.frame > 0)
    assert not backend.offline
    server.stop()
    wait_until(lambda: backend.offline)
    assert "closed" in backend.offline_reason
    backend.update_latency()
    backend.close()
    stopped_at = share.frame
    second = JackBackend("band", jackd().name)
    try:
        second.start(share)
        wait_until(lambda: share.frame > stopped_at)
        assert not share.offline
        assert share.epoch == (1, 0), "the take goes on"
    finally:
        second.close()


def test_a_client_that_jack_does_not_let_go_is_left_behind(jackd, band, monkeypatch):
    backend, share = band(jackd())  # which closes it again, once it can be
    release = threading.Event()
    monkeypatch.setattr(backend, "_closing", threading.Thread(target=release.wait))
    monkeypatch.setattr(backend, "_stuck", False)  # as it will be again
    monkeypatch.setattr("bridge.audio.jack._CLOSE_S", 0.1)
    backend.close()
    share.close()  # removes the name; the running callback keeps its memory
    release.set()
    monkeypatch.undo()


def test_no_server_names_the_mend():
    with pytest.raises(EnvironmentMissing, match="--start-jack dummy"):
        JackBackend("band", "liveband-no-such-server")


def test_a_taken_name_is_refused(jackd, band):
    server = jackd()
    band(server)
    with pytest.raises(EnvironmentMissing, match="client called 'band' already"):
        JackBackend("band", server.name)


def test_connections_are_made_listed_and_removed(jackd, band, wait_until):
    backend, _ = band(jackd())
    assert [port for port in backend.ports() if port.startswith("band:")] == [
        f"band:{port}"
        for port in ("in_L", "in_R", "out_L", "out_R", "control_in", "control_out")
    ]
    backend.connect("system:capture_1", "band:in_L")
    backend.connect("system:capture_1", "band:in_L")
    wait_until(lambda: backend.connections("band:in_L") == ["system:capture_1"])
    backend.disconnect("system:capture_1", "band:in_L")
    wait_until(lambda: backend.connections("band:in_L") == [])
    with pytest.raises(ParameterError, match=r"'system:nothing'.*band:in_L") as caught:
        backend.connect("system:nothing", "band:in_L")
    assert caught.value.code == 20


def test_a_server_that_cannot_start_says_what_jackd_said(monkeypatch):
    with pytest.raises(EnvironmentMissing, match=r"jackd .* exited with code"):
        JackServer(driver="alsa", device="hw:99").start()
    with pytest.raises(ConfigError, match="dummy, alsa, got 'coreaudio'"):
        JackServer(driver="coreaudio")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(EnvironmentMissing, match="apt install jackd2"):
        JackServer().start()
