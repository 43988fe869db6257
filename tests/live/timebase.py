"""A timebase master on a JACK server, right or wrong in many ways."""

import math

from bridge.audio.jack_opening import open_client

TEMPO_BPM = 90.0


class Timebase:
    """A client that is the timebase master: 3/4 at a tempo from frame 0."""

    def __init__(self, server, tempo_bpm=TEMPO_BPM):
        import jack

        self.distort = lambda position: None
        """Called with every position it tells, to make it wrong."""
        self._tempo_bpm = tempo_bpm
        self.client = open_client(jack, "timebase", server.name)
        self.client.set_timebase_callback(self._tell)
        self.client.activate()

    def _tell(self, state, blocksize, position, new_position):
        # JACK leaves the rate of the position at 0 before its first cycle.
        beats = position.frame * self._tempo_bpm / (60.0 * self.client.samplerate)
        position.valid = 0x10
        position.bar = int(beats // 3) + 1
        position.beat = int(beats % 3) + 1
        position.tick = int(beats % 1 * 1920)
        position.beats_per_bar, position.beat_type = 3.0, 4.0
        position.ticks_per_beat = 1920.0
        position.beats_per_minute = self._tempo_bpm
        position.bar_start_tick = 0.0
        self.distort(position)

    @property
    def frame(self):
        """Where the transport is, as of the cycle under way."""
        _, position = self.client.transport_query()
        return position["frame"]

    @property
    def beats(self):
        """Beats since frame 0, as of the cycle under way."""
        return self.frame * self._tempo_bpm / (60.0 * 48000)

    def close(self):
        self.client.deactivate()
        self.client.close()


def _jump(position):
    if position.frame // 24000 % 2:
        position.bar += 37
        position.beat = 3


def _stuck(position):
    position.bar, position.beat, position.tick = 1, 1, 0


def _set(**values):
    def distort(position):
        for name, value in values.items():
            setattr(position, name, value)

    return distort


_MOST = 2**31 - 1

FAULTS = {
    "stuck": (_stuck, "stands still"),
    "jump": (_jump, "do not go on"),
    "stuck at 0 bpm": (_set(bar=1, beat=1, tick=0, beats_per_minute=0.0), "0 bpm"),
    "nan bpm": (_set(beats_per_minute=math.nan), "nan bpm"),
    "negative bpm": (_set(beats_per_minute=-120.0), "-120 bpm"),
    "huge bpm": (_set(beats_per_minute=1e12), "bpm, expected 10 to 1000"),
    "tiny bpm": (_set(beats_per_minute=1e-30), "bpm, expected 10 to 1000"),
    "no beats in a bar": (_set(beats_per_bar=0.0), "bars of 0 beats"),
    "no ticks in a beat": (_set(ticks_per_beat=0.0), "beat nan"),
    "huge place": (_set(bar=_MOST, beat=_MOST, tick=_MOST), "in a bar of 3"),
    "huge bar": (_set(beats_per_bar=3e38, bar=_MOST), "bars of 3e"),
}
"""Ways of being wrong, and words of the reason for which each is not believed."""

HARMLESS = {
    "nan start of bar": _set(bar_start_tick=math.nan),
    "no claim": _set(valid=0),
}
"""Oddities that contradict nothing: the first is not read, the second tells no beat."""
