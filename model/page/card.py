"""Model cards of checkpoints, written from their records."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from safetensors import safe_open

from model.errors import CheckpointError
from model.evaluation.columns import columns
from model.evaluation.table import cell
from model.formats.checkpoint_folder import (
    BASELINE,
    BIDIRECTIONAL,
    CONFIG,
    LIVEBAND,
    WEIGHTS,
    kind_of,
    read_config,
)

__all__ = ["card_of", "write_cards"]

logger = logging.getLogger(__name__)

NAME = "README.md"
KINDS = {
    LIVEBAND: "LiveBand: causal, plays live",
    BIDIRECTIONAL: "LiveBand without a mask: hears 10 s at once, offline only",
    BASELINE: "StreamMusicGen's way: names codes and hears itself, plays live",
}
LIMITS = {
    BIDIRECTIONAL: "cannot play live",
    BASELINE: "hears its own slips on stage only, never in training",
}
"""Limits of a kind of checkpoint, whatever its training."""
NETWORKS = {
    "codec": "codec",
    "decoder": "decoder refined",
    "liveband": "generator",
    "bidirectional": "generator",
    "baseline": "baseline",
}
FIGURES = columns("rhythm", "chroma", "gap", "beat_f", "frechet", "drift")
UNKNOWN = "not recorded"


def write_cards(folders: Sequence[Path], *, check: bool = False) -> int:
    """Write the card of every checkpoint beside its weights.

    Args:
        folders: Checkpoints.
        check: Write nothing, only compare.

    Returns:
        0, or 1 if ``check`` found a card that is out of date.

    Raises:
        CheckpointError: One cannot be read.
    """
    stale = 0
    for folder in folders:
        file, text = folder / NAME, card_of(folder)
        if not check:
            file.write_text(text, encoding="utf-8")
            logger.info("%s written", file)
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            logger.error("%s is out of date; run: liveband card %s", file, folder)
            stale = 1
    return stale


def card_of(folder: Path) -> str:
    """Return the card of a checkpoint as Markdown.

    What the record does not say, the card calls not recorded. ``notes`` in the record, a
    mapping from ``data``, ``good`` and ``bad`` to sentences, is what no figure tells.

    Raises:
        CheckpointError: It is missing, damaged or of another version.
    """
    facts = read_config(folder)
    record: Mapping[str, Any] = facts.get("training", {})
    parts = [f"# {folder.name}", _facts(folder, facts, record)]
    own, family = record.get("evaluation"), record.get("family")
    if own is not None:
        parts += _figures("Figures", own, own["rows"], 1)
    if family is not None:
        title = "In the family, on the same excerpts"
        parts += _figures(title, family["setting"], family["rows"], family["seeds"])
    if own is None and family is None:
        parts.append("No evaluation is recorded: `liveband evaluate DATA --record` keeps one.")
    kept = "every setting of every training, and every figure"
    if own is not None and any(row.get("per_class") for row in own["rows"]):
        kept += ", those of the first table for every instrument"
    parts.append(
        f"Written by `liveband card` from `{CONFIG}`, which holds the whole record: {kept}."
    )
    return "\n\n".join(parts) + "\n"


def _facts(folder: Path, facts: dict[str, Any], record: Mapping[str, Any]) -> str:
    generator, codec = facts["generator"], facts["autoencoder"]
    if generator is None:
        raise CheckpointError(
            f"{folder} is an autoencoder alone; a card tells of one that plays"
        )
    notes: Mapping[str, str] = record.get("notes", {})
    rate = codec["sample_rate"] / codec["hop"]
    kind = kind_of(facts)
    hops = ", ".join(f"{hops / rate:g}" for hops in generator["anticipations"])
    ahead = "hears all of it" if kind == BIDIRECTIONAL else f"anticipation {hops} s"
    limits = [LIMITS.get(kind), notes.get("bad")]
    file = folder / WEIGHTS
    rows = {
        "kind": KINDS[kind],
        "plays": f"{', '.join(generator['stems'])}; {ahead}; "
        f"{codec['sample_rate'] / 1000:g} kHz, {rate:g} latents a second of {codec['latent']} "
        "channels",
        "size": f"{_parameters(file) / 1e6:.1f} M parameters, "
        f"{file.stat().st_size / 1e6:.1f} MB",
        **_codes(generator, record),
        "trained": _training(record) or UNKNOWN,
        "data": notes.get("data") or _songs(record) or UNKNOWN,
        "good at": notes.get("good", UNKNOWN),
        "limits": "; ".join(filter(None, limits)) or UNKNOWN,
        "weights": f"SHA-256 `{facts['weights_sha256'][:16]}`",
        "licence": "Apache-2.0, as the project",
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def _codes(generator: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, str]:
    """Return how the baseline's codes are made and predicted; nothing for other kinds."""
    coding = generator.get("coding")
    if coding is None:
        return {}
    own = record.get("baseline", {})
    kept = f" keep {own['kept'][-1]:.0%} of the variance" if own.get("kept") else ""
    noise = own.get("input_noise", 0)
    fed = f"fed back with noise up to {noise:g}" if noise else "fed back as they are"
    return {
        "codes": f"{len(coding['delays'])} levels of {coding['codes']}{kept}; delays "
        f"{', '.join(map(str, coding['delays']))} hops; temperature {coding['temperature']:g}, "
        f"the {coding['top_k']} likeliest; in training {fed}"
    }


def _training(record: Mapping[str, Any]) -> str:
    said = []
    for name, title in NETWORKS.items():
        own = record.get(name)
        if isinstance(own, Mapping):
            steps = f", {own['steps']} steps" if "steps" in own else ""
            steps += f", begun as `{Path(own['start']).name}`" if own.get("start") else ""
            commit = f", commit `{str(own['git'])[:7]}`" if "git" in own else ""
            said.append(f"{title} {own.get('minutes', 0):g} minutes{steps}{commit}")
    return "; ".join(said)


def _songs(record: Mapping[str, Any]) -> str:
    """Return the number of training songs, where it is recorded."""
    counts = {
        own["songs"]
        for own in map(record.get, NETWORKS)
        if isinstance(own, Mapping) and "songs" in own
    }
    return f"{max(counts)} rendered songs" if counts else ""


def _figures(
    title: str, setting: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], takes: int
) -> list[str]:
    head = " | ".join(title for _, title, _ in FIGURES)
    table = [f"| system | {head} |", f"|---|{'--:|' * len(FIGURES)}"]
    table += [
        f"| {row['system']} | "
        + " | ".join(cell(row, name, f"z.{digits}f", ", ") for name, _, digits in FIGURES)
        + " |"
        for row in rows
    ]
    each = f", {takes} takes of every system" if takes > 1 else ""
    tracked = any(row.get("beat") == "tracker" for row in rows)
    return [
        f"## {title}",
        f"{setting['songs']} songs of the {setting['split']} split, excerpts of "
        f"{setting['seconds']:g} s{each}; 95 % intervals by song."
        + (" Players are told the beat by the beat tracker." if tracked else ""),
        "\n".join(table),
    ]


def _parameters(weights: Path) -> int:
    """Return the number of weights, without reading them."""
    opening: Callable[..., Any] = safe_open
    with opening(weights, framework="numpy") as file:
        shapes = [file.get_slice(name).get_shape() for name in file.keys()]  # noqa: SIM118
    return sum(math.prod(shape) for shape in shapes)
