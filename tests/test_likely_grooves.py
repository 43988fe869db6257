"""Grooves chosen by measurement: which scores make one a likely one."""

from tools.likely_grooves import GrooveScore, likely


def _scores(stem, fits, *, level_db=-20.0, excerpts=40):
    figures = {"silent": 0.1, "onsets": 2.0, "level_db": level_db}
    return [
        GrooveScore(stem, groove, {**figures, "rhythm": fit})
        for groove, fit in fits.items()
        for _ in range(excerpts)
    ]


def test_the_best_comes_first_and_what_is_far_below_not_at_all():
    scores = _scores("bass", {"pop": 0.30, "funk": 0.32, "waltz": 0.2})
    assert likely(scores, "bass") == ["funk", "pop"]


def test_a_groove_that_is_too_soft_is_left_out():
    scores = _scores("bass", {"pop": 0.3, "funk": 0.3})
    scores += _scores("bass", {"rock": 0.5}, level_db=-26.0)
    assert "rock" not in likely(scores, "bass")


def test_a_class_has_its_own_grooves_as_far_as_it_has_excerpts():
    many = _scores("drums", {"pop": 0.4, "funk": 0.3}, excerpts=40)
    few = _scores("bass", {"pop": 0.3, "funk": 0.45}, excerpts=1)
    assert likely(many + few, "bass")[0] == "pop"
    more = _scores("bass", {"pop": 0.3, "funk": 0.45}, excerpts=40)
    assert likely(many + more, "bass")[0] == "funk"
    assert likely(many, "bass") == likely(many, "drums"), "no excerpt of its own"


def test_chroma_counts_where_there_is_pitch():
    flat = GrooveScore("bass", "pop", {"rhythm": 0.3, "level_db": -20.0})
    tuned = GrooveScore("bass", "funk", {"rhythm": 0.3, "chroma": 0.2, "level_db": -20.0})
    assert likely([flat, tuned], "bass") == ["funk"]
