"""Trial: hours of music, watched for growing memory, late hops and changed sound.

The whole program plays to one recording again and again, as fast as it can in JACK's freewheel,
or paced by the clock. After freewheel its last round is compared, frame by frame, with that of
a new model that starts at the same hop and has heard only the rounds just before.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib import resources
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from bridge.audio.jack_player import JackPlayer, StereoAudio
from bridge.audio.jack_server import JackServer
from bridge.audio.shared.share import AudioShare
from bridge.checkpoints.loader import model_loader
from bridge.commands.output import print_row
from bridge.common.errors import EngineError
from bridge.config import RunSettings
from bridge.controls.parameters import ROOT
from bridge.protocols import Audio, HopModel
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import mix_down
from tools.trials.options import add_checkpoint_option, positive_number
from tools.trials.running_bridge import NAME, RATE, RunningBridge, running_bridge_on

__all__ = [
    "HELP",
    "EnduranceResult",
    "Snapshot",
    "bundled_mix",
    "configure",
    "expected_last_round",
    "frames_apart",
    "play_for_hours",
    "run",
]

HELP = "play for hours of music: memory that grows, hops that come late, sound that changes"

SNAPSHOTS = 10
"""Snapshots at equal distances until the end, besides the one at the start."""
GROWTH_MIB = 4.0
"""Growth of a process's memory allowed after the first tenth; a heap always varies a little."""
_HEARD_S = 60.0
"""Music that the new model hears before it is compared; far longer than any window."""
_ALIKE = 1e-3
"""Difference from which frames are told apart, -60 dB. A decoder that locks phases comes near
what it would play had it begun earlier, -72 dB in some takes, but not to the last bit."""
_PACED_BLOCK, _FREEWHEEL_BLOCK = 256, 4096
_SETTINGS = RunSettings(seed=1)
_LOSSES = ("late_hops", "skipped_hops", "underruns", "xruns")
_BANK = 1
_POLL_S = 0.02
_PATIENCE_S = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """State of the program at one time."""

    hours: float
    """Of music so far."""
    wall_s: float
    """Since the start."""
    control_mib: float
    """Resident memory of the control process, which also runs the audio thread."""
    engine_mib: float
    """Resident memory of the engine."""
    state_bytes: int
    """Size of the model's state, as saved in a bank."""
    frame: int
    """Position of the audio callback."""
    cycles: int
    hops: int
    late_hops: int
    skipped_hops: int
    underruns: int
    xruns: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EnduranceResult:
    """Figures of the whole trial."""

    hours: float
    wall_s: float
    rounds: int
    """Times the recording was played."""
    control_grown_mib: float
    """From the first tenth to the end."""
    engine_grown_mib: float
    state_grown_bytes: int
    cycles_missed: int | None
    """Against the clock; None in freewheel, which follows none."""
    late_hops: int
    skipped_hops: int
    underruns: int
    xruns: int
    frames_compared: int
    """Of the last round; 0 where it was paced, since a cycle may be missed there."""
    frames_different: int

    @property
    def holds(self) -> bool:
        """Whether nothing grew, came late or sounds different."""
        grown = max(self.control_grown_mib, self.engine_grown_mib)
        lost = self.late_hops + self.skipped_hops + self.frames_different
        return grown <= GROWTH_MIB and self.state_grown_bytes == 0 and lost == 0


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "hours",
        type=positive_number,
        nargs="?",
        default=25.0,
        metavar="H",
        help="of music (25: past the wrap of JACK's count of frames)",
    )
    parser.add_argument(
        "--paced", action="store_true", help="play by the clock, not through freewheel"
    )
    add_checkpoint_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print every snapshot and the result; return 1 where the result does not hold."""
    holds = True
    for each in play_for_hours(
        arguments.hours,
        bundled_mix(),
        arguments.checkpoint,
        model_loader(arguments.checkpoint),
        paced=arguments.paced,
    ):
        row = asdict(each)
        if isinstance(each, EnduranceResult):
            holds = each.holds
            row["holds"] = holds
        print_row(row, as_json=arguments.json)
    return 0 if holds else 1


def play_for_hours(
    duration: float,
    tape: StereoAudio,
    checkpoint: str,
    load: Callable[[], HopModel],
    *,
    paced: bool = False,
) -> Iterator[Snapshot | EnduranceResult]:
    """Play to a recording for hours.

    Args:
        duration: Hours of music, rounded up to whole rounds of the recording.
        tape: The mix at 48 kHz, ``(frames, 2)``; the part beyond whole hops is left out.
        checkpoint: What the bridge plays with.
        load: Makes the same model in this process, for the comparison.
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
        running_bridge_on(server.name, checkpoint, *seed) as bridge,
        AudioShare.attach_to(bridge.process.pid) as share,
        ThreadPoolExecutor(1) as aside,
        JackPlayer(server.name, tape, rounds=rounds) as deck,
    ):
        deck.connect(NAME)
        watch = _ProgramWatch(bridge, share, deck, time.monotonic())
        snapshots = [watch.snapshot()]
        yield snapshots[0]
        playing = aside.submit(_play, deck, paced=paced)
        for tenth in range(1, SNAPSHOTS + 1):
            while (
                deck.position < rounds * len(tape) * tenth // SNAPSHOTS and not playing.done()
            ):
                time.sleep(_POLL_S)
            snapshots.append(watch.snapshot())
            yield snapshots[-1]
        played, musical = playing.result()[:, 0], share.musical_latency
    if paced:
        yield _result(snapshots, rounds, missed=_missed(snapshots, block))
    else:
        expected = expected_last_round(load(), tape, rounds, musical)
        different = frames_apart(played, expected)
        yield _result(snapshots, rounds, compared=len(expected), different=different)


def frames_apart(one: Audio, other: Audio) -> int:
    """Return how many frames of two sounds, ``(frames,)`` each, differ by more than -60 dB."""
    return int(np.sum(np.abs(one - other) > _ALIKE))


def _missed(snapshots: Sequence[Snapshot], block: int) -> int:
    """Return how many cycles were expected by the clock and did not happen."""
    first, last = snapshots[0], snapshots[-1]
    expected = round((last.wall_s - first.wall_s) * RATE / block)
    return expected - (last.cycles - first.cycles)


def _result(
    snapshots: Sequence[Snapshot],
    rounds: int,
    *,
    missed: int | None = None,
    compared: int = 0,
    different: int = 0,
) -> EnduranceResult:
    start, settled, end = snapshots[0], snapshots[1], snapshots[-1]
    return EnduranceResult(
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


def bundled_mix() -> StereoAudio:
    """Return the mix that comes with the bridge, 30 s at 48 kHz, ``(frames, 2)``."""
    with resources.files("bridge").joinpath("assets", "mix.ogg").open("rb") as stream:
        mix: StereoAudio = soundfile.read(stream, dtype="float32", always_2d=True)[0]
    return mix


def expected_last_round(
    model: HopModel, tape: StereoAudio, rounds: int, musical: int, heard: int | None = None
) -> Audio:
    """Return the last round as a new model plays it, which has heard only a part before.

    Args:
        model: Just loaded. If it counts hops for more than its place in the take, it has
            ``advance_counters``.
        tape: The mix, of whole hops at the model's rate.
        rounds: Times it is played.
        musical: Frames by which the stem comes late.
        heard: Rounds heard before the last; None for as many as last a minute.

    Returns:
        As long as the tape.
    """
    scheduler = HopScheduler(model, RATE, _SETTINGS.conditions())
    hops = mix_down(tape).reshape(-1, scheduler.hop)
    enough = ceil(_HEARD_S * RATE / len(tape)) if heard is None else heard
    first = max(0, rounds - 1 - enough) * len(hops)
    begin = (rounds - 1) * len(tape) - musical
    stem = np.zeros(len(tape), np.float32)
    due = scheduler.start(first)
    advance: Any = getattr(model, "advance_counters", lambda _: None)
    advance(first)  # before the first hop due is asked for
    for hop in range(first, rounds * len(hops) + 1):
        for piece in due:
            at = piece.position - begin
            low, high = max(0, at), min(len(stem), at + piece.audio.shape[1])
            if low < high:
                stem[low:high] = piece.audio[0, low - at : high - at]
        due = scheduler.feed(hops[hop % len(hops)])
    return stem


@dataclass(frozen=True, slots=True)
class _ProgramWatch:
    bridge: RunningBridge
    share: AudioShare
    deck: JackPlayer
    began_s: float

    def snapshot(self) -> Snapshot:
        """Return the state of the program now."""
        (engine,) = self.bridge.engines()
        memory = [_resident_mib(pid) for pid in (self.bridge.process.pid, engine)]
        now_s, counters = time.monotonic(), self.share.snapshot()
        return Snapshot(
            hours=round(self.deck.position / RATE / 3600, 4),
            wall_s=round(now_s - self.began_s, 4),
            control_mib=memory[0],
            engine_mib=memory[1],
            state_bytes=self._state_bytes(),
            frame=counters.frames,
            **{name: getattr(counters, name) for name in ("cycles", "hops", *_LOSSES)},
        )

    def _state_bytes(self) -> int:
        """Save the model's state in a bank and return its size."""
        for before in self._banks():
            before.unlink()
        self.bridge.client.do(f"{ROOT}/bank/store", _BANK)
        deadline_s = time.monotonic() + _PATIENCE_S
        while not (saved := self._banks()):
            if time.monotonic() > deadline_s:
                raise EngineError(f"no bank was saved within {_PATIENCE_S:g} s")
            time.sleep(_POLL_S)
        return saved[0].stat().st_size

    def _banks(self) -> list[Path]:
        return list(self.bridge.home.glob(f"liveband-*/bank-{_BANK}.safetensors"))


def _play(deck: JackPlayer, *, paced: bool) -> StereoAudio:
    """Play all rounds; return what was recorded in the last one."""
    if paced:
        deck.roll()
    else:
        deck.freewheel()
    return deck.recording()


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 2)
