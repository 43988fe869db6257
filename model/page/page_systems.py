"""Systems heard on the companion page, and those that no checkpoint plays yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.checkpoint import Checkpoint, load_checkpoint
from model.errors import CheckpointError
from model.evaluation.comparison import labels
from model.formats.checkpoint_folder import BASELINE, BIDIRECTIONAL, LIVEBAND

__all__ = ["PageSystem", "PageSystems", "systems_of_checkpoint", "systems_of_page"]

SHOWN_S = 0.1
"""Anticipation of the showcase."""
EXPECTED = {
    LIVEBAND: ("LiveBand 0 s", "LiveBand 0.1 s", "LiveBand 1 s"),
    BIDIRECTIONAL: ("LiveBand bidirectional",),
    BASELINE: ("StreamMusicGen 0 s", "StreamMusicGen 0.1 s", "StreamMusicGen 1 s"),
}
"""Systems of the paper's page and a little more, by the kind of checkpoint that plays them."""
NAMES = {LIVEBAND: "LiveBand", BIDIRECTIONAL: "LiveBand", BASELINE: "StreamMusicGen"}
WIDEST = "internal"
"""In the name of a checkpoint that was trained on wider data than the shipped ones."""


@dataclass(frozen=True, slots=True)
class PageSystem:
    """A checkpoint at one of its anticipations."""

    label: str
    checkpoint: str
    """Name of its checkpoint on this page."""
    where: Path
    kind: str
    hops: int
    anticipation_s: float
    system: str
    """The label without the checkpoint's name."""


@dataclass(frozen=True, slots=True)
class PageSystems:
    """Systems of each section of the page."""

    showcase: PageSystem
    apart: bool
    """Whether the showcase has its own checkpoint, trained on wider data than the rest."""
    family: tuple[PageSystem, ...]
    baseline: tuple[PageSystem, ...]
    vacant: tuple[str, ...]
    """Systems that no checkpoint plays yet."""
    stems: tuple[str, ...]
    """Stem classes that all of them play."""
    sample_rate: int
    hop: int
    records: dict[str, dict[str, Any]]
    """Training record of each checkpoint, by its name."""


def systems_of_page(folders: Sequence[Path]) -> PageSystems:
    """Return the systems of the page, from checkpoints of any kind.

    The showcase is played by the checkpoint with ``internal`` in its name, which has the widest
    training data, or else by the first LiveBand one.

    Args:
        folders: Checkpoints.

    Raises:
        CheckpointError: One cannot be read, none is LiveBand's, or they have nothing in common.
    """
    members = [
        (name, folder, load_checkpoint(folder))
        for name, folder in zip(labels(folders), folders, strict=True)
    ]
    bands = [member for member in members if member[-1].kind == LIVEBAND]
    if not bands:
        raise CheckpointError(
            "a page needs at least one LiveBand checkpoint; train one: liveband train liveband"
        )
    wide = [member for member in bands if WIDEST in member[0]]
    plain = [member for member in bands if member not in wide] or bands
    parts = _with_distinct_labels(
        [
            part
            for member in members
            if member not in wide
            for part in systems_of_checkpoint(*member)
        ]
    )
    family = [part for part in parts if part.kind != BASELINE] or systems_of_checkpoint(
        *bands[0]
    )
    baseline = [part for part in parts if part.kind == BASELINE]
    heard = {label for part in (*family, *baseline) for label in (part.label, part.system)}
    checkpoints = [checkpoint for *_, checkpoint in members]
    stems = checkpoints[0].generator.config.stems
    common = tuple(s for s in stems if all(s in c.generator.config.stems for c in checkpoints))
    codecs = {(c.autoencoder.config.sample_rate, c.autoencoder.config.hop) for c in checkpoints}
    if not common or len(codecs) > 1:
        raise CheckpointError(
            "the checkpoints of a page must share a stem class, the rate and the hop; "
            f"got {', '.join(name for name, *_ in members)}"
        )
    rate, hop = codecs.pop()
    shown = systems_of_checkpoint(*(wide or plain)[0])
    return PageSystems(
        apart=bool(wide),
        showcase=min(shown, key=lambda part: abs(part.anticipation_s - SHOWN_S)),
        family=tuple(family),
        baseline=tuple(baseline),
        vacant=tuple(
            name for names in EXPECTED.values() for name in names if name not in heard
        ),
        stems=common,
        sample_rate=rate,
        hop=hop,
        records={name: checkpoint.training for name, _, checkpoint in members},
    )


def systems_of_checkpoint(name: str, folder: Path, checkpoint: Checkpoint) -> list[PageSystem]:
    """Return the systems of one checkpoint, one for each of its anticipations."""
    rate = checkpoint.autoencoder.config.hop_rate_hz
    noisy = checkpoint.training.get("baseline", {}).get("input_noise", 0)
    parts = []
    for hops in checkpoint.generator.config.anticipations:
        ahead = "bidirectional" if checkpoint.kind == BIDIRECTIONAL else f"{hops / rate:g} s"
        label = f"{NAMES[checkpoint.kind]} {ahead}" + (", input noise" if noisy else "")
        parts.append(PageSystem(label, name, folder, checkpoint.kind, hops, hops / rate, label))
    return parts


def _with_distinct_labels(parts: Sequence[PageSystem]) -> list[PageSystem]:
    """Return systems with distinct labels: the checkpoint's name is added where needed."""
    labels = [part.label for part in parts]
    return [
        replace(part, label=f"{part.label} ({part.checkpoint})")
        if labels.count(part.label) > 1
        else part
        for part in parts
    ]
