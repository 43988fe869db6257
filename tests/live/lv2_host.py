"""Smallest host of LV2 plugins: loads the plugin's library and calls it, cycle by cycle."""

import os
from pathlib import Path

import numpy as np
from cffi import FFI

from bridge.audio.shared.share import AudioShare
from bridge.audio.shared.space import SHARED_FOLDER
from bridge.controls.parameters import PARAMETERS
from tools.surfaces.plugin_controls import FIRST_PORT, plugin_controls

__all__ = ["Lv2Host"]

OUTPUTS = 16
EVENTS, LATENCY, FREEWHEEL, STATUS, TIMELINE = range(18, 23)
BLOCK_LENGTH = "http://lv2plug.in/ns/ext/buf-size#nominalBlockLength"
INT = "http://lv2plug.in/ns/ext/atom#Int"
STRING = "http://lv2plug.in/ns/ext/atom#String"
STATE = b"http://lv2plug.in/ns/ext/state#interface"

ffi = FFI()
ffi.cdef("""
typedef struct { const char *URI; void *data; } feature;
typedef struct { void *handle; uint32_t (*map)(void *, const char *); } urid_map;
typedef struct { int context; uint32_t subject, key, size, type; const void *value; } option;
typedef int (*store)(void *, uint32_t, const void *, size_t, uint32_t, uint32_t);
typedef const void *(*retrieve)(void *, uint32_t, size_t *, uint32_t *, uint32_t *);
typedef struct {
    int (*save)(void *, store, void *, uint32_t, const feature *const *);
    int (*restore)(void *, retrieve, void *, uint32_t, const feature *const *);
} state_interface;
typedef struct {
    const char *URI;
    void *(*instantiate)(const void *, double, const char *, const feature *const *);
    void (*connect_port)(void *, uint32_t, void *);
    void (*activate)(void *);
    void (*run)(void *, uint32_t);
    void (*deactivate)(void *);
    void (*cleanup)(void *);
    const void *(*extension_data)(const char *);
} descriptor;
const descriptor *lv2_descriptor(uint32_t);
""")


class Lv2Host:
    """One instance of the plugin, all of its ports connected but that of the transport.

    Args:
        bundle: Folder of the plugin.
        block: Nominal block, and the longest that :meth:`run` takes.
        rate: Frames per second.
    """

    def __init__(self, bundle: Path, *, block: int = 512, rate: int = 48_000) -> None:
        self._library = ffi.dlopen(str(bundle / "liveband.so"))
        self._plugin = self._library.lv2_descriptor(0)
        self._urids: list[str] = []
        before = self._shares()
        map_uri = ffi.callback("uint32_t(void *, const char *)", self._map)
        options = ffi.new("option[2]")
        length = ffi.new("int32_t *", block)
        options[0].key, options[0].type = self._urid(BLOCK_LENGTH), self._urid(INT)
        options[0].size, options[0].value = 4, length
        urids = ffi.new("urid_map *", {"map": map_uri})
        names = [
            ffi.new("char[]", b"http://lv2plug.in/ns/ext/urid#map"),
            ffi.new("char[]", b"http://lv2plug.in/ns/ext/options#options"),
        ]
        given = [
            ffi.new("feature *", {"URI": name, "data": data})
            for name, data in zip(names, (urids, options), strict=True)
        ]
        features = ffi.new("feature *[]", [*given, ffi.NULL])
        self._kept = (map_uri, options, length, urids, names, given, features)
        self._handle = self._plugin.instantiate(
            self._plugin, rate, str(bundle).encode() + b"/", features
        )
        if self._handle == ffi.NULL:
            raise RuntimeError("the plugin refused to be instantiated")
        (self.share_name,) = self._shares() - before
        self._in = np.zeros((2, block), np.float32)
        self._out = np.zeros((OUTPUTS, block), np.float32)
        self._values = {
            port: np.zeros(1, np.float32) for port in (LATENCY, FREEWHEEL, STATUS, TIMELINE)
        }
        self._controls = {}
        for index, port in enumerate(plugin_controls(PARAMETERS), FIRST_PORT):
            self._values[index] = np.full(1, port.default, np.float32)
            self._controls[port.symbol] = index
        for port, data in (*enumerate((*self._in, *self._out)), *self._values.items()):
            self._plugin.connect_port(self._handle, port, ffi.from_buffer(data))
        self._plugin.connect_port(self._handle, EVENTS, ffi.NULL)

    def __enter__(self):
        self._plugin.activate(self._handle)
        return self

    def __exit__(self, *_):
        self.close()

    @staticmethod
    def _shares() -> set[str]:
        return {path.name for path in SHARED_FOLDER.glob(f"liveband-{os.getpid()}-*")}

    def _urid(self, uri: str) -> int:
        if uri not in self._urids:
            self._urids.append(uri)
        return self._urids.index(uri) + 1

    def _map(self, _handle, uri):
        return self._urid(ffi.string(uri).decode())

    def share(self) -> AudioShare:
        """Return its shared memory, attached."""
        return AudioShare.attach(self.share_name)

    def set(self, symbol: str, value: float) -> None:
        """Set a control port for the next cycle."""
        self._values[self._controls[symbol]][0] = value

    @property
    def latency(self) -> int:
        """Latency it reported last."""
        return int(self._values[LATENCY][0])

    @property
    def status(self) -> int:
        """0 stopped, 1 starting, 2 playing, 3 failed."""
        return int(self._values[STATUS][0])

    def run(self, mix, *, freewheel=False):
        """Run one cycle; return a copy of all outputs, shape ``(16, frames)``."""
        frames = mix.shape[-1]
        self._in[:, :frames] = mix
        self._values[FREEWHEEL][0] = freewheel
        self._plugin.run(self._handle, frames)
        return self._out[:, :frames].copy()

    def play(self, mix, *, block, freewheel=False):
        """Run a mix of shape ``(2, frames)`` in blocks; return all outputs."""
        starts = range(0, mix.shape[1], block)
        parts = [self.run(mix[:, at : at + block], freewheel=freewheel) for at in starts]
        return np.concatenate(parts, axis=1)

    def save(self) -> dict[str, bytes]:
        """Return the plugin's state, by the URI of its keys."""
        saved = {}

        @ffi.callback("store")
        def store(_handle, key, value, size, kind, _flags):
            assert self._urids[kind - 1] == STRING
            saved[self._urids[key - 1]] = bytes(ffi.buffer(value, size))
            return 0

        assert self._state.save(self._handle, store, ffi.NULL, 0, ffi.NULL) == 0
        return saved

    def restore(self, saved: dict[str, bytes]) -> None:
        """Give the plugin a saved state."""
        kept = {self._urid(uri): ffi.new("char[]", text) for uri, text in saved.items()}

        @ffi.callback("retrieve")
        def retrieve(_handle, key, size, kind, flags):
            if key not in kept:
                return ffi.NULL
            size[0], kind[0], flags[0] = len(kept[key]) - 1, self._urid(STRING), 3
            return kept[key]

        assert self._state.restore(self._handle, retrieve, ffi.NULL, 0, ffi.NULL) == 0

    @property
    def _state(self):
        found = self._plugin.extension_data(STATE)
        return ffi.cast("const state_interface *", found)

    def close(self) -> None:
        """End the instance."""
        handle, self._handle = self._handle, ffi.NULL
        if handle != ffi.NULL:
            self._plugin.cleanup(handle)
