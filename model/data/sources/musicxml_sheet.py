"""Reader of MusicXML lead sheets: chords, melody and marks of the first part."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, cast
from xml.etree import ElementTree

from model.data.sources.musicxml_chords import Degree, mma_of_kind
from model.data.sources.score_repeats import RepeatMarks
from model.errors import DataError

__all__ = ["SUFFIXES", "LeadSheet", "Measure", "SheetNote", "read_lead_sheet"]

SUFFIXES = (".mxl", ".musicxml")
"""Suffixes of compressed and of plain MusicXML."""

_MAX_BYTES = 32 << 20
_CONTAINER = "META-INF/container.xml"
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_QUARTERS = {
    "whole": Fraction(4),
    "half": Fraction(2),
    "quarter": Fraction(1),
    "eighth": Fraction(1, 2),
    "16th": Fraction(1, 4),
}
_JUMPS = {
    "da_capo": r"d\. ?c\.|dc\b|da capo",
    "dal_segno": r"d\. ?s\.|ds\b|dal segno",
    "to_coda": r"to coda",
    "fine": r"fine\b",
}
"""Marks by the words that they are written with."""


@dataclass(frozen=True, slots=True)
class SheetNote:
    """A note of the melody."""

    start: Fraction
    """Quarters from the beginning of its measure."""
    length: Fraction
    """Quarters."""
    pitch: int
    """MIDI key 0..127."""
    tied: bool
    """Whether it goes on with the note before."""


@dataclass(slots=True)
class Measure:
    """A measure as written, before repeats are unfolded."""

    length: Fraction = Fraction(0)
    """Quarters that its notes and rests fill."""
    chords: list[tuple[Fraction, str]] = field(default_factory=list)
    """Position in quarters and MMA symbol."""
    notes: list[SheetNote] = field(default_factory=list)
    marks: RepeatMarks = field(default_factory=RepeatMarks)
    label: str | None = None
    """The rehearsal mark that a section begins with."""


@dataclass(slots=True)
class LeadSheet:
    """The first part of a score."""

    measures: list[Measure] = field(default_factory=list)
    meters: set[str] = field(default_factory=set)
    """Such as ``3/4``."""
    sharps: int | None = None
    """Of the first key signature; flats are negative."""
    tempo_bpm: float | None = None
    """Quarters a minute at the beginning."""


def read_lead_sheet(path: Path) -> LeadSheet:
    """Return a lead sheet.

    Jumps are read from ``sound`` and from their signs and usual words. Of several coda signs
    the last is where the coda begins, and the others are where it is jumped to from.

    Args:
        path: A score of MusicXML with measures inside parts, compressed as ``.mxl`` or plain.

    Raises:
        DataError: It is no such score, is larger than 32 MiB unpacked, or declares entities,
            which could be unpacked to any size; file and measure are named.

    Source:
        MusicXML 4.0, W3C.
    """
    score = _root(path, _compressed(path) if path.suffix == ".mxl" else path.read_bytes())
    part = score.find("part") if score.tag == "score-partwise" else None
    if part is None:
        raise DataError(f"{path}: expected a score-partwise with a part, got {score.tag}")
    reader = _PartReader()
    for number, measure in enumerate(part.iterfind("measure"), 1):
        try:
            reader.take(measure)
        except DataError as error:
            name = measure.get("number", number)
            raise DataError(f"{path}, measure {name}: {error}") from None
    signs = [measure.marks for measure in reader.sheet.measures if measure.marks.coda]
    for marks in signs[:-1]:
        marks.coda, marks.to_coda = False, True
    return reader.sheet


def _compressed(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
            scores = [n for n in sizes if n.endswith((".xml", ".musicxml")) and n != _CONTAINER]
            name = scores[0] if len(scores) == 1 else _named_score(path, archive)
            if sizes.get(name, 0) > _MAX_BYTES:
                raise DataError(
                    f"{path}: expected at most {_MAX_BYTES} bytes in {name}, got {sizes[name]}"
                )
            return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError) as error:
        raise DataError(f"{path}: expected compressed MusicXML, but {error}") from None


def _named_score(path: Path, archive: zipfile.ZipFile) -> str:
    """Return the score that the container of several files names."""
    container = _root(path, archive.read(_CONTAINER))
    entry = next((e for e in container.iter() if e.tag.endswith("rootfile")), None)
    if entry is None:
        raise DataError(f"{path}: expected a rootfile in {_CONTAINER}")
    return entry.get("full-path", "")


def _root(path: Path, data: bytes) -> ElementTree.Element:
    if len(data) > _MAX_BYTES:
        raise DataError(f"{path}: expected at most {_MAX_BYTES} bytes, got {len(data)}")
    if b"<!ENTITY" in data.replace(b"\0", b""):
        raise DataError(f"{path}: expected MusicXML without entities of its own")
    try:
        return ElementTree.parse(io.BytesIO(data)).getroot()
    except ElementTree.ParseError as error:
        raise DataError(f"{path}: expected MusicXML, but {error}") from None


class _PartReader:
    """Reads the measures of a part one after another."""

    def __init__(self) -> None:
        self.sheet = LeadSheet()
        self._divisions = Fraction(1)
        self._endings: frozenset[int] = frozenset()
        self._voice: str | None = None
        self._at = Fraction(0)

    def take(self, element: ElementTree.Element) -> None:
        """Read the next measure."""
        measure, self._at = Measure(), Fraction(0)
        measure.marks.endings = self._endings
        for child in element:
            match child.tag:
                case "attributes":
                    self._take_attributes(child)
                case "note" if child.find("grace") is None:
                    self._take_note(child, measure)
                case "backup":
                    self._at -= self._quarters(child, "duration")
                case "forward":
                    self._at += self._quarters(child, "duration")
                case "harmony":
                    at = self._at + self._quarters(child, "offset")
                    measure.chords.append((max(at, Fraction(0)), _symbol(child)))
                case "direction" | "sound":
                    self._take_direction(child, measure)
                case "barline":
                    self._take_barline(child, measure)
                case _:
                    pass
            measure.length = max(measure.length, self._at)
        measure.chords.sort(key=lambda chord: chord[0])
        self.sheet.measures.append(measure)

    def _quarters(self, element: ElementTree.Element, tag: str) -> Fraction:
        return _number(element, tag, 0) / self._divisions

    def _take_attributes(self, element: ElementTree.Element) -> None:
        self._divisions = _number(element, "divisions", self._divisions)
        if self._divisions <= 0:
            raise DataError(f"expected divisions above 0, got {self._divisions}")
        for time in element.iterfind("time"):
            parts = [part.text or "" for part in time if part.tag in ("beats", "beat-type")]
            self.sheet.meters.add("/".join(part.strip() for part in parts) or "free")
        if self.sheet.sharps is None and element.find("key/fifths") is not None:
            self.sheet.sharps = round(_number(element, "key/fifths"))

    def _take_note(self, element: ElementTree.Element, measure: Measure) -> None:
        if element.find("chord") is not None:
            return
        length = self._quarters(element, "duration")
        pitch = element.find("pitch")
        voice = element.findtext("voice", "1")
        if pitch is not None and self._voice in (None, voice):
            self._voice = voice
            step = pitch.findtext("step", "").strip()
            if step not in _STEPS:
                raise DataError(f"expected a step A to G, got {step!r}")
            octave, alter = _number(pitch, "octave"), _number(pitch, "alter", 0)
            key = round(12 * (octave + 1) + _STEPS[step] + alter)
            if not 0 <= key <= 127:
                raise DataError(f"expected a pitch that is a MIDI key 0 to 127, got {key}")
            tied = any(tie.get("type") == "stop" for tie in element.iterfind("tie"))
            measure.notes.append(SheetNote(self._at, length, key, tied))
        self._at += length

    def _take_direction(self, element: ElementTree.Element, measure: Measure) -> None:
        label = element.findtext("direction-type/rehearsal")
        measure.label = measure.label or label
        marks = measure.marks
        marks.segno |= element.find("direction-type/segno") is not None
        marks.coda |= element.find("direction-type/coda") is not None
        words = " ".join(e.text or "" for e in element.iterfind("direction-type/words"))
        for mark, pattern in _JUMPS.items():
            if re.match(pattern, words.strip(), re.IGNORECASE):
                setattr(marks, mark, True)
        for sound in element.iter("sound"):
            marks.segno |= "segno" in sound.attrib
            marks.coda |= "coda" in sound.attrib
            marks.to_coda |= "tocoda" in sound.attrib
            marks.fine |= "fine" in sound.attrib
            marks.da_capo |= sound.get("dacapo") == "yes"
            marks.dal_segno |= "dalsegno" in sound.attrib
            tempo = re.fullmatch(r"\d+(?:\.\d+)?", sound.get("tempo", ""))
            if self.sheet.tempo_bpm is None and tempo and float(tempo[0]) > 0:
                self.sheet.tempo_bpm = float(tempo[0])
        unit = element.findtext("direction-type/metronome/beat-unit")
        number = element.findtext("direction-type/metronome/per-minute", "")
        written = re.search(r"\d+(?:\.\d+)?", number)
        if self.sheet.tempo_bpm is None and written and unit in _QUARTERS:
            dots = len(element.findall("direction-type/metronome/beat-unit-dot"))
            quarters = _QUARTERS[unit] * (2 - Fraction(1, 2**dots))
            self.sheet.tempo_bpm = float(written[0]) * float(quarters)

    def _take_barline(self, element: ElementTree.Element, measure: Measure) -> None:
        repeat, ending = element.find("repeat"), element.find("ending")
        if ending is not None and ending.get("type") == "start":
            self._endings = frozenset(map(int, re.findall(r"\d+", ending.get("number", ""))))
            measure.marks.endings = self._endings
        elif ending is not None:
            self._endings = frozenset()
        if repeat is not None and repeat.get("direction") == "forward":
            measure.marks.forward = True
        elif repeat is not None:
            times = repeat.get("times", "2")
            if not times.isdecimal():
                raise DataError(f"expected a number of times a repeat is played, got {times!r}")
            measure.marks.backward = int(times)


def _symbol(harmony: ElementTree.Element) -> str:
    kind = harmony.findtext("kind", "").strip()
    degrees = []
    for degree in harmony.iterfind("degree"):
        how = degree.findtext("degree-type", "add").strip()
        if how not in ("add", "alter", "subtract"):
            raise DataError(f"expected a degree-type add, alter or subtract, got {how!r}")
        value = round(_number(degree, "degree-value"))
        alter = round(_number(degree, "degree-alter", 0))
        degrees.append(Degree(value, alter, cast(Literal["add", "alter", "subtract"], how)))
    return mma_of_kind(_note(harmony, "root") or "", kind, degrees, _note(harmony, "bass"))


def _note(harmony: ElementTree.Element, which: str) -> str | None:
    step = harmony.findtext(f"{which}/{which}-step")
    if step is None:
        return None
    alter = round(_number(harmony, f"{which}/{which}-alter", 0))
    return step.strip() + ("#" * alter if alter > 0 else "b" * -alter)


def _number(
    element: ElementTree.Element, tag: str, default: Fraction | int | None = None
) -> Fraction:
    """Return the number in an element below, or the default where there is no such element."""
    text = element.findtext(tag)
    if text is None and default is not None:
        return Fraction(default)
    if text is None or not re.fullmatch(r"\s*[+-]?\d+(?:\.\d+)?\s*", text):
        raise DataError(f"expected a number as {tag}, got {text!r}")
    return Fraction(text.strip())
