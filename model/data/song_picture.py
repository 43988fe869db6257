"""Picture of a rendered song: spectrograms of its stems, sections, chords and bars."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.data.pairing import SILENCE_DB, loudness_db
from model.data.pitch_spectrogram import LOWEST_PITCH, ROWS, pitch_spectrogram
from model.data.song_record import SongRecord, load_song_records
from model.data.stems import STEM_CLASSES
from model.errors import DataError, MissingTool
from model.formats.drawing import keep_matplotlib_files

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["choose_song", "draw_song"]

_WIDTH, _HEIGHT, _DPI = 16.0, 9.0, 100
_LEFT, _RIGHT = 0.062, 0.985
_COLUMNS = round(_WIDTH * _DPI * (_RIGHT - _LEFT))
_COLOURS = {
    "drums": "#4a5568",
    "bass": "#1f5fa8",
    "guitar": "#c2570c",
    "piano": "#1b7f4d",
    "strings": "#7a3fa0",
    "lead": "#c0264b",
    "other": "#7d5a1e",
}
_UNKNOWN_CLASS = "#555555"
_INK, _FAINT = "#1f2430", "#8a92a0"
_EMPTY = "#f8f9fb"
_SHADES = ("#e9edf3", "#d9e0ea")
_RANGE_DB = 55.0
"""From white to full colour in a lane, below the lane's loudest tones."""
_HOPS_PER_S = 20
_FALL_DB_PER_S = 20 / 1.7
"""Rate at which the drawn level falls from a peak: that of IEC 60268-10, type I."""
_BEAT_PX = 14.0
"""Beats nearer than this are left to the ruler."""
_LETTER_PX = 9.5
_TEMPO_BEATS = 4


def choose_song(root: Path, name: str | None, split: str = "all") -> SongRecord:
    """Return a song by the name of its folder, or the first one with the most stems.

    Args:
        root: Folder made by ``liveband data render``.
        name: Such as ``s0-00004``.
        split: ``train``, ``valid``, ``test``, or ``all``.

    Raises:
        DataError: There is no such song.
    """
    songs = load_song_records(root, split)
    if name is None:
        return max(songs, key=lambda song: len(song.stems))
    for song in songs:
        if song.folder.name == name:
            return song
    raise DataError(
        f"no song {name!r} in {root}, split {split}; "
        f"it has {len(songs)}, from {songs[0].folder.name} to {songs[-1].folder.name}"
    )


def draw_song(song: SongRecord, file: Path) -> None:
    """Write a picture of a song as a PNG of 1600 x 900 pixels.

    From top to bottom: sections, chords, bars; a spectrogram of every stem, one row a
    semitone; the tempo over a few beats, where beats are known; A-weighted levels.

    Args:
        song: The song.
        file: Where to; an existing file is replaced.

    Raises:
        DataError: The audio of a stem is missing or damaged, or the file cannot be written.
        MissingTool: matplotlib is not installed.
    """
    keep_matplotlib_files()
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingTool(
            'a picture needs matplotlib: pip install "liveband[picture]"'
        ) from error
    stems = {name: song.load_stem(name) for name in _ordered(song.stems)}
    figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DPI, facecolor="white")
    heights = [0.85, *[1.0] * len(stems), *_tempo_heights(song), 1.15]
    axes: list[Axes] = list(
        figure.subplots(
            len(heights),
            1,
            sharex=True,
            height_ratios=heights,
            gridspec_kw={
                "left": _LEFT,
                "right": _RIGHT,
                "top": 0.905,
                "bottom": 0.05,
                "hspace": 0.06,
            },
        )
    )
    _title(figure, song)
    _draw_header(axes[0], song)
    for axis, (name, audio) in zip(axes[1:], stems.items(), strict=False):
        _draw_stem(axis, song, name, audio)
    if len(heights) == len(stems) + 3:
        _draw_tempo(axes[-2], song)
    _draw_levels(axes[-1], song, stems)
    axes[-1].set_xlim(0, song.duration_s)
    _save(figure, file)


def _ordered(stems: dict[str, float]) -> list[str]:
    known = [name for name in STEM_CLASSES if name in stems]
    return [*known, *sorted(set(stems).difference(known))]


def _colour(name: str) -> str:
    return _COLOURS.get(name, _UNKNOWN_CLASS)


def _tempo_heights(song: SongRecord) -> list[float]:
    known = song.beats_s is not None and len(song.beats_s) > _TEMPO_BEATS + 1
    return [0.55] if known else []


def _title(figure: Figure, song: SongRecord) -> None:
    facts = [
        song.kind,
        song.genre,
        None if song.tempo_bpm is None else f"{song.tempo_bpm:.0f} bpm",
        song.signature,
        None if song.key is None else _accidentals(song.key),
        "human drums" if song.human_drums else None,
    ]
    figure.text(
        _LEFT,
        0.965,
        "  ·  ".join([song.folder.name, *(fact for fact in facts if fact)]),
        fontsize=16,
        fontweight="bold",
        color=_INK,
    )
    origins = [
        song.chart and f"chords of {song.chart}",
        song.melody_from and f"melody of {song.melody_from}",
        song.accompaniment_from and f"accompaniment of {song.accompaniment_from}",
        song.tempo_curve and f"tempo of {song.tempo_curve}",
        *(f"{name} ({licence})" for name, licence, _ in song.sources),
    ]
    line = "  ·  ".join(dict.fromkeys(origin for origin in origins if origin))
    shown = line if len(line) <= 210 else line[:209] + "…"
    figure.text(_LEFT, 0.936, shown, fontsize=9.5, color=_FAINT)


def _draw_header(axis: Axes, song: SongRecord) -> None:
    """Draw sections in the top row, chord names in two rows below, and the bars' numbers."""
    _bare(axis)
    axis.set_ylim(0, 1)
    axis.set_facecolor("none")
    ends = [*(onset for onset, _ in song.sections[1:]), song.duration_s]
    for number, ((onset, name), end) in enumerate(zip(song.sections, ends, strict=False)):
        axis.axvspan(onset, end, 0.74, 1.0, color=_SHADES[number % 2], linewidth=0)
        if _pixels(song, end - onset) > len(name) * _LETTER_PX + 8:
            _write(axis, song, onset, 0.87, name, size=10, weight="bold")
    _draw_chords(axis, song)
    downbeats = _known(song.downbeats_s)
    free = 0.0
    for number, downbeat in enumerate(downbeats, start=1):
        axis.axvline(downbeat, 0, 0.2, color=_INK, linewidth=0.9)
        if downbeat >= free:
            _write(axis, song, downbeat, 0.1, str(number), size=7.5, color=_FAINT)
            free = downbeat + 26 * _seconds_a_pixel(song)
    for beat in _known(song.beats_s):
        axis.axvline(beat, 0, 0.08, color=_FAINT, linewidth=0.6)


def _draw_chords(axis: Axes, song: SongRecord) -> None:
    """Draw the names of the chords that change, in two rows where one has no room for all."""
    changes = [
        (onset, _accidentals(name))
        for (onset, name), last in zip(
            song.chords or (), [None, *(name for _, name in song.chords or ())], strict=False
        )
        if last is None or last != name
    ]
    for heights in ((0.47,), (0.35, 0.59)):
        free = dict.fromkeys(heights, 0.0)
        placed, missing = [], 0
        for onset, name in changes:
            height = next((row for row, end in free.items() if onset >= end), None)
            end = onset + (len(name) * _LETTER_PX + 9) * _seconds_a_pixel(song)
            if height is None or end > song.duration_s:
                missing += 1
                continue
            free[height] = end
            placed.append((onset, height, name))
        if not missing:
            break
    for onset, height, name in placed:
        _write(axis, song, onset, height, name, size=10.5)
        axis.axvline(onset, 0.2, 0.26, color=_FAINT, linewidth=0.6)
        axis.axvline(onset, height - 0.1, height + 0.09, color=_FAINT, linewidth=0.6)


def _draw_stem(axis: Axes, song: SongRecord, name: str, audio: NDArray[np.float32]) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    _bare(axis)
    level_db = pitch_spectrogram(audio, _COLUMNS)
    top_db = max(float(np.percentile(level_db, 99.7)), SILENCE_DB)
    colour = _colour(name)
    shades = LinearSegmentedColormap.from_list(name, [_EMPTY, _EMPTY, colour, "#10131a"])
    axis.imshow(
        level_db,
        origin="lower",
        aspect="auto",
        extent=(0, song.duration_s, LOWEST_PITCH, LOWEST_PITCH + ROWS),
        cmap=shades,
        vmin=top_db - _RANGE_DB,
        vmax=top_db + 6,
        interpolation="nearest",
    )
    octaves = range(LOWEST_PITCH + 12, LOWEST_PITCH + ROWS, 24)
    axis.set_yticks(list(octaves), [f"C{pitch // 12 - 1}" for pitch in octaves])
    axis.tick_params(axis="y", labelsize=7, length=2, colors=_FAINT)
    _draw_grid(axis, song)
    _name(axis, name, colour)


def _draw_grid(axis: Axes, song: SongRecord) -> None:
    """Draw bars as lines, and beats where there is room for them."""
    beats_s = _known(song.beats_s)
    if len(beats_s) > 1 and _pixels(song, float(np.median(np.diff(beats_s)))) >= _BEAT_PX:
        for beat in beats_s:
            axis.axvline(beat, color=_INK, alpha=0.13, linewidth=0.5)
    for downbeat in _known(song.downbeats_s):
        axis.axvline(downbeat, color=_INK, alpha=0.32, linewidth=0.7)


def _draw_tempo(axis: Axes, song: SongRecord) -> None:
    """Draw the tempo, averaged over four beats."""
    _bare(axis)
    assert song.beats_s is not None
    tempo = 60 * _TEMPO_BEATS / (song.beats_s[_TEMPO_BEATS:] - song.beats_s[:-_TEMPO_BEATS])
    middle = (song.beats_s[_TEMPO_BEATS:] + song.beats_s[:-_TEMPO_BEATS]) / 2
    axis.plot(middle, tempo, color=_INK, linewidth=1.2)
    centre, reach = float(np.median(tempo)), max(2.0, 0.6 * float(np.ptp(tempo)))
    axis.set_ylim(centre - reach * 1.4, centre + reach * 1.4)
    ticks = [centre - reach, centre, centre + reach]
    axis.set_yticks(ticks, [f"{tick:.0f}" for tick in ticks])
    axis.tick_params(axis="y", labelsize=7, length=2, colors=_FAINT)
    _draw_grid(axis, song)
    _name(axis, "tempo\nbpm", _INK)


def _draw_levels(axis: Axes, song: SongRecord, stems: dict[str, NDArray[np.float32]]) -> None:
    """Draw A-weighted levels as a peak meter shows them: instant rise, constant fall."""
    _bare(axis)
    for name, audio in stems.items():
        hop_db = loudness_db(audio)
        times = (np.arange(len(hop_db)) + 0.5) / _HOPS_PER_S
        fallen_db = _FALL_DB_PER_S * times
        level_db = np.maximum.accumulate(hop_db + fallen_db) - fallen_db
        axis.plot(
            times,
            np.where(level_db > SILENCE_DB, level_db, np.nan),
            color=_colour(name),
            linewidth=1.3,
        )
    axis.set_ylim(SILENCE_DB, 0)
    axis.set_yticks([-50, -40, -30, -20, -10])
    axis.grid(axis="y", color="#e3e7ee", linewidth=0.7)
    axis.tick_params(axis="y", labelsize=7, length=2, colors=_FAINT)
    axis.tick_params(
        axis="x", labelsize=9, length=3, colors=_INK, bottom=True, labelbottom=True
    )
    axis.set_xlabel("seconds", fontsize=9, color=_INK, labelpad=1)
    _draw_grid(axis, song)
    _name(axis, "level\ndB(A)", _INK)


def _bare(axis: Axes) -> None:
    """Remove the frame and all ticks."""
    axis.set_yticks([])
    axis.tick_params(axis="x", bottom=False, labelbottom=False)
    for spine in axis.spines.values():
        spine.set_visible(False)


def _name(axis: Axes, name: str, colour: str) -> None:
    axis.text(
        -0.021,
        0.5,
        name,
        transform=axis.transAxes,
        ha="right",
        va="center",
        fontsize=11,
        fontweight="bold",
        color=colour,
    )


def _write(
    axis: Axes,
    song: SongRecord,
    at_s: float,
    height: float,
    text: str,
    *,
    size: float,
    color: str = _INK,
    weight: str = "normal",
) -> None:
    left = at_s + 4 * _seconds_a_pixel(song)
    axis.text(left, height, text, va="center", fontsize=size, fontweight=weight, color=color)


def _known(times_s: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Return times, or none where they are unknown."""
    return np.zeros(0) if times_s is None else times_s


def _seconds_a_pixel(song: SongRecord) -> float:
    return song.duration_s / _COLUMNS


def _pixels(song: SongRecord, duration_s: float) -> float:
    return duration_s / _seconds_a_pixel(song)


def _accidentals(name: str) -> str:
    """Return a chord or key as musicians write it: ``Bbm7b5`` as B♭m7♭5."""
    pretty = re.sub(r"(?<=[A-G])b|b(?=\d)", "♭", name)
    return (
        re.sub(r"(?<=[A-G])#|#(?=\d)", "♯", pretty).replace("M7", "maj7").replace("M9", "maj9")
    )


def _save(figure: Figure, file: Path) -> None:
    """Write a PNG with a palette, which is a third as large as one in full colour."""
    from PIL import Image

    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=_DPI)
    reduced = Image.open(drawn).convert("RGB").quantize(256, kmeans=1, dither=Image.Dither.NONE)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        reduced.save(file, format="PNG", optimize=True)
    except OSError as error:
        raise DataError(f"cannot write the picture {file}: {error}") from error
