"""Figures of a training so far: what they tell, and of what they are told."""

from dataclasses import replace

import pytest
import torch

from model.errors import DataError
from model.networks.discriminator import Discriminator
from model.networks.generator import Generator
from model.training.settings import LiveBandTraining
from tests.model.tiny import DISCRIMINATOR, GENERATOR, HOPS, write_latents
from tools.training_figures import figures, level_shape, main

TRAINING = LiveBandTraining(batch=6, hops=HOPS)


@pytest.fixture(scope="module")
def latents(tmp_path_factory):
    return write_latents(tmp_path_factory.mktemp("latents"))


def _figures(latents, *, shift=0.0):
    torch.manual_seed(0)
    generator, discriminator = Generator(GENERATOR).eval(), Discriminator(DISCRIMINATOR).eval()
    with torch.no_grad():
        generator.leave.bias += shift
    return figures(generator, discriminator, latents, TRAINING, 3)


def test_what_is_real_stays_as_it_is_whatever_is_generated(latents):
    one, other = _figures(latents), _figures(latents, shift=3.0)
    changed = {name for name in one if one[name] != pytest.approx(other[name], abs=1e-4)}
    assert {"made", "median_made", "highest_made"} <= changed
    assert not changed & {"real", "wrong_mix", "median_real", "highest_real", "between_real"}
    assert not changed & {"count_error", "jitter"}
    assert one == _figures(latents), "the same batches each time"


def test_classes_of_another_level_are_not_songs_of_another_level():
    level_BT = torch.tensor([0.0, 2.0, 10.0, 12.0])[:, None].expand(4, 20)
    told = level_shape(level_BT, torch.tensor([0, 0, 1, 1]))
    assert told["between"] == pytest.approx(1)
    assert told["highest"] == 12
    assert level_shape(level_BT, torch.zeros(4).long())["between"] > 5


def test_a_folder_that_is_no_run_is_named(tmp_path, latents):
    with pytest.raises(DataError, match=f"{tmp_path.name} holds no state"):
        main([str(tmp_path), str(latents)])


def test_latents_without_a_class_are_refused(tmp_path, latents):
    generator = Generator(replace(GENERATOR, stems=(*GENERATOR.stems, "kazoo")))
    with pytest.raises(DataError, match="kazoo"):
        figures(
            generator,
            Discriminator(DISCRIMINATOR),
            latents,
            TRAINING,
            1,
        )
