"""Scores of both halves of an excerpt, and the change between them."""

from __future__ import annotations

from model.array_types import Float64Array
from model.evaluation.drift import in_bins
from model.evaluation.features import LISTENING_RATE
from model.evaluation.harmony import chroma_cosine
from model.evaluation.rhythm import rhythm_correlation

__all__ = ["HALVES", "halves"]


HALVES = tuple(
    f"{score}_{part}"
    for score in ("rhythm", "chroma")
    for part in ("first", "second", "change")
)
"""Figures: 0 to 10 s, 10 to 20 s, and the second less the first."""


def halves(mix: Float64Array, stem: Float64Array, *, pitched: bool) -> dict[str, float | None]:
    """Return the scores of both halves of an excerpt, and their difference.

    Args:
        mix: ``(frames,)``, as :func:`model.evaluation.features.hear` gives it.
        stem: The same of the stem; silent if it is too faint to count.
        pitched: Whether the harmony of the stem means anything.

    Returns:
        :data:`HALVES`; None where the excerpt is shorter than 20 s or has no harmony.

    Source:
        The protocol of Pasini et al. 2026 (LiveBand), arXiv:2606.03803, section 4.
    """
    figures: dict[str, float | None] = dict.fromkeys(HALVES)
    for name, score in (("rhythm", rhythm_correlation), ("chroma", chroma_cosine)):
        bins = in_bins(score, mix, stem, LISTENING_RATE)[:2]
        if len(bins) == 2 and (pitched or name == "rhythm"):
            figures[f"{name}_first"], figures[f"{name}_second"] = bins
            figures[f"{name}_change"] = bins[1] - bins[0]
    return figures
