"""Ranges of the settings of the generator's training."""

import pytest

from model.errors import ModelConfigError
from model.training.baseline import BaselineTraining
from model.training.settings import LiveBandTraining


@pytest.mark.parametrize("share", [-0.01, 0.51, float("nan")])
def test_a_batch_holds_at_most_as_many_second_takes_as_first_ones(share):
    with pytest.raises(ModelConfigError, match=f"0 to 0.5, .* got {share:g}; 0 trains without"):
        LiveBandTraining(takes_share=share)


@pytest.mark.parametrize("apart", [0.0, -1.0, float("nan")])
def test_second_takes_are_wanted_apart_or_not_at_all(apart):
    with pytest.raises(ModelConfigError, match=f"above 0, got {apart:g}; .* set takes to 0"):
        LiveBandTraining(takes_apart=apart)


@pytest.mark.parametrize("belief", [-0.1, float("nan")])
def test_predictions_weigh_something_or_nothing(belief):
    with pytest.raises(ModelConfigError, match=f"0 or more, got {belief:g}; 0 leaves"):
        LiveBandTraining(belief=belief)
    with pytest.raises(ModelConfigError, match="belief must be 0 or more"):
        BaselineTraining(belief=belief)


@pytest.mark.parametrize(("stretches", "steps"), [(9, 100), (10, 0)])
def test_the_level_probe_needs_something_to_learn_from(stretches, steps):
    with pytest.raises(ModelConfigError, match=f"got {stretches} and {steps}$"):
        LiveBandTraining(probe_stretches=stretches, probe_steps=steps)


@pytest.mark.parametrize(
    ("share", "batch", "takes", "expected"),
    [
        (0.25, 16, 1.0, 4),
        (0.5, 8, 1.0, 4),
        (0.5, 7, 1.0, 3),
        (0.0, 8, 1.0, 0),
        (0.25, 16, 0.0, 0),
    ],
)
def test_second_takes_of_a_batch(share, batch, takes, expected):
    settings = LiveBandTraining(takes_share=share, batch=batch, takes=takes)
    assert settings.second_takes == expected
