"""Tests of recordings: mix and stem frame by frame, and reports of trouble."""

import asyncio
import re
import tomllib

import numpy as np
import pytest
import soundfile

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.common.errors import RefusedError
from bridge.state.recording import Recorder
from tests.bridge.full_disk import files_up_to

BLOCK = 256


class Stage:
    """A host whose stem is written a little ahead, and a recorder moved by hand."""

    def __init__(self, folder):
        self.share = AudioShare.create(48000, 2400)
        self.share.block = BLOCK
        self.host = Host(self.share)
        self.recorder = Recorder(self.share, folder, lambda: {"stem": "bass", "seed": 7})
        self.heard, self.written = [], {}
        self.noise = np.random.default_rng(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.recorder.close()
        self.host.close()
        self.share.close()

    def cycles(self, count):
        for _ in range(count):
            mix = self.noise.uniform(-0.5, 0.5, BLOCK).astype(np.float32)
            self.host.process(mix, mix)
            self.heard.append(mix)

    def write(self, position, frames):
        if not self.written:
            self.share.begin_generation(self.share.generation)
        stem = self.noise.uniform(-0.5, 0.5, frames).astype(np.float32)
        self.share.write_stem(position, stem)
        self.written[position] = stem

    @property
    def mix(self):
        return np.concatenate(self.heard)

    def stem(self, frames):
        whole = np.zeros(frames + 10**6, np.float32)
        for position, audio in self.written.items():
            whole[position : position + len(audio)] = audio
        return whole[:frames]


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setattr("bridge.state.recording._JOIN_S", 60.0)  # the disk may be slow
    with Stage(tmp_path / "recordings") as made:
        yield made


@pytest.mark.parametrize("latency", [0, 1000])
def test_mix_and_stem_lie_under_each_other_to_the_frame(stage, latency):
    stage.share.musical_latency = latency
    stage.cycles(30)
    stage.write(0, 20_000)
    first = stage.share.frame
    assert stage.recorder.start("take 1") == "take 1"
    assert stage.recorder.reading.recording
    stage.write(20_000, 5_000)
    stage.cycles(20)
    stage.write(27_000, 13_000)  # a gap of 2000 frames, which is silence
    stage.cycles(100)
    assert stage.recorder.stop() == "take 1"
    folder = stage.recorder.folder
    mix, rate = soundfile.read(folder / "take 1.mix.wav", dtype="float32")
    stem, _ = soundfile.read(folder / "take 1.stem.wav", dtype="float32")
    assert rate == 48000
    assert len(mix) == len(stem) == stage.share.frame - latency - first
    assert np.array_equal(mix, stage.mix[first : first + len(mix)])
    assert np.array_equal(stem, stage.stem(first + len(stem))[first:])
    told = tomllib.loads((folder / "take 1.toml").read_text())
    assert told == {
        "first_frame": first, "rate": 48000, "musical_latency": latency, "stem": "bass",
        "seed": 7, "frames": len(mix), "lost_frames": 0,
    }  # fmt: skip
    reading = stage.recorder.reading
    assert (reading.recording, reading.name, reading.error) == (False, "take 1", "")
    assert reading.seconds == pytest.approx(len(mix) / 48000)


def test_what_the_rings_lost_is_silence_and_counted(stage):
    first = stage.share.frame
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bridge.state.recording._RecordingFiles.advance", lambda self: None)
        stage.recorder.start("slow disk")
        stage.cycles(8 * 48000 // BLOCK)
    stage.recorder.stop()
    mix, _ = soundfile.read(stage.recorder.folder / "slow disk.mix.wav", dtype="float32")
    lost = stage.recorder.reading.lost_frames
    assert 2 * 48000 < lost < 5 * 48000
    assert len(mix) == stage.share.frame - first
    assert not mix[:lost].any()
    assert np.array_equal(mix[lost:], stage.mix[first + lost :])


def test_a_file_that_may_not_grow_on_ends_the_recording_and_is_told(stage):
    with files_up_to(50_000):
        stage.recorder.start("limit")
        stage.cycles(100)
        with pytest.raises(RefusedError) as refusal:
            stage.recorder.stop()
    reading = stage.recorder.reading
    assert not reading.recording
    assert reading.error == str(refusal.value)
    assert re.fullmatch(
        rf"'limit' ends early: {stage.recorder.folder}/limit\.(mix|stem)\.wav: "
        r"cannot be written beyond \d\.\d s: no file may be larger here.*",
        reading.error,
    )
    assert stage.recorder.start("next") == "next"


def test_a_name_is_used_once_and_is_no_path(stage):
    stage.recorder.start("one")
    with pytest.raises(RefusedError, match="'one' is being recorded") as busy:
        stage.recorder.start("two")
    assert busy.value.code == 6
    stage.recorder.stop()
    for name in ("one", "../one", "a/b"):
        with pytest.raises(RefusedError) as refusal:
            stage.recorder.start(name)
        assert refusal.value.code == 9
    with pytest.raises(RefusedError, match="nothing is being recorded"):
        stage.recorder.stop()
    assert sorted(path.name for path in stage.recorder.folder.iterdir()) == [
        "one.mix.wav", "one.stem.wav", "one.toml",
    ]  # fmt: skip


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        Stage(tmp_path / "file" / "recordings") as stage,
        pytest.raises(RefusedError, match="recordings") as refusal,
    ):
        stage.recorder.start("x")
    assert refusal.value.code == 9


def test_the_longest_recording_ends_before_the_file_breaks(stage, monkeypatch):
    monkeypatch.setattr("bridge.state.recording._LARGEST_BYTES", 4 * 48000)
    stage.recorder.start("long")
    stage.cycles(2 * 48000 // BLOCK)
    with pytest.raises(RefusedError, match="as long as a WAV file can be"):
        stage.recorder.stop()
    mix, _ = soundfile.read(stage.recorder.folder / "long.mix.wav")
    assert 0 < len(mix) <= 48000


def test_it_is_a_command_named_after_the_time(stage):
    async def scene():
        ((_, (address, name)),) = await stage.recorder.commands["record/start"]()
        assert address == "/liveband/record/start"
        assert (await stage.recorder.commands["record/stop"]())[0][1][1] == name
        assert (stage.recorder.folder / f"{name}.mix.wav").is_file()

    asyncio.run(scene())
