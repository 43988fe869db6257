"""The beat tracker: its networks are BeatNet's, it streams, it keeps time, it takes a word."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.numpy import save
from torch import nn

from model.beat_tracker.level_classifier import LevelClassifier, load_level_weights
from model.beat_tracker.network import BeatNetwork
from model.beat_tracker.spectrum import FEATURES, FRAME, STEP, LogSpectrum, log_bands
from model.beat_tracker.tracker import CausalBeatTracker, load
from model.beat_tracker.weights import WEIGHTS, load_weights
from model.errors import CheckpointError, ModelConfigError
from model.layers.streaming import Streaming, StreamState
from tests.model.stream_contract import check_stream_contract
from tools.convert_beatnet import convert

MIX = Path(__file__).parents[2] / "bridge/assets/mix.ogg"
HOP = 2400
RATE = 48000


def clicks(bpm, seconds, *, accent=4, begin_s=0.0, level=0.3):
    """A drum machine: a low thump on the one, a tick on the other beats, hats between."""
    random = np.random.default_rng(3)
    sound = np.zeros(round(seconds * RATE), np.float32)
    t = np.arange(round(0.15 * RATE)) / RATE
    thump = (np.sin(2 * np.pi * (55 + 90 * np.exp(-t * 40)) * t) * np.exp(-t * 25)).astype("f")
    tick = (random.standard_normal(len(t)) * np.exp(-t * 60)).astype("f")
    hat = (np.diff(random.standard_normal(len(t) + 1)) * np.exp(-t * 120)).astype("f")
    for half in range(int((seconds - begin_s) * bpm / 30)):
        at = round((begin_s + half * 30 / bpm) * RATE)
        beat = half // 2
        voice = hat * 0.3 if half % 2 else thump if beat % accent in (0, 2) else tick
        voice = voice * (1.3 if half % 2 == 0 and beat % accent == 0 else 1.0)
        room = sound[at : at + len(voice)]
        room += level * voice[: len(room)]
    return sound


def heard(tracker, sound, ahead_s=0.1):
    """Return what is told after each hop."""
    told = []
    for at in range(0, len(sound) - HOP + 1, HOP):
        tracker.listen(sound[at : at + HOP])
        told.append(tracker.estimate(ahead_s))
    return told


def errors(told, bpm, ahead_s=0.1, begin_s=0.0):
    """Return by how much of a beat each was wrong."""
    moments = (np.arange(1, len(told) + 1) * HOP / RATE + ahead_s - begin_s) * bpm / 60
    phases = np.array([np.nan if each is None else each.beat for each in told])
    return np.abs((phases - moments + 0.5) % 1.0 - 0.5)


@pytest.fixture(scope="module")
def shipped():
    weights, identity = load_weights()
    return BeatNetwork(weights), LevelClassifier(load_level_weights()[0]), identity


@pytest.fixture
def tracker(shipped):
    return CausalBeatTracker(*shipped)


@pytest.fixture(scope="module")
def mix():
    sound, rate = soundfile.read(MIX, dtype="float32", always_2d=True)
    assert rate == RATE
    return sound.mean(axis=1)


# -- its parts ------------------------------------------------------------------------------


def test_the_spectrum_has_the_bins_that_the_networks_were_trained_on(mix):
    """As the package computes it, at 22.05 kHz: librosa-like resampling aside, the same."""
    from scipy.signal import resample_poly

    frames = LogSpectrum().step(mix[: 4 * RATE], LogSpectrum().init_state())
    low = np.concatenate([np.zeros(705), resample_poly(mix[: 4 * RATE], 147, 320)])
    bands = log_bands()
    theirs = []
    for frame in range(190):
        window = low[frame * 441 : frame * 441 + 1411] * np.hanning(1411)
        theirs.append(np.log10(np.abs(np.fft.rfft(window))[:705] @ bands + 1))
    ours = frames[:190, : FEATURES // 2]
    correlation = np.corrcoef(ours.ravel(), np.array(theirs).ravel())[0, 1]
    assert correlation > 0.999
    assert np.abs(ours - theirs).mean() < 0.01


class Theirs(nn.Module):
    """The network as its authors built it."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 2, 10)
        self.linear0 = nn.Linear(262, 150)
        self.lstm = nn.LSTM(150, 150, 2, batch_first=True)
        self.linear = nn.Linear(150, 3)

    def forward(self, frames):
        x = nn.functional.max_pool1d(torch.relu(self.conv1(frames[:, None])), 2).flatten(1)
        x, _ = self.lstm(self.linear0(x)[None])
        return torch.softmax(self.linear(x[0]), dim=1)


@pytest.fixture(scope="module")
def theirs():
    torch.manual_seed(4)
    return [Theirs().eval() for _ in range(3)]


def test_the_networks_say_what_the_original_ones_say(theirs, mix):
    stacked = {
        name: np.stack([network.state_dict()[name].numpy() for network in theirs])
        for name in theirs[0].state_dict()
    }
    frames = LogSpectrum().step(mix[: 3 * RATE], LogSpectrum().init_state())
    ours = BeatNetwork(stacked)
    told = ours.step(frames, ours.init_state())
    with torch.no_grad():
        expected = sum(network(torch.from_numpy(frames)) for network in theirs) / 3
    np.testing.assert_allclose(told, expected.numpy(), atol=3e-4)  # weights have 16 bits
    np.testing.assert_allclose(told.sum(axis=1), 1.0, atol=1e-5)


def test_the_weights_are_made_of_the_packages_wheel(theirs, tmp_path, tracker):
    import io

    wheel = tmp_path / "BeatNet.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for number, network in enumerate(theirs, 1):
            data = io.BytesIO()
            torch.save(network.state_dict(), data)
            archive.writestr(f"BeatNet/models/model_{number}_weights.pt", data.getvalue())
    arrays = convert(wheel)
    assert arrays["linear.weight"].shape == (3, 3, 150)
    file = tmp_path / "w.safetensors"
    file.write_bytes(save(arrays))
    weights, identity = load_weights(file)
    assert len(identity) == 64
    assert identity != tracker.identity
    BeatNetwork(weights)


@pytest.mark.parametrize("damage", ["missing", "cut", "shape"])
def test_weights_that_cannot_be_used_are_refused_in_words(tmp_path, damage):
    file = tmp_path / "weights.safetensors"
    if damage == "cut":
        file.write_bytes(WEIGHTS.read_bytes()[:5000])
    if damage == "shape":
        weights, _ = load_weights()
        file.write_bytes(save({**weights, "linear.bias": np.zeros((3, 2), np.float32)}))
    with pytest.raises(CheckpointError, match="beat tracker"):
        BeatNetwork(load_weights(file)[0])


# -- streaming ------------------------------------------------------------------------------


def clone_of(tracker):
    other = CausalBeatTracker(tracker._network, tracker._classifier, tracker.identity)
    other.restore(tracker.state())
    return other


@dataclass(slots=True)
class TrackerStreams(StreamState):
    """A tracker for each stream, its memory as one row of numbers."""

    trackers: list
    size: int

    @property
    def nbytes(self):
        packed = (t.packed(t.state()) for t in self.trackers)
        return sum(array.nbytes for arrays in packed for array in arrays.values())

    def clone(self):
        return TrackerStreams([clone_of(tracker) for tracker in self.trackers], 0)


class Streams(Streaming):
    """The tracker as a streaming module: samples in, what is told after each hop out."""

    hop = HOP

    def __init__(self, shipped):
        super().__init__()
        self._shipped = shipped

    def init_state(self, batch):
        return TrackerStreams([CausalBeatTracker(*self._shipped) for _ in range(batch)], 0)

    def step(self, x_BTC, state):
        rows = []
        for sound, tracker in zip(0.1 * x_BTC[..., 0].numpy(), state.trackers, strict=True):
            rows.append([])
            for at in range(0, len(sound), HOP):
                tracker.listen(sound[at : at + HOP].astype(np.float32))
                told = tracker.estimate(0.1)
                evidence = tracker.state().follower.evidence  # told or not: noise is no beat
                rows[-1].append((told.beat, told.bar, told.tempo_bpm, evidence))
        return torch.tensor(rows, dtype=x_BTC.dtype)


def test_the_tracker_streams(shipped):
    check_stream_contract(Streams(shipped), 1, hops=40)


@pytest.mark.parametrize("sizes", [[1], [479, 1, 2400, 7], [48000], [96, 10000]])
def test_however_it_is_cut_it_hears_the_same(tracker, shipped, mix, sizes):
    sound = mix[: 6 * RATE] if sizes != [1] else mix[: RATE // 4]
    whole = CausalBeatTracker(*shipped)
    whole.listen(sound)
    at, turn = 0, 0
    while at < len(sound):
        tracker.listen(sound[at : at + sizes[turn % len(sizes)]])
        at, turn = at + sizes[turn % len(sizes)], turn + 1
    one, two = whole.estimate(0.3), tracker.estimate(0.3)
    assert one.beat == pytest.approx(two.beat, abs=1e-4)
    assert one.tempo_bpm == pytest.approx(two.tempo_bpm, rel=1e-4)


def test_a_memory_goes_through_arrays_and_goes_on_to_the_bit(tracker, shipped, mix):
    heard(tracker, mix[: 8 * RATE])
    arrays = tracker.packed(tracker.state())
    assert all(isinstance(array, np.ndarray) for array in arrays.values())
    other = CausalBeatTracker(*shipped)
    other.restore(other.unpacked(arrays))
    rest = mix[8 * RATE : 12 * RATE]
    assert heard(other, rest) == heard(tracker, rest)
    broken = {name: array for name, array in arrays.items() if name != "network.cell"}
    with pytest.raises(ModelConfigError, match=r"network\.cell"):
        other.unpacked(broken)


def test_a_reset_forgets_everything(tracker, shipped, mix):
    heard(tracker, mix[: 5 * RATE])
    tracker.begin_bar(0.0)
    tracker.reset()
    assert tracker.estimate(0.0) is None
    assert heard(tracker, mix[: 4 * RATE]) == heard(
        CausalBeatTracker(*shipped), mix[: 4 * RATE]
    )


# -- keeping time ---------------------------------------------------------------------------


@pytest.mark.parametrize("bpm", [101.5, 117.3, 128.0])
@pytest.mark.parametrize("ahead_s", [0.0, 0.1, 1.0])
def test_it_tells_the_beat_of_drums_ahead_of_time(tracker, bpm, ahead_s):
    told = heard(tracker, clicks(bpm, 14), ahead_s)
    wrong = errors(told, bpm, ahead_s)[160:]
    assert np.median(wrong) < 0.06
    assert wrong.max() < 0.125
    assert told[-1].tempo_bpm == pytest.approx(bpm, rel=0.01)
    assert told[-1].confidence > 0.3


def test_the_bar_and_the_phase_within_it_agree(tracker):
    told = heard(tracker, clicks(110, 12))[100:]
    for each in told:
        turn = each.bar * each.beats_per_bar - each.beat
        assert turn == pytest.approx(round(turn), abs=1e-6)
        assert 0.0 <= each.beat < 1.0
        assert 0.0 <= each.bar < 1.0


def test_a_break_of_four_bars_is_counted_through(tracker):
    bpm = 117.0
    sound = clicks(bpm, 30)
    silent = slice(round(12 * RATE), round((12 + 16 * 60 / bpm) * RATE))
    sound[silent] = 0.0
    told = heard(tracker, sound)
    back = silent.stop // HOP
    wrong = errors(told, bpm)
    assert wrong[200 : back + 20].max() < 0.125
    assert told[back - 2].confidence < 0.3 * told[230].confidence
    assert wrong[-100:].max() < 0.125


@pytest.mark.parametrize("step", [1.1, 0.9])
def test_another_tempo_is_found_within_four_seconds(tracker, step):
    before = clicks(110.0, 12)
    after = clicks(110.0 * step, 12)
    told = heard(tracker, np.concatenate([before, after]))[len(before) // HOP + 80 :]
    assert told[-1].tempo_bpm == pytest.approx(110.0 * step, rel=0.02)
    moments = (np.arange(len(told)) + 81) * 0.05 + 0.1
    beats = moments * 110.0 * step / 60
    wrong = np.abs((np.array([each.beat for each in told]) - beats + 0.5) % 1 - 0.5)
    assert np.median(wrong) < 0.08


def test_silence_and_noise_are_nothing_to_be_sure_of(tracker, shipped):
    random = np.random.default_rng(0)
    assert heard(tracker, np.zeros(10 * RATE, np.float32))[-1] is None
    assert tracker.silence_s == pytest.approx(10.0, abs=0.02)
    noisy = heard(
        CausalBeatTracker(*shipped), 0.1 * random.standard_normal(20 * RATE).astype("f")
    )
    assert max(each.confidence for each in noisy[100:]) < 0.5
    music = clicks(120, 10)
    tracker.reset()
    told = heard(tracker, np.concatenate([music, np.zeros(60 * RATE, np.float32)]))
    assert told[-1].confidence < 0.01
    assert told[-1].tempo_bpm == pytest.approx(told[199].tempo_bpm, rel=0.01)  # no runaway
    assert tracker.silence_s == pytest.approx(60.0, abs=0.5)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda x: x * 10 ** (-40 / 20), id="-40 dB"),
        pytest.param(lambda x: x * 10 ** (12 / 20), id="+12 dB"),
        pytest.param(lambda x: np.clip(x * 6, -0.5, 0.5), id="clipped"),
        pytest.param(lambda x: x + np.float32(0.4), id="DC"),
        pytest.param(lambda x: np.where(np.arange(len(x)) % 9001 == 0, np.nan, x), id="NaN"),
    ],
)
def test_spoilt_sound_is_tracked_as_well(tracker, spoil):
    told = heard(tracker, spoil(clicks(96.0, 16)).astype(np.float32))
    assert errors(told, 96.0)[200:].max() < 0.125


@pytest.mark.parametrize("lost", [HOP, 3 * HOP + 100, 8 * HOP, 60 * HOP])
@pytest.mark.parametrize("bpm", [104.0, 126.0])
def test_hops_that_were_lost_do_not_move_the_beat(tracker, bpm, lost):
    """Nor do they later on, when the networks hear that the drums go on."""
    sound = clicks(bpm, 20)
    heard(tracker, sound[: 12 * RATE])
    tracker.skip(lost)
    begin = 12 * RATE + lost
    told = heard(tracker, sound[begin:])
    assert len(told) >= 95
    assert errors(told, bpm, begin_s=-begin / RATE).max() < 0.1


# -- a player's word ------------------------------------------------------------------------


def test_half_and_double_are_kept_to(tracker):
    sound = clicks(120.0, 60)
    heard(tracker, sound[: 10 * RATE])
    tracker.halve()
    told = heard(tracker, sound[10 * RATE : 30 * RATE])
    assert {round(each.tempo_bpm) for each in told} == {60}
    tracker.double()
    told = heard(tracker, sound[30 * RATE : 40 * RATE])
    assert {round(each.tempo_bpm) for each in told} == {120}
    with pytest.raises(ValueError, match=r"240 bpm lies outside of 55 to 231 bpm"):
        tracker.double()
    tracker.restrict(70.0, 200.0, hold=False)
    with pytest.raises(ValueError, match="60 bpm lies outside of 70 to 200 bpm"):
        tracker.halve()
    tracker.reset()
    with pytest.raises(ValueError, match="nothing has been heard"):
        tracker.halve()


def test_halving_begins_beats_and_bars_where_bars_began(tracker):
    sound = clicks(120.0, 40)
    heard(tracker, sound[: 10 * RATE])
    tracker.begin_bar(0.0)  # which counts on, whatever it makes of the drums' accents
    before = tracker.estimate(0.1)
    tracker.halve()
    half = tracker.estimate(0.1)
    assert half.beat % 0.5 * 2 == pytest.approx(before.beat, abs=1e-6)
    assert half.bar % 0.5 * 2 == pytest.approx(before.bar, abs=1e-6)
    told = np.array([each.bar for each in heard(tracker, sound[10 * RATE :])])
    steps = np.diff(told) % 1.0  # a bar of four takes 4 s and runs evenly
    assert np.abs(steps - 0.05 / 4).max() < 0.01
    tracker.double()
    assert tracker.estimate(0.1).tempo_bpm == pytest.approx(120.0, rel=0.01)


def test_tempi_out_of_range_are_not_told(tracker):
    sound = clicks(150.0, 30)
    tracker.restrict(60.0, 100.0, hold=False)
    told = heard(tracker, sound[: 20 * RATE])
    settled = told[280:]  # first it may count from one of the two drums, then from the other
    assert {round(each.tempo_bpm) for each in settled} <= {75, 76}
    assert errors(told, 75.0)[280:].max() < 0.125  # its beats are the thumps
    tracker.restrict(110.0, 215.0, hold=False)
    told = heard(tracker, sound[20 * RATE :])
    assert told[-1].tempo_bpm == pytest.approx(150.0, rel=0.01)


def test_a_held_tempo_stays_whatever_is_heard(tracker):
    heard(tracker, clicks(100.0, 12))
    tracker.restrict(55.0, 215.0, hold=True)
    told = heard(tracker, clicks(131.0, 15))
    assert {round(each.tempo_bpm, 1) for each in told} == {round(told[0].tempo_bpm, 1)}
    held = told[0].tempo_bpm
    memory = tracker.state()
    tracker.reset()  # what was heard is forgotten, not what is held
    told = heard(tracker, clicks(131.0, 5))
    assert {round(each.tempo_bpm, 3) for each in told} == {round(held, 3)}
    tracker.restore(memory)
    assert tracker.estimate(0.0).tempo_bpm == pytest.approx(held)
    tracker.restrict(55.0, 215.0, hold=False)
    told = heard(tracker, clicks(131.0, 15))
    assert told[-1].tempo_bpm == pytest.approx(131.0, rel=0.02)


@pytest.mark.parametrize("bpm", [117.0, 122.0])
def test_a_tempo_that_is_to_be_held_before_there_is_one_is_the_first_to_be_found(tracker, bpm):
    """Once it has settled, as nothing corrects it afterwards."""
    tracker.restrict(55.0, 215.0, hold=True)
    told = heard(tracker, clicks(bpm, 15))
    assert told[-1].tempo_bpm == pytest.approx(bpm, rel=0.003)
    held = told[-1].tempo_bpm
    told = heard(tracker, clicks(90.0, 10))
    assert told[-1].tempo_bpm == pytest.approx(held)


@pytest.mark.parametrize("beat", [1, 2, 3])
def test_the_one_is_where_a_player_says(tracker, beat):
    bpm = 100.0
    sound = clicks(bpm, 30)
    heard(tracker, sound[: 10 * RATE])
    now = 10.0 * bpm / 60  # beats of the drums
    said = np.floor(now) - beat
    tracker.begin_bar((said - now) * 60 / bpm + 0.05)  # a little late, as people are
    told = heard(tracker, sound[10 * RATE :])
    metre = told[-1].beats_per_bar
    for hop in (0, 100, len(told) - 1):
        moment = (10 + (hop + 1) * 0.05 + 0.1) * bpm / 60 - said
        off = (told[hop].bar - moment / metre + 0.5) % 1 - 0.5
        assert abs(off) * metre < 0.2


def test_taps_tell_tempo_and_beat(tracker):
    heard(tracker, clicks(90.0, 6))
    for tap in range(4):
        tracker.listen(np.zeros(HOP, np.float32))
        tracker.tap(-0.1 * tap, None if tap == 0 else 140.0, tap)
    told = tracker.estimate(-0.3)
    assert told.tempo_bpm == pytest.approx(140.0)
    assert min(told.beat, 1 - told.beat) < 1e-6
    assert round(told.bar * told.beats_per_bar) % told.beats_per_bar == 3 % told.beats_per_bar


def test_a_beat_of_the_shipped_mix_is_found(mix):
    """Whose tempo is known: it was rendered from notes."""
    told = heard(load(), mix)
    assert told[-1].tempo_bpm == pytest.approx(96.0, rel=0.01)
    assert FRAME == 3072
    assert STEP * 50 == RATE
