"""Batches of latents: a target, its own mix, and a mix that belongs to another target."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.data.latents import LatentPair
from model.data.pairing import draw_edge, draw_window
from model.errors import DataError
from model.networks.annotation import COUNT, transposed

__all__ = ["Batch", "PairBatches"]

MARGIN = 40
"""Hops a mix may be moved by to make it wrong: two seconds."""
MOVED, TRANSPOSED = 0.4, 0.25
"""Shares of the wrong mixes that are the right one in another place, or in another key."""
EDGE = 0.05
"""Share of items in which the band begins or ends, where the song is counted."""
RESTING = 0.03
"""Share of items whose target rests throughout: when not to play is learnt as well."""
UNHEARD = 0.5
"""Share of the moved mixes of which only the annotation is shown."""

_Track = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Batch:
    """Targets with their mixes, and for each a mix and an annotation of another target."""

    mix_BTC: Tensor
    """Mix latents, ``(B, T, latent)``."""
    annotation_BTC: Tensor
    """Beat, bar and chord of the mix, ``(B, T, ANNOTATION)``."""
    tracked_BATC: Tensor
    """What the beat tracker said on this very mix, by anticipation: ``(B, A, T, COUNT + 1)``.
    The last channel is its confidence, 0..1, the others the count as the networks read it;
    zeros where it says nothing."""
    onset_BTC: Tensor
    """Onsets of the mix, ``(B, T, 1)``."""
    stem_BTC: Tensor
    """Target latents, ``(B, T, latent)``."""
    other_mix_BTC: Tensor
    """Latents of a wrong mix."""
    other_annotation_BTC: Tensor
    """Its annotation."""
    unheard_B: Tensor
    """1 where right and wrong differ in the annotation only: nothing else may be judged."""
    stem_B: Tensor
    """Stem class indices, int64."""
    groove_B: Tensor
    """1 + groove label, 0 where it is unknown, int64."""

    def to(self, device: torch.device) -> Batch:
        """Return the batch on another device."""
        return Batch(*(getattr(self, f.name).to(device) for f in fields(self)))


class PairBatches:
    """Random batches; classes are drawn evenly.

    Some wrong mixes are the right one moved by up to two seconds but not by a bar, so that
    the judge learns rhythm; some are of another song, of the same groove label where there is
    one, so that it learns more than style; of some only the annotation is wrong, transposed, so
    that it learns harmony.

    Args:
        pairs: What to draw from; songs shorter than ``hops + MARGIN`` are left out.
        classes: Order of the stem classes, as the generator numbers them.
        grooves: Order of the groove labels, as the generator numbers them.
        batch: Items per batch.
        hops: Hops per item.

    Raises:
        DataError: A class has no song that is long enough.
    """

    def __init__(
        self,
        pairs: list[LatentPair],
        classes: tuple[str, ...],
        grooves: tuple[str, ...],
        *,
        batch: int,
        hops: int,
    ) -> None:
        self.batch, self.hops = batch, hops
        self._by_class = [
            [p for p in pairs if p.stem_class == name and len(p.stem) >= hops + MARGIN]
            for name in classes
        ]
        for name, found in zip(classes, self._by_class, strict=True):
            if not found:
                raise DataError(f"no song with {name} is longer than {hops + MARGIN} hops")
        self._grooves = {label: number for number, label in enumerate(grooves, start=1)}

    def draw(self, rng: random.Random) -> Batch:
        """Return a batch; ``rng`` decides everything."""
        kinds = [rng.randrange(len(self._by_class)) for _ in range(self.batch)]
        chosen = [rng.choice(self._by_class[kind]) for kind in kinds]
        items = [
            _item(pair, self._by_class[kind], self.hops, rng)
            for pair, kind in zip(chosen, kinds, strict=True)
        ]
        *tracks, unheard = zip(*items, strict=True)
        tensors = [torch.from_numpy(np.stack(track)).float() for track in tracks]
        labels = torch.tensor([self._grooves.get(pair.groove, 0) for pair in chosen])
        tensors += [torch.tensor(unheard).float(), torch.tensor(kinds), labels]
        return Batch(*tensors)


def _item(
    pair: LatentPair, same_class: list[LatentPair], hops: int, rng: random.Random
) -> tuple[_Track, _Track, _Track, _Track, _Track, _Track, _Track, bool]:
    start = _start(pair, hops, rng)
    here = slice(start, start + hops)
    right = (
        pair.mix[here],
        pair.annotation[here],
        pair.tracked[:, here],
        pair.onset[here],
        pair.stem[here],
    )
    draw = rng.random()
    if draw < TRANSPOSED and pair.annotation[here, -1].any():
        return (
            *right,
            pair.mix[here],
            transposed(pair.annotation[here], rng.randint(1, 11)),
            True,
        )
    unheard = False
    if draw < TRANSPOSED + MOVED:
        other, there = pair, _elsewhere(pair, start, rng)
        unheard = rng.random() < UNHEARD and bool(pair.annotation[here, COUNT].any())
    else:
        strangers = [p for p in same_class if p.song != pair.song] or same_class
        other = rng.choice([p for p in strangers if p.groove == pair.groove] or strangers)
        there = rng.randrange(len(other.stem) - hops + 1)
    away = slice(there, there + hops)
    return *right, other.mix[away], other.annotation[away], unheard


def _start(pair: LatentPair, hops: int, rng: random.Random) -> int:
    """Return where a sequence begins; at random if no stretch of the song fits."""
    stem_db, mix_db = (
        track[:-MARGIN].astype(np.float64) for track in (pair.stem_db, pair.mix_db)
    )
    draw = rng.random()
    start = None
    if draw >= 1 - EDGE:
        start = draw_edge(rng, pair.annotation[:-MARGIN, COUNT] > 0, hops)
    if start is None:
        start = draw_window(rng, stem_db, mix_db, hops, resting=draw < RESTING)
    if start is None:
        start = draw_window(rng, stem_db, mix_db, hops)
    return rng.randrange(len(stem_db) - hops + 1) if start is None else start


def _elsewhere(pair: LatentPair, start: int, rng: random.Random) -> int:
    """Return a later place of the song; in another part of the bar where beats are known."""
    place = start + rng.randint(3, MARGIN)
    here = pair.annotation[start, COUNT - 3 : COUNT - 1].astype(np.float32)
    for _ in range(8):
        if here @ pair.annotation[place, COUNT - 3 : COUNT - 1].astype(np.float32) < 0.7:
            break
        place = start + rng.randint(3, MARGIN)
    return place
