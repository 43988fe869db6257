"""A set of many hours: does anything grow, drift or come late, and is the sound what it was.

The whole program plays to one tape over and over, through JACK's freewheel as fast as it goes,
or paced by the clock. After freewheel its last round is compared, frame by frame, with what a
fresh player gives that is put at the same hop and has heard only the rounds just before.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import resources
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from bridge.audio.jack_player import Deck, Tape
from bridge.audio.jack_server import JackServer
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import EngineError
from bridge.config import RunSettings
from bridge.controls.parameters import ROOT
from bridge.protocols import Audio, HopModel
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import mix_down
from tools.trials.rig import NAME, RATE, Rig, bridge_on

__all__ = ["Look", "Outcome", "bundled_mix", "fresh_take", "hours"]

LOOKS = 10
"""Looks from start to end, at equal times, besides the one at the start."""
GROWTH_MIB = 4.0
"""What a process may hold more at the end than after the first tenth: a heap breathes."""
_HEARD_S = 60.0
"""What a fresh player hears before it is compared: far more than any window looks back on."""
_PACED_BLOCK, _FREEWHEEL_BLOCK = 256, 4096
_SETTINGS = RunSettings(seed=1)
_LOSSES = ("late_hops", "skipped_hops", "underruns", "xruns")
_BANK = 1
_POLL_S = 0.02
_PATIENCE_S = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What the program was at one time."""

    hours: float
    """Of music so far."""
    wall_s: float
    control_mib: float
    """Resident memory of the control process, which has the audio thread."""
    engine_mib: float
    """Resident memory of the engine."""
    state_bytes: int
    """What the model remembers, as a bank keeps it."""
    frame: int
    """The callback's position."""
    cycles: int
    hops: int
    late_hops: int
    skipped_hops: int
    underruns: int
    xruns: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of it all."""

    hours: float
    wall_s: float
    rounds: int
    """Times the tape was played."""
    control_grown_mib: float
    """From the first tenth to the end."""
    engine_grown_mib: float
    state_grown_bytes: int
    cycles_missed: int | None
    """By the clock; None in freewheel, which has none."""
    late_hops: int
    skipped_hops: int
    underruns: int
    xruns: int
    frames_compared: int
    """Of the last round; 0 where it was paced, since there a cycle may be missed."""
    frames_different: int

    @property
    def holds(self) -> bool:
        """Whether nothing grew, came late or sounds otherwise."""
        grown = max(self.control_grown_mib, self.engine_grown_mib)
        lost = self.late_hops + self.skipped_hops + self.frames_different
        return grown <= GROWTH_MIB and self.state_grown_bytes == 0 and lost == 0


def hours(
    duration: float,
    tape: Tape,
    checkpoint: str,
    load: Callable[[], HopModel],
    *,
    paced: bool = False,
) -> Iterator[Look | Outcome]:
    """Play to a tape for hours.

    Args:
        duration: Hours of music, rounded up to whole rounds of the tape.
        tape: The mix at 48 kHz, ``(frames, 2)``; what exceeds whole hops is left out.
        checkpoint: What the bridge plays with.
        load: Makes the same model here, for the comparison.
        paced: Whether to play by the clock.

    Raises:
        EnvironmentMissing: JACK is not installed or no server can be started.
        EngineError: The bridge or the deck failed.
    """
    tape = tape[: len(tape) - len(tape) % (RATE // 20)]
    rounds = max(1, ceil(duration * 3600 * RATE / len(tape)))
    block = _PACED_BLOCK if paced else _FREEWHEEL_BLOCK
    seed = ("--seed", str(_SETTINGS.seed))
    with (
        JackServer(rate=RATE, block=block, realtime=paced) as server,
        bridge_on(server.name, checkpoint, *seed) as bridge,
        AudioShare.attach_to(bridge.process.pid) as share,
        ThreadPoolExecutor(1) as aside,
        Deck(server.name, tape, rounds=rounds) as deck,
    ):
        deck.connect(NAME)
        watch = _Watch(bridge, share, deck, time.monotonic())
        looks = [watch.look()]
        yield looks[0]
        playing = aside.submit(_play, deck, paced=paced)
        for tenth in range(1, LOOKS + 1):
            while deck.position < rounds * len(tape) * tenth // LOOKS and not playing.done():
                time.sleep(_POLL_S)
            looks.append(watch.look())
            yield looks[-1]
        played, musical = playing.result()[:, 0], share.musical_latency
    if paced:
        yield _outcome(looks, rounds, missed=_missed(looks, block))
    else:
        expected = fresh_take(load(), tape, rounds, musical)
        different = int(np.sum(played != expected))
        yield _outcome(looks, rounds, compared=len(expected), different=different)


def _missed(looks: Sequence[Look], block: int) -> int:
    """Return how many cycles the clock had more than the callback."""
    first, last = looks[0], looks[-1]
    expected = round((last.wall_s - first.wall_s) * RATE / block)
    return expected - (last.cycles - first.cycles)


def _outcome(
    looks: Sequence[Look],
    rounds: int,
    *,
    missed: int | None = None,
    compared: int = 0,
    different: int = 0,
) -> Outcome:
    start, settled, end = looks[0], looks[1], looks[-1]
    return Outcome(
        hours=end.hours,
        wall_s=end.wall_s,
        rounds=rounds,
        control_grown_mib=round(end.control_mib - settled.control_mib, 2),
        engine_grown_mib=round(end.engine_mib - settled.engine_mib, 2),
        state_grown_bytes=end.state_bytes - settled.state_bytes,
        cycles_missed=missed,
        **{name: getattr(end, name) - getattr(start, name) for name in _LOSSES},
        frames_compared=compared,
        frames_different=different,
    )


def bundled_mix() -> Tape:
    """Return the mix that comes with the bridge, 30 s at 48 kHz, ``(frames, 2)``."""
    with resources.files("bridge").joinpath("assets", "mix.ogg").open("rb") as stream:
        mix: Tape = soundfile.read(stream, dtype="float32", always_2d=True)[0]
    return mix


def fresh_take(
    model: HopModel, tape: Tape, rounds: int, musical: int, heard: int | None = None
) -> Audio:
    """Return what a player just loaded plays in the last round, having heard little before.

    Args:
        model: Just loaded. If it counts hops for more than its place in the take, it has an
            ``age`` that counts on.
        tape: The mix, of whole hops at the model's rate.
        rounds: Times it is played.
        musical: Frames by which the stem comes late.
        heard: Rounds heard before the last; None for as many as last a minute.

    Returns:
        As long as the tape.
    """
    session = HopScheduler(model, RATE, _SETTINGS.conditions())
    hops = mix_down(tape).reshape(-1, session.hop)
    enough = ceil(_HEARD_S * RATE / len(tape)) if heard is None else heard
    first = max(0, rounds - 1 - enough) * len(hops)
    begin = (rounds - 1) * len(tape) - musical
    stem = np.zeros(len(tape), np.float32)
    due = session.start(first)
    count_on: Any = getattr(model, "age", lambda _: None)
    count_on(first)  # before the first hop due is asked for
    for hop in range(first, rounds * len(hops) + 1):
        for piece in due:
            at = piece.position - begin
            low, high = max(0, at), min(len(stem), at + piece.audio.shape[1])
            if low < high:
                stem[low:high] = piece.audio[0, low - at : high - at]
        due = session.feed(hops[hop % len(hops)])
    return stem


@dataclass(frozen=True, slots=True)
class _Watch:
    bridge: Rig
    share: AudioShare
    deck: Deck
    began_s: float

    def look(self) -> Look:
        """Look at the program as it is now."""
        (engine,) = self.bridge.engines()
        memory = [_resident_mib(pid) for pid in (self.bridge.process.pid, engine)]
        now_s, counters = time.monotonic(), self.share.snapshot()
        return Look(
            hours=round(self.deck.position / RATE / 3600, 4),
            wall_s=round(now_s - self.began_s, 4),
            control_mib=memory[0],
            engine_mib=memory[1],
            state_bytes=self._state_bytes(),
            frame=counters.frames,
            **{name: getattr(counters, name) for name in ("cycles", "hops", *_LOSSES)},
        )

    def _state_bytes(self) -> int:
        """Have the player keep what it remembers, and return the size of that."""
        for before in self._banks():
            before.unlink()
        self.bridge.client.do(f"{ROOT}/bank/store", _BANK)
        deadline_s = time.monotonic() + _PATIENCE_S
        while not (kept := self._banks()):
            if time.monotonic() > deadline_s:
                raise EngineError(f"no bank was kept within {_PATIENCE_S:g} s")
            time.sleep(_POLL_S)
        return kept[0].stat().st_size

    def _banks(self) -> list[Path]:
        return list(self.bridge.home.glob(f"liveband-*/bank-{_BANK}.safetensors"))


def _play(deck: Deck, *, paced: bool) -> Tape:
    """Play all rounds; return what was recorded in the last one."""
    if paced:
        deck.roll()
    else:
        deck.freewheel()
    return deck.recording()


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 2)
