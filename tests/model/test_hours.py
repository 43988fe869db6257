"""A set of many hours: positions come round, nothing grows, the sound stays what it is."""

import gc
import math
import tracemalloc

import numpy as np
import pytest

from bridge.checkpoints.loader import load_model
from model.formats.conditions import Conditions
from model.layers.attention import PERIOD, RingState
from model.onnx.generator import AttentionRings

DAY = 24 * 3600 * 20
"""Hops."""


@pytest.fixture(params=["torch", "onnx"])
def player(request):
    player = load_model("default", request.param)
    player.condition(1, Conditions(stem="bass", seed=7))
    player.restart()
    return player


def rings(root, seen=None):
    """Every ring of attention that a player keeps, wherever it does."""
    seen = set() if seen is None else seen
    if id(root) in seen:
        return []
    seen.add(id(root))
    if isinstance(root, RingState | AttentionRings):
        return [root]
    if isinstance(root, list | tuple):
        parts = list(root)
    elif isinstance(root, dict):
        parts = list(root.values())
    elif type(root).__module__.startswith("model."):
        slots = getattr(type(root), "__slots__", ())
        parts = [getattr(root, name, None) for name in slots]
        parts += list(getattr(root, "__dict__", {}).values())
    else:
        return []
    return [ring for part in parts for ring in rings(part, seen)]


def windows(player):
    return {
        ring.keys.shape[-1] if isinstance(ring, AttentionRings) else ring.keys.shape[2]
        for ring in rings(player)
    }


def play(player, hops, seed=0):
    draw = np.random.default_rng(seed)
    sound = []
    for _ in range(hops):
        player.listen(0.1 * draw.standard_normal(2400).astype(np.float32))
        sound.append(player.play().copy())
    return np.stack(sound)


def test_after_a_day_it_plays_what_it_would_have_played(player):
    play(player, 30)
    memory = player.state()
    expected = play(player, 30, seed=1)
    player.restart()
    play(player, 30)
    player.restore(memory)
    round_trip = math.lcm(PERIOD, *windows(player))
    days = -(-DAY // round_trip) * round_trip
    for ring in rings(player):
        ring.position += days
    assert rings(player)
    rounding = 1e-4 * np.abs(expected).max()
    np.testing.assert_allclose(play(player, 30, seed=1), expected, rtol=0, atol=rounding)


def test_nothing_grows_while_it_plays(player):
    def in_use():
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    play(player, 150)  # every ring has come round
    state = player.part_bytes()
    tracemalloc.start()
    play(player, 20)
    before = in_use()
    play(player, 100)
    after = in_use()
    tracemalloc.stop()
    assert player.part_bytes() == state
    assert after - before < 64 * 1024
