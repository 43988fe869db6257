"""Parts of the program beside the band's sound: crash reports, recording, saving, timekeeping.

Each is a context that yields what ``bridge.app.compose`` registers, and that ends its tasks
when it ends. No model is named here.
"""

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial

from bridge.audio.autoconnect import AutoConnector
from bridge.audio.connection_rules import parse_rule
from bridge.common.background import BackgroundTasks, TaskErrors
from bridge.common.remembered_files import RememberedFiles
from bridge.config import RunSettings
from bridge.controls.readings import OscReading
from bridge.controls.store import ControlStore
from bridge.engine.bank_files import adopt_banks
from bridge.live.auto_connections import AutoConnections
from bridge.live.band import LiveBand
from bridge.live.band_watch import Periodic
from bridge.live.connection_files import read_connections, read_rules, write_connections
from bridge.live.host_controls import HostControls
from bridge.midi.frame_clock import FrameClock
from bridge.midi.service import MidiService
from bridge.monitoring.activity_log import ActivityLog, ActivitySnapshot
from bridge.monitoring.crash_report import CrashReporter
from bridge.monitoring.systemd import notify
from bridge.session.nsm import NsmSession
from bridge.session.state import BANKS_FOLDER, SessionState
from bridge.session.switching import SessionSwitcher
from bridge.state.presets.commands import PresetCommands
from bridge.state.recording import Recorder, RecordingFacts
from bridge.transport.beat_reports import BeatReporter
from bridge.transport.sync import TransportSync
from model.formats.user_folders import recordings_folder, state_folder

__all__ = [
    "connecting",
    "crash_reports",
    "following_host",
    "recording",
    "saving",
    "timekeeping",
]

logger = logging.getLogger(__name__)

_KEEP_S = 5.0
"""How often what is running is kept for a report, and systemd is told that we live."""


@asynccontextmanager
async def crash_reports(
    store: ControlStore,
    band: LiveBand,
    settings: RunSettings,
    osc: Callable[[], OscReading],
    files: RememberedFiles,
) -> AsyncIterator[Periodic]:
    """Keep reports of crashes, and tell systemd that we are alive, while the context lasts.

    Args:
        store: Its values are part of a report.
        band: Whose engine is watched.
        settings: Part of a report.
        osc: Tells what went through the OSC server; called from the yielded work only.
        files: Sets aside what an earlier run left that cannot be read.
    """

    def facts() -> Mapping[str, object]:
        engine = band.supervisor.status
        return {
            "settings": asdict(settings),
            "controls": {
                row.name: store.controls[row.name]
                for row in store.controls.table
                if row.has_value
            },
            "status": asdict(band.status()),
            "audio": asdict(band.audio()),
            "counters": asdict(band.engine_counters()),
            "engine": {"state": engine.state.name, "pid": engine.pid, "reason": engine.reason},
            "task_errors": asdict(band.task_errors()),
        }

    activity = ActivityLog(time.monotonic)
    with CrashReporter(state_folder(), facts, files) as reporter:
        seen, due_s = band.supervisor.status, 0.0

        async def look() -> None:
            nonlocal seen, due_s
            activity.update(_moment(band, osc()))
            before, seen = seen, band.supervisor.status
            if seen.ended != before.ended:
                await asyncio.to_thread(reporter.report, "engine", seen.last_reason)
            if (now_s := time.monotonic()) >= due_s:
                due_s = now_s + _KEEP_S
                notify(f"WATCHDOG=1\nSTATUS={band.status().state}")
                await asyncio.to_thread(reporter.update)

        try:
            yield look
        finally:
            notify("STOPPING=1")


def _moment(band: LiveBand, osc: OscReading) -> ActivitySnapshot:
    counters = band.share.snapshot()
    return ActivitySnapshot(
        rate=band.share.rate,
        block=band.share.block,
        engine_pid=band.supervisor.status.pid,
        counts={
            "lost_hops": counters.late_hops + counters.skipped_hops,
            "underruns": counters.underruns,
            "xruns": counters.xruns,
            "midi_dropped": counters.midi_in_dropped + counters.midi_out_dropped,
            "malformed": osc.malformed,
        },
    )


@asynccontextmanager
async def recording(store: ControlStore, band: LiveBand) -> AsyncIterator[Recorder]:
    """Let the band be recorded for as long as the context lasts."""

    def facts() -> RecordingFacts:
        transport = band.share.transport
        return {
            "stem": store.controls.text("stem"),
            "anticipation_s": store.controls.real("anticipation"),
            "seed": band.seed(1).seed,
            "transport_rolling": transport.rolling,
            "transport_frame": transport.frame,
        }

    recorder = Recorder(band.share, recordings_folder(), facts, band.errors)
    try:
        yield recorder
    finally:
        await asyncio.to_thread(recorder.close)


def connecting(
    store: ControlStore, band: LiveBand, settings: RunSettings, files: RememberedFiles
) -> AutoConnections:
    """Return what keeps the band's connections by rule, and as they are remembered.

    Args:
        store: Says whether connections are to be made now.
        band: Whose connections.
        settings: The rules.
        files: Sets aside what cannot be used of further rules and remembered connections.
    """
    name = settings.jack_name
    rules = [parse_rule(rule, name) for rule in settings.autoconnect]
    connector = AutoConnector([*rules, *read_rules(name, files)], read_connections(name, files))
    return AutoConnections(
        band.connections,
        connector,
        lambda: store.controls.text("autoconnect") != "off",
        partial(write_connections, client=name, files=files),
    )


@asynccontextmanager
async def saving(
    store: ControlStore,
    band: LiveBand,
    presets: PresetCommands,
    session: NsmSession | None,
    files: RememberedFiles,
    errors: TaskErrors,
) -> AsyncIterator[Mapping[str, Periodic]]:
    """Save the controls when a session manager or SIGUSR1 asks for it.

    Args:
        store: Whose controls.
        band: Looks now and then whether there is anything to save.
        presets: Saves as a preset where there is no session.
        session: That we are part of.
        files: Sets aside what of a session cannot be used.
        errors: Told when it cannot be saved.

    Yields:
        Work for ``LiveBand.run``.
    """
    save, periodic = presets.save_current, dict[str, Periodic]()
    if session is not None:
        await asyncio.to_thread(adopt_banks, session.folder / BANKS_FOLDER, band.banks, files)
        state = SessionState(store, session.folder, band.banks, band.look_for_banks, files)
        client = session.client

        async def save_session() -> None:
            await state.save()
            client.report_dirty(state.dirty)

        async def mark() -> None:
            client.report_dirty(state.dirty)

        save = save_session
        client.on_save(save)
        switch = SessionSwitcher(band, state)
        client.on_switch(switch.open)
        periodic = {"session": switch.switch_if_requested, "session state": mark}
    under_way = BackgroundTasks(errors)

    async def save_on_signal() -> None:
        await save()
        logger.info("saved")

    def on_signal() -> None:
        under_way.start("not saved", save_on_signal())

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, on_signal)
    try:
        yield periodic
    finally:
        loop.remove_signal_handler(signal.SIGUSR1)
        await under_way.finish()


@asynccontextmanager
async def following_host(
    store: ControlStore, band: LiveBand, settings: RunSettings, checkpoint: Callable[[], str]
) -> AsyncIterator[None]:
    """Follow what a host program moves, if it is one that runs us, while the context lasts.

    Args:
        store: Shows what the host moves.
        band: Whose controls they are.
        settings: Say whether there is a host.
        checkpoint: Returns the name of the checkpoint that plays.
    """
    following = BackgroundTasks(band.errors)
    if settings.backend == "hosted":
        controls = HostControls(
            band.share, store, band.players, band.supervisor, checkpoint, band.errors
        )
        following.start("host controls", controls.run())
    try:
        yield
    finally:
        await following.close()


@asynccontextmanager
async def timekeeping(
    store: ControlStore, band: LiveBand, midi: MidiService
) -> AsyncIterator[tuple[TransportSync, BeatReporter]]:
    """Keep the band in time, and tell of beats, for as long as the context lasts."""
    share = band.share
    sync = TransportSync(store, band, midi.position, midi.send_at, band.errors)
    reporter = BeatReporter(
        FrameClock(lambda: share.frame, lambda: share.rate, time.monotonic), lambda: share.rate
    )
    sync.on_beat = reporter.schedule
    running = BackgroundTasks(band.errors)
    running.start("transport", sync.run())
    try:
        yield sync, reporter
    finally:
        await running.close()
        reporter.close()
