"""What the autoencoder alone does to a sound: timbre, pitch, level, and the time of attacks."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from model.autoencoder import Autoencoder
from model.checkpoint import load_autoencoder
from model.data.index import load_songs
from model.evaluation.excerpts import Excerpt, choose_excerpts, load_stem
from model.evaluation.harmony import chroma_cosine
from model.evaluation.hearing import hear, level_db
from model.evaluation.setting import Setting
from model.losses import log_mel_distance

__all__ = ["attack_times", "codec_figures", "evaluate_codec"]

Audio = NDArray[np.float32]

LATENT_NOISE = 0.2
"""Deviation of the noise on whitened latents whose harm is measured."""
RISE_DB, BELOW_DB, FAINTEST_DB = 12.0, 10.0, -45.0
BEFORE_MS, PEAK_MS, APART_MS, NEAR_MS = 30, 15, 60, 30
FIGURES = ("log_mel", "log_mel_noisy", "harm", "chroma", "level_db", "attack_ms", "late_ms")


def attack_times(audio: Audio, sample_rate: int) -> NDArray[np.int64]:
    """Return when sharp attacks happen, in milliseconds, ``(attacks,)``.

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
    """Return how a stem comes back.

    Args:
        autoencoder: Whose encoder and decoder to pass.
        stem: ``(frames,)`` at its rate.
        pitched: Whether chroma means anything.

    Returns:
        ``log_mel``: L1 distance of log-mels, natural log, and ``log_mel_noisy`` with noise of
        0.2 on the latents; ``harm``: by which share that is more; ``chroma``: cosine with the
        stem's, if pitched; ``level_db``: of what came back over the stem's; ``attack_ms``:
        mean error of attacks that have one within 30 ms, and ``late_ms`` the same with its
        sign, both missing where there are none.
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
    if pitched:
        figures["chroma"] = chroma_cosine(hear(clean, rate), hear(stem, rate))
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
    """Return what comes back, without the frames that the decoder's overlap cuts off."""
    hop, overlap = autoencoder.config.hop, autoencoder.config.inner
    whole = torch.from_numpy(stem[: len(stem) // hop * hop]).view(1, -1, 1)
    latent_BTC = autoencoder.encoder(whole)
    drawn = torch.randn(latent_BTC.shape, generator=torch.Generator().manual_seed(0))
    made: Audio = autoencoder.decoder(latent_BTC + noise * drawn)[0, overlap:, 0].numpy()
    return made


def evaluate_codec(data: Path, where: str | None, setting: Setting, *, as_json: bool) -> int:
    """Print what the autoencoder does to stems of each class; return the exit code.

    Args:
        data: Folder of rendered songs.
        where: Checkpoint; the default one if None.
        setting: Split, songs, seconds and excerpts.
        as_json: Print one JSON object instead of a table.

    Raises:
        CheckpointError: The checkpoint cannot be read.
        DataError: There is nothing to listen to.
    """
    autoencoder = load_autoencoder(where or "default")
    codec, songs = autoencoder.config, load_songs(data, setting.split)[: setting.songs]
    classes = sorted({name for song in songs for name in song.stems})
    excerpts = choose_excerpts(
        songs,
        classes,
        sample_rate=codec.sample_rate,
        frames=int(setting.seconds * codec.hop_rate_hz) * codec.hop,
        per_song=setting.excerpts,
    )
    rows = [_row(name, autoencoder, excerpts) for name in classes]
    everything = {name: _mean([row[name] for row in rows]) for name in FIGURES}
    rows.append({"class": "all classes", **everything})
    sys.stdout.write((json.dumps({"codec": rows}) if as_json else _as_text(rows)) + "\n")
    return 0


def _row(
    name: str, autoencoder: Autoencoder, excerpts: Sequence[Excerpt]
) -> dict[str, float | str | None]:
    found = [
        codec_figures(autoencoder, load_stem(excerpt), pitched=name != "drums")
        for excerpt in excerpts
        if excerpt.stem_class == name
    ]
    means = {key: _mean([figures.get(key) for figures in found]) for key in FIGURES}
    return {"class": name, **means}


def _mean(values: Sequence[float | str | None]) -> float | None:
    known = [value for value in values if isinstance(value, float)]
    return round(sum(known) / len(known), 4) if known else None


def _as_text(rows: Sequence[dict[str, float | str | None]]) -> str:
    lines = ["".join([f"{'':12}", *(f"{name:>15}" for name in FIGURES)])]
    for row in rows:
        cells = ["-" if row[name] is None else f"{row[name]:.3f}" for name in FIGURES]
        lines.append("".join([f"{row['class']:12}", *(f"{cell:>15}" for cell in cells)]))
    return "\n".join(lines)
