"""Outside of inference mode the reference plays the same."""

from dataclasses import dataclass

import numpy as np

from model.eager import load as load_eager
from model.formats.checkpoint_folder import DEFAULT
from model.players import load


@dataclass(frozen=True)
class Asked:
    stem: str
    anticipation_hops: int = 0
    groove: str = "any"
    noise: float = 1.0
    seed: int = 3


def test_it_plays_what_the_reference_plays():
    mix = 0.1 * np.random.default_rng(0).standard_normal((6, 2400)).astype(np.float32)
    played = []
    for player in (load(DEFAULT), load_eager(DEFAULT)):
        for number in (1, 2):
            player.condition(number, Asked(player.stems[number]))
        hops = []
        for hop in mix:
            player.listen(hop)
            hops.append(player.play())
        player.dismiss(1)
        hops.append(np.tile(player.play(), (2, 1)))
        played.append(np.stack(hops))
    assert np.array_equal(*played)
