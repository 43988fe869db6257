"""Short runs of the trials; how long things take is measured, not asserted."""

import json
from itertools import islice

import pytest

from tools.trials.__main__ import main
from tools.trials.agreement import agreements
from tools.trials.control import control_effects
from tools.trials.storm import LARGEST, malformed_packets, storm_phases

pytestmark = [pytest.mark.jack, pytest.mark.slow]


def test_messages_have_effects_and_dated_ones_none_before_their_time():
    effects = {effect.name: effect.frames for effect in control_effects(8)}
    assert list(effects) == ["osc gain/out", "midi mute", "bundle +5 s", "osc freeze"]
    assert [len(frames) for frames in effects.values()] == [8, 8, 1, 1]
    assert min(map(min, effects.values())) > -256  # a block: the clock is read that exactly


def test_two_faders_and_a_motor_fader_come_to_agree():
    rounds = list(agreements(1.0, watched_s=2.0))
    assert [each.takeover for each in rounds] == ["pickup", "jump", "scale"]
    assert all(each.settled_s < float("inf") for each in rounds), rounds


def test_a_storm_is_taken_in_whole_and_leaves_no_trace():
    phases = {phase.phase: phase for phase in storm_phases("passthrough", 5000, busy_s=1.0)}
    assert phases["storm"].packets >= 5000
    assert phases["1000 messages a second"].packets >= 1000
    assert sum(phase.alarms for phase in phases.values()) == 0
    assert all(phase.hops > 0 for phase in phases.values())


def test_the_storm_is_of_every_kind_and_the_same_each_time():
    storm = list(islice(malformed_packets(3), 500))
    assert storm == list(islice(malformed_packets(3), 500))
    assert max(map(len, storm)) == LARGEST
    assert min(map(len, storm)) < 8


@pytest.mark.parametrize(("late", "code"), [(100, 0), (3000, 1)])
def test_the_command_tells_figures_and_whether_the_promise_holds(
    monkeypatch, capsys, late, code
):
    from tools.trials.control import Effect

    def measured(samples):
        yield Effect("osc gain/out", [late] * samples, 2656)

    monkeypatch.setattr("tools.trials.control.control_effects", measured)
    assert main(["control", "--json", "--steps", "3"]) == code
    told = json.loads(capsys.readouterr().out)
    assert (told["part"], told["samples"], told["max_frames"]) == ("osc gain/out", 3, late)
    assert told["p50_ms"] == pytest.approx(late / 48, abs=0.001)
    assert told["budget_ms"] == pytest.approx(2656 / 48, abs=0.001)
