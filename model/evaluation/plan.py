"""What there is to play for a table of many checkpoints, piece by piece."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from model.checkpoint import AnyCheckpoint, load_any
from model.data.index import Song
from model.evaluation.cache import Piece, fingerprint
from model.evaluation.excerpts import Excerpt
from model.evaluation.scoring import know_song, score_excerpt, score_long
from model.evaluation.setting import Setting
from model.evaluation.systems import System, systems_of
from model.evaluation.takes import TOGETHER, score_long_takes, score_takes
from model.folder import BASELINE, BIDIRECTIONAL

__all__ = ["Member", "Planned", "Planner"]

ANCHORS = ("truth", "codec", "stranger", "silence")


@dataclass(frozen=True, slots=True)
class Member:
    """A checkpoint of the table."""

    folder: Path
    label: str
    """Tells it from the others of the table: its folder's name, or more of its path."""
    kind: str
    stems: tuple[str, ...]
    identity: str
    codec: str
    """Names the weights of its autoencoder."""
    systems: tuple[System, ...]
    """Those that play, and those of them that hear a wrong mix; all told the beat as usual."""
    anchors: tuple[System, ...]

    @classmethod
    def of(cls, folder: Path, label: str, *, quick: bool) -> Member:
        """Return what a table needs to know of a checkpoint.

        Raises:
            CheckpointError: It cannot be read.
        """
        checkpoint = load_any(folder)
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
class Planned:
    """A piece of work, and what it will cost."""

    piece: Piece
    member: Member | None
    """Who plays; None where nobody does."""
    played_s: float = 0.0
    """Sound to be played and scored, all takes together."""
    kind: str = ""
    """What is done; pieces of a kind cost about the same."""


class Planner:
    """Cuts the work into pieces that are kept.

    Args:
        folder: Where results are kept.
        setting: How much is played.
        takes: Of every system.
    """

    def __init__(self, folder: Path, setting: Setting, takes: int) -> None:
        self.folder, self.setting, self.takes = folder, setting, takes
        self._compare = setting.known_songs > 0

    def anchors(
        self, member: Member, excerpts: Sequence[Excerpt], *, codec_only: bool = False
    ) -> list[Planned]:
        """Return the truth, what knows nothing, and a member's codec: each once."""
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

    def truths(self, member: Member, excerpts: Sequence[Excerpt]) -> list[Planned]:
        """Return the truth as long as a long performance."""
        truth = [system for system in member.anchors if system.source == "truth"]
        seconds = self.setting.drift_seconds
        return [
            self._planned(
                partial(score_long, excerpt, truth, str(member.folder), seconds),
                ("truth", _named([excerpt]), seconds),
            )
            for excerpt in excerpts
        ]

    def players(self, member: Member, excerpts: Sequence[Excerpt]) -> list[Planned]:
        """Return all takes of a member's systems on excerpts."""
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

    def long(self, member: Member, excerpts: Sequence[Excerpt]) -> list[Planned]:
        """Return all takes of a member's long performances."""
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
    ) -> list[Planned]:
        """Return the true stems of other splits."""
        return [
            self._planned(
                partial(know_song, song, classes, rate, as_copies=as_copies),
                (_song(song), tuple(classes), rate, as_copies),
            )
            for song in songs
        ]

    def _planned(
        self,
        work: Callable[[], object],
        facts: tuple[object, ...],
        member: Member | None = None,
        played_s: float = 0.0,
    ) -> Planned:
        assert isinstance(work, partial)
        name = fingerprint(work.func.__name__, *facts)
        kind = repr((work.func.__name__, work.keywords))
        return Planned(Piece(work, self.folder / f"{name}.npz"), member, played_s, kind)


def _chunks(member: Member, excerpts: Sequence[Excerpt]) -> list[Sequence[Excerpt]]:
    size = TOGETHER if member.kind == BASELINE else 1
    return [excerpts[start : start + size] for start in range(0, len(excerpts), size)]


def _named(excerpts: Sequence[Excerpt]) -> list[object]:
    """Return what tells excerpts apart."""
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
    """Return what tells songs apart, and one from what another rendering put in its place."""
    facts = song.path / "song.json"
    when = facts.stat().st_mtime_ns if facts.exists() else 0
    return str(song.path.resolve()), when


def _codec_digest(checkpoint: AnyCheckpoint) -> str:
    found = hashlib.sha256(repr(checkpoint.autoencoder.config).encode())
    for name, value in checkpoint.autoencoder.state_dict().items():
        found.update(name.encode() + value.numpy().tobytes())
    return found.hexdigest()[:16]
