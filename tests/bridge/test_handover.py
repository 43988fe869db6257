"""Tests of the hand-over crossfade: no gap and no step, whatever the two engines play."""

import itertools

import numpy as np
import pytest

from bridge.engine.handover import HandoverCrossfade
from bridge.stream.stem_hop import StemHop

HOP = 2400


def tone(position, frames, hz, level=0.5):
    at = np.arange(position, position + frames) / 48000
    return (level * np.sin(2 * np.pi * hz * at)).astype(np.float32)


def hops(hz, first, count, trail=0, players=(1,)):
    """Return the hops of an engine that plays a tone, by place on the common timeline."""
    return [
        StemHop(
            k * HOP - trail, np.stack([tone(k * HOP - trail, HOP, hz)] * len(players)), players
        )
        for k in range(first, first + count)
    ]


def write(crossfade, stems, out):
    for stem in stems:
        for piece in crossfade.push(stem):
            out.append(piece)


def handed_over(old_hops, new_hops, ahead=0):
    """Let one engine play, the other take over with its last hop; return what was written.

    The new one is ``ahead`` hops further than the old when it takes over.
    """
    out = []
    old, new = HandoverCrossfade(), HandoverCrossfade(standby=True)
    half = len(old_hops) // 2
    write(old, old_hops[:half], out)
    write(new, new_hops[: half + ahead], out)
    begin = out[-1].position + HOP
    old.release()
    write(old, old_hops[half:], out)
    assert old.last is not None
    out += new.take_over(begin, old.last)
    write(new, new_hops[half + ahead :], out)
    return out, begin


def joined(pieces, player=1):
    """Return the sound of a player; nothing may lack or overlap."""
    for before, after in itertools.pairwise(pieces):
        assert after.position == before.position + before.audio.shape[1]
    return np.concatenate([piece.audio[piece.players.index(player)] for piece in pieces])


@pytest.mark.parametrize("ahead", [-1, 0, 1, 2])
@pytest.mark.parametrize("trails", [(0, 0), (480, 480), (0, 480), (480, 0), (0, 1700)])
def test_there_is_neither_gap_nor_step(ahead, trails):
    old, new = hops(311, 0, 8, trails[0]), hops(197, 0, 10, trails[1])
    pieces, begin = handed_over(old, new, ahead)
    out = joined(pieces)
    first = pieces[0].position
    assert np.abs(np.diff(out)).max() < 1.05 * np.abs(np.diff(tone(0, HOP, 311))).max()
    np.testing.assert_array_equal(out[: begin - first], tone(first, begin - first, 311))
    end = begin + HOP
    np.testing.assert_array_equal(out[end - first :], tone(end, len(out) - end + first, 197))


def test_what_both_play_alike_goes_on_as_if_nothing_had_been():
    pieces, _ = handed_over(hops(220, 0, 8), hops(220, 0, 8))
    out = joined(pieces)
    np.testing.assert_allclose(out, tone(0, len(out), 220), atol=1e-6)


def test_players_whom_only_one_of_them_has_come_and_go_softly():
    old, new = hops(311, 0, 8, players=(1, 2)), hops(197, 0, 8, players=(1, 3))
    pieces, begin = handed_over(old, new)
    (crossed,) = (piece for piece in pieces if piece.position == begin)
    assert crossed.players == (1, 2, 3)
    leaves, comes = crossed.audio[1], crossed.audio[2]
    assert abs(leaves[-1]) < 1e-3
    assert abs(comes[0]) < 1e-3
    assert np.abs(leaves).max() > 0.4
    assert np.abs(comes).max() > 0.4


def test_an_unheard_engine_writes_nothing_and_one_that_left_neither():
    out = []
    write(HandoverCrossfade(standby=True), hops(100, 0, 3), out)
    crossfade = HandoverCrossfade()
    crossfade.release()
    write(crossfade, hops(100, 0, 3), out)
    assert out == []
    assert crossfade.last.position == 0


def test_without_a_last_hop_it_begins_where_it_is_told():
    crossfade = HandoverCrossfade(standby=True)
    write(crossfade, hops(100, 0, 5), [])
    out = list(crossfade.take_over(2 * HOP + 240, None))
    write(crossfade, hops(100, 5, 2), out)
    assert out[0].position == 2 * HOP + 240
    assert len(joined(out)) == 5 * HOP - 240


def test_hops_of_a_grid_that_is_no_more_are_not_written():
    crossfade = HandoverCrossfade(standby=True)
    write(crossfade, hops(100, 0, 5), [])
    crossfade.reset()
    assert list(crossfade.take_over(0, None)) == []
