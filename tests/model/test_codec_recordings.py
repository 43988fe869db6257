"""Finished recordings become songs of one stem, and crops are drawn from them."""

import json
import random

import numpy as np
import pytest
import soundfile

from model.__main__ import main
from model.data.audiofile import SAMPLE_RATE
from model.data.crops import TrainingAudio, crop_batch, load_training_audio
from model.data.index import load_songs
from model.data.recordings import Origin, cut_recordings, find_recordings
from model.data.song_record import load_song_record
from model.errors import DataError

ORIGIN = Origin(licence="CC0-1.0", package="Some Album", credit="A. Nobody")
ASKED = ["--licence", "CC-BY-4.0", "--package", "songs", "--credit", "A. Nobody"]


def tone(seconds, rate, hz=440.0):
    return 0.25 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)


@pytest.fixture
def album(tmp_path):
    folder = tmp_path / "album"
    (folder / "Disc 1").mkdir(parents=True)
    stereo = np.stack([tone(4, 44_100), np.zeros(4 * 44_100)], axis=1)
    soundfile.write(folder / "Disc 1" / "First Song.ogg", stereo, 44_100)
    soundfile.write(folder / "second.wav", tone(70, 8000), 8000)
    soundfile.write(folder / "click.wav", tone(1, 8000), 8000)
    (folder / "notes.txt").write_text("no recording")
    return folder


def test_every_recording_of_a_folder_is_found_once(album):
    assert list(find_recordings([album])) == ["click", "disc-1-first-song", "second"]


def test_parts_are_equally_long_and_keep_rate_and_level(album, tmp_path):
    written = cut_recordings([album], tmp_path / "out", ORIGIN, split="test")
    assert written == {"test": 3}
    songs = {song.path.name: song for song in load_songs(tmp_path / "out", "test")}
    parts = [songs[f"some-album-second-{part:02}"] for part in (0, 1)]
    assert [part.frames for part in parts] == [35 * SAMPLE_RATE] * 2
    audio = np.concatenate([part.read("mix", 0, part.frames) for part in parts])
    np.testing.assert_allclose(audio[480:-480], tone(70, SAMPLE_RATE)[480:-480], atol=2e-3)
    both = songs["some-album-disc-1-first-song-00"].read("mix", 4800, 4800)
    assert np.abs(both).max() == pytest.approx(0.125, rel=0.1)


def test_the_record_names_licence_and_package(album, tmp_path):
    assert main(["data", "recordings", str(tmp_path / "out"), str(album), *ASKED]) == 0
    (folder,) = (tmp_path / "out").glob("*/songs-disc-1-first-song-00")
    facts = json.loads((folder / "song.json").read_text())
    assert facts["package"] == "songs"
    assert facts["recording"] == "First Song.ogg"
    record = load_song_record(folder)
    assert record.sources == (("songs: First Song.ogg", "CC-BY-4.0", "A. Nobody"),)
    assert record.stems == {"mix": 1.0}


def test_all_parts_of_a_recording_are_in_one_split(tmp_path):
    for number in range(6):
        soundfile.write(tmp_path / f"take {number}.wav", tone(62, 400, 50), 400)
    written = cut_recordings([tmp_path], tmp_path / "out", ORIGIN)
    assert all(count % 2 == 0 for count in written.values())
    assert len(written) > 1


def test_two_recordings_of_one_name_are_refused(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        soundfile.write(tmp_path / folder / "song.wav", tone(4, 8000), 8000)
    with pytest.raises(DataError, match="'song'"):
        cut_recordings([tmp_path / "a", tmp_path / "b"], tmp_path / "out", ORIGIN)


@pytest.mark.parametrize(
    ("name", "message"), [("missing.wav", "missing.wav"), (".", "no recording")]
)
def test_nothing_to_cut_is_an_error(name, message, tmp_path):
    with pytest.raises(DataError, match=message):
        cut_recordings([tmp_path / name], tmp_path / "out", ORIGIN)


def test_silence_is_no_recording(tmp_path):
    soundfile.write(tmp_path / "silent.wav", np.zeros(8000 * 4), 8000)
    with pytest.raises(DataError, match="sounds for at least"):
        cut_recordings([tmp_path], tmp_path / "out", ORIGIN)


def test_crops_come_from_recordings_as_often_as_asked(album, tmp_path, rendered):
    cut_recordings([album], tmp_path / "out", ORIGIN, split="train")
    material = load_training_audio(rendered, tmp_path / "out", 0.3)
    only = TrainingAudio(material.songs, material.recordings, 1.0)
    for crop in crop_batch(only, 8, 24_000, random.Random(0)):
        assert np.argmax(np.abs(np.fft.rfft(crop))) == 220
        assert 0 < np.abs(crop).max() <= 1
    shares = []
    for share in (0.0, 0.3):
        chosen = TrainingAudio(material.songs, material.recordings, share)
        crops = crop_batch(chosen, 300, 24_000, random.Random(1))
        shares.append(np.mean(np.argmax(np.abs(np.fft.rfft(crops)), axis=1) == 220))
    assert shares[1] - shares[0] == pytest.approx(0.3, abs=0.1)


def test_a_folder_of_songs_is_no_folder_of_recordings(rendered, tmp_path):
    with pytest.raises(DataError, match="drums, bass, piano"):
        load_training_audio(rendered, rendered, 0.3)
    with pytest.raises(DataError, match="liveband data recordings"):
        load_training_audio(rendered, tmp_path, 0.3)
