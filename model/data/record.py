"""Contents of ``song.json``, the record of a rendered song."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data.audiofile import SAMPLE_RATE
from model.data.charts import NOTE_NAMES
from model.data.corpus import Corpus
from model.data.score import Score
from model.data.splits import split_of_song

__all__ = ["describe"]


def describe(
    corpus: Corpus, number: int, score: Score, shares: dict[str, float], frames: int
) -> dict[str, Any]:
    """Return the facts of song ``number`` as JSON takes them; unknown ones are null.

    Args:
        corpus: The corpus.
        number: Which of its songs.
        score: What was played.
        shares: Stem class to the share of the song in which it sounds, 0..1.
        frames: Length of every stem.
    """
    font = corpus.font_of(number)
    return {
        "id": corpus.folder(number).name,
        "split": split_of_song(number),
        "seed": corpus.seed,
        "kind": score.kind,
        "sample_rate": SAMPLE_RATE,
        "frames": frames,
        "genre": score.genre,
        "style": score.style,
        "groove": score.groove,
        "chart": score.chart,
        "drums_from": score.drums_from,
        "human_drums": score.human_drums,
        "melody_from": score.melody_from,
        "accompaniment_from": score.accompaniment_from,
        "tempo_curve": score.tempo_curve,
        "tempo_bpm": round(score.tempo_bpm, 3),
        "signature": score.signature,
        "beats_per_bar": score.beats_per_bar,
        "key": score.key and {"tonic": NOTE_NAMES[score.key[0]], "mode": score.key[1]},
        "beats_s": _times(score.beats_s),
        "downbeats_s": _times(score.downbeats_s),
        "chords": None
        if score.chords is None
        else [
            (round(start, 4), NOTE_NAMES[chord.root], chord.quality)
            for start, chord in score.chords
        ],
        "sections": [(round(start, 4), name) for start, name in score.sections],
        "stems": [
            {
                "class": name,
                "file": f"{name}.npy",
                "programmes": sorted({note.programme for note in score.stems[name]}),
                "active_share": round(share, 3),
            }
            for name, share in shares.items()
        ],
        "font": font.path.name,
        "sources": [
            *(asdict(source) for source in score.sources),
            *(
                {"name": one.path.name, "licence": one.licence, "credit": one.credit}
                for one in corpus.fonts_of(number)
            ),
        ],
    }


def _times(times: NDArray[np.float64] | None) -> list[float] | None:
    return None if times is None else [round(float(time), 4) for time in times]
