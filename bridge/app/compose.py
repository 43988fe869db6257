"""Composition of a running band: its control store, and all that moves and reads it."""

import functools
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from importlib.metadata import version

from bridge.app.parts import (
    connecting,
    crash_reports,
    following_host,
    recording,
    saving,
    timekeeping,
)
from bridge.checkpoints.catalogue import model_capabilities
from bridge.checkpoints.loader import model_loader
from bridge.checkpoints.switcher import ModelSwitcher
from bridge.common.background import BackgroundTasks
from bridge.common.errors import EnvironmentMissing
from bridge.common.remembered_files import RememberedFiles
from bridge.config import RunSettings, nth_seed
from bridge.controls.beat_tracking import CorrectionKind
from bridge.controls.controls import Controls
from bridge.controls.parameters import MAX_PLAYERS, Value
from bridge.controls.readings import Reading
from bridge.controls.services import Services
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.controls.target import Reader, Trigger, WaitingParts
from bridge.live import players
from bridge.live.band import LiveBand
from bridge.live.band_watch import Periodic
from bridge.live.spectrum import SpectrumReader
from bridge.live.status import with_notices
from bridge.midi.commands import commands as midi_commands
from bridge.midi.frame_clock import FrameClock
from bridge.midi.ports import JackPort, MidiPort, SystemPort
from bridge.midi.service import MidiService
from bridge.midi.store_access import ProgramHook
from bridge.osc.endpoint import OscEndpoint
from bridge.osc.instances import Instance, InstanceRegistry, program_name
from bridge.remote.browser import open_in_browser
from bridge.session.nsm import NsmSession
from bridge.state.bank_commands import bank_commands
from bridge.state.prefill import Prefill
from bridge.state.presets.commands import PresetCommands
from bridge.state.presets.folder import PresetFolder
from bridge.transport.sync import TransportSync
from model.formats.user_folders import config_folder, recordings_folder, state_folder

__all__ = ["open_midi", "open_parts", "register_band", "register_timekeeping"]

logger = logging.getLogger(__name__)


@asynccontextmanager
async def open_parts(
    band: LiveBand,
    settings: RunSettings,
    controls: Controls,
    values: Mapping[ControlKey, Value],
    preset_folder: PresetFolder,
    session: NsmSession | None,
    files: RememberedFiles,
) -> AsyncIterator[Mapping[str, Periodic]]:
    """Open the parts of the program around a band, for as long as the context lasts.

    Args:
        band: An open one, whose engine may still be loading.
        settings: How to begin.
        controls: What the first player begins with.
        values: Of the session or the preset that the run begins with.
        preset_folder: Of the player's presets.
        session: Of a session manager, that we are part of.
        files: Knows what could not be used of what is remembered.

    Yields:
        Work for ``LiveBand.run``.

    Raises:
        ConfigError: A setting is wrong, or nothing consumes a row of the parameter table.
        EnvironmentMissing: A device or the OSC port is not there.
    """
    controls = _with_further_players(controls, settings, values)
    await _apply_all(band, controls, values)
    services = Services(band.players.apply, band.position)
    store = ControlStore(services, controls)
    presets = PresetCommands(store, preset_folder)
    presets.mark_loaded(settings.preset, values if settings.preset else {})
    connections = connecting(store, band, settings, files)
    async with (
        crash_reports(store, band, settings, lambda: endpoint.reading, files) as report,
        recording(store, band) as recorder,
        saving(store, band, presets, session, files, band.errors) as periodic,
        open_midi(store, band, settings, presets.program_change, files) as midi,
        timekeeping(store, band, midi) as (sync, beats),
        _model_switching(store, band, settings, preset_folder, midi) as (models, prefill),
        following_host(store, band, settings, lambda: models.capabilities.where),
    ):
        # Everything that stands behind a row of the parameter table or behind a command that
        # is not the OSC protocol's own; a new row needs its line here.
        register_band(
            services,
            band,
            lambda: (
                *files.notices,
                *filter(None, (recorder.reading.error, band.errors.notice)),
            ),
        )
        register_timekeeping(services, band, sync)
        services.add("beat reports", readings={"beat": _common(lambda: beats.reading)})
        services.add(
            "connections",
            controls=("autoconnect",),
            readings={"status/connections": _common(lambda: connections.reading)},
            commands={
                **band.connections.commands,
                **(connections.commands if settings.backend == "jack" else {}),
            },
        )
        services.add(
            "MIDI",
            controls=("midi/channel", "midi/takeover", "midi/feedback"),
            readings={
                "midi/monitor": _common(lambda: midi.last_event),
                "midi/takeover/state": _common(lambda: midi.takeover),
            },
            commands=midi_commands(midi),
        )
        services.add(
            "presets",
            readings={"preset": _common(lambda: presets.reading)},
            commands=presets.commands,
        )
        services.add(
            "recording",
            readings={"record/state": _common(lambda: recorder.reading)},
            commands=recorder.commands,
        )
        services.add(
            "models",
            readings={"model/info": _common(lambda: models.capabilities.reading)},
            commands=models.commands,
        )
        services.add("banks", commands={**bank_commands(band.use_bank), **prefill.commands})
        spectra = SpectrumReader(band.share)
        services.add(
            "spectra",
            readings={
                "spectrum/in": _common(spectra.heard),
                "spectrum/out": _common(spectra.played),
            },
        )
        registry = InstanceRegistry(state_folder() / "instances")
        services.add(
            "OSC",
            readings={"status/osc": _common(lambda: endpoint.reading)},
            commands={"instances": registry.list},
        )
        services.check(controls.table)
        endpoint = await _open_endpoint(store, band, settings)
        logger.info("the remote is at %s", endpoint.page_link)
        if settings.open_page:
            open_in_browser(endpoint.page_link)
        beats.listener = endpoint.server.tell_beat
        if session is not None and settings.autoconnect:
            logger.warning("--autoconnect rests: the session manager makes the connections")
        look = connections.look if session is None else connections.observe
        looks = {"connections": look} if settings.backend == "jack" else {}
        try:
            async with registry.registered(_instance(endpoint, settings)):
                yield {"crash reports": report, **periodic, **looks}
        finally:
            await endpoint.close()


async def _open_endpoint(
    store: ControlStore, band: LiveBand, settings: RunSettings
) -> OscEndpoint:
    """Open the OSC server; of several plugins one has the usual port, the others any.

    Raises:
        EnvironmentMissing: The port is taken, and this is no plugin's.
    """
    plays_on_jack = settings.backend == "jack"
    open_at = functools.partial(
        OscEndpoint.open,
        store,
        version=version("liveband"),
        errors=band.errors,
        doctor=("--server", settings.server) if plays_on_jack else ("--no-jack",),
    )
    try:
        return await open_at(settings=settings.osc)
    except EnvironmentMissing:
        if settings.backend != "hosted":
            raise
    endpoint = await open_at(settings=replace(settings.osc, port=0, query_port=None))
    logger.info("the OSC port of this plugin is %d", endpoint.port)
    return endpoint


def _instance(endpoint: OscEndpoint, settings: RunSettings) -> Instance:
    hosted = settings.backend == "hosted"
    return Instance(
        port=endpoint.port,
        page_port=endpoint.query_port,
        name=program_name(os.getppid()) if hosted else settings.jack_name,
        pid=os.getpid(),
    )


def register_band(
    services: Services, band: LiveBand, notices: Callable[[], Sequence[str]] = tuple
) -> None:
    """Register what the players and the engine heed, tell and carry out.

    Args:
        services: Where to.
        band: An open one.
        notices: Returns what could not be used of what is remembered, or not be kept.
    """
    services.add(
        "band",
        controls=(*players.CONTROLS, "reset/to"),
        triggers={"panic": band.panic, "reseed": band.reseed},
        readings={
            "status": _common(lambda: with_notices(band.status(), notices())),
            "status/engine": _common(band.engine_counters),
            "status/audio": _common(band.audio),
            "status/tasks": _common(band.task_errors),
            "latency": _common(band.latency),
            "bank": _common(band.filled_banks),
            "quantize/pending": _common(band.pending),
            "seed/actual": band.seed,
            "groove/actual": band.groove,
            "meter/in": lambda player: band.meters(player)[0],
            "meter/out": lambda player: band.meters(player)[1],
        },
        commands=band.commands,
    )


def register_timekeeping(services: Services, band: LiveBand, sync: TransportSync) -> None:
    """Register what keeps the band in time; a reset also begins a bar."""

    async def reset(player: int, controls: Controls) -> WaitingParts:
        await sync.begin()
        return await band.reset(player, controls)

    async def tap(player: int, controls: Controls) -> None:
        await sync.tap()

    def correct(kind: CorrectionKind) -> Trigger:
        return lambda player, controls: sync.correct(kind)

    kinds = (CorrectionKind.HALF, CorrectionKind.DOUBLE, CorrectionKind.DOWNBEAT)
    corrections = {f"ear/{kind}": correct(kind) for kind in kinds}
    services.add(
        "timekeeping",
        controls=(
            *("transport/source", "transport/follow", "transport/reset_on", "transport/beats"),
            *("tempo", "midi/clock", "ear/tempo/min", "ear/tempo/max", "ear/hold"),
            "ear/silence",
        ),
        triggers={"reset": reset, "tap": tap, **corrections},
        readings={"transport": _common(lambda: sync.reading)},
    )


def _common(read: Callable[[], Reading]) -> Reader:
    """Return a reader of what all players have in common."""
    return lambda player: read()


def _with_further_players(
    controls: Controls, settings: RunSettings, values: Mapping[ControlKey, Value]
) -> Controls:
    """Return the controls with those of players 2 and on, who may join now or later.

    They begin with the first player's values, but with a stem and a seed of their own; a
    session or a preset may say more.
    """
    stems = controls.table["stem"].choices
    for player in range(2, MAX_PLAYERS + 1):
        own = controls.of(player)
        for key in controls.table.control_keys(player):
            if key.player == player:
                own = own.apply(key.name, controls[key.name])
        asked = player <= len(settings.players)
        stem = stems[(stems.index(settings.stem) + player - 1) % len(stems)]
        own = own.apply("stem", settings.players[player - 1] if asked else stem)
        own = own.apply("seed", nth_seed(settings.seed, player))
        for key, value in values.items():
            if key.player == player and not (asked and key.name == "stem"):
                own = own.apply(key.name, value)
        controls = own.of(1)
    return controls


async def _apply_all(
    band: LiveBand, controls: Controls, values: Mapping[ControlKey, Value]
) -> None:
    """Put into force what a run begins with: what was loaded, and all of further players."""
    band.players.note(1, controls)
    await band.players.apply(controls, frozenset(key for key in values if key.player == 1))
    for player in range(2, MAX_PLAYERS + 1):
        own = (key for key in controls.table.control_keys(player) if key.player == player)
        await band.players.apply(controls, frozenset(own))


@asynccontextmanager
async def _model_switching(
    store: ControlStore,
    band: LiveBand,
    settings: RunSettings,
    preset_folder: PresetFolder,
    midi: MidiService,
) -> AsyncIterator[tuple[ModelSwitcher, Prefill]]:
    """Let another model be put in force, and banks be filled from files."""
    models = ModelSwitcher(
        store,
        model_capabilities(settings.checkpoint),
        functools.partial(model_loader, engine=settings.engine),
        band.supervisor.replace,
        band.players.note,
        [preset_folder.use_table, midi.use_table],
    )
    prefill = Prefill(
        recordings_folder(),
        band.banks,
        lambda: (
            model_loader(models.capabilities.where, settings.engine),
            band.players.conditions,
        ),
        band.look_for_banks,
    )
    try:
        yield models, prefill
    finally:
        prefill.close()


@asynccontextmanager
async def open_midi(
    store: ControlStore,
    band: LiveBand,
    settings: RunSettings,
    on_program: ProgramHook | None = None,
    files: RememberedFiles | None = None,
) -> AsyncIterator[MidiService]:
    """Let MIDI controllers move controls for as long as the context lasts.

    Args:
        store: Where the controls are.
        band: An open band; it tells its audio clock.
        settings: Which devices there are to be.
        on_program: Loads presets for program changes; None where there are none.
        files: Knows which map could not be used.

    Raises:
        EnvironmentMissing: A device is not there, or the system has no MIDI.
        ConfigError: A device's name fits several.
    """
    share = band.share
    with ExitStack() as stack:
        ports: list[MidiPort] = [JackPort(share)] if settings.backend == "jack" else []
        for name in settings.midi:
            port = SystemPort(name)
            stack.callback(port.close)
            ports.append(port)
        frames = FrameClock(lambda: share.frame, lambda: share.rate, time.monotonic)
        folder, errors = config_folder() / "midi", band.errors
        service = MidiService(store, ports, frames, folder, on_program, files, errors)
        running = BackgroundTasks(errors)
        running.start("MIDI", service.run())
        try:
            yield service
        finally:
            await running.close()
