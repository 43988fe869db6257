"""Plan of a comparison: the work for all checkpoints, in pieces that are cached."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from model.checkpoint import Checkpoint, load_checkpoint
from model.data.index import Song
from model.evaluation.cache import CachedResult, fingerprint
from model.evaluation.excerpts import Excerpt
from model.evaluation.scoring import reference_stems, score_excerpt, score_long
from model.evaluation.setting import Setting
from model.evaluation.systems import System, systems_of
from model.evaluation.takes import TOGETHER, score_long_takes, score_takes
from model.formats.checkpoint_folder import BASELINE, BIDIRECTIONAL

__all__ = ["ComparedCheckpoint", "PlannedWork", "WorkPlanner"]

ANCHORS = ("truth", "codec", "stranger", "silence")


@dataclass(frozen=True, slots=True)
class ComparedCheckpoint:
    """A checkpoint of the comparison."""

    folder: Path
    label: str
    """Distinct in the table: its folder's name, or more of its path."""
    kind: str
    stems: tuple[str, ...]
    identity: str
    codec: str
    """Digest of its autoencoder."""
    systems: tuple[System, ...]
    """Players, also those that hear a wrong mix; all with the usual source of the beat."""
    anchors: tuple[System, ...]

    @classmethod
    def of(cls, folder: Path, label: str, *, quick: bool) -> ComparedCheckpoint:
        """Read a checkpoint's properties.

        Raises:
            CheckpointError: It cannot be read.
        """
        checkpoint = load_checkpoint(folder)
        usual = "none" if checkpoint.kind == BIDIRECTIONAL else "tracker"
        systems = [
            dataclasses.replace(system, second_take=None)
            if system.source == "player"
            else system
            for system in systems_of(checkpoint, quick=quick)
            if system.shown and (system.source != "player" or system.beat == usual)
        ]
        return cls(
            folder,
            label,
            checkpoint.kind,
            checkpoint.generator.config.stems,
            checkpoint.identity,
            _codec_digest(checkpoint),
            tuple(system for system in systems if system.source == "player"),
            tuple(system for system in systems if system.source in ANCHORS),
        )


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """A piece of work, and its size."""

    piece: CachedResult
    member: ComparedCheckpoint | None
    """Checkpoint that plays; None where none does."""
    played_s: float = 0.0
    """Seconds to be played and scored, all takes together."""
    kind: str = ""
    """Kind of work; pieces of one kind cost about the same per second."""


class WorkPlanner:
    """Divides the work into cached pieces.

    Args:
        folder: Of the stored results.
        setting: How much is played.
        takes: Of every system.
    """

    def __init__(self, folder: Path, setting: Setting, takes: int) -> None:
        self.folder, self.setting, self.takes = folder, setting, takes
        self._compare = setting.known_songs > 0

    def anchors(
        self,
        member: ComparedCheckpoint,
        excerpts: Sequence[Excerpt],
        *,
        codec_only: bool = False,
    ) -> list[PlannedWork]:
        """Return the work for truth, codec and other systems that are no players, each once."""
        systems = [each for each in member.anchors if not codec_only or each.source == "codec"]
        return [
            self._planned(
                partial(
                    score_excerpt,
                    excerpt,
                    systems,
                    str(member.folder),
                    compare=self._compare,
                ),
                (member.codec, systems, _named([excerpt]), self._compare),
            )
            for excerpt in excerpts
        ]

    def truths(
        self, member: ComparedCheckpoint, excerpts: Sequence[Excerpt]
    ) -> list[PlannedWork]:
        """Return the work for the true stem, as long as a long performance."""
        truth = [system for system in member.anchors if system.source == "truth"]
        seconds = self.setting.drift_seconds
        return [
            self._planned(
                partial(score_long, excerpt, truth, str(member.folder), seconds),
                ("truth", _named([excerpt]), seconds),
            )
            for excerpt in excerpts
        ]

    def players(
        self, member: ComparedCheckpoint, excerpts: Sequence[Excerpt]
    ) -> list[PlannedWork]:
        """Return the work for all takes of a checkpoint's systems on excerpts."""
        wrong = sum(system.wrong_mix for system in member.systems)
        played = self.takes * (len(member.systems) - wrong) + wrong
        return [
            self._planned(
                partial(
                    score_takes,
                    chunk,
                    member.systems,
                    str(member.folder),
                    takes=self.takes,
                    compare=self._compare,
                ),
                (member.identity, member.systems, _named(chunk), self.takes, self._compare),
                member,
                played * len(chunk) * self.setting.seconds,
            )
            for chunk in _chunks(member, excerpts)
        ]

    def long(
        self, member: ComparedCheckpoint, excerpts: Sequence[Excerpt]
    ) -> list[PlannedWork]:
        """Return the work for all takes of a checkpoint's long performances."""
        systems = tuple(system for system in member.systems if not system.wrong_mix)
        seconds = self.setting.drift_seconds
        return [
            self._planned(
                partial(
                    score_long_takes,
                    chunk,
                    systems,
                    str(member.folder),
                    takes=self.takes,
                    seconds=seconds,
                ),
                (member.identity, systems, _named(chunk), self.takes, seconds),
                member,
                self.takes * len(systems) * len(chunk) * seconds,
            )
            for chunk in _chunks(member, excerpts)
        ]

    def known(
        self, songs: Sequence[Song], classes: Sequence[str], rate: int, *, as_copies: bool
    ) -> list[PlannedWork]:
        """Return the work for the true stems of other splits."""
        return [
            self._planned(
                partial(reference_stems, song, classes, rate, as_copies=as_copies),
                (_song(song), tuple(classes), rate, as_copies),
            )
            for song in songs
        ]

    def _planned(
        self,
        work: Callable[[], object],
        facts: tuple[object, ...],
        member: ComparedCheckpoint | None = None,
        played_s: float = 0.0,
    ) -> PlannedWork:
        assert isinstance(work, partial)
        name = fingerprint(work.func.__name__, *facts)
        kind = repr((work.func.__name__, work.keywords))
        return PlannedWork(
            CachedResult(work, self.folder / f"{name}.npz"), member, played_s, kind
        )


def _chunks(member: ComparedCheckpoint, excerpts: Sequence[Excerpt]) -> list[Sequence[Excerpt]]:
    size = TOGETHER if member.kind == BASELINE else 1
    return [excerpts[start : start + size] for start in range(0, len(excerpts), size)]


def _named(excerpts: Sequence[Excerpt]) -> list[object]:
    """Return facts that identify excerpts."""
    return [
        (
            _song(each.song),
            each.stem_class,
            each.start,
            each.frames,
            None if each.stranger is None else _named([each.stranger]),
        )
        for each in excerpts
    ]


def _song(song: Song) -> tuple[str, int]:
    """Return facts that identify a song and its rendering."""
    facts = song.path / "song.json"
    when = facts.stat().st_mtime_ns if facts.exists() else 0
    return str(song.path.resolve()), when


def _codec_digest(checkpoint: Checkpoint) -> str:
    found = hashlib.sha256(repr(checkpoint.autoencoder.config).encode())
    for name, value in checkpoint.autoencoder.state_dict().items():
        found.update(name.encode() + value.numpy().tobytes())
    return found.hexdigest()[:16]
