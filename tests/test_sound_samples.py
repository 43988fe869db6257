"""The documentation's sound samples: sums that do not clip, and files that README links."""

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.data.stems import STEM_CLASSES
from tools.sound_samples import audible_take, laid_over, page

ROOT = Path(__file__).parents[1]


def test_a_stem_is_laid_over_the_mix_at_its_own_level():
    mix, stem = np.full((8, 2), 0.25, np.float32), np.full((8, 2), -0.5, np.float32)
    assert laid_over(mix, stem) == pytest.approx(mix + stem)


def test_what_would_clip_is_softer_as_a_whole():
    ramp = np.linspace(-0.8, 0.8, 16, dtype=np.float32).reshape(8, 2)
    both = laid_over(ramp, ramp)
    assert np.abs(both).max() == pytest.approx(0.9)
    assert both / ramp == pytest.approx(np.full((8, 2), both[0, 0] / ramp[0, 0]))


def test_takes_that_are_too_soft_to_be_heard_are_passed_over():
    levels = [0.001, 0.019, 0.021, 0.5]

    def play(seed):
        return np.full((8, 2), levels[seed], np.float32)

    seed, take = audible_take(play)
    assert (seed, take[0, 0]) == (2, np.float32(0.021))
    with pytest.raises(RuntimeError, match="none of 10 takes reaches -34 dB"):
        audible_take(lambda seed: play(0))


@pytest.mark.parametrize("stem", STEM_CLASSES)
def test_each_sample_is_there_audible_and_linked(stem):
    file = ROOT / "docs" / "sounds" / f"{stem}.ogg"
    sound, _ = soundfile.read(file)
    mix, _ = soundfile.read(ROOT / "bridge" / "assets" / "mix.ogg")
    assert sound.shape == mix.shape
    scale = np.vdot(sound, mix) / np.vdot(mix, mix)
    assert np.std(sound / scale - mix) > 0.03  # coding it again leaves 0.024
    assert f"(docs/sounds/{stem}.ogg)" in (ROOT / "README.md").read_text()
    assert file.stat().st_size < 500_000


def test_the_page_beside_them_is_the_commands():
    told = (ROOT / "docs" / "sounds" / "README.md").read_text()
    weights = told.partition("`default` (")[2].partition(")")[0]
    assert len(weights) == 12
    later = dict(re.findall(r"\[(\w+)\]\(\S+\) \(take (\d+)\)", told))
    assert told == page(weights, {stem: int(later.get(stem, 1)) - 1 for stem in STEM_CLASSES})
