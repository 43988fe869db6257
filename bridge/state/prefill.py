"""A bank filled with what a sound file contains, for a take that begins in the know.

The file is heard in a process of its own: at the speed of a core that is free and with the
lowest priority, while the engine has its own core, model and deadline. In slices between the
engine's hops, a song of three minutes would take as long or longer, and every slice would
share its hop's 50 ms. What comes back is the bank's file.
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
from bridge.common.errors import BridgeError, FailureCode, RefusedError
from bridge.controls.parameters import ROOT
from bridge.controls.target import CommandHandler, Reply
from bridge.engine import bank_files
from bridge.engine.bank_files import BankSource, bank_path
from bridge.engine.loader import ModelLoader, tracker_of
from bridge.engine.messages import Applied, Failed
from bridge.protocols import Conditions
from bridge.state.banks import check_bank
from bridge.stream.hop_scheduler import HopScheduler, StemHop
from bridge.stream.offline import mix_hops, mix_rate

__all__ = ["Prefill", "find_sound", "run_prefill"]

_SUFFIXES = ("", ".wav", ".mix.wav", ".flac", ".aiff", ".aif", ".ogg", ".mp3")
_LOOK_S = 0.2
_NICE = 19

Asked = tuple[ModelLoader, tuple[Conditions, ...]]
"""Who is to hear, and what each player is asked to be."""


class Prefill:
    """Carries out ``bank/prefill``.

    Args:
        sounds: Folder of the files that can be heard.
        banks: Folder of the banks.
        asked: Returns who plays now.
        load_bank: Has the engine take a bank from its file.
    """

    def __init__(
        self,
        sounds: Path,
        banks: Path,
        asked: Callable[[], Asked],
        load_bank: Callable[[int], Awaitable[None]],
    ) -> None:
        self._sounds = sounds
        self._banks = banks
        self._asked = asked
        self._load_bank = load_bank
        self._closing = threading.Event()
        self._turn = asyncio.Lock()
        self.commands: Mapping[str, CommandHandler] = {"bank/prefill": self._carry_out}
        """For ``ControlTarget.commands``."""

    def close(self) -> None:
        """Break off what is being heard."""
        self._closing.set()

    async def fill(self, bank: int, name: str) -> None:
        """Let a sound file be heard, and keep that in a bank; return once it can be recalled.

        Args:
            bank: 1..8.
            name: Of a file in the folder; its extension may be left out.

        Raises:
            RefusedError: Code 9, there is no such file or it cannot be heard; 6, another is
                being heard; 31, another model plays by now.
        """
        if self._turn.locked():
            raise RefusedError("a file is being heard already; wait for it", FailureCode.BUSY)
        async with self._turn:
            sound = await asyncio.to_thread(find_sound, self._sounds, name)
            await asyncio.to_thread(self._hear, sound, bank_path(self._banks, bank))
            await self._load_bank(bank)

    async def _carry_out(self, bank: int, name: str) -> Sequence[Reply]:
        check_bank(bank)
        await self.fill(bank, name)
        return [("done", (f"{ROOT}/bank/prefill", bank, name))]

    def _hear(self, sound: Path, target: Path) -> None:
        load, asked = self._asked()
        conditions = tuple(replace(each, freeze=False) for each in asked)
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
        RefusedError: Code 9, there is none; the message says where one is looked for.
    """
    wanted = plain_name(name)
    for suffix in _SUFFIXES:
        path = folder / f"{wanted}{suffix}"
        if path.is_file():
            return path
    known = sorted(path.name for path in folder.glob("*") if path.suffix in _SUFFIXES)
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
    """Be the process that hears: load, hear the file, write the bank.

    Args:
        load: Makes the model.
        conditions: What each player is asked to be.
        sound: Mono or stereo, at a rate that is a multiple of 20 Hz.
        target: Of the bank.
        pipe: Told ``Applied`` or ``Failed`` at the end.

    Raises:
        Exception: Whatever went wrong, once the other end has been told.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the control process's to handle
    os.nice(_NICE)
    try:
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
        pipe.send(
            Failed(f"{type(error).__name__}: {error}", kind=RefusedError, code=FailureCode.FILE)
        )
        raise


def _drop(stems: Iterator[StemHop]) -> None:
    """Let stem hops be played to nobody: what was played is part of what is remembered."""
    for _ in stems:
        pass
