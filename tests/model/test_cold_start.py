"""Mix and beat where a take begins: heard late, and found later."""

import torch

from model.networks.annotation import COUNT
from model.training.cold_start import begun_anew, heard_anew

STREAMS, HOPS, ANTICIPATION = 64, 160, 20


def _begun():
    """Return beats begun anew, those given, and the hop at which each stream hears first."""
    torch.manual_seed(0)
    count_BTC = torch.arange(STREAMS)[:, None, None].expand(STREAMS, HOPS, COUNT) + 1.0
    given_BTC = torch.cat([count_BTC, torch.full((STREAMS, HOPS, 1), 0.7)], dim=-1)
    late_B = 1 + ANTICIPATION * (torch.arange(STREAMS) % 2)
    return begun_anew(given_BTC, late_B), given_BTC, late_B


def test_nothing_is_told_before_anything_is_heard():
    begun_BTC, _, late_B = _begun()
    for begun_TC, late in zip(begun_BTC, late_B.tolist(), strict=True):
        assert not begun_TC[: late + 2].any()
        assert begun_TC[late + 2 :, -1].min() > 0


def test_the_beat_is_found_within_four_seconds_at_different_times():
    begun_BTC, given_BTC, late_B = _begun()
    found_B = (begun_BTC == given_BTC).all(-1).float().argmax(1) - late_B
    assert found_B.max() <= 80
    assert len(set(found_B.tolist())) > 20
    for begun_TC, given_TC, late in zip(begun_BTC, given_BTC, late_B.tolist(), strict=True):
        assert torch.equal(begun_TC[late + 80 :], given_TC[late + 80 :])


def test_until_then_confidence_is_small_and_most_beats_are_of_other_music():
    begun_BTC, given_BTC, late_B = _begun()
    searching_BT = (begun_BTC[..., -1] > 0) & (begun_BTC[..., -1] != given_BTC[..., -1])
    assert begun_BTC[searching_BT][:, -1].max() < 0.15
    rows_N = torch.nonzero(searching_BT.any(1))[:, 0]
    first_N = late_B[rows_N] + 2
    own_N = begun_BTC[rows_N, first_N, 0] == given_BTC[rows_N, first_N, 0]
    assert 0.2 < own_N.float().mean() < 0.6


def test_a_new_encoder_hears_silence_first_then_the_mix():
    mix_BTC, silence_C = torch.randn(2, 12, 5), torch.full((5,), 3.0)
    heard_BTC = heard_anew(mix_BTC, silence_C)
    assert (heard_BTC[:, :3] == silence_C).all()
    torch.testing.assert_close(heard_BTC[:, 3], (mix_BTC[:, 3] + silence_C) / 2)
    assert torch.equal(heard_BTC[:, 4:], mix_BTC[:, 4:])
