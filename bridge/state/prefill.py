"""Prefilling of a bank: a model hears a sound file and its state is stored as a bank.

This happens in a process of its own, as fast as a free core allows and with the lowest
priority. Between the engine's hops it would take at least the length of the song, and time
from every hop's 50 ms.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from multiprocessing.connection import Connection
from pathlib import Path

from bridge.common.atomic_files import plain_name
from bridge.common.errors import BridgeError, FailureCode, RefusedError, fault_text
from bridge.controls.target import CommandHandler, Reply, done
from bridge.engine import bank_files
from bridge.engine.bank_files import BankSource, bank_path
from bridge.engine.loader import ModelLoader, tracker_of
from bridge.engine.messages import Applied, Failed
from bridge.protocols import Conditions
from bridge.state.bank_commands import check_bank
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import mix_hops, mix_rate
from bridge.stream.sound_files import early_end
from bridge.stream.stem_hop import StemHop
from model.formats.names import composed, entries_in, find_named

__all__ = ["Prefill", "find_sound", "run_prefill"]

_SUFFIXES = ("", ".wav", ".mix.wav", ".flac", ".aiff", ".aif", ".ogg", ".mp3")
_LOOK_S = 0.2
_NICE = 19

Performance = tuple[ModelLoader, tuple[Conditions, ...]]
"""The model that plays, and the conditions of each player."""


class Prefill:
    """Carries out ``bank/prefill``.

    Args:
        sounds: Folder of sound files.
        banks: Folder of the banks.
        performance: Returns the model and conditions in force.
        load_bank: Makes the engine load a bank from its file.
    """

    def __init__(
        self,
        sounds: Path,
        banks: Path,
        performance: Callable[[], Performance],
        load_bank: Callable[[int], Awaitable[None]],
    ) -> None:
        self._sounds = sounds
        self._banks = banks
        self._performance = performance
        self._load_bank = load_bank
        self._closing = threading.Event()
        self._lock = asyncio.Lock()
        self.commands: Mapping[str, CommandHandler] = {"bank/prefill": self._carry_out}
        """For ``ControlTarget.commands``."""

    def close(self) -> None:
        """Stop hearing a file."""
        self._closing.set()

    async def fill(self, bank: int, name: str) -> None:
        """Fill a bank from a sound file; return once it can be recalled.

        Args:
            bank: 1..8.
            name: Name of a file in the folder; its extension may be left out.

        Raises:
            RefusedError: Code 9, there is no such file or it cannot be heard; 6, another is
                being heard; 31, another model plays by now.
        """
        if self._lock.locked():
            raise RefusedError("a file is being heard already; wait for it", FailureCode.BUSY)
        async with self._lock:
            sound = await asyncio.to_thread(find_sound, self._sounds, name)
            await asyncio.to_thread(self._hear, sound, bank_path(self._banks, bank))
            await self._load_bank(bank)

    async def _carry_out(self, bank: int, name: str) -> Sequence[Reply]:
        check_bank(bank)
        await self.fill(bank, name)
        return [done("bank/prefill", bank, plain_name(name))]

    def _hear(self, sound: Path, target: Path) -> None:
        load, in_force = self._performance()
        conditions = tuple(replace(each, freeze=False) for each in in_force)
        context = multiprocessing.get_context("spawn")
        pipe, far_end = context.Pipe()
        process = context.Process(
            target=run_prefill,
            args=(load, conditions, sound, target, far_end),
            name="liveband-prefill",
            daemon=True,
        )
        process.start()
        far_end.close()
        try:
            while not pipe.poll(_LOOK_S):
                if self._closing.is_set():
                    raise RefusedError(f"{sound.name} was not heard to its end: we end")
            reply: Applied | Failed = pipe.recv()
        except EOFError:
            process.join()
            text = f"{sound.name}: the process that heard it died (exit {process.exitcode})"
            raise RefusedError(text) from None
        finally:
            process.kill()
            process.join()
            pipe.close()
        if isinstance(reply, Failed):
            raise reply.error()


def find_sound(folder: Path, name: str) -> Path:
    """Return a sound file by its name in a folder, with or without its extension.

    Raises:
        RefusedError: Code 9, there is none; the message names the folder.
    """
    wanted = plain_name(name)
    for suffix in _SUFFIXES:
        path = find_named(folder, f"{wanted}{suffix}")
        if path is not None and path.is_file():
            return path
    known = [composed(path.name) for path in entries_in(folder) if path.suffix in _SUFFIXES]
    near = get_close_matches(wanted, known, 1, 0.4)
    hint = f"did you mean {near[0]!r}?" if near else "put it there, or record one"
    raise RefusedError(f"no sound file {name!r} in {folder}; {hint}", FailureCode.FILE)


def run_prefill(
    load: ModelLoader,
    conditions: tuple[Conditions, ...],
    sound: Path,
    target: Path,
    pipe: Connection,
) -> None:
    """Main function of the process: load the model, hear the file, write the bank.

    Args:
        load: Loads the model.
        conditions: Conditions of each player.
        sound: Mono or stereo, at a rate that is a multiple of 20 Hz.
        target: File of the bank.
        pipe: Is sent ``Applied`` or ``Failed`` at the end.

    Raises:
        Exception: Any unexpected error, after ``Failed`` was sent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the control process handles Ctrl+C
    os.nice(_NICE)
    try:
        if ends := early_end(sound):
            raise RefusedError(f"{ends}; prefill from a whole file", FailureCode.FILE)
        rate = mix_rate(sound)
        model = load()
        scheduler = HopScheduler(model, rate, *conditions, tracker=tracker_of(load))
        _drop(scheduler.start())
        for hop in mix_hops(sound):
            _drop(scheduler.feed(hop))
        bank_files.write_bank(
            target, BankSource(model.identity, model.name), scheduler.banks.packed_now()
        )
        pipe.send(Applied(0))
    except BridgeError as error:
        pipe.send(Failed(str(error), kind=RefusedError, code=FailureCode.FILE))
    except Exception as error:
        pipe.send(Failed(fault_text(error), kind=RefusedError, code=FailureCode.FILE))
        raise


def _drop(stems: Iterator[StemHop]) -> None:
    """Discard stem hops; playing them is part of the state that is stored."""
    for _ in stems:
        pass
