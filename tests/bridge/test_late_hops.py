"""Tests of what becomes of hops that come too late, on a share whose clock the test sets."""

from dataclasses import dataclass

import numpy as np
import pytest

from bridge.engine.handover import HandoverCrossfade
from bridge.engine.late_hops import LateHops
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.stem_hop import StemHop
from bridge.testing import ScriptedModel

RATE = 48000
HOP = RATE // 20
EPOCH = 5000


@dataclass
class Share:
    """The part of the share that late hops are about."""

    frame: int = EPOCH
    stem_delay: int = 0
    freewheel: bool = False
    mix_kept: int = 0
    mix_written: int = 0
    rate: int = RATE
    late: int = 0
    skipped: int = 0

    def read_mix(self, start, count):
        return np.zeros(count, np.float32) if start >= self.mix_kept else None

    def add_late(self):
        self.late += 1

    def add_skipped(self, hops):
        self.skipped += hops


@pytest.fixture
def share():
    return Share()


@pytest.fixture
def scheduler():
    scheduler = HopScheduler(
        ScriptedModel(), RATE, Conditions(stem="drums", anticipation_hops=0)
    )
    list(scheduler.start())
    assert (scheduler.heard, scheduler.played) == (0, 1)
    assert 0 < scheduler.trail < HOP
    return scheduler


@pytest.fixture
def late_hops(share, scheduler):
    return LateHops(share, scheduler, HandoverCrossfade())


@pytest.mark.parametrize(
    ("ahead", "late", "admitted"),
    [(0, 0, True), (-1, 1, True), (1 - HOP, 1, True), (-HOP, 1, False)],
)
def test_a_late_hop_is_counted_and_its_end_is_heard(share, late_hops, ahead, late, admitted):
    share.frame, share.stem_delay = EPOCH + 300, 200
    stem = StemHop(EPOCH + 100 + ahead, np.zeros((1, HOP), np.float32), (1,))
    assert late_hops.admit(stem) is admitted
    assert share.late == late


@pytest.mark.parametrize(("past", "skipped"), [(-1, 0), (0, 1), (HOP - 1, 1), (HOP, 2)])
def test_a_backlog_is_skipped_as_far_as_nobody_would_hear_it(
    share, scheduler, late_hops, past, skipped
):
    share.stem_delay = 200
    end = (scheduler.played + 1) * HOP - scheduler.trail
    share.frame = EPOCH + 200 + end + past
    late_hops.skip_backlog(EPOCH)
    assert scheduler.heard == share.skipped == skipped


def test_who_is_not_heard_in_time_skips_no_backlog(share, scheduler, late_hops):
    share.frame = EPOCH + 100 * HOP
    LateHops(share, scheduler, HandoverCrossfade(standby=True)).skip_backlog(EPOCH)
    share.freewheel = True
    late_hops.skip_backlog(EPOCH)
    assert scheduler.heard == share.skipped == 0


def test_a_mix_that_was_overwritten_is_skipped_up_to_the_newest(share, scheduler, late_hops):
    share.mix_written = EPOCH + 7 * HOP + 1
    late_hops.skip_overwritten(EPOCH)
    assert scheduler.heard == share.skipped == 7


@pytest.mark.parametrize(
    ("elapsed", "first"), [(0, 1), (1, 2), (HOP, 2), (HOP + 1, 3), (-3 * HOP, 0)]
)
def test_a_take_starts_with_one_hop_of_time(share, scheduler, late_hops, elapsed, first):
    share.frame, share.stem_delay = EPOCH + 200 - scheduler.trail + elapsed, 200
    assert late_hops.first_hop(EPOCH) == first


def test_an_export_starts_on_hop_0_as_long_as_its_mix_is_kept(share, scheduler, late_hops):
    share.frame, share.freewheel = EPOCH + 10 * HOP - scheduler.trail, True
    assert late_hops.first_hop(EPOCH) == 0
    share.mix_kept = EPOCH + 1
    assert late_hops.first_hop(EPOCH) == 11


def test_a_standby_starts_half_a_second_after_the_oldest_mix(share, scheduler):
    standby = LateHops(share, scheduler, HandoverCrossfade(standby=True))
    share.mix_kept = EPOCH + 2 * HOP - 1
    assert standby.first_hop(EPOCH) == 12
