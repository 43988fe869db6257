"""The beat that the generator is told: alike in training and on stage."""

from dataclasses import replace

import pytest
import torch

from model.accompanists.condition_encoding import transport_input
from model.data.batches import Batch
from model.formats.conditions import Phase
from model.networks.annotation import ANNOTATION, COUNT
from model.networks.config import GeneratorConfig
from model.networks.generator import StreamCondition
from model.training.conditions import draw_beat
from model.training.settings import LiveBandTraining

HOPS = 3
TRACKED = replace(LiveBandTraining(), tracked_share=1.0, true_share=0.0)


def _told(phase, *, confidence):
    """Return the beat input of a training whose tracker said this of every hop."""
    tracked_BATC = torch.zeros(1, 2, HOPS, COUNT + 1)
    sure = GeneratorConfig(confidence=True)
    tracked_BATC[:, 1, :, :COUNT] = torch.tensor(transport_input(phase, sure)[:COUNT])
    tracked_BATC[:, 1, :, COUNT] = phase.confidence
    track_BTC, zero_B = torch.zeros(1, HOPS, ANNOTATION), torch.zeros(1, dtype=torch.int64)
    batch = Batch(
        track_BTC, track_BTC, tracked_BATC, *[track_BTC] * 4, zero_B, zero_B, zero_B
    )  # fmt: skip
    condition = StreamCondition(zero_B, zero_B + 1, zero_B, torch.zeros(1, 4))
    config = GeneratorConfig(confidence=confidence)
    return draw_beat(batch, condition, TRACKED, config, zero_B.bool())[0]


@pytest.mark.parametrize("confidence", [0.0, 0.01, 0.025, 0.05, 0.06, 1.0])
def test_training_tells_a_beat_as_the_stage_does(confidence):
    phase = Phase(0.3, 0.8, 97.0, confidence)
    on_stage = torch.tensor(transport_input(phase, GeneratorConfig(confidence=True)))
    torch.testing.assert_close(_told(phase, confidence=True), on_stage.expand(HOPS, -1))


def test_a_beat_is_certain_long_before_the_tracker_is():
    trust = [
        transport_input(Phase(0.3, 0.8, 97.0, sure), GeneratorConfig(confidence=True))[COUNT]
        for sure in (0.0, 0.025, 0.05, 0.5)
    ]
    assert trust == [0.0, 0.5, 1.0, 1.0]


@pytest.mark.parametrize(("confidence", "certain"), [(0.4, 0.0), (0.6, 1.0)])
def test_who_reads_no_confidence_is_told_a_beat_or_none(confidence, certain):
    told_TC = _told(Phase(0.3, 0.8, 97.0, confidence), confidence=False)
    assert (told_TC[:, COUNT] == certain).all()
    assert bool(told_TC[:, :COUNT].any()) == bool(certain)
