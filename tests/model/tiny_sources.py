"""Tiny data sets in the layouts that ``model.data.sources`` reads, made on the spot."""

import json

import mido
import numpy as np

from model.data.sources.drum_performances import TEST_DRUMMER
from model.data.splits import SPLITS, split_of

TICKS = 480
LATE_S = 0.02
"""How late the drummers of `write_performances` are."""


def midi_file(path, tracks, *, bpm=120.0):
    """Write ``{name: (channel, [(beat, length, pitch, velocity)])}`` as a MIDI file."""
    file = mido.MidiFile(ticks_per_beat=TICKS)
    file.tracks.append(
        mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))])
    )
    for name, (channel, notes) in tracks.items():
        events = []
        for beat, length, pitch, velocity in notes:
            on = mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)
            off = mido.Message("note_off", channel=channel, note=pitch)
            events += [(round(beat * TICKS), on), (round((beat + length) * TICKS), off)]
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        last = 0
        for tick, message in sorted(events, key=lambda event: event[0]):
            track.append(message.copy(time=tick - last))
            last = tick
        file.tracks.append(track)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(path)


def write_charts(folder, songs=24):
    """Write charts of 24 bars in 4/4 and some in 3/4; every third has a melody."""
    lines = []
    for number in range(songs):
        beats = 3 if number % 6 == 5 else 4
        chords = ("C", "Am7", "Dm7", "G7")
        bars = [[[0.0, chords[bar % 4]]] for bar in range(24)]
        bars[3] = [[0.0, "FM7"], [beats - 1.0, "G/B"]]
        bars[5] = []
        own = number % 3 == 2
        lines.append(
            {
                "id": f"tiny-{number}",
                "source": "openewld" if own else "billboard",
                "title": f"Tiny song {number}",
                "artist": "nobody",
                "meter": [beats, 4],
                "tempo": None if own else 112.0,
                "style": None,
                "key": "C",
                "sections": [] if own else [[0, "intro"], [4, "verse"], [16, "chorus"]],
                "bars": bars,
                **(
                    {"melody": [[bar, 1.0, 1.0, 72 + bar % 5] for bar in range(24)]}
                    if own
                    else {}
                ),
            }
        )
    folder.mkdir(parents=True)
    text = "\n".join(json.dumps(line) for line in lines)
    (folder / "tiny.jsonl").write_text(text)
    return folder


def write_performances(folder):
    """Write a straight groove of 8 bars at 110 a minute for every split, 20 ms late."""
    rows = [
        "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,"
        "audio_filename,duration,split"
    ]
    for number, (drummer, split) in enumerate(
        [("drummer1", "train"), ("drummer3", "validation"), (TEST_DRUMMER, "train")]
    ):
        notes = []
        for beat in range(32):
            late = LATE_S * 110 / 60
            notes += [(beat + half / 2 + late, 0.1, 42, 70) for half in (0, 1)]
            notes.append((beat + late, 0.1, 38 if beat % 2 else 36, 100))
        name = f"{drummer}/session1/{number}_rock_110_beat_4-4.mid"
        midi_file(folder / name, {"Drums": (9, notes)}, bpm=110)
        seconds = 32 * 60 / 110
        rows.append(
            f"{drummer},{drummer}/session1,{drummer}/session1/{number},rock,110,beat,4-4,"
            f"{name},,{seconds},{split}"
        )
    (folder / "info.csv").write_text("\n".join(rows) + "\n")
    return folder


def write_curves(folder):
    """Write recordings whose beats get 10 % shorter, some in every split."""
    for number in range(20):
        beats = np.cumsum(np.linspace(0.55, 0.5, 240))
        file = folder / "tiny" / "annotations" / "beats" / f"song{number}.beats"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(f"{t:.3f}\t{k % 4 + 1}" for k, t in enumerate(beats)))
    return folder


def write_accompanied(folder, songs=2):
    """Write songs of 20 bars in 4/4 at 110 a minute, so many for every split, as POP909 does.

    The chords change on every bar and in the middle of every fourth; piano and melody play
    their tones, and the second voice two of the root.
    """
    left = dict.fromkeys(SPLITS, songs)
    for number in range(1, 400):
        split = split_of(f"pop909/{number:03d}")
        if left[split]:
            left[split] -= 1
            _write_song(folder / f"{number:03d}")
    return folder


def _write_song(folder, bars=20, bpm=110.0):
    beat_s = 60 / bpm
    offset = 2  # beats before the first downbeat
    chords = []
    for bar in range(bars):
        first = offset + 4 * bar
        label = ("C:maj", "A:min7", "D:min", "G:7")[bar % 4]
        if bar % 4 == 3:
            chords += [(first, first + 2, "F:maj"), (first + 2, first + 4, label)]
        else:
            chords.append((first, first + 4, label))
    tones = {
        **{"C:maj": (60, 64, 67), "A:min7": (57, 60, 64), "D:min": (62, 65, 69)},
        **{"G:7": (55, 59, 65), "F:maj": (60, 65, 69)},
    }
    piano = [
        (beat, 0.9, pitch, 80)
        for start, end, label in chords
        for beat in range(start, end)
        for pitch in tones[label]
    ]
    melody = [(start + 0.5, 1.0, tones[label][0] + 12, 90) for start, _, label in chords]
    second = [(start, 1.0, tones[label][0], 70) for start, _, label in chords]
    tracks = {"MELODY": (0, melody), "BRIDGE": (1, second), "PIANO": (2, piano)}
    midi_file(folder / f"{folder.name}.mid", tracks, bpm=bpm)
    beats = [
        f"{(beat + offset) * beat_s:.6f} {float(beat % 2 == 0)} {float(beat % 4 == 0)}"
        for beat in range(-offset, 4 * bars + 1)
    ]
    (folder / "beat_midi.txt").write_text("\n".join(beats))
    spans = [f"{a * beat_s:.6f} {b * beat_s:.6f} {label}" for a, b, label in chords]
    (folder / "chord_midi.txt").write_text("\n".join([f"0.0 {offset * beat_s:.6f} N", *spans]))
    (folder / "key_audio.txt").write_text("0.0 60.0 C:maj\n")
