import pickle
import random

import mido
import numpy as np
import pytest
import soundfile

from model.data.audiofile import SAMPLE_RATE, frames_in, read_frames
from model.data.crops import TrainingAudio, crop_batch
from model.data.index import load_songs
from model.errors import DataError
from tests.model.render_command import render

SECONDS = 24
INSTRUMENTS = {
    "S00": ("Bass", 33, False, 110.0),
    "S01": ("Guitar", 27, False, 330.0),
    "S02": ("Guitar", 30, False, 440.0),
    "S03": ("Drums", 128, True, 200.0),
    "S04": ("Synth Lead", 81, False, 880.0),
    "S05": ("Piano", 0, False, 660.0),
}


def tone(hz, rate):
    return (0.2 * np.sin(2 * np.pi * hz * np.arange(SECONDS * rate) / rate)).astype(np.float32)


def write_track(folder, *, suffix=".flac", rate=44_100):
    """One track as Slakh has it; S05 is listed but was not rendered."""
    (folder / "stems").mkdir(parents=True)
    lines = ["UUID: 1a2b", "audio_dir: stems", "midi_dir: MIDI", "normalized: true", "stems:"]
    for name, (kind, programme, drum, hz) in INSTRUMENTS.items():
        rendered = name != "S05"
        lines += [
            f"  {name}:",
            f"    audio_rendered: {str(rendered).lower()}",
            f"    inst_class: {kind}",
            "    integrated_loudness: -23.5",
            f"    is_drum: {str(drum).lower()}",
            "    midi_program_name: some name",
            f"    program_num: {programme}",
        ]
        if rendered:
            soundfile.write(folder / "stems" / f"{name}{suffix}", tone(hz, rate), rate)
    (folder / "metadata.yaml").write_text("\n".join(lines) + "\n")
    file = mido.MidiFile(ticks_per_beat=480)
    drums = [mido.MetaMessage("set_tempo", tempo=600_000)]
    for _ in range(40):
        drums.append(mido.Message("note_on", channel=9, note=36, velocity=90))
        drums.append(mido.Message("note_off", channel=9, note=36, time=480))
    file.tracks.append(mido.MidiTrack(drums))
    file.save(folder / "all_src.mid")
    return folder


@pytest.fixture(scope="module")
def slakh(tmp_path_factory):
    root = tmp_path_factory.mktemp("slakh2100_flac_redux")
    for split, number in (("train", 1), ("train", 2), ("validation", 1501), ("test", 1876)):
        write_track(root / split / f"Track{number:05d}")
    return root


@pytest.fixture(scope="module")
def babyslakh(tmp_path_factory):
    root = tmp_path_factory.mktemp("babyslakh_16k")
    for number in range(1, 6):
        write_track(root / f"Track{number:05d}", suffix=".wav", rate=16_000)
    return root


def peak_hz(audio):
    spectrum = np.abs(np.fft.rfft(audio * np.hanning(len(audio))))
    return np.argmax(spectrum) * SAMPLE_RATE / len(audio)


@pytest.mark.parametrize(("split", "count"), [("train", 2), ("valid", 1), ("test", 1)])
def test_slakh_keeps_its_splits(slakh, split, count):
    songs = load_songs(slakh, split)
    assert len(songs) == count
    for song in songs:
        assert song.stems == ("drums", "bass", "guitar", "lead")
        assert song.frames == SECONDS * SAMPLE_RATE


def test_babyslakh_is_dealt_out_by_number(babyslakh):
    names = {
        split: [song.path.name for song in load_songs(babyslakh, split)]
        for split in ("train", "valid", "test")
    }
    assert names == {
        "train": ["Track00001", "Track00003", "Track00005"],
        "valid": ["Track00002"],
        "test": ["Track00004"],
    }


@pytest.mark.parametrize("layout", ["slakh", "babyslakh"])
def test_stems_sound_at_our_rate_to_their_very_end(layout, request):
    (song, *_) = load_songs(request.getfixturevalue(layout), "train")
    bass = song.stem("bass")
    assert bass.shape == (SECONDS * SAMPLE_RATE,)
    assert peak_hz(bass) == pytest.approx(110, abs=0.1)
    expected = tone(110.0, SAMPLE_RATE)
    np.testing.assert_allclose(bass[480:-480], expected[480:-480], atol=2e-3)
    for second in range(SECONDS):
        part = bass[second * SAMPLE_RATE : (second + 1) * SAMPLE_RATE]
        assert np.sqrt(np.mean(part**2)) == pytest.approx(0.2 / np.sqrt(2), rel=0.02)


def test_instruments_of_one_class_are_summed(slakh):
    (song, *_) = load_songs(slakh, "train")
    both = tone(330.0, SAMPLE_RATE) + tone(440.0, SAMPLE_RATE)
    np.testing.assert_allclose(song.stem("guitar")[480:-480], both[480:-480], atol=4e-3)


@pytest.mark.parametrize("layout", ["slakh", "babyslakh"])
@pytest.mark.parametrize("start", [0, 1, 12_345, 960_000, SECONDS * SAMPLE_RATE - 5000])
def test_a_stretch_equals_that_part_of_the_whole(layout, start, request):
    (song, *_) = load_songs(request.getfixturevalue(layout), "train")
    whole = np.append(song.stem("lead"), np.zeros(20_000, np.float32))
    part = song.read("lead", start, 9_999)
    np.testing.assert_allclose(part, whole[start : start + 9_999], atol=1e-6)


def test_a_stretch_behind_the_end_is_silent(slakh):
    (song, *_) = load_songs(slakh, "train")
    assert not song.read("bass", SECONDS * SAMPLE_RATE, 100).any()


def test_beats_come_from_the_midi_file_and_chords_are_unknown(slakh):
    (song, *_) = load_songs(slakh, "train")
    np.testing.assert_allclose(song.beats_s, np.arange(40) * 0.6)
    np.testing.assert_allclose(song.downbeats_s, np.arange(10) * 2.4)
    assert song.chords is song.genre is None


def test_without_midi_beats_are_unknown(tmp_path):
    folder = write_track(tmp_path / "train" / "Track00001")
    (folder / "all_src.mid").unlink()
    (song,) = load_songs(tmp_path, "train")
    assert song.beats_s is song.downbeats_s is None


def test_songs_travel_between_processes(slakh):
    (song, *_) = load_songs(slakh, "train")
    assert pickle.loads(pickle.dumps(song)) == song


@pytest.mark.parametrize(
    "metadata",
    ["stems: [", "nothing: here", "stems:\n  S00: {is_drum: false, program_num: 300}"],
)
def test_broken_metadata_is_named(tmp_path, metadata):
    folder = write_track(tmp_path / "train" / "Track00001")
    (folder / "metadata.yaml").write_text(metadata)
    with pytest.raises(DataError, match=r"expected .*metadata\.yaml"):
        load_songs(tmp_path, "train")


def test_broken_audio_is_named(tmp_path):
    folder = write_track(tmp_path / "train" / "Track00001")
    (folder / "stems" / "S00.flac").write_bytes(b"no flac")
    (song,) = load_songs(tmp_path, "train")
    with pytest.raises(DataError, match=r"S00\.flac: cannot be read as a sound file"):
        song.stem("bass")


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    out = tmp_path_factory.mktemp("ours")
    words = f"{out} --songs 5 --seconds 10 --fonts timgm --test-fonts"
    assert render(words.split()) == 0
    return out


def test_our_own_songs_tell_what_they_know(ours):
    songs = load_songs(ours, "train")
    assert len(songs) == 3
    for song in songs:
        assert song.frames == len(song.stem(song.stems[0]))
        assert song.stem(song.stems[0]).dtype == np.float16
        assert set(song.downbeats_s) <= set(song.beats_s)
        assert song.genre
        onset, root, quality = song.chords[0]
        assert onset >= 0
        assert 0 <= root < 12
        assert isinstance(quality, str)
        for name in song.stems:
            part = song.read(name, 999, 4800)
            np.testing.assert_array_equal(part, song.stem(name)[999:5799].astype(np.float32))


def test_songs_that_know_little_are_read(rendered):
    for song in load_songs(rendered, "train"):
        assert song.genre is song.beats_s is song.downbeats_s is song.chords is None


@pytest.mark.parametrize("layout", ["ours", "slakh"])
def test_crops_of_twenty_seconds_sound_in_both_halves(layout, request):
    songs = load_songs(request.getfixturevalue(layout), "train")
    frames = (20 if layout == "slakh" else 6) * SAMPLE_RATE
    crops = crop_batch(TrainingAudio(songs), 6, frames, random.Random(0))
    assert crops.shape == (6, frames)
    assert np.abs(crops).max() <= 1
    level = np.sqrt(np.mean(crops.reshape(6, 2, -1) ** 2, axis=2))
    assert (level > 1e-3).sum() >= 10


def test_an_empty_folder_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="liveband data render"):
        load_songs(tmp_path, "valid")


def test_stereo_is_heard_in_the_middle(tmp_path):
    file = tmp_path / "both.wav"
    left = tone(100.0, SAMPLE_RATE)
    soundfile.write(file, np.stack([left, np.zeros_like(left)], axis=1), SAMPLE_RATE)
    assert frames_in(file) == len(left)
    np.testing.assert_allclose(read_frames(file, 0, 4800), left[:4800] / 2, atol=1e-4)
