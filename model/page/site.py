"""Builder of the companion page: choose excerpts, play and score them, write the site."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path

from model.data.index import load_songs
from model.errors import DataError, ModelConfigError
from model.evaluation.comparison import find_checkpoints
from model.evaluation.excerpts import Excerpt, choose_excerpts
from model.evaluation.output_folder import make_folder
from model.evaluation.workers import run_all
from model.page.html import PageSection, page_html
from model.page.numbers import numbers_of
from model.page.page_systems import PageSystem, PageSystems, systems_of_page
from model.page.samples import Sample, make_sample

__all__ = ["PageSetting", "make_page"]

logger = logging.getLogger(__name__)

SECTIONS = ("showcase", "family", "baseline")
COUNTS = (25, 26, 19)
"""Samples of each section: as many as on the paper's page."""
QUICK = (3, 3, 3)
ASSETS = ("page.css", "page.js")


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSetting:
    """Size of the page."""

    quick: bool = False
    """Three samples a section."""
    split: str = "test"
    """Split of the songs."""
    seconds: float = 20.0
    """Length of a sample."""
    jobs: int = 1
    """Processes, one thread each."""

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            ModelConfigError: A value is out of its range.
        """
        if not 1 <= self.seconds <= 600:
            raise ModelConfigError(f"--seconds must be 1 to 600, got {self.seconds:g}")
        if self.jobs < 1:
            raise ModelConfigError(f"--jobs must be 1 or more, got {self.jobs}")


def make_page(
    data: Path,
    out: Path,
    asked: Sequence[str],
    setting: PageSetting,
    table: Path | None = None,
) -> Path:
    """Write the companion page.

    Args:
        data: Folder of rendered songs.
        out: Folder of the site; made if missing, files of an earlier page are replaced.
        asked: Checkpoints; see :func:`model.evaluation.comparison.find_checkpoints`.
        setting: How much.
        table: Source of the numbers; see :func:`model.page.numbers.numbers_of`.

    Returns:
        ``index.html``.

    Raises:
        DataError: No song has a stretch in which a stem and its mix sound, ``table`` is no
            table, or ``out`` is a file.
        CheckpointError: A checkpoint cannot be read, or none is LiveBand's.
    """
    systems = systems_of_page(find_checkpoints(asked))
    numbers = numbers_of(systems.records, table)
    make_folder(out)
    counts = QUICK if setting.quick else COUNTS
    excerpts = _excerpts(data, systems, setting)
    _clear(out)
    if len(excerpts) < sum(counts):
        logger.info("%d different excerpts; some are heard in two sections", len(excerpts))
    sections = [
        _SectionPlan(SECTIONS[0], (systems.showcase,), truth=False),
        _SectionPlan(SECTIONS[1], systems.family, truth=True),
        _SectionPlan(SECTIONS[2], _with_rivals(systems), truth=True),
    ]
    played = _play(sections, counts, excerpts, systems, out, setting.jobs)
    for name in ASSETS:
        source = resources.files("model.page").joinpath("assets", name)
        with resources.as_file(source) as file:
            shutil.copyfile(file, out / name)
    index = out / "index.html"
    index.write_text(page_html(systems, played, numbers, setting.seconds), encoding="utf-8")
    kept = {"setting": dict(numbers.setting), "seeds": numbers.seeds, "rows": numbers.rows}
    (out / "numbers.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    logger.info("page in %s, %.0f MB", index, size / 1e6)
    return index


def _clear(out: Path) -> None:
    """Make the folders of samples, without files of an earlier page."""
    for name in ("audio", "pictures"):
        (out / name).mkdir(exist_ok=True)
        for section in SECTIONS:
            for file in (out / name).glob(f"{section}-[0-9][0-9]*"):
                file.unlink()


@dataclass(frozen=True, slots=True)
class _SectionPlan:
    name: str
    parts: Sequence[PageSystem]
    truth: bool


def _with_rivals(systems: PageSystems) -> tuple[PageSystem, ...]:
    """Return the baseline's systems, each after LiveBand's of the same anticipation."""
    if not systems.baseline:
        return ()
    ahead = {part.anticipation_s for part in systems.baseline}
    chosen = [part for part in systems.family if part.anticipation_s in ahead]
    live = [part for part in chosen if part.kind != "bidirectional"]
    return tuple(sorted((*live, *systems.baseline), key=lambda part: part.anticipation_s))


def _excerpts(data: Path, systems: PageSystems, setting: PageSetting) -> list[Excerpt]:
    """Return excerpts of different songs, of alternating classes."""
    frames = int(setting.seconds * systems.sample_rate) // systems.hop * systems.hop
    found = choose_excerpts(
        load_songs(data, setting.split),
        systems.stems,
        sample_rate=systems.sample_rate,
        frames=frames,
        per_song=1,
    )
    classes = [[each for each in found if each.stem_class == name] for name in systems.stems]
    turns = range(max(len(group) for group in classes))
    return [group[turn] for turn in turns for group in classes if turn < len(group)]


def _play(
    plans: Sequence[_SectionPlan],
    counts: Sequence[int],
    excerpts: Sequence[Excerpt],
    systems: PageSystems,
    out: Path,
    jobs: int,
) -> list[PageSection]:
    """Play all samples; return the sections that have any."""
    tasks, sizes, begin = [], [], 0
    for plan, count in zip(plans, counts, strict=True):
        chosen = [excerpts[(begin + n) % len(excerpts)] for n in range(count)]
        chosen = chosen[: len(excerpts)] if plan.parts else []
        begin += len(chosen)
        sizes.append(len(chosen))
        tasks += [
            partial(
                make_sample,
                f"{plan.name}-{number:02d}",
                excerpt,
                plan.parts,
                out,
                systems.sample_rate,
                truth=plan.truth,
            )
            for number, excerpt in enumerate(chosen, start=1)
        ]
    if not tasks:
        raise DataError("there is nothing to play to; render songs: liveband data render")
    samples = iter(run_all(tasks, jobs))
    played: list[list[Sample]] = [[next(samples) for _ in range(size)] for size in sizes]
    return [
        PageSection(plan.name, tuple(own))
        for plan, own in zip(plans, played, strict=True)
        if own
    ]
