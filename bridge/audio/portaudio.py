"""The sound card without JACK: a duplex PortAudio stream with the native callback."""

from types import ModuleType

from bridge._native import ffi, lib
from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.common.closing import Closeable
from bridge.common.errors import EnvironmentMissing

__all__ = ["PortAudioBackend"]


class PortAudioBackend(Closeable):
    """A stream from a device's first two inputs to a pair of its outputs for each player.

    There is a pair for each player at the start, as far as the device has outputs; where there
    are more players than pairs, they share.

    Args:
        device: Name or part of the name of the device; empty for the system's default.
        rate: Frames per second; 0 for the input device's default.
        block: Frames per callback.

    Raises:
        EnvironmentMissing: PortAudio is not installed, or there is no such device with
            inputs and outputs.
    """

    offline_reason = ""
    """PortAudio gives none."""

    def __init__(self, device: str = "", rate: int = 0, block: int = 256) -> None:
        self._sounddevice = _sounddevice()
        self._device = device or None
        source = self._describe("input")
        sink = self._describe("output")
        self.name = f"{source['name']} / {sink['name']}"
        self.rate = rate or round(source["default_samplerate"])
        self.block = block
        self._inputs = min(2, source["max_input_channels"])
        self._most_outputs = int(sink["max_output_channels"])
        self._host: Host | None = None
        self._state: ffi.CData = ffi.NULL
        self._stream: ffi.CData = None

    def _describe(self, kind: str) -> dict[str, ffi.CData]:
        try:
            described = self._sounddevice.query_devices(self._device, kind)
        except (ValueError, self._sounddevice.PortAudioError) as error:
            names = [found["name"] for found in self._sounddevice.query_devices()]
            raise EnvironmentMissing(
                f"no sound device {self._device or 'is set as default'!r} for {kind}: {error}. "
                f"There are: {', '.join(names) or 'none'}; choose one with --device, or use "
                "'liveband run --start-jack dummy' to run without a sound card"
            ) from error
        return dict(described)

    @property
    def offline(self) -> bool:
        """Whether the stream ended by itself, e.g. because the device was unplugged."""
        return self._stream is not None and not self._stream.active

    def start(self, share: AudioShare) -> None:
        """Open the stream with the native callback and let it run.

        Args:
            share: Made for this rate; must stay open until :meth:`close`.

        Raises:
            EnvironmentMissing: The device does not take this rate or format, or is busy.
            MemoryError: There is no memory for its buffers.
        """
        channels = self._inputs, min(2 * share.players, self._most_outputs)
        self._host = Host(share)
        self._state = lib.lb_portaudio_new(self._host.pointer, *channels)
        if self._state == ffi.NULL:
            raise MemoryError(f"no memory for the buffers of {self.name}")
        share.block = self.block
        try:
            self._stream = self._sounddevice._StreamBase(
                kind="duplex",
                samplerate=self.rate,
                blocksize=self.block,
                device=self._device,
                channels=channels,
                dtype="float32",
                latency="low",
                callback=lib.lb_portaudio_callback(),
                userdata=self._state,
            )
            self._stream.start()
        except self._sounddevice.PortAudioError as error:
            raise EnvironmentMissing(
                f"{self.name} would not run at {self.rate} Hz in blocks of {self.block}: "
                f"{error}. Close programs that use it, or choose another rate or block"
            ) from error

    def add_player(self, player: int) -> None:
        """Do nothing: the callback mixes further players into the existing pairs."""

    def close(self) -> None:
        """Stop the stream and free it. May be called twice."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
        if self._host is not None:
            self._host.close()
        lib.lb_portaudio_free(self._state)
        self._state = ffi.NULL


def _sounddevice() -> ModuleType:
    try:
        import sounddevice
    except OSError as error:
        raise EnvironmentMissing(
            "expected the PortAudio library, it is not installed; on Debian and Ubuntu: "
            "apt install libportaudio2"
        ) from error
    return sounddevice  # type: ignore[no-any-return]
