"""HTML of the companion page, which needs neither network nor server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from string import Template
from typing import Any

from model.evaluation.columns import columns
from model.formats.checkpoint_folder import BIDIRECTIONAL
from model.networks.bidirectional import WINDOW_S
from model.page.numbers import Numbers, baseline_wins, charts, drift_sentences
from model.page.page_systems import PageSystems
from model.page.samples import Sample, SampleSound, SoundFiles

__all__ = ["PageSection", "page_html"]

ICON = (
    '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">'
    '<path class="go" d="M4 2.5v11l9-5.5z"/><path class="halt" d="M4 3h3v10H4zM9 3h3v10H9z"/>'
    "</svg>"
)
INTRODUCTIONS = {
    "showcase": (
        "Showcase",
        "One system, many songs that nobody was trained on. It begins with no context at all "
        "and adapts as it hears more.",
    ),
    "family": (
        "The family",
        "The same excerpt with every system: from 0 s, which hears up to the hop before, "
        "to 1 s, which must guess a second ahead; the bidirectional one hears ten seconds at "
        "once, the future too, and begins anew where the others are past its end. Switch "
        "while it plays; the moment stays the same.",
    ),
    "baseline": (
        "The baseline",
        "StreamMusicGen's way with the same network, codec, window and data: it names "
        "quantised codes, hears its own last hop, and is trained by cross entropy on "
        "true ones. "
        "LiveBand hears the mix alone and is judged on what it really plays.",
    ),
}
COLUMNS = columns(
    "rhythm",
    "rhythm_first",
    "rhythm_second",
    "rhythm_change",
    "chroma",
    "gap",
    "beat_f",
    "frechet",
    "drift",
)
DRAWINGS = {
    "ladder": "Rhythm with the mix: systems among their anchors, with 95 % intervals by song.",
    "anticipation": "Rhythm with the mix against anticipation.",
    "time": "Rhythm with the mix over a long performance, in bins of ten seconds.",
}


@dataclass(frozen=True, slots=True)
class PageSection:
    """A part of the page with samples."""

    name: str
    samples: tuple[Sample, ...]


def page_html(
    systems: PageSystems, sections: Sequence[PageSection], numbers: Numbers, seconds: float
) -> str:
    """Return the whole page.

    Args:
        systems: Systems that play, and missing ones.
        sections: With samples, in order; the first sample of the first one opens the page.
        numbers: Of the systems on it.
        seconds: Length of a sample.
    """
    rows = numbers.rows
    named = {section.name: section for section in sections}
    template = Template(_asset("page.html"))
    return template.substitute(
        featured=_featured(sections[0].samples[0]),
        framework=_asset("framework.svg"),
        equivalence=_asset("equivalence.svg"),
        sections="".join(_section(name, named.get(name), systems) for name in INTRODUCTIONS),
        numbers=_numbers(rows),
        wins=_wins(rows, systems) + _drift(rows),
        source=escape(_source(numbers)),
        stems=escape(", ".join(systems.stems)),
        seconds=_lengths(systems, seconds),
        rate=f"{systems.sample_rate / 1000:g}",
    )


def _lengths(systems: PageSystems, seconds: float) -> str:
    """Return the lengths of samples in words."""
    whole = any(part.kind == BIDIRECTIONAL for part in systems.family)
    shorter = f" (bidirectional: {WINDOW_S:g} s)" if whole and seconds > WINDOW_S else ""
    return f"{seconds:g} s{shorter}"


def _featured(sample: Sample) -> str:
    sound = next(sound for sound in sample.sounds if sound.is_system)
    label, track = sound.files[-1]
    return (
        f'<article class="sample featured" data-title="{escape(sound.label)}">'
        f"{_play(track, label, sound.label, big=True)}"
        f'<div class="now"><p class="meta">{escape(sound.label)} plays '
        f"{escape(sample.stem)} · {escape(_where(sample))}</p>"
        f"{_scope(track, f'{sound.label}, first sample')}"
        '<p class="hint">Left: what it heard. Right: what it played. Headphones help.</p>'
        "</div></article>"
    )


def _section(name: str, section: PageSection | None, systems: PageSystems) -> str:
    title, words = INTRODUCTIONS[name]
    kinds = ("StreamMusicGen",) if name == "baseline" else ("LiveBand",)
    vacant = (
        [each for each in systems.vacant if each.startswith(kinds)]
        if name != "showcase"
        else []
    )
    missing = (
        f'<p class="vacant">Not trained yet: {escape(", ".join(vacant))}. '
        "They join this section once their checkpoints exist.</p>"
        if vacant
        else ""
    )
    samples = (
        "".join(
            _sample(sample, number) for number, sample in enumerate(section.samples, start=1)
        )
        if section
        else ""
    )
    return (
        f'<section id="{name}"><h2>{title}</h2><p class="lead">{escape(words)}</p>'
        f"{_widest(systems) if name == 'showcase' else ''}{missing}"
        f'<div class="samples">{samples}</div></section>'
    )


def _widest(systems: PageSystems) -> str:
    """Return a paragraph about the checkpoint of the showcase and its training data."""
    name = systems.showcase.checkpoint
    data = systems.records[name].get("notes", {}).get("data", "")
    learnt = f" It learnt from {escape(data)}." if data else ""
    if systems.apart:
        return (
            f"<p>Played by <code>{escape(name)}</code>, trained on the widest data.{learnt}</p>"
        )
    return (
        f"<p>Played by <code>{escape(name)}</code>, the network trained on the widest data so "
        f"far, at {systems.showcase.anticipation_s:g} s. It is the same that plays the family "
        f"below: there is no internal one apart yet.{learnt}</p>"
    )


def _source(numbers: Numbers) -> str:
    """Return a sentence about how much was played for the numbers."""
    setting = numbers.setting
    if not numbers.rows:
        return ""
    if not setting:
        return (
            "Not all systems were scored on the same excerpts, or told the beat alike: compare "
            "across with care."
        )
    takes = f", {numbers.seeds} takes of every system" if numbers.seeds > 1 else ""
    tracked = any(row.get("beat") == "tracker" for row in numbers.rows)
    beat = " Players are told the beat by the beat tracker." if tracked else ""
    return (
        f"{setting['songs']} songs of the {setting['split']} split, excerpts of "
        f"{setting['seconds']:g} s, long performances of {setting['drift_seconds']:g} s{takes}."
        f"{beat}"
    )


def _sample(sample: Sample, number: int) -> str:
    sounds = "".join(_sample_sound(sound) for sound in sample.sounds)
    return (
        f'<article class="sample" id="{escape(sample.name)}" '
        f'aria-labelledby="{escape(sample.name)}-title">'
        f'<header><h3 id="{escape(sample.name)}-title">{number} '
        f"<span>{escape(sample.stem)}</span></h3>"
        f'<p class="meta">{escape(_where(sample))}</p></header><ul>{sounds}</ul></article>'
    )


def _where(sample: Sample) -> str:
    return " · ".join(filter(None, (sample.genre, sample.song)))


def _sample_sound(sound: SampleSound) -> str:
    plays = "".join(_play(track, label, sound.label) for label, track in sound.files)
    scores = "".join(
        f'<div><dt>{escape(name)}</dt><dd style="--share:{max(0.0, min(1.0, value)):.3f}">'
        f"{value:z.2f}</dd></div>"
        for name, value in sound.scores
    )
    track = sound.files[0][1]
    return (
        f'<li class="voice{" chief" if sound.is_system else ""}">'
        f'<div class="who"><b>{escape(sound.label)}</b><div class="plays">{plays}</div></div>'
        f"{_scope(track, sound.label)}"
        f'<dl class="scores">{scores}</dl></li>'
    )


def _play(track: SoundFiles, label: str, who: str, *, big: bool = False) -> str:
    said = '<i class="go">Play</i><i class="halt">Pause</i>' if big else escape(label)
    return (
        f'<button type="button" class="play{" big" if big else ""}" aria-pressed="false" '
        f'data-sound="{escape(track.sound)}" data-picture="{escape(track.picture)}" '
        f'data-who="{escape(who)}" aria-label="Play {escape(who)}, {escape(label)}">'
        f"{ICON}<span>{said}</span></button>"
    )


def _scope(track: SoundFiles, who: str) -> str:
    return (
        f'<div class="scope" data-seconds="{track.seconds:.3f}">'
        f'<img src="{escape(track.picture)}" alt="" loading="lazy">'
        '<span class="cursor"></span>'
        f'<input type="range" min="0" max="{track.seconds:.2f}" step="0.05" value="0" '
        'autocomplete="off" '
        f'aria-label="Position in {escape(who)}, seconds"></div>'
    )


def _numbers(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return (
            '<p class="vacant">These checkpoints hold no evaluation yet; '
            "<code>liveband evaluate --record</code> keeps one.</p>"
        )
    drawings = "".join(
        f'<figure class="chart"><div class="wide">{drawing}</div>'
        f"<figcaption>{DRAWINGS[name]}</figcaption></figure>"
        for name, drawing in charts([dict(row) for row in rows]).items()
    )
    shown = [each for each in COLUMNS if any(row.get(each[0]) is not None for row in rows)]
    head = "".join(f'<th scope="col">{title}</th>' for _, title, _ in shown)
    body = "".join(
        f'<tr class="{escape(row["source"])}"><th scope="row">{escape(row["name"])}</th>'
        + "".join(f"<td>{_cell(row, key, digits)}</td>" for key, _, digits in shown)
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="charts">{drawings}</div>'
        '<div class="wide" tabindex="0" role="region" aria-label="All numbers">'
        f'<table><thead><tr><th scope="col">system</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(row: Mapping[str, Any], key: str, digits: int) -> str:
    value = row.get(key)
    if value is None:
        return '<span class="none">-</span>'
    ends = row["intervals"].get(key)
    span = f"<small>{ends[0]:z.{digits}f} to {ends[1]:z.{digits}f}</small>" if ends else ""
    return f"{value:z.{digits}f}{span}"


def _wins(rows: Sequence[Mapping[str, Any]], systems: PageSystems) -> str:
    """Return a paragraph about the figures in which the baseline is better."""
    evaluated = any(str(row["system"]).startswith("streammusicgen") for row in rows)
    if not systems.baseline:
        return "<p>The baseline is not trained yet, so nothing is said of it here.</p>"
    if not evaluated:
        return "<p>The baseline plays above, but no evaluation of it is recorded yet.</p>"
    wins = baseline_wins([dict(row) for row in rows])
    if not wins:
        return "<p>The baseline is better than LiveBand in none of these figures.</p>"
    said = "".join(f"<li>{escape(win)}</li>" for win in wins)
    return f"<p>The baseline is better than LiveBand in:</p><ul>{said}</ul>"


def _drift(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a paragraph about drift while playing, of LiveBand and the baseline."""
    found = drift_sentences([dict(row) for row in rows])
    if not found:
        return ""
    said = "".join(f"<li>{escape(each)}</li>" for each in found)
    return (
        "<p>Teacher-forced against adversarial, all else as equal as it can be: what changes "
        f"while they play, by anticipation:</p><ul>{said}</ul>"
    )


def _asset(name: str) -> str:
    return resources.files("model.page").joinpath("assets", name).read_text(encoding="utf-8")
