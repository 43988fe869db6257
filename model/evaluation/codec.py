"""Figures of the autoencoder alone: timbre, pitch, level, and timing of attacks."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.array_types import Audio
from model.checkpoint import load_autoencoder
from model.data.audiofile import SAMPLE_RATE
from model.data.index import Song, load_songs
from model.data.recordings import MIX
from model.data.song_record import RECORD_FILE, load_song_record
from model.errors import DataError
from model.evaluation.bootstrap import means
from model.evaluation.codec_cost import codec_cost
from model.evaluation.excerpts import Excerpt, choose_excerpts, load_stem
from model.evaluation.features import level_db, normalised
from model.evaluation.harmony import chroma_cosine
from model.evaluation.setting import Setting
from model.evaluation.table import cell
from model.networks.autoencoder import Autoencoder
from model.networks.losses import log_mel_distance

__all__ = ["attack_times", "codec_figures", "evaluate_codec"]


LATENT_NOISE = 0.2
"""Deviation of the noise on whitened latents whose harm is measured."""
RISE_DB, BELOW_DB, FAINTEST_DB = 12.0, 10.0, -45.0
BEFORE_MS, PEAK_MS, APART_MS, NEAR_MS = 30, 15, 60, 30
FIGURES = {
    "log_mel": 3,
    "log_mel_noisy": 3,
    "harm": 3,
    "chroma": 3,
    "level_db": 2,
    "level_off_db": 2,
    "attack_ms": 1,
    "late_ms": 1,
}
"""Figures of an excerpt, and the decimals of each in the table."""

Row = dict[str, Any]


def attack_times(audio: Audio, sample_rate: int) -> NDArray[np.int64]:
    """Return the times of sharp attacks, in milliseconds, ``(attacks,)``.

    An attack rises by 12 dB over the 30 ms before, in a level smoothed over 3 ms, at least
    60 ms after the last; its time is where the level comes within 10 dB of the peak of the
    next 15 ms.

    Args:
        audio: ``(frames,)``.
        sample_rate: Frames per second, a multiple of 1000.
    """
    slices = audio[: len(audio) // (sample_rate // 1000) * (sample_rate // 1000)]
    power = np.square(slices.reshape(-1, sample_rate // 1000), dtype=np.float64).mean(1)
    level = 10 * np.log10(np.convolve(power, np.ones(3) / 3, mode="same") + 1e-7)
    times, last = [], -APART_MS
    for now in range(BEFORE_MS + 3, len(level) - PEAK_MS):
        before = level[now - BEFORE_MS : now - 3].max()
        if level[now] > max(before + RISE_DB, FAINTEST_DB) and now - last > APART_MS:
            peak = level[now : now + PEAK_MS].max()
            times.append(now + int(np.argmax(level[now : now + PEAK_MS] >= peak - BELOW_DB)))
            last = now
    return np.array(times, np.int64)


def codec_figures(autoencoder: Autoencoder, stem: Audio, *, pitched: bool) -> dict[str, float]:
    """Return figures of a stem that was encoded and decoded.

    Args:
        autoencoder: Whose encoder and decoder to pass.
        stem: ``(frames,)`` at its rate.
        pitched: Whether chroma means anything.

    Returns:
        ``log_mel``: L1 distance of log-mels, natural log, and ``log_mel_noisy`` with noise of
        0.2 on the latents; ``harm``: by which share that is more; ``chroma``: cosine with the
        stem's, if pitched; ``level_db``: of what came back over the stem's, and
        ``level_off_db`` the same without its sign; ``attack_ms``: mean error of attacks that
        have one within 30 ms, and ``late_ms`` the same with its sign, both missing where
        there are none.
    """
    rate = autoencoder.config.sample_rate
    clean, noisy = (_through(autoencoder, stem, noise) for noise in (0.0, LATENT_NOISE))
    stem = stem[: len(clean)]
    mel, mel_noisy = (
        log_mel_distance(torch.from_numpy(made)[None], torch.from_numpy(stem)[None], rate)
        for made in (clean, noisy)
    )
    figures = {
        "log_mel": mel,
        "log_mel_noisy": mel_noisy,
        "harm": mel_noisy / mel - 1,
        "level_db": level_db(clean) - level_db(stem),
    }
    figures["level_off_db"] = abs(figures["level_db"])
    if pitched:
        figures["chroma"] = chroma_cosine(normalised(clean, rate), normalised(stem, rate))
    true, made = attack_times(stem, rate), attack_times(clean, rate)
    if len(true) and len(made):
        errors = made[np.abs(made[None] - true[:, None]).argmin(1)] - true
        errors = errors[np.abs(errors) <= NEAR_MS]
        if len(errors):
            figures["attack_ms"] = float(np.abs(errors).mean())
            figures["late_ms"] = float(errors.mean())
    return figures


@torch.inference_mode()
def _through(autoencoder: Autoencoder, stem: Audio, noise: float) -> Audio:
    """Return decoded audio, without the frames that the decoder's overlap cuts off."""
    hop, overlap = autoencoder.config.hop, autoencoder.config.inner
    whole = torch.from_numpy(stem[: len(stem) // hop * hop]).view(1, -1, 1)
    latent_BTC = autoencoder.encoder(whole)
    drawn = torch.randn(latent_BTC.shape, generator=torch.Generator().manual_seed(0))
    made: Audio = autoencoder.decoder(latent_BTC + noise * drawn)[0, overlap:, 0].numpy()
    return made


def evaluate_codec(data: Path, where: str | None, setting: Setting, *, as_json: bool) -> int:
    """Print figures of the autoencoder on stems or recordings, by class and SoundFont.

    Every figure is a mean over excerpts, with a 95 % interval by drawing songs. What encoding
    and decoding costs is measured beside the default checkpoint.

    Args:
        data: Folder of rendered songs, or one made by ``liveband data recordings``.
        where: Checkpoint; the default one if None.
        setting: Split, songs, seconds and excerpts.
        as_json: Print one JSON object instead of a table.

    Raises:
        CheckpointError: The checkpoint cannot be read.
        DataError: There is nothing to listen to.
    """
    autoencoder = load_autoencoder(where or "default")
    codec, songs = autoencoder.config, load_songs(data, setting.split)[: setting.songs]
    frames = int(setting.seconds * codec.hop_rate_hz) * codec.hop
    excerpts = [*_of_stems(songs, setting, frames), *_of_recordings(songs, frames)]
    if not excerpts:
        raise DataError(
            f"no song of {setting.seconds:g} s or more among {len(songs)} in "
            f"{data / setting.split}; ask for fewer --seconds or more --songs"
        )
    played = [_Played.of(autoencoder, excerpt) for excerpt in excerpts]
    rows = [
        _row(name, [each for each in played if each.stem_class == name])
        for name in sorted({name for song in songs for name in song.stems})
    ]
    rows.append(_row("all classes", played))
    fonts = sorted({each.font for each in played if each.font is not None})
    rows += [_row(font, [each for each in played if each.font == font]) for font in fonts]
    cost = codec_cost(autoencoder, load_autoencoder("default"))
    whole = {"codec": rows, "cost": cost}
    sys.stdout.write((json.dumps(whole) if as_json else _as_text(rows, cost)) + "\n")
    return 0


@dataclass(frozen=True, slots=True)
class _Played:
    """One excerpt and its figures."""

    stem_class: str
    song: str
    """Excerpts with the same name are not independent of each other."""
    font: str | None
    figures: dict[str, float]

    @classmethod
    def of(cls, autoencoder: Autoencoder, excerpt: Excerpt) -> _Played:
        """Pass an excerpt through the autoencoder."""
        name, folder = excerpt.stem_class, excerpt.song.path
        known = (folder / RECORD_FILE).exists()
        return cls(
            stem_class=name,
            # Parts of one recording are told apart by what follows the last hyphen.
            song=folder.name.rpartition("-")[0] if name == MIX else folder.name,
            font=load_song_record(folder).font if known else None,
            figures=codec_figures(autoencoder, load_stem(excerpt), pitched=name != "drums"),
        )


def _of_stems(songs: Sequence[Song], setting: Setting, frames: int) -> list[Excerpt]:
    several = [song for song in songs if song.stems != (MIX,)]
    if not several:
        return []
    return choose_excerpts(
        several,
        sorted({name for song in several for name in song.stems}),
        sample_rate=SAMPLE_RATE,
        frames=frames,
        per_song=setting.excerpts,
    )


def _of_recordings(songs: Sequence[Song], frames: int) -> list[Excerpt]:
    """Return one excerpt of every part of a recording that is long enough."""
    return [
        Excerpt(song, MIX, Random(song.path.name).randint(0, song.frames - frames), frames)
        for song in songs
        if song.stems == (MIX,) and song.frames >= frames
    ]


def _row(name: str, played: Sequence[_Played]) -> Row:
    """Return means and intervals of some excerpts; None where a figure is undefined."""
    found = means([each.figures for each in played], [each.song for each in played], FIGURES)
    ends = {figure: found["intervals"].get(figure) for figure in FIGURES}
    return {"class": name, "excerpts": len(played), **found, "intervals": ends}


def _as_text(rows: Sequence[Row], cost: dict[str, float]) -> str:
    width = 12 + max(len(row["class"]) for row in rows)
    lines = ["".join([" " * width, *(f"{name:>22}" for name in FIGURES)])]
    for row in rows:
        cells = [cell(row, name, f".{decimals}f") for name, decimals in FIGURES.items()]
        label = f"{row['class']} ({row['excerpts']})"
        lines.append("".join([f"{label:{width}}", *(f"{cell:>22}" for cell in cells)]))
    lines.append(
        f"encoding and decoding: {cost['ms']:g} ms a hop on one thread, {cost['ratio']:.2f} "
        f"times the default checkpoint's {cost['other_ms']:g} ms"
    )
    return "\n".join(lines)
