import struct

import pytest

from model.data.midifile import Note, read_midi, read_notes
from model.errors import DataError


def midi(*tracks, division=96):
    data = b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), division)
    for track in tracks:
        data += b"MTrk" + struct.pack(">I", len(track)) + track
    return data


NAME = b"\x00\xff\x03\x04Bass"
END = b"\x00\xff\x2f\x00"


def test_a_note_with_its_track_and_programme():
    track = NAME + b"\x00\xc2\x21" + b"\x30\x92\x28\x64" + b"\x60\x82\x28\x40" + END
    assert read_notes(midi(track)) == [
        Note(start=0.5, length=1.0, pitch=40, velocity=100, programme=33, track="Bass")
    ]


def test_running_status_and_note_on_with_velocity_zero():
    track = b"\x00\x99\x24\x50\x00\x26\x51\x60\x24\x00\x00\x26\x00" + END
    first, second = read_notes(midi(track))
    assert (first.pitch, first.length, first.drum) == (36, 1.0, True)
    assert (second.pitch, second.velocity) == (38, 81)


def test_long_delta_times_meta_and_system_exclusive_are_passed_over():
    tempo = b"\x00\xff\x51\x03\x07\xa1\x20"
    sysex = b"\x00\xf0\x03\x7e\x7f\xf7"
    track = tempo + sysex + b"\x83\x00\x90\x3c\x40" + b"\x00\xb0\x07\x64" + b"\x60\x80\x3c\x00"
    (note,) = read_notes(midi(track + END))
    assert note.start == 384 / 96
    assert note.length == 1.0


def test_repeated_pitch_ends_in_the_order_it_began():
    track = b"\x00\x90\x3c\x40\x30\x3c\x50\x30\x80\x3c\x00\x30\x3c\x00" + END
    assert [(note.start, note.length) for note in read_notes(midi(track))] == [
        (0.0, 1.0),
        (0.5, 1.0),
    ]


def test_notes_of_all_tracks_in_order_of_time():
    late = b"\x60\x90\x3c\x40\x60\x80\x3c\x00" + END
    early = b"\x00\x91\x40\x40\x60\x81\x40\x00" + END
    assert [note.pitch for note in read_notes(midi(late, early))] == [64, 60]


@pytest.mark.parametrize(
    "data", [b"", b"RIFF" + bytes(20), midi(division=0), midi(division=0xE728)]
)
def test_what_is_no_musical_midi_is_refused(data):
    with pytest.raises(DataError, match="expected"):
        read_notes(data)


def test_volume_and_expression_are_part_of_the_velocity():
    track = b"\x00\xb0\x07\x32\x00\x90\x3c\x64\x60\x80\x3c\x00"
    track += b"\x00\xb0\x0b\x40\x00\x90\x3c\x64\x60\x80\x3c\x00" + END
    assert [note.velocity for note in read_notes(midi(track))] == [50, 25]


def test_the_pedal_holds_notes_until_it_is_lifted_or_they_are_struck_again():
    track = b"\x00\xb0\x40\x7f\x00\x90\x3c\x40\x00\x90\x40\x40\x30\x80\x3c\x00"
    track += b"\x00\x80\x40\x00\x30\x90\x3c\x40\x30\x80\x3c\x00\x30\xb0\x40\x00" + END
    held = {(note.pitch, note.start): note.length for note in read_notes(midi(track))}
    assert held == {(60, 0.0): 1.0, (64, 0.0): 2.0, (60, 1.0): 1.0}


def test_a_channel_is_one_instrument_for_all_tracks():
    setup = b"\x00\xc3\x28" + END
    part = b"\x60\x93\x3c\x40\x60\x83\x3c\x00" + END
    (note,) = read_notes(midi(setup, part))
    assert note.programme == 40


def test_tempos_and_meters_with_their_beats():
    track = b"\x60\xff\x51\x03\x0f\x42\x40" + b"\x60\xff\x58\x04\x06\x03\x24\x08" + END
    read = read_midi(midi(track))
    assert read.tempos == ((0.0, 120.0), (1.0, 60.0))
    assert read.meters == ((0.0, 4, 4), (2.0, 6, 8))
