"""The PortAudio stream with the native callback, on PortAudio's own JACK driver."""

import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from bridge.audio.portaudio import PortAudioBackend
from bridge.common.errors import EnvironmentMissing

pytestmark = pytest.mark.jack

RUN = """
import json, sys, time
import numpy as np
from bridge.audio.portaudio import PortAudioBackend
from bridge.audio.shared.share import AudioShare

with PortAudioBackend("system", block=100) as backend:
    with AudioShare.create(backend.rate, backend.rate // 20) as share:
        share.begin_generation(share.generation)
        share.write_stem(0, np.full(200_000, 0.5, np.float32))
        backend.start(share)
        while share.frame < 10_000:
            time.sleep(0.01)
        offline = backend.offline
        backend.close()
        out = {
            "rate": backend.rate, "block": share.block, "offline": offline,
            "cycles": share.snapshot().cycles, "frame": share.frame,
            "peak": share.meters().out_peak, "name": backend.name,
        }
print(json.dumps(out))
"""


def test_a_stream_calls_the_native_callback(jackd):
    """In a process of its own: PortAudio aborts when its JACK server ends before it does."""
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        env=jackd(rate=44_100).environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["rate"], seen["block"], seen["offline"]) == (44_100, 100, False)
    assert seen["frame"] == 100 * seen["cycles"]
    assert seen["peak"] == pytest.approx([0.5, 0.5])
    assert "system" in seen["name"]


def test_no_such_device_lists_those_there_are(monkeypatch):
    sounddevice = pytest.importorskip("sounddevice", exc_type=OSError)

    def query(device=None, kind=None):
        if kind is not None:
            raise ValueError(f"no {kind} device matching {device!r}")
        return [{"name": "Built-in"}, {"name": "Interface"}]

    monkeypatch.setattr(sounddevice, "query_devices", query)
    with pytest.raises(EnvironmentMissing, match=r"Built-in, Interface; choose one"):
        PortAudioBackend("Nowhere")


@pytest.mark.parametrize(("inputs", "outputs"), [(1, 1), (2, 2), (1, 2), (2, 4)])
def test_channels_are_taken_apart_and_put_together(inputs, outputs):
    from bridge._native import ffi, lib

    from bridge.audio.callback import Host
    from bridge.audio.shared.share import AudioShare

    frames = 9000  # more than one piece
    sound = np.random.default_rng(0).uniform(-1, 1, (frames, inputs)).astype(np.float32)
    heard = np.full((frames, outputs), 9, np.float32)
    with AudioShare.create(48_000, 2400) as share, Host(share) as host:
        share.strip(1).bypass = True
        host.process(np.zeros(1024, np.float32), np.zeros(1024, np.float32))
        stream = lib.lb_portaudio_new(host.pointer, inputs, outputs)
        callback = ffi.cast(
            "int (*)(const void *, void *, unsigned long, const void *, unsigned long, void *)",
            lib.lb_portaudio_callback(),
        )
        buffers = ffi.from_buffer(sound), ffi.from_buffer(heard)
        assert callback(*buffers, frames, ffi.NULL, 4, stream) == 0
        lib.lb_portaudio_free(stream)
        assert share.snapshot().xruns == 1
        assert share.frame == 1024 + frames
    left, right = sound[:, 0], sound[:, -1]
    np.testing.assert_array_equal(heard[:, 0], left)
    if outputs > 1:
        np.testing.assert_array_equal(heard[:, 1], right)
    np.testing.assert_array_equal(heard[:, 2:], 0)


def test_too_little_memory_for_its_buffers_is_told(monkeypatch):
    from bridge._native import ffi

    from bridge.audio.shared.share import AudioShare

    backend = PortAudioBackend.__new__(PortAudioBackend)
    backend.name, backend.block = "Interface", 256
    backend._inputs, backend._most_outputs = 2, 2
    full = SimpleNamespace(lb_portaudio_new=lambda *_: ffi.NULL)
    monkeypatch.setattr("bridge.audio.portaudio.lib", full)
    with AudioShare.create(48_000, 2400) as share:
        with pytest.raises(MemoryError, match="the buffers of Interface"):
            backend.start(share)
        backend._host.close()
