"""Several players of one checkpoint: each as it would play alone, and none heard by another."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from model.accompanist import Accompanist
from model.autoencoder import Autoencoder
from model.checkpoint import Checkpoint
from model.config import AutoencoderConfig, GeneratorConfig
from model.generator import Generator
from model.layers.synthesis import OVERLAPS

HOP, WINDOW = 2400, 8
CLOSE = 1e-4
"""Relative: a batch is multiplied in another order than a single stream."""


@dataclass(frozen=True)
class Asked:
    stem: str = "bass"
    anticipation_hops: int = 2
    groove: str = "any"
    noise: float = 1.0
    seed: int = 7


BASS, DRUMS, OTHER = Asked(), Asked(stem="drums", seed=8), Asked(seed=9, noise=0.5)


@pytest.fixture(scope="module")
def checkpoint():
    torch.manual_seed(3)
    codec = AutoencoderConfig(
        latent=6, encoder_inner=16, encoder_hop=24, decoder_hop=24, decoder_inner=16
    )
    config = GeneratorConfig(
        latent=6,
        channels=24,
        context_depth=1,
        depth=2,
        heads=2,
        window=WINDOW,
        condition=8,
        stems=("drums", "bass"),
        grooves=("polka",),
    )
    generator = Generator(config)
    for parameter in generator.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return Checkpoint("small", Autoencoder(codec).eval(), generator.eval(), {}, "0" * 8)


def mix(hops, seed=0):
    return 0.1 * np.random.default_rng(seed).standard_normal((hops, HOP)).astype(np.float32)


def seated(checkpoint, players):
    band = Accompanist(checkpoint)
    for player, asked in players.items():
        band.condition(player, asked)
    for _ in range(3):
        band.play()
    return band


def go_on(band, hops):
    """Return what everyone plays to these hops of the mix, ``(players, frames)``."""
    played = []
    for hop in hops:
        band.listen(hop)
        played.append(band.play())
    return np.concatenate(played, axis=1)


def assert_close(one, other):
    assert np.abs(one - other).max() <= CLOSE * np.abs(other).max()


def test_each_plays_what_it_would_play_alone(checkpoint):
    hops = mix(3 * WINDOW)
    asked = {1: BASS, 2: DRUMS, 5: OTHER}
    together = go_on(seated(checkpoint, asked), hops)
    assert together.shape == (3, len(hops) * HOP)
    for row, (player, conditions) in zip(together, asked.items(), strict=True):
        alone = go_on(seated(checkpoint, {player: conditions}), hops)
        assert_close(row, alone[0])


def test_the_rows_follow_the_numbers_whoever_came_first(checkpoint):
    one, other = (
        seated(checkpoint, {2: DRUMS, 1: BASS}),
        seated(checkpoint, {1: BASS, 2: DRUMS}),
    )
    assert one.players == other.players == (1, 2)
    assert np.array_equal(go_on(one, mix(4)), go_on(other, mix(4)))


@pytest.mark.parametrize("before", [3, 2 * WINDOW])
def test_who_joins_begins_afresh_and_disturbs_nobody(checkpoint, before):
    early, late = mix(before), mix(2 * WINDOW, seed=1)
    band, alone = seated(checkpoint, {1: BASS}), seated(checkpoint, {1: BASS})
    go_on(band, early)
    go_on(alone, early)
    band.condition(2, DRUMS)
    together = go_on(band, late)
    assert_close(together[0], go_on(alone, late)[0])
    assert np.abs(together[1]).max() > 0
    twin = seated(checkpoint, {1: OTHER})  # another first player, so the second owes it nothing
    go_on(twin, early)
    twin.condition(2, DRUMS)
    assert_close(together[1], go_on(twin, late)[1])


def test_who_joins_sounds_from_silence(checkpoint):
    band = seated(checkpoint, {1: BASS})
    go_on(band, mix(10))
    band.condition(2, DRUMS)
    first = go_on(band, mix(1))[1]
    assert np.abs(first[:20]).max() < 0.1 * np.abs(first).max()


def test_who_leaves_is_not_missed_and_comes_back_afresh(checkpoint):
    hops, later = mix(6), mix(12, seed=2)
    band, alone = seated(checkpoint, {1: BASS, 2: DRUMS}), seated(checkpoint, {1: BASS})
    go_on(band, hops)
    go_on(alone, hops)
    band.dismiss(2)
    band.dismiss(2)
    assert band.players == (1,)
    assert_close(go_on(band, later)[0], go_on(alone, later)[0])
    for other in (band, alone):
        other.condition(2, DRUMS)
    assert_close(go_on(band, later), go_on(alone, later))


def test_a_lone_player_is_the_same_to_the_bit_whatever_its_number(checkpoint):
    hops = mix(2 * WINDOW)
    one = go_on(seated(checkpoint, {1: BASS}), hops)
    assert np.array_equal(one, go_on(seated(checkpoint, {8: BASS}), hops))


def test_a_memory_holds_everyone_and_who_was_not_there_begins_afresh(checkpoint):
    band = seated(checkpoint, {1: BASS, 2: DRUMS})
    go_on(band, mix(6))
    memory = band.state()
    quiet = [Asked(stem="bass", noise=0.0), Asked(stem="drums", noise=0.0)]

    def from_memory(player_three):
        band.restore(memory)
        band.dismiss(3)
        for player, asked in enumerate(quiet, 1):
            band.condition(player, asked)
        if player_three:
            band.condition(3, OTHER)
            band.restore(memory)
        band._speaking = band._decoder.init_state(len(band.players))
        return go_on(band, mix(5, seed=4))

    first = from_memory(False)
    go_on(band, mix(9, seed=5))
    again = from_memory(False)
    # The decoder's own jitter goes on with its count of steps.
    rung_out = (OVERLAPS - 1) * band.overlap
    assert_close(again[:, rung_out:], first[:, rung_out:])
    three = from_memory(True)
    assert three.shape[0] == 3
    assert_close(three[:2, rung_out:], first[:, rung_out:])


def test_restart_and_reset_keep_the_players(checkpoint):
    band = seated(checkpoint, {1: BASS, 2: DRUMS})
    fresh = go_on(band, mix(5))
    band.restart()
    for _ in range(3):
        band.play()
    assert np.array_equal(go_on(band, mix(5)), fresh)
    band.reset()
    assert band.play().shape == (2, HOP)


def test_parts_step_everyone(checkpoint):
    parts = seated(checkpoint, {1: BASS, 2: DRUMS}).parts()
    assert parts["generate"]().shape[0] == 2
    assert parts["decode"]().shape == (2, HOP, 1)
    assert Accompanist(checkpoint).parts()["generate"]().shape[0] == 1
