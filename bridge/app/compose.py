"""What surrounds a band that plays: players' desks, presets, controllers, models, and OSC."""

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from importlib.metadata import version

from bridge.app.services import in_time, kept, recorded, watched, wired
from bridge.checkpoints.catalogue import offer
from bridge.checkpoints.loader import model_loader
from bridge.checkpoints.switcher import ModelSwitcher
from bridge.common.folders import config_folder, recordings_folder
from bridge.config import RunSettings, nth_seed
from bridge.controls.controls import Controls
from bridge.controls.parameters import MAX_PLAYERS, Value
from bridge.controls.store import ControlStore
from bridge.controls.table import whose
from bridge.live.band import LiveBand
from bridge.live.bandmate import Bandmate
from bridge.midi.commands import commands
from bridge.midi.control_surface import ProgramHook
from bridge.midi.frame_clock import FrameClock
from bridge.midi.ports import JackPort, MidiPort, SystemPort
from bridge.midi.service import MidiService
from bridge.osc.endpoint import OscEndpoint
from bridge.session.nsm import Membership
from bridge.state.banks import bank_commands
from bridge.state.prefill import Prefill
from bridge.state.presets.commands import Librarian
from bridge.state.presets.folder import PresetShelf

__all__ = ["open_midi", "surrounded"]


@asynccontextmanager
async def surrounded(
    band: LiveBand,
    settings: RunSettings,
    controls: Controls,
    values: Mapping[str, Value],
    shelf: PresetShelf,
    session: Membership | None,
) -> AsyncIterator[None]:
    """Let a band be steered for as long as the context lasts; the OSC port answers then.

    Args:
        band: An open one, whose engine may still be loading.
        settings: How to begin.
        controls: What the first player begins with.
        values: Of the session or the preset that the run begins with.
        shelf: Of the player's presets.
        session: Of a session manager, that we are part of.

    Raises:
        ConfigError: A setting is wrong.
        EnvironmentMissing: A device or the OSC port is not there.
    """
    await band.apply(controls, frozenset(values))
    mates = [
        await _mate(band, number, controls, settings, values)
        for number in range(2, MAX_PLAYERS + 1)
    ]
    desk = ControlStore(band, controls, mates=mates)
    librarian = Librarian(desk, shelf)
    librarian.note(settings.preset, values if settings.preset else {})
    band.commands |= {**librarian.commands, **bank_commands(band.use_bank)}
    band.readings |= librarian.readings
    async with (
        watched(desk, band, settings),
        recorded(desk, band),
        kept(desk, band, librarian, session),
        wired(desk, band, settings, by_ourselves=session is None),
        open_midi(desk, band, settings, librarian.program) as midi,
        in_time(desk, band, midi) as beats,
        _models([desk, *mates], band, settings, shelf, midi),
    ):
        endpoint = await OscEndpoint.open(
            desk, *mates, settings=settings.osc, version=version("liveband")
        )
        band.readings["status/osc"] = lambda: endpoint.reading
        beats.listener = endpoint.server.tell_beat
        try:
            yield
        finally:
            await endpoint.close()


@asynccontextmanager
async def _models(
    desks: list[ControlStore],
    band: LiveBand,
    settings: RunSettings,
    shelf: PresetShelf,
    midi: MidiService,
) -> AsyncIterator[None]:
    """Let another model be put in force, and banks be filled from files."""
    models = ModelSwitcher(
        desks,
        offer(settings.checkpoint),
        functools.partial(model_loader, engine=settings.engine),
        band.supervisor.replace,
        band.players.note,
        [shelf.retable, midi.retable],
    )
    prefill = Prefill(
        recordings_folder(),
        band.banks,
        lambda: (
            model_loader(models.offer.where, settings.engine),
            band.players.conditions,
        ),
        lambda bank: asyncio.wrap_future(band.supervisor.load_bank(bank)),
    )
    band.commands |= {**models.commands, **prefill.commands}
    band.readings |= models.readings
    try:
        yield
    finally:
        prefill.close()


@asynccontextmanager
async def open_midi(
    desk: ControlStore,
    band: LiveBand,
    settings: RunSettings,
    on_program: ProgramHook | None = None,
) -> AsyncIterator[MidiService]:
    """Let MIDI controllers move a desk for as long as the context lasts.

    Args:
        desk: What they move.
        band: An open band; it tells its audio clock, and carries the MIDI commands.
        settings: Which devices there are to be.
        on_program: Loads presets for program changes; None where there are none.

    Raises:
        EnvironmentMissing: A device is not there, or the system has no MIDI.
        ConfigError: A device's name fits several, or its map has a mistake.
    """
    share = band.share
    with ExitStack() as stack:
        ports: list[MidiPort] = [JackPort(share)] if settings.backend == "jack" else []
        for name in settings.midi:
            port = SystemPort(name)
            stack.callback(port.close)
            ports.append(port)
        frames = FrameClock(lambda: share.frame, lambda: share.rate, time.monotonic)
        service = MidiService(
            desk, ports, frames, share.rate, config_folder() / "midi", on_program
        )
        band.commands |= commands(service)
        band.readings["midi/monitor"] = lambda: service.heard
        band.readings["midi/takeover/state"] = lambda: service.takeover
        running = asyncio.create_task(service.run())
        try:
            yield service
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _mate(
    band: LiveBand,
    number: int,
    controls: Controls,
    settings: RunSettings,
    preset: Mapping[str, Value],
) -> ControlStore:
    """Return the desk of a further player, who may join now or later.

    It begins with the first player's values, but with a stem of its own; a preset may say more.
    """
    stems = controls.table["stem"].choices
    stem = stems[(stems.index(settings.stem) + number - 1) % len(stems)]
    asked = number <= len(settings.players)
    if asked:
        stem = settings.players[number - 1]
    own = controls.apply("stem", stem).apply("seed", nth_seed(settings.seed, number))
    for name, value in preset.items():
        player, control = whose(name)
        if player == number and not (asked and control == "stem"):
            own = own.apply(control, value)
    mate = Bandmate(band, number)
    await mate.apply(own, frozenset(row.name for row in own.table if row.has_value))
    return ControlStore(mate, own)
