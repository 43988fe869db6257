"""Recording of the mix that was heard and of the stems, aligned frame by frame.

All files begin with the same frame of the music and are read from the shared rings, so they
line up in any DAW whatever the live latency was. A slow disk never disturbs the audio thread
or the engine: the rings hold five seconds, and what is lost beyond that becomes silence, and
is counted.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np

from bridge.audio.shared.share import AudioShare
from bridge.common.atomic_files import plain_name, write_user_file
from bridge.common.background import TaskErrors
from bridge.common.errors import DiskError, FailureCode, RefusedError, fault_text
from bridge.common.toml_text import toml_value
from bridge.controls.readings import RecordReading
from bridge.controls.target import CommandHandler, Reply, done
from bridge.protocols import Audio
from bridge.stream.sound_files import sound_errors
from model.formats.names import find_named
from model.formats.system_errors import reason_of
from model.sound_files.writing import SoundWriter, open_new_sound

__all__ = ["Recorder", "RecordingFacts"]

logger = logging.getLogger(__name__)

RecordingFacts = Mapping[str, bool | int | float | str]
"""Facts about a recording for its TOML file, by name."""

_Reader = Callable[[int, int], Audio | None]
"""Returns a number of frames of a part from a frame on; None where its ring lost them."""

_CHUNK_S = 0.5
"""Longest audio written at a time."""
_PAUSE_S = 0.1
_LARGEST_BYTES = 4 * 10**9
"""A WAV file's sizes have 32 bits."""
_JOIN_S = 10.0
_AT_START = ("transport_rolling", "transport_frame")
"""Facts that keep their values of the first frame: the position on the DAW's timeline."""


class Recorder:
    """Writes ``NAME.mix.wav``, ``NAME.stem.wav`` and ``NAME.toml`` into a folder.

    Further players at the start have ``NAME.stem2.wav`` and so on.

    Args:
        share: Holds the rings.
        folder: Folder of the recordings; made with the first.
        facts: Called at the start and at the end of each recording, for the TOML.
        errors: Told of what ends a recording that nobody expected.
    """

    def __init__(
        self,
        share: AudioShare,
        folder: Path,
        facts: Callable[[], RecordingFacts],
        errors: TaskErrors | None = None,
    ) -> None:
        self._errors = errors or TaskErrors()
        self.folder = folder
        self._share = share
        self._facts = facts
        self._lock = threading.Lock()
        self._current: _RecordingFiles | None = None
        self._last = RecordReading()
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self.commands: Mapping[str, CommandHandler] = {
            "record/start": self._start,
            "record/stop": self._stop,
        }
        """For ``ControlTarget.commands``."""

    @property
    def reading(self) -> RecordReading:
        """State of the present recording, or else of the last one."""
        files = self._current
        return self._last if files is None else files.reading

    def start(self, name: str) -> str:
        """Begin to record with the present block; return the name as it is stored.

        Args:
            name: Name of the recording, never a path.

        Raises:
            RefusedError: Code 9, there is one of that name, or the files cannot be made;
                code 6, a recording is under way.
        """
        stored = plain_name(name)
        with self._lock:
            if self._current is not None:
                raise RefusedError(
                    f"{self._current.name!r} is being recorded; end it first", FailureCode.BUSY
                )
            self._ending.clear()
            self._current = _RecordingFiles(self._share, self.folder, stored, self._facts())
            self._thread = threading.Thread(target=self._write, name="recorder", daemon=True)
            self._thread.start()
            return stored

    def stop(self) -> str:
        """End the recording with the present block; return its name.

        Raises:
            RefusedError: Code 7, nothing is being recorded; code 9, the end of it could not
                be written.
        """
        thread = self._thread
        if self._current is None or thread is None:
            raise RefusedError(self._last.error or "nothing is being recorded")
        self._ending.set()
        thread.join(_JOIN_S)
        if thread.is_alive():
            text = f"the disk has not taken all of {self.reading.name!r} yet; look again later"
            raise RefusedError(text, FailureCode.FILE)
        if self._last.error:
            raise RefusedError(self._last.error, FailureCode.FILE)
        return self._last.name

    def close(self) -> None:
        """End the recording, if there is one; errors are logged."""
        if self._current is not None:
            try:
                self.stop()
            except RefusedError as error:
                logger.error("recording: %s", error)

    async def _start(self, name: str | None = None) -> Sequence[Reply]:
        wanted = name or time.strftime("%Y-%m-%d %H.%M.%S")
        started = await asyncio.to_thread(self.start, wanted)
        return [done("record/start", started)]

    async def _stop(self) -> Sequence[Reply]:
        return [done("record/stop", await asyncio.to_thread(self.stop))]

    def _write(self) -> None:
        files = self._current
        assert files is not None
        error = ""
        try:
            while not self._ending.wait(_PAUSE_S):
                files.advance()
            files.advance()
        except DiskError as failure:
            error = f"{files.name!r} ends early: {failure}"
        except RefusedError as failure:
            error = str(failure)
        except Exception as failure:  # a recording that never ends bars every other
            self._errors.tell("recording", failure)
            error = f"{files.name!r} ends early: {fault_text(failure)}"
        try:
            files.close(self._facts())
        except (DiskError, RefusedError) as failure:
            error = error or f"{files.name!r} may be cut short: {failure}"
        except Exception as failure:
            self._errors.tell("recording", failure)
            error = error or f"{files.name!r} may be cut short: {fault_text(failure)}"
        if error:
            logger.error("recording: %s", error)
        reading = files.reading
        self._last = RecordReading(
            name=reading.name,
            seconds=reading.seconds,
            lost_frames=reading.lost_frames,
            error=error,
        )
        self._current = None


def _parts(share: AudioShare) -> dict[str, _Reader]:
    """Return the parts to record: name, and function to read it from its ring."""
    stems: dict[str, _Reader] = {
        "stem" if player == 1 else f"stem{player}": partial(share.read_stem, player=player)
        for player in range(1, share.players + 1)
    }
    return {"mix": share.read_mix, **stems}


class _RecordingFiles:
    """The files of one recording."""

    def __init__(
        self, share: AudioShare, folder: Path, name: str, facts: RecordingFacts
    ) -> None:
        self.name = name
        self._share = share
        self._folder = folder
        self._facts = dict(facts)
        self._rate = share.rate
        self._first = self._done = share.frame
        self._lost = 0
        self._files: list[tuple[SoundWriter, _Reader]] = []
        parts = _parts(share)
        if any(find_named(folder, self._path(part).name) for part in parts):
            text = f"there is a recording {name!r} already; choose another name"
            raise RefusedError(text, FailureCode.FILE)
        with ExitStack() as stack, ExitStack() as on_failure:
            for part, read in parts.items():
                file = self._make(part)
                stack.callback(file.close)
                on_failure.callback(self._path(part).unlink, missing_ok=True)
                self._files.append((file, read))
            self._write_facts({})
            on_failure.pop_all()
            self._stack = stack.pop_all()

    @property
    def reading(self) -> RecordReading:
        """Progress of the recording."""
        frames = self._done - self._first
        return RecordReading(
            recording=True,
            name=self.name,
            seconds=frames / self._rate,
            lost_frames=self._lost,
        )

    def advance(self) -> None:
        """Write what has been heard since the last time.

        Raises:
            DiskError: The disk is full or gone.
            RefusedError: Code 9, the file is as large as a WAV file can be, or the rate of the
                audio server has changed.
        """
        share = self._share
        if share.rate != self._rate:
            text = f"{self.name!r} ends where the rate became {share.rate} Hz"
            raise RefusedError(text, FailureCode.FILE)
        ready = share.mix_written - share.musical_latency
        while (left := ready - self._done) > 0:
            count = min(left, round(_CHUNK_S * self._rate))
            if 4 * (self._done - self._first + count) > _LARGEST_BYTES:
                raise RefusedError(
                    f"{self.name!r} is as long as a WAV file can be", FailureCode.FILE
                )
            for file, read in self._files:
                audio = read(self._done, count)
                if audio is None:
                    self._lost += count
                    audio = np.zeros(count, np.float32)
                with sound_errors():
                    file.write(audio)
            self._done += count

    def close(self, facts: RecordingFacts) -> None:
        """Finish the files.

        Raises:
            DiskError: The end could not be written.
            RefusedError: Code 9, likewise.
        """
        try:
            with sound_errors():
                self._stack.close()
        finally:
            frames = self._done - self._first
            began = {key: self._facts[key] for key in _AT_START if key in self._facts}
            self._write_facts({"frames": frames, "lost_frames": self._lost, **facts, **began})

    def _path(self, part: str) -> Path:
        return self._folder / f"{self.name}.{part}.wav"

    def _make(self, part: str) -> SoundWriter:
        path = self._path(part)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with sound_errors():
                file = open_new_sound(path, self._rate)
        except OSError as error:
            text = f"{path}: cannot be written: {reason_of(error)}"
            raise RefusedError(text, FailureCode.FILE) from error
        except DiskError as error:
            raise RefusedError(str(error), FailureCode.FILE) from error
        comment = f"{part} from frame {self._first} on, see {self.name}.toml"
        file.describe(self.name, comment)
        return file

    def _write_facts(self, facts: RecordingFacts) -> None:
        """Write the facts about the recording beside it."""
        known = {
            "first_frame": self._first,
            "rate": self._rate,
            "musical_latency": self._share.musical_latency,
            **self._facts,
            **facts,
        }
        lines = (f"{key} = {toml_value(value)}\n" for key, value in known.items())
        head = "# A recording of liveband. The two sound files begin on the same frame.\n"
        write_user_file(self._folder / f"{self.name}.toml", head + "".join(lines))
