"""Requests that wait in an engine are completed whatever becomes of it."""

import pytest

from bridge.common.errors import ConfigError, RefusedError, SupersededError
from bridge.engine.messages import Applied, Failed, Settled, Waiting
from bridge.engine.reply_futures import ReplyFutures

STEM_AND_NOISE = frozenset({"stem", "noise"})


@pytest.fixture
def requests():
    return ReplyFutures()


def waiting(requests, names):
    """Return the parts of a request that waits, and its number."""
    id_, answer = requests.add()
    requests.take(Waiting(id_, names, 2.5))
    taken = answer.result(0)
    assert taken.within_s == 2.5
    assert taken.parts.keys() == names
    return id_, taken.parts


def test_what_is_applied_at_once_waits_for_nothing(requests):
    id_, answer = requests.add()
    requests.take(Applied(id_))
    assert answer.result(0).parts == {}


def test_a_refusal_is_raised_in_its_class(requests):
    id_, answer = requests.add()
    requests.take(Failed("no kazoo", id=id_, kind=ConfigError))
    with pytest.raises(ConfigError, match="no kazoo"):
        answer.result(0)


def test_each_part_ends_in_its_own_way_and_once(requests):
    id_, parts = waiting(requests, STEM_AND_NOISE)
    requests.take(Settled(id_, "noise", superseded=True))
    assert not parts["stem"].done()
    with pytest.raises(SupersededError, match="later change"):
        parts["noise"].result(0)
    requests.take(Settled(id_, "stem", superseded=False))
    assert parts["stem"].result(0) is None
    requests.take(Settled(id_, "stem", superseded=True))  # as of an engine before
    assert parts["stem"].exception(0) is None


def test_an_engine_that_ends_leaves_its_conditions_to_the_next_but_no_reset(requests):
    _, parts = waiting(requests, STEM_AND_NOISE | {"reset"})
    _, unanswered = requests.add()
    requests.complete_all()
    assert parts["stem"].result(0) is parts["noise"].result(0) is None
    assert unanswered.result(0).parts == {}
    with pytest.raises(RefusedError, match="send it again"):
        parts["reset"].result(0)
