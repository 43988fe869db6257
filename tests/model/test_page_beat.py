"""The companion page, whose players are told the beat by the beat tracker, and says so."""

import pytest
import torch

from model.checkpoint import load_checkpoint, save_checkpoint
from model.data.index import load_songs
from model.evaluation.beat_estimates import tracked_phases
from model.evaluation.excerpts import choose_excerpts, load_mix
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.network import Baseline
from model.page import samples
from model.page.html import _source
from model.page.numbers import numbers_of
from model.page.page_systems import systems_of_checkpoint
from model.presets import load_preset

RATE = 48_000


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    folder = tmp_path_factory.mktemp("members") / "codes"
    torch.manual_seed(0)
    preset = load_preset("smoke")
    network = Baseline(preset.generator, preset.coding).eval()
    save_checkpoint(folder, Autoencoder(preset.autoencoder).eval(), network, {})
    return folder


def _row(system):
    return {"system": system, "rhythm": 0.2, "intervals": {}, "drift_bins": None}


ROWS = [_row("ground truth"), _row("liveband 0 s")]
RIVALS = [_row("ground truth"), _row("streammusicgen 0 s")]


def test_the_page_says_who_is_told_the_beat_and_does_not_mix_it_with_who_is_not():
    told = [{**_row("streammusicgen 0 s"), "beat": "tracker"}]
    setting = {"songs": 3, "split": "test", "seconds": 5.0, "drift_seconds": 0.0}

    def numbers(*tables):
        return numbers_of(
            {str(n): {"evaluation": {"rows": t, **setting}} for n, t in enumerate(tables)}, None
        )

    assert numbers(ROWS, RIVALS).setting == setting
    assert numbers(ROWS, told).setting == {}
    assert "told the beat alike" in _source(numbers(ROWS, told))
    assert "told the beat by the beat tracker" in _source(numbers(told))
    assert "told" not in _source(numbers(ROWS))


def test_the_baseline_on_the_page_is_told_the_beat_as_on_stage(baseline, rendered, monkeypatch):
    seen = []
    play = samples.play_together

    def played(checkpoint, mixes, asked, phases):
        seen.append((mixes[0], [request.anticipation_hops for _, request in asked], phases))
        return play(checkpoint, mixes, asked, phases)

    monkeypatch.setattr(samples, "play_together", played)
    excerpt = choose_excerpts(
        load_songs(rendered, "test"), ("bass",), sample_rate=RATE, frames=RATE, per_song=1
    )[0]
    parts = systems_of_checkpoint("codes", baseline, load_checkpoint(baseline))
    stems = list(samples._played(parts, load_mix(excerpt), excerpt, RATE))
    assert [len(stem) for stem in stems] == [RATE] * len(parts)
    ((mix, ahead, phases),) = seen
    for hops, own in zip(ahead, phases, strict=True):
        assert own == tracked_phases(mix, hops, (hops,), hop=2400, sample_rate=RATE)
        assert own[-1] is not None
