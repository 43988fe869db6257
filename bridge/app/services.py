"""What a running band is given beside its sound: recording, wires, and the beat.

Each is a context that adds commands and readings to the band and takes its task along when it
ends. No model is named here.
"""

import asyncio
import functools
import logging
import re
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict

from bridge.audio.autoconnect import WireKeeper, parse_rule, parse_rules, parse_wires
from bridge.common.errors import BridgeError, ConfigError
from bridge.common.folders import config_folder, recordings_folder, state_folder
from bridge.config import RunSettings
from bridge.controls.beat_tracking import CorrectionKind
from bridge.controls.readings import OscReading
from bridge.controls.store import ControlStore
from bridge.engine.bank_files import copy_banks
from bridge.live.autoconnecting import Wiring
from bridge.live.band import LiveBand
from bridge.midi.frame_clock import FrameClock
from bridge.midi.service import MidiService
from bridge.monitoring.activity_log import Diary, Moment
from bridge.monitoring.crash_report import BlackBox
from bridge.monitoring.systemd import notify
from bridge.session.nsm import Membership
from bridge.session.state import BANKS_FOLDER, SessionState
from bridge.session.switching import Switch
from bridge.state.presets.commands import Librarian
from bridge.state.recording import Facts, Recorder
from bridge.transport.beat_reports import BeatTeller
from bridge.transport.sync import TransportSync

__all__ = ["in_time", "kept", "recorded", "watched", "wired"]

logger = logging.getLogger(__name__)

_KEEP_S = 5.0
"""How often what is running is kept for a report, and systemd is told that we live."""


@asynccontextmanager
async def watched(
    desk: ControlStore, band: LiveBand, settings: RunSettings
) -> AsyncIterator[None]:
    """Keep reports of crashes, and tell systemd that we are alive, while the context lasts."""

    def facts() -> Mapping[str, object]:
        engine = band.supervisor.status
        return {
            "settings": asdict(settings),
            "controls": {
                row.name: desk.controls[row.name]
                for row in desk.controls.table
                if row.has_value
            },
            "status": asdict(band.status()),
            "audio": asdict(band.audio()),
            "counters": asdict(band.engine_counters()),
            "engine": {"state": engine.state.name, "pid": engine.pid, "reason": engine.reason},
        }

    diary = Diary(time.monotonic)
    with BlackBox(state_folder(), facts) as box:
        seen, due_s = band.supervisor.status, 0.0

        async def look() -> None:
            nonlocal seen, due_s
            diary.look(_moment(band))
            before, seen = seen, band.supervisor.status
            if seen.deaths != before.deaths:
                await asyncio.to_thread(box.report, "engine", seen.last_words)
            if (now_s := time.monotonic()) >= due_s:
                due_s = now_s + _KEEP_S
                notify(f"WATCHDOG=1\nSTATUS={band.status().state}")
                await asyncio.to_thread(box.look)

        band.chores.append(look)
        try:
            yield
        finally:
            notify("STOPPING=1")


def _moment(band: LiveBand) -> Moment:
    counters, osc = band.share.snapshot(), band.readings["status/osc"]()
    return Moment(
        rate=band.share.rate,
        block=band.share.block,
        engine_pid=band.supervisor.status.pid,
        counts={
            "lost_hops": counters.late_hops + counters.skipped_hops,
            "underruns": counters.underruns,
            "xruns": counters.xruns,
            "midi_dropped": counters.midi_in_dropped + counters.midi_out_dropped,
            "malformed": osc.malformed if isinstance(osc, OscReading) else 0,
        },
    )


@asynccontextmanager
async def recorded(desk: ControlStore, band: LiveBand) -> AsyncIterator[None]:
    """Let the band be recorded for as long as the context lasts."""

    def facts() -> Facts:
        transport = band.share.transport
        return {
            "stem": desk.controls.text("stem"),
            "anticipation_s": desk.controls.real("anticipation"),
            "seed": band.seed(),
            "transport_rolling": transport.rolling,
            "transport_frame": transport.frame,
        }

    recorder = Recorder(band.share, recordings_folder(), facts)
    band.commands |= recorder.commands
    band.readings["record/state"] = lambda: recorder.reading
    try:
        yield
    finally:
        await asyncio.to_thread(recorder.close)


@asynccontextmanager
async def wired(
    desk: ControlStore, band: LiveBand, settings: RunSettings, *, by_ourselves: bool
) -> AsyncIterator[None]:
    """Keep the band's wires for as long as the context lasts.

    Args:
        desk: Says whether wires are to be made now.
        band: Whose wires.
        settings: The rules.
        by_ourselves: Whether to make any; under a session manager that is its business.

    Raises:
        ConfigError: The file of rules, or that of remembered wires, has a mistake.
    """
    name = settings.jack_name
    rules = [parse_rule(rule, name) for rule in settings.autoconnect]
    file = config_folder() / "wires" / f"{re.sub('[^A-Za-z0-9_-]', '_', name)}.toml"
    own = config_folder() / "autoconnect.toml"
    try:
        rules += parse_rules(own.read_text(encoding="utf-8"), name) if own.is_file() else ()
        own = file
        wires = parse_wires(file.read_text(encoding="utf-8")) if file.is_file() else frozenset()
    except ConfigError as error:
        raise ConfigError(f"{own}: {error}") from error
    keeper = WireKeeper(rules, wires)
    wiring = Wiring(
        band.patchbay, keeper, lambda: desk.controls.text("autoconnect") != "off", file
    )
    if settings.backend == "jack":
        band.commands |= wiring.commands
        if by_ourselves:
            band.chores.append(wiring.look)
    yield


@asynccontextmanager
async def kept(
    desk: ControlStore, band: LiveBand, librarian: Librarian, session: Membership | None
) -> AsyncIterator[None]:
    """Save the controls when a session manager or SIGUSR1 asks for it.

    Args:
        desk: Whose controls.
        band: Looks now and then whether there is anything to save.
        librarian: Saves as a preset where there is no session.
        session: That we are part of.
    """
    save = librarian.keep
    if session is not None:
        await asyncio.to_thread(copy_banks, session.folder / BANKS_FOLDER, band.banks)
        state = SessionState(desk, session.folder, band.banks, band.look_for_banks)
        client = session.client

        async def save_session() -> None:
            await state.save()
            client.mark(state.dirty)

        async def mark() -> None:
            client.mark(state.dirty)

        save = save_session
        client.keep_with(save)
        switch = Switch(band, state)
        client.switch_with(switch.open)
        band.chores += (switch.look, mark)
    saving: set[asyncio.Task[None]] = set()

    def on_signal() -> None:
        task = asyncio.create_task(_logged(save()))
        saving.add(task)
        task.add_done_callback(saving.discard)

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, on_signal)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGUSR1)
        if saving:
            await asyncio.wait(saving)


async def _logged(saving: Coroutine[object, object, None]) -> None:
    try:
        await saving
        logger.info("saved")
    except BridgeError as error:
        logger.error("not saved: %s", error)


@asynccontextmanager
async def in_time(
    desk: ControlStore, band: LiveBand, midi: MidiService
) -> AsyncIterator[BeatTeller]:
    """Keep the band in time for as long as the context lasts; yields who tells of beats."""
    share = band.share
    sync = TransportSync(desk, band, midi.position, midi.send_at)
    teller = BeatTeller(
        FrameClock(lambda: share.frame, lambda: share.rate, time.monotonic), lambda: share.rate
    )
    sync.on_beat = teller.announce
    band.triggers |= {"tap": sync.tap, "reset": sync.begin}
    for kind in (CorrectionKind.HALF, CorrectionKind.DOUBLE, CorrectionKind.DOWNBEAT):
        band.triggers[f"ear/{kind}"] = functools.partial(sync.correct, kind)
    band.readings |= {"transport": lambda: sync.reading, "beat": lambda: teller.reading}
    running = asyncio.create_task(sync.run())
    try:
        yield teller
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        teller.close()
