"""The metrical level: what is told of it, what that changes, and how its network is fitted."""

import dataclasses

import numpy as np
import pytest

from model.beat_tracker.beat_follower import BeatFollower
from model.beat_tracker.beat_history import BEATS, GROUPS, PER_BEAT, BeatHistory
from model.beat_tracker.clock import ClockState
from model.beat_tracker.level_classifier import (
    INPUTS,
    LEVEL_WEIGHTS,
    LevelClassifier,
    level_inputs,
    load_level_weights,
)
from model.beat_tracker.metrical_level import LevelState, MetricalLevel
from model.beat_tracker.network import BeatNetwork
from model.beat_tracker.spectrum import FEATURES
from model.beat_tracker.tracker import CausalBeatTracker
from model.beat_tracker.weights import load_weights
from model.data.beat_mixes import songs_with_beats
from model.data.index import load_songs
from model.errors import CheckpointError
from model.training.metrical_level import (
    LevelMoments,
    area_under_curve,
    draw_moments,
    fit_level,
    level_of,
)
from tests.model.test_beat_tracker import clicks, heard
from tests.model.tiny_beats import write_song

RANDOM = np.random.default_rng(4)


def answering(log_odds):
    """Return weights whose answer is always the same."""
    shapes = {"hidden.weight": (1, INPUTS), "hidden.bias": (1,), "out.weight": (1,)}
    zeros = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    return {**zeros, "out.bias": np.array([log_odds], np.float32)}


def clock_at(phase, period):
    return ClockState(phase % 1.0, 1 / period)


# -- history --------------------------------------------------------------------------------


def test_the_history_holds_the_mean_of_each_quarter_of_a_beat():
    history, period = BeatHistory(), 20
    state, completed = history.init_state(), []
    for frame in range(6 * period + 1):
        features = np.full(FEATURES, frame // (period // PER_BEAT), np.float32)
        if history.step(features, frame / period % 1.0, state):
            completed.append(frame)
    assert completed == [20, 40, 60, 80, 100, 120]
    assert history.whole_beats(state)[:, 0].tolist() == list(range(6 * PER_BEAT))
    assert history.whole_beats(state).shape == (6 * PER_BEAT, GROUPS)


def test_no_more_than_the_last_sixteen_beats_are_kept():
    history = BeatHistory()
    state = history.init_state()
    for frame in range(40 * 8 + 1):
        history.step(np.full(FEATURES, frame // 8, np.float32), frame / 8 % 1.0, state)
    beats = history.whole_beats(state)[::PER_BEAT, 0]
    assert beats.tolist() == list(range(40 - BEATS, 40))


def test_a_phase_that_is_corrected_back_ends_no_quarter_twice():
    history = BeatHistory()
    state = history.init_state()
    for phase in (0.1, 0.2, 0.3, 0.22, 0.24, 0.27, 0.4):
        history.step(np.ones(FEATURES, np.float32), phase, state)
    assert (state.count, state.frames) == (1, 5)


# -- classifier -----------------------------------------------------------------------------


def _told(classifier, factor, frames=700, period=20.0):
    """Let a clock of ``factor`` times the period hear the same music; return the state."""
    state, music = classifier.init_state(), np.random.default_rng(1).random((64, FEATURES))
    for frame in range(frames):
        features = music[int(frame / period * PER_BEAT) % 64].astype(np.float32)
        classifier.step(features, clock_at(frame / (factor * period), factor * period), state)
    return state


def test_the_answer_is_the_same_whichever_of_the_two_tempi_is_followed():
    classifier = LevelClassifier(load_level_weights()[0])
    faster, slower = _told(classifier, 1), _told(classifier, 2)
    assert faster.answers == slower.answers > 20
    assert faster.log_odds == pytest.approx(slower.log_odds, abs=1e-4)
    assert faster.log_period == slower.log_period


def test_answers_count_by_and_by_and_is_limited():
    told = [_told(LevelClassifier(answering(5.0)), 1, frames) for frames in (100, 201, 700)]
    assert [each.lean for each in told] == [0.0, 3 / 8, 1.0]
    assert _told(LevelClassifier(answering(-0.5)), 1).lean == pytest.approx(-0.5)


def test_another_tempo_is_other_music():
    classifier = LevelClassifier(answering(5.0))
    state = _told(classifier, 1)
    classifier.step(np.ones(FEATURES, np.float32), clock_at(0.0, 26.0), state)
    assert (state.lean, state.answers, state.history.count) == (0.0, 0, 0)


def test_what_alternates_from_beat_to_beat_is_told():
    beats = np.zeros((BEATS, PER_BEAT, GROUPS), np.float32)
    beats[:, 0] = 1.0
    alike = level_inputs(beats.reshape(-1, GROUPS), 4.3)
    beats[::2, 0] = 0.2
    unlike = level_inputs(beats.reshape(-1, GROUPS), 4.3)
    assert alike.shape == (INPUTS,)
    odd = slice(INPUTS - 2 - GROUPS, INPUTS - 2)
    assert np.abs(alike[odd]).max() < 1e-6 < 0.1 < unlike[odd].min()
    one_beat, two_beats = (slice(GROUPS * n, GROUPS * (n + 1)) for n in (2, 4))
    assert (unlike[one_beat] < alike[one_beat]).all()
    np.testing.assert_allclose(unlike[two_beats], 1.0, atol=0.3)
    np.testing.assert_allclose(alike[-2:], [4.3, 1.0], rtol=1e-6)


def test_weights_that_cannot_be_used_are_refused_in_words(tmp_path):
    file = tmp_path / "level.safetensors"
    with pytest.raises(CheckpointError, match="metrical level"):
        load_level_weights(file)
    file.write_bytes(LEVEL_WEIGHTS.read_bytes()[:200])
    with pytest.raises(CheckpointError, match="metrical level"):
        load_level_weights(file)
    with pytest.raises(CheckpointError, match=r"metrical level: out\.weight"):
        LevelClassifier({**answering(0.0), "out.weight": np.zeros(2, np.float32)})


# -- what it changes ------------------------------------------------------------------------


@pytest.mark.parametrize("lean", [0.5, -0.5])
def test_leaning_makes_the_other_half_of_the_tempi_costly(lean):
    periods = np.arange(14, 56)
    cost = MetricalLevel(periods).reluctance(LevelState(centre=np.log2(20), lean=lean))
    costly = periods < 27.5 if lean > 0 else periods > 27.5
    assert (cost[costly] == 4.0).all()
    assert not cost[~costly].any()
    assert MetricalLevel(periods).reluctance(LevelState(centre=np.log2(20))) is None


@pytest.mark.parametrize(("log_odds", "bpm"), [(5.0, 70), (-5.0, 140)])
def test_the_beat_moves_to_the_level_there_is_evidence_for(log_odds, bpm):
    weights, identity = load_weights()
    tracker = CausalBeatTracker(
        BeatNetwork(weights), LevelClassifier(answering(log_odds)), identity
    )
    told = heard(tracker, clicks(70, 40))  # with hats between the beats
    assert told[-1].tempo_bpm == pytest.approx(bpm, rel=0.01)


def test_who_sets_the_tempo_by_hand_is_not_contradicted():
    follower = BeatFollower()
    for correct in (
        lambda state: follower.scale_tempo(0.5, state),
        lambda state: follower.tap(0.0, 140.0, None, state),
    ):
        state = follower.init_state()
        state.clock.set(0.0, 1 / 21)
        follower.lean(0.7, state)
        assert state.level.lean == 0.7
        correct(state)
        follower.lean(0.7, state)
        assert state.level.lean == 0.0


# -- fitting --------------------------------------------------------------------------------


def test_moments_are_the_beats_of_songs_with_their_true_level(tmp_path):
    for number in range(2):
        write_song(tmp_path / "train" / f"song{number}", number)  # at 120 bpm: the faster
    moments = draw_moments(songs_with_beats(load_songs(tmp_path, "train")), draws=2)
    assert len(moments.inputs) == len(moments.slower) == len(moments.sequence) > 10
    assert moments.inputs.shape[1] == INPUTS
    assert not moments.slower.any()
    assert (np.abs(moments.inputs[:, -2] - np.log2(25)) < 0.2).all()
    assert (np.diff(moments.sequence) >= 0).all()


def test_the_true_level_is_that_of_the_beats_around():
    beats_s = np.arange(0.0, 20.0, 0.8)  # 40 frames: the slower of 20 and 40
    assert level_of(beats_s, 10.0, np.log2(20)) is True
    assert level_of(beats_s, 10.0, np.log2(40)) is False
    assert level_of(beats_s, 10.0, np.log2(27)) is None
    assert level_of(beats_s, 30.0, np.log2(20)) is None


def test_the_area_under_the_curve_is_that_of_pairs():
    slower = np.array([False, False, True, True])
    assert area_under_curve(np.array([0.1, 0.4, 0.35, 0.8]), slower) == 0.75
    assert area_under_curve(np.array([0, 1, 2, 3]), slower) == 1.0


def test_a_fitted_network_tells_what_it_was_shown():
    slower = RANDOM.random(3000) < 0.5
    inputs = RANDOM.standard_normal((3000, INPUTS)).astype(np.float32) + 3
    inputs[:, :40] += 2.0 * slower[:, None]
    moments = LevelMoments(inputs, slower, np.arange(3000) // 10)
    classifier = LevelClassifier(fit_level(moments))
    score = np.array([classifier.log_odds(each) for each in inputs[:500]])
    assert area_under_curve(score, slower[:500]) > 0.95
    other = dataclasses.replace(moments, slower=~slower)
    turned = LevelClassifier(fit_level(other))
    score = np.array([turned.log_odds(each) for each in inputs[:500]])
    assert area_under_curve(score, slower[:500]) < 0.05
