"""Plan of a song: sections with grooves and charts, and the MMA program made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random

from model.data.charts import Bar, cadence, chord_starts, draw_chart
from model.data.genres import GENRES
from model.data.groove_parts import VOLUMES, GroovePart, part_lines
from model.data.progressions import Mode
from model.data.styles import Groove, Style

__all__ = ["PlannedSection", "SongPlan", "draw_plan", "drum_text", "song_text"]

_FORMS = ("AABA", "ABAB", "AAB", "ABAC", "AABB", "ABC")
_CHART_BARS = 16
"""Longest section."""


@dataclass(frozen=True, slots=True)
class PlannedSection(GroovePart[Bar]):
    """A section, named ``intro``, ``A``, ``B``, ``C`` or ``end``."""

    tonic: int
    """Pitch class 0..11; sections may leave the song's key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SongPlan:
    """Everything decided about a song before notes are made."""

    style: Style
    tonic: int
    mode: Mode
    tempo_bpm: float
    """Felt beats per minute."""
    mma_beats: int
    """MMA beats in a bar."""
    felt_beats: int
    """Beats a listener counts in a bar."""
    signature: str
    groove: Groove
    """The groove of its first verse."""
    sections: tuple[PlannedSection, ...]

    @property
    def mma_tempo(self) -> float:
        """MMA beats per minute."""
        return self.tempo_bpm * self.mma_beats / self.felt_beats

    @property
    def bars(self) -> int:
        """Bars in all."""
        return sum(len(section.bars) for section in self.sections)


def draw_plan(rng: Random, style: Style, seconds: float) -> SongPlan:
    """Return a plan of about ``seconds``: key, tempo, form, charts, grooves.

    Songs in a style of the test split use the progressions kept for testing, all others
    use only the rest; closing cadences are common to both.

    Args:
        rng: Source of all choices.
        style: What to play in.
        seconds: Duration to aim at; hit to within a bar.
    """
    genre = GENRES[style.genre]
    main = rng.choice([groove for groove in style.grooves if groove.role == "main"])
    compound = main.signature == "6/8" and main.beats in (3, 6)
    felt = 2 if compound else main.beats
    tempo = rng.uniform(52, 96) if compound else rng.uniform(*genre.tempo_bpm)
    mode: Mode = "minor" if rng.random() < genre.minor else "major"
    tonic = rng.randrange(12)
    bars = max(8, round(seconds * tempo / 60 / felt))
    return SongPlan(
        style=style,
        tonic=tonic,
        mode=mode,
        tempo_bpm=tempo,
        mma_beats=main.beats,
        felt_beats=felt,
        signature="6/8" if compound else f"{main.beats}/4",
        groove=main,
        sections=tuple(_draw_sections(rng, style, main, tonic, mode, bars)),
    )


def _draw_sections(
    rng: Random, style: Style, main: Groove, tonic: int, mode: Mode, bars: int
) -> Iterator[PlannedSection]:
    vocabulary = GENRES[style.genre].vocabulary
    mains = style.roles("main", like=main)
    loops = {"A": main, "B": rng.choice([main, *mains]), "C": rng.choice(mains)}
    moved = {"B": rng.choice((5, 7, 3, 9)) if rng.random() < 0.2 else 0}
    charts: dict[str, list[Bar]] = {}
    first = 0
    for name, length in _draw_layout(rng, style, main, bars):
        home = (tonic + moved.get(name, 0)) % 12
        if name == "end":
            charts[name] = cadence(vocabulary, mode, home, length)
        elif name not in charts:
            charts[name] = draw_chart(
                rng,
                vocabulary,
                mode,
                tonic=home,
                bars=_CHART_BARS,
                held_out=style.split == "test",
            )
        looped = name in loops
        special = [] if looped else style.roles(name, like=main)
        fills = style.roles("fill", like=main) if looped and length > 2 else []
        yield PlannedSection(
            name=name,
            first_bar=first,
            bars=tuple(charts[name][:length]),
            tonic=home,
            groove=rng.choice(special) if special else loops.get(name, main),
            fill=rng.choice(fills) if fills and rng.random() < 0.7 else None,
            volume=rng.choice(VOLUMES) if rng.random() < 0.5 else None,
        )
        first += length


def _draw_layout(rng: Random, style: Style, main: Groove, bars: int) -> list[tuple[str, int]]:
    """Return names and lengths of the sections; the lengths add up to ``bars``."""
    layout: list[tuple[str, int]] = []
    ending = rng.choice((2, 4))
    left = bars - ending
    if style.roles("intro", like=main) and rng.random() < 0.7:
        layout.append(("intro", min(left // 2, rng.choice((2, 4, 4)))))
        left -= layout[0][1]
    blues = GENRES[style.genre].vocabulary == "blues"
    length = 12 if blues else rng.choice((8, 8, 8, 16))
    letters = cycle(rng.choice(_FORMS))
    while left > 0:
        layout.append((next(letters), min(length, left)))
        left -= length
    return [*layout, ("end", ending)]


def song_text(plan: SongPlan, seed: int) -> str:
    """Return the song as an MMA program.

    Args:
        plan: What to write.
        seed: Seed of MMA's own small variations.
    """
    lines = _header(plan, seed, plan.style, plan.sections[0].groove)

    def chords_of(bar: Bar) -> str:
        slots = ["/"] * plan.mma_beats
        for beat, chord in chord_starts(bar, plan.mma_beats):
            slots[beat] = chord.name
        return " ".join(slots)

    lines += part_lines(plan.sections, chords_of)
    return "\n".join(lines) + "\n"


def drum_text(plan: SongPlan, donor: Style, rng: Random) -> str:
    """Return an MMA program with the drum tracks of another style, over the same form.

    Args:
        plan: The song.
        donor: A style with grooves of the same bar.
        rng: Source of all choices.
    """
    like = plan.sections[0].groove
    mains, fills, ends = (donor.roles(role, like) for role in ("main", "fill", "end"))
    chosen = {name: rng.choice(mains) for name in "ABC"}
    lines = _header(plan, rng.randrange(1 << 30), donor, mains[0])
    for section in plan.sections:
        closing = section.name == "end" and ends
        groove = rng.choice(ends) if closing else chosen.get(section.name, chosen["A"])
        lines.append(f"Groove {groove.name}")
        for number in range(len(section.bars)):
            if fills and section.fill and number == len(section.bars) - 1:
                lines.append(f"Groove {rng.choice(fills).name}")
            lines.append(f"{section.first_bar + number + 1} C")
    return "\n".join(lines) + "\n"


def _header(plan: SongPlan, seed: int, style: Style, groove: Groove) -> list[str]:
    return [
        f"Tempo {round(plan.mma_tempo)}",
        f"RndSeed {seed}",
        f"Groove stdlib/{style.name}:{groove.name}",
    ]
