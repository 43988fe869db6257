"""Tests of offline rendering: length, rate, determinism, and refused files."""

import numpy as np
import pytest
import soundfile

from bridge.common.errors import AudioFileError
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import accompany, mix_rate, render, render_whole
from bridge.testing import PassThroughModel, ScriptedModel

CONDITIONS = Conditions(stem="bass", anticipation_hops=2, seed=3)


def write_mix(path, *, rate=48000, frames=50001, channels=1, seed=0):
    audio = 0.1 * np.random.default_rng(seed).standard_normal((frames, channels))
    soundfile.write(path, audio.astype(np.float32), rate, subtype="FLOAT")
    return audio.astype(np.float32)


def rendered(tmp_path, model, *, rate=48000, conditions=CONDITIONS, **mix):
    audio = write_mix(tmp_path / "mix.wav", rate=rate, **mix)
    render(HopScheduler(model, rate, conditions), tmp_path / "mix.wav", [tmp_path / "stem.wav"])
    stem, stem_rate = soundfile.read(tmp_path / "stem.wav", dtype="float32")
    assert stem_rate == rate
    return audio, stem


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("frames", [1, 2399, 2400, 50001])
def test_the_stem_is_as_long_as_the_mix(tmp_path, rate, frames):
    _, stem = rendered(tmp_path, ScriptedModel(), rate=rate, frames=frames)
    assert stem.shape == (frames,)
    assert soundfile.info(tmp_path / "stem.wav").subtype == "FLOAT"


@pytest.mark.parametrize("hops", [0, 2, 20])
def test_the_wire_gives_the_mix_later(tmp_path, hops):
    conditions = Conditions(stem="bass", anticipation_hops=hops)
    mix, stem = rendered(tmp_path, PassThroughModel(), conditions=conditions, frames=60000)
    late = (1 + hops) * 2400
    assert np.array_equal(stem[late:], mix[:-late, 0])
    assert not stem[:late].any()


@pytest.mark.parametrize("rate", [8000, 44100, 48000, 96000])
@pytest.mark.parametrize("frames", [1, 50001, 96000])
def test_a_whole_mix_at_any_rate_keeps_its_length_and_place(tmp_path, rate, frames):
    tone = 0.5 * np.sin(2 * np.pi * 997 / rate * np.arange(frames)) * np.hanning(frames)
    soundfile.write(tmp_path / "mix.wav", tone, rate, subtype="FLOAT")
    heard = []

    def play(mix):
        heard.append(len(mix))
        return mix

    assert render_whole(play, 48000, tmp_path / "mix.wav", tmp_path / "stem.wav") == frames
    stem, stem_rate = soundfile.read(tmp_path / "stem.wav", dtype="float32")
    assert (len(stem), stem_rate) == (frames, rate)
    assert heard[0] / 48000 == pytest.approx(frames / rate, abs=0.1)
    np.testing.assert_allclose(stem, tone, atol=0 if rate == 48000 else 1e-4, rtol=1e-6)


def test_stereo_is_heard_as_the_mean(tmp_path):
    mix, stem = rendered(tmp_path, PassThroughModel(), channels=2)
    assert np.array_equal(stem[7200:], np.float32(0.5) * (mix[:-7200, 0] + mix[:-7200, 1]))


@pytest.mark.parametrize("channels", [1, 2])
def test_a_sample_that_is_no_number_is_silence(tmp_path, channels):
    audio = write_mix(tmp_path / "mix.wav", channels=channels)
    spoilt = audio.copy()
    spoilt[[3, 700, 1500], 0] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "mix.wav", spoilt, 48000, subtype="FLOAT")
    scheduler = HopScheduler(PassThroughModel(), 48000, CONDITIONS)
    render(scheduler, tmp_path / "mix.wav", [tmp_path / "stem.wav"])
    stem, _ = soundfile.read(tmp_path / "stem.wav", dtype="float32")
    expected = audio.mean(axis=1, dtype=np.float32)
    expected[[3, 700, 1500]] = 0
    assert np.array_equal(stem[7200:], expected[:-7200])


def test_the_same_take_is_the_same_to_the_bit(tmp_path):
    _, first = rendered(tmp_path, ScriptedModel(), rate=44100)
    _, second = rendered(tmp_path, ScriptedModel(), rate=44100)
    assert np.array_equal(first, second)
    other = Conditions(stem="bass", anticipation_hops=2, seed=4)
    _, third = rendered(tmp_path, ScriptedModel(), rate=44100, conditions=other)
    assert not np.array_equal(first, third)


def test_progress_rises_to_the_end(tmp_path):
    write_mix(tmp_path / "mix.wav")
    told = []
    scheduler = HopScheduler(ScriptedModel(), 48000, CONDITIONS)
    outs = [tmp_path / "o.wav"]
    render(scheduler, tmp_path / "mix.wav", outs, lambda *done: told.append(done))
    assert told == sorted(told)
    assert told[-1] == (50001, 50001)


def test_the_stem_has_no_gaps():
    scheduler = HopScheduler(ScriptedModel(), 44100, CONDITIONS)
    position = 0
    for stem in accompany(scheduler, [np.zeros(2205, np.float32)] * 3, 20000):
        assert stem.position == position
        position += stem.audio.shape[1]
    assert position == 20000


def test_refuses_what_it_cannot_read(tmp_path):
    with pytest.raises(AudioFileError, match=r"none\.wav: there is no such file"):
        mix_rate(tmp_path / "none.wav")
    (tmp_path / "text.wav").write_text("no sound here")
    with pytest.raises(AudioFileError, match=r"text\.wav: cannot be read as a sound file"):
        mix_rate(tmp_path / "text.wav")
    write_mix(tmp_path / "odd.wav", rate=11025)
    with pytest.raises(AudioFileError, match=r"odd\.wav: .*multiple of 20 Hz, got 11025.*sox"):
        mix_rate(tmp_path / "odd.wav")
    write_mix(tmp_path / "wide.wav", channels=3)
    with pytest.raises(AudioFileError, match="expected one or two channels, got 3"):
        mix_rate(tmp_path / "wide.wav")
    write_mix(tmp_path / "empty.wav", frames=0)
    with pytest.raises(AudioFileError, match="holds no audio"):
        mix_rate(tmp_path / "empty.wav")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("stem.mp3", r"must name a format that holds 32-bit floats.*got '\.mp3'"),
        ("stem", "got 'none'"),
        ("nowhere/stem.wav", "there is no folder .*nowhere; make it first"),
    ],
)
def test_refuses_what_it_cannot_write(tmp_path, name, message):
    write_mix(tmp_path / "mix.wav")
    with pytest.raises(AudioFileError, match=message):
        render(
            HopScheduler(ScriptedModel(), 48000, CONDITIONS),
            tmp_path / "mix.wav",
            [tmp_path / name],
        )


def test_refuses_a_session_at_another_rate(tmp_path):
    write_mix(tmp_path / "mix.wav", rate=44100)
    with pytest.raises(AudioFileError, match="expected 48000 Hz, got 44100"):
        render(
            HopScheduler(ScriptedModel(), 48000, CONDITIONS),
            tmp_path / "mix.wav",
            [tmp_path / "o.wav"],
        )


def test_a_band_has_a_file_each_and_plays_as_each_would_alone(tmp_path):
    others = [
        Conditions(stem=stem, anticipation_hops=2, seed=seed)
        for seed, stem in enumerate(("bass", "drums", "piano"))
    ]
    write_mix(tmp_path / "mix.wav")
    outs = [tmp_path / f"{conditions.stem}.wav" for conditions in others]
    render(HopScheduler(ScriptedModel(), 48000, *others), tmp_path / "mix.wav", outs)
    for conditions, out in zip(others, outs, strict=True):
        alone = tmp_path / "alone.wav"
        render(HopScheduler(ScriptedModel(), 48000, conditions), tmp_path / "mix.wav", [alone])
        assert np.array_equal(soundfile.read(out)[0], soundfile.read(alone)[0])


def test_a_failed_render_leaves_nothing_behind(tmp_path):
    write_mix(tmp_path / "mix.wav")

    def stop(done, total):
        raise KeyboardInterrupt

    scheduler = HopScheduler(ScriptedModel(), 48000, CONDITIONS)
    with pytest.raises(KeyboardInterrupt):
        render(scheduler, tmp_path / "mix.wav", [tmp_path / "stem.wav"], stop)
    assert [path.name for path in tmp_path.iterdir()] == ["mix.wav"]
