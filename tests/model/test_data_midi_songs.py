import json
from pathlib import Path
from random import Random

import mido
import numpy as np
import pytest

from model.data import midi_songs as composed
from model.data.corpus import Corpus
from model.data.fonts import find_fonts
from model.data.midi_songs import MidiSong, arrange, installed_collections, load_midi_songs
from model.data.score import SongSource
from model.data.splits import SPLITS
from model.errors import DataError, MissingTool
from tests.model.render_command import render

BARS = 32
TICKS = 480


def write_tune(path, *, meter=(4, 4), shift=0.0):
    """A drum on every beat, a bass on every bar, a piano on off-beats; tempo 120, then 90."""
    above, below = meter
    bar = 4 * above / below
    tracks = {"Drums": (9, 0), "Bassoon": (1, 70), "Bass": (2, 33), "Piano": (3, 0)}
    file = mido.MidiFile(ticks_per_beat=TICKS)
    head = mido.MidiTrack(
        [
            mido.MetaMessage("set_tempo", tempo=500_000),
            mido.MetaMessage("time_signature", numerator=above, denominator=below),
            mido.MetaMessage("set_tempo", tempo=666_667, time=round(16 * bar * TICKS)),
        ]
    )
    file.tracks.append(head)
    for name, (channel, programme) in tracks.items():
        step, key = {"Drums": (bar / 4, 36), "Bass": (bar, 36)}.get(name, (bar / 4, 60))
        events = [(0.0, mido.Message("program_change", channel=channel, program=programme))]
        for number in range(round(BARS * bar / step)):
            beat = number * step + shift + (step / 2 if name == "Piano" else 0)
            for kind, offset in (("note_on", 0), ("note_off", step / 2 - 0.01)):
                message = mido.Message(kind, channel=channel, note=key, velocity=80)
                events.append((beat + offset, message))
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        last = 0
        for beat, message in sorted(events, key=lambda event: event[0]):
            tick = round(beat * TICKS)
            track.append(message.copy(time=tick - last))
            last = tick
        file.tracks.append(track)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(path)
    return path


def tune(path, **how):
    return MidiSong(write_tune(path, **how), "", SongSource(path.name, "CC0-1.0"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("midi")
    for number in range(30):
        write_tune(root / "band" / f"tune{number}.mid")
    (root / "broken.mid").write_bytes(b"MThd but no more")
    return root


def test_only_files_worth_playing_are_taken(folder):
    tunes = load_midi_songs([folder])
    assert len(tunes) == 30
    assert {tune.source.licence for tune in tunes} == {"unknown"}
    assert all(len(tune.digest) == 32 for tune in tunes)


def test_every_file_has_one_split_by_its_name(folder):
    tunes = load_midi_songs([folder])
    counts = [sum(tune.split == split for tune in tunes) for split in SPLITS]
    assert sum(counts) == 30
    assert min(counts) >= 1
    elsewhere = MidiSong(Path("/elsewhere/tune3.mid"), "", SongSource("tune3.mid", "unknown"))
    assert elsewhere.split == next(t for t in tunes if t.path.stem == "tune3").split


def test_a_folder_without_music_is_refused(tmp_path):
    with pytest.raises(DataError, match="expected MIDI files"):
        load_midi_songs([tmp_path])


def test_missing_packages_are_named(monkeypatch, tmp_path):
    missing = {tmp_path / "none": ("simutrans-data", "Artistic-1.0")}
    monkeypatch.setattr(composed, "COLLECTIONS", missing)
    with pytest.raises(MissingTool, match="apt-get install simutrans-data"):
        installed_collections()


def test_the_same_seed_arranges_the_same_song(tmp_path):
    tunes = [tune(tmp_path / "a.mid")]
    first, second, third = (arrange(Random(k), tunes, seconds=20) for k in (1, 1, 2))
    assert first.stems == second.stems
    assert np.array_equal(first.beats_s, second.beats_s)
    assert first.stems != third.stems


@pytest.mark.parametrize(
    ("meter", "beats"), [((4, 4), 4), ((3, 4), 3), ((6, 8), 2), ((12, 8), 4)]
)
def test_beats_and_bars_follow_the_tempo_map(tmp_path, meter, beats):
    tunes = [tune(tmp_path / "a.mid", meter=meter)]
    for seed in range(12):
        song = arrange(Random(seed), tunes, seconds=25)
        assert song.beats_per_bar == beats
        assert song.chords is song.key is song.genre is None
        np.testing.assert_allclose(song.beats_s[::beats], song.downbeats_s)
        assert song.beats_s[0] == 0
        assert song.duration_s == pytest.approx(25, abs=5) or meter == (6, 8)
        pulses = np.diff(song.beats_s)
        assert pulses.max() / pulses.min() < 1.06 * 4 / 3
        bass = np.array([note.start for note in song.stems["bass"]])
        nearest = abs(bass[:, None] - song.downbeats_s).min(axis=1)
        assert np.median(nearest) < 0.02


def test_transposition_and_tempo_vary_and_drums_stay(tmp_path):
    tunes = [tune(tmp_path / "a.mid")]
    songs = [arrange(Random(seed), tunes, seconds=10) for seed in range(60)]
    assert {song.stems["bass"][0].pitch - 36 for song in songs} == set(range(-5, 7))
    assert {note.pitch for song in songs for note in song.stems["drums"]} == {36}
    tempos = [song.tempo_bpm for song in songs]
    assert min(tempos) < 90 * 0.9
    assert max(tempos) > 120 * 1.1


def test_a_bassoon_is_no_bass(tmp_path):
    tunes = [tune(tmp_path / "a.mid")]
    for seed in range(20):
        song = arrange(Random(seed), tunes, seconds=10)
        assert {note.track for note in song.stems["bass"]} == {"part Bass"}


def test_a_file_played_beside_its_grid_has_no_beats(tmp_path):
    song = arrange(Random(0), [tune(tmp_path / "a.mid", shift=0.1)], seconds=10)
    assert song.beats_s is song.downbeats_s is None
    assert song.begun_at(2.0).beats_s is None


def test_a_fifth_of_the_songs_is_arranged_from_files_of_the_same_split(folder, tmp_path):
    tunes = load_midi_songs([folder])
    songs = Corpus(out=tmp_path, seed=0, seconds=60, fonts=find_fonts(["timgm"]), tunes=tunes)
    kinds = [songs.kind_of(number) for number in range(1000)]
    assert set(kinds) == {"composed", "generated"}
    assert 0.17 < kinds.count("composed") / 1000 < 0.23
    for split in SPLITS:
        found = songs.tunes_of(split)
        assert found
        assert {tune.split for tune in found} == {split}


def test_arranged_songs_are_rendered_like_others(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("model.data.corpus.COMPOSED_SHARE", 1.0)
    words = f"{tmp_path} --songs 5 --seconds 8 --fonts timgm --test-fonts --midi {folder}"
    assert render(words.split()) == 0
    songs = [json.loads(file.read_text()) for file in tmp_path.glob("*/*/song.json")]
    assert len(songs) == 5
    for song in songs:
        assert song["style"].startswith("tune")
        assert song["chords"] is song["key"] is song["genre"] is song["groove"] is None
        assert song["kind"] == "composed"
        tune = {"name": f"{song['style']}.mid", "licence": "unknown", "credit": None}
        assert song["sources"][0] == tune
        assert len(song["beats_s"]) > 8
    with pytest.raises(DataError, match="tunes"):
        render(words.split()[:-2])
