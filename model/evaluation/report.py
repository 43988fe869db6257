"""Play held-out songs through the streaming engine and score what comes out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from model.accompanist import Accompanist
from model.checkpoint import Checkpoint, load_checkpoint, read_record, write_record
from model.data.crops import Song, load_songs
from model.evaluation.metrics import chroma_cosine, rhythm_correlation
from model.losses import log_mel_distance

__all__ = ["Excerpt", "evaluate", "perform", "through_codec"]

Audio = NDArray[np.float32]
CHORDAL = ("bass", "guitar", "piano", "strings", "lead", "other")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a held-out song, split into one stem and everything else."""

    stem_class: str
    mix: Audio
    stem: Audio


@dataclass(frozen=True, slots=True)
class _Asked:
    stem: str
    anticipation_hops: int
    noise: float = 1.0
    seed: int = 1


def perform(checkpoint: Checkpoint, mix: Audio, stem_class: str, anticipation: int) -> Audio:
    """Return the stem a checkpoint plays to a mix, hop by hop, as on stage.

    Args:
        checkpoint: The networks.
        mix: ``(frames,)`` at the checkpoint's rate.
        stem_class: One of its stem classes.
        anticipation: Hops.

    Returns:
        ``(frames,)``, on the mix's timeline.
    """
    player = Accompanist(checkpoint)
    player.condition(_Asked(stem_class, anticipation))
    hops = [player.play() for _ in range(anticipation + 1)]
    for start in range(0, len(mix) - player.hop + 1, player.hop):
        player.listen(mix[start : start + player.hop])
        hops.append(player.play())
    return np.concatenate(hops)[player.overlap :][: len(mix)]


def evaluate(
    data: Path,
    split: str,
    where: str | None,
    *,
    songs: int,
    seconds: float,
    as_json: bool,
    record: bool = False,
) -> int:
    """Score a checkpoint beside its reference rows and print the table.

    Args:
        data: Folder of rendered songs.
        split: Which songs.
        where: Checkpoint folder or shipped name; None for the default one.
        songs: How many songs.
        seconds: How much of each.
        as_json: Print one JSON object as the last line.
        record: Keep the table in the checkpoint's training record.

    Returns:
        Exit code 0.

    Raises:
        DataError: There is no song.
        CheckpointError: The checkpoint cannot be read.
    """
    torch.set_num_threads(1)
    checkpoint = load_checkpoint(where)
    codec = checkpoint.autoencoder.config
    excerpts = _excerpts(load_songs(data, split)[:songs], checkpoint, seconds)
    rows = []
    for system, stem_of in _systems(checkpoint, excerpts).items():
        made = [stem_of(number) for number in range(len(excerpts))]
        rows.append({"system": system, **_scores(excerpts, made, codec.sample_rate)})
        _print_row(rows[-1])
    if record:
        asked = {"split": split, "songs": songs, "seconds": seconds}
        write_record(where, {**read_record(where), "evaluation": {**asked, "rows": rows}})
    if as_json:
        sys.stdout.write(json.dumps({"rows": rows}) + "\n")
    return 0


def _systems(
    checkpoint: Checkpoint, excerpts: list[Excerpt]
) -> dict[str, Callable[[int], Audio]]:
    rate_hz = checkpoint.autoencoder.config.hop_rate_hz

    def other(number: int) -> Excerpt:
        mine = excerpts[number]
        rest = excerpts[number + 1 :] + excerpts[:number]
        same = [e for e in rest if e.stem_class == mine.stem_class]
        return (same or rest)[0]

    def played(hops: int) -> Callable[[int], Audio]:
        return lambda i: perform(checkpoint, excerpts[i].mix, excerpts[i].stem_class, hops)

    systems: dict[str, Callable[[int], Audio]] = {
        "ground truth": lambda i: excerpts[i].stem,
        "codec": lambda i: through_codec(checkpoint, excerpts[i].stem),
    }
    for hops in checkpoint.generator.config.anticipations:
        systems[f"liveband {hops / rate_hz:g} s"] = played(hops)
    systems["shuffled input"] = lambda i: perform(
        checkpoint, other(i).mix, excerpts[i].stem_class, 2
    )
    systems["random pairing"] = lambda i: other(i).stem
    systems["silence"] = lambda i: np.zeros_like(excerpts[i].stem)
    return systems


@torch.inference_mode()
def through_codec(checkpoint: Checkpoint, audio: Audio) -> Audio:
    """Return what the autoencoder makes of a sound, ``(frames,)``, on the same timeline."""
    autoencoder = checkpoint.autoencoder
    overlap = autoencoder.config.inner
    padded = np.concatenate([audio, np.zeros(autoencoder.config.hop, np.float32)])
    latent_BTC = autoencoder.encoder(torch.from_numpy(padded).view(1, -1, 1))
    made: Audio = autoencoder.decoder(latent_BTC)[0, :, 0].numpy()
    return made[overlap : overlap + len(audio)]


def _excerpts(songs: list[Song], checkpoint: Checkpoint, seconds: float) -> list[Excerpt]:
    codec = checkpoint.autoencoder.config
    frames = int(seconds * codec.hop_rate_hz) * codec.hop
    excerpts = []
    for song in songs:
        for name in checkpoint.generator.config.stems:
            if name not in song.stems or len(song.stems) < 2:
                continue
            whole = np.asarray(song.stem(name), np.float32)
            start = max(0, (len(whole) - frames) // 2)
            stem = whole[start : start + frames]
            mix = np.zeros_like(stem)
            for other in song.stems:
                if other != name:
                    mix += song.stem(other)[start : start + frames]
            excerpts.append(Excerpt(name, mix, stem))
    return excerpts


def _scores(excerpts: list[Excerpt], made: list[Audio], rate: int) -> dict[str, float]:
    rhythm = [rhythm_correlation(e.mix, m, rate) for e, m in zip(excerpts, made, strict=True)]
    chroma = [
        chroma_cosine(e.mix, m, rate)
        for e, m in zip(excerpts, made, strict=True)
        if e.stem_class in CHORDAL
    ]
    mel = [
        log_mel_distance(torch.from_numpy(m)[None], torch.from_numpy(e.stem)[None], rate)
        for e, m in zip(excerpts, made, strict=True)
    ]
    level = [20 * np.log10(np.sqrt(np.mean(m**2)) + 1e-6) for m in made]
    figures = {
        "rhythm": np.mean(rhythm),
        "rhythm_error": np.std(rhythm) / np.sqrt(len(rhythm)),
        "chroma": np.mean(chroma) if chroma else 0.0,
        "chroma_error": np.std(chroma) / np.sqrt(len(chroma)) if chroma else 0.0,
        "log_mel": np.mean(mel),
        "level_db": np.mean(level),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def _print_row(row: dict[str, object]) -> None:
    figures = "  ".join(f"{k} {v:8.3f}" for k, v in row.items() if isinstance(v, float))
    sys.stdout.write(f"{row['system']!s:16}{figures}\n")
    sys.stdout.flush()
