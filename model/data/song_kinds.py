"""Dispatch of each song of a corpus to the composer of its kind."""

from __future__ import annotations

from model.data.band_material import BandMaterial
from model.data.chart_songs import compose_on_chart
from model.data.corpus import Corpus
from model.data.hybrids import build_hybrid
from model.data.midi_songs import arrange
from model.data.mma import find_mma
from model.data.score import Score
from model.data.song_sources import styles_of
from model.data.songs import compose
from model.data.splits import split_of_song
from model.data.timing import draw_entry

__all__ = ["write_score"]


def write_score(corpus: Corpus, number: int) -> Score:
    """Return the score of a song, which begins at a random moment.

    Args:
        corpus: The corpus.
        number: Which of its songs.

    Raises:
        MissingTool: MMA or its library is not installed.
        DataError: The song could not be composed.
    """
    entry_s = draw_entry(corpus.rng(number, "entry"))
    rng = corpus.rng(number, "song")
    seconds = corpus.seconds + max(0.0, entry_s)
    split, kind, sources = split_of_song(number), corpus.kind_of(number), corpus.sources
    if kind == "composed":
        score = arrange(rng, corpus.tunes_of(split), seconds=seconds)
        return score.begun_at(entry_s)
    material = BandMaterial(
        styles_of(split),
        find_mma(),
        sources.performances_of(split),
        sources.curves_of(split),
    )
    if kind == "chart":
        score = compose_on_chart(rng, sources.charts_of(split), material, seconds)
    elif kind == "hybrid":
        score = build_hybrid(rng, sources.accompanied_of(split), material, seconds)
    else:
        score = compose(rng, material, seconds)
    return score.begun_at(entry_s)
