"""Sound files as they come from the field: cut, damaged, endless, in closed places."""

import os

import numpy as np
import pytest
import soundfile

from bridge.__main__ import main
from bridge.common.errors import AudioFileError, DiskError
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import mix_hops, render
from bridge.stream.sound_files import early_end, mix_facts
from bridge.testing import ScriptedModel
from model.data.audiofile import frames_in, read_frames
from model.errors import DataError
from model.formats.conditions import Conditions
from tests.bridge.full_disk import files_up_to

RATE = 48000
SECONDS = 2
NOISE = (0.1 * np.random.default_rng(0).standard_normal((SECONDS * RATE, 2))).astype(np.float32)
CONDITIONS = Conditions(stem="bass", anticipation_hops=2, seed=1)


def write(path, audio=NOISE, **options):
    soundfile.write(path, audio, RATE, **options)
    return path


def cut(path):
    """Take the second half of a file's bytes away."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def of_unknown_length(path):
    """Clear the number of samples in a FLAC's head, as a program does that writes to a pipe."""
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    path.write_bytes(data)
    return path


def holed(path):
    """Overwrite a stretch of a file's bytes with zeros."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = bytes(4000)
    path.write_bytes(data)
    return path


def heard(path):
    return np.concatenate(list(mix_hops(path)))


def test_a_flac_of_unknown_length_is_heard_whole(tmp_path):
    whole = write(tmp_path / "whole.flac")
    unknown = of_unknown_length(write(tmp_path / "unknown.flac"))
    assert soundfile.info(unknown).frames > 2**62
    assert mix_facts(unknown).frames == SECONDS * RATE
    assert early_end(unknown) == ""
    assert np.array_equal(heard(unknown), heard(whole))
    assert frames_in(unknown) == SECONDS * RATE
    stretch = read_frames(unknown, 30_000, 5_000)
    assert np.array_equal(stretch, read_frames(whole, 30_000, 5_000))


@pytest.mark.parametrize(
    ("name", "spoil", "what"),
    [
        ("mix.flac", cut, "damaged"),
        ("mix.flac", holed, "damaged"),
        ("mix.mp3", holed, "damaged"),
        ("mix.mp3", cut, "cut"),
        ("mix.wav", cut, "cut"),
        ("mix.aiff", cut, "cut"),
    ],
)
def test_a_mix_that_ends_early_is_told_and_heard_to_there(tmp_path, capfd, name, spoil, what):
    before = heard(write(tmp_path / name))
    mix = spoil(tmp_path / name)
    frames = mix_facts(mix).frames
    assert 0.2 * len(before) < frames < 0.8 * len(before)
    assert early_end(mix).startswith(f"{mix} is {what} and ends early, after ")
    after = heard(mix)
    assert len(after) == -(-frames // 2400) * 2400
    assert np.array_equal(after[: frames - 2400], before[: frames - 2400])
    out = tmp_path / "out.wav"
    assert main(["render", str(mix), str(out), "--checkpoint", "passthrough"]) == 0
    assert soundfile.info(out).frames == frames
    said = capfd.readouterr().err.splitlines()
    assert [line for line in said if "ends early" in line] == said


def test_a_wav_from_a_pipe_is_whole(tmp_path):
    mix = write(tmp_path / "mix.wav", subtype="PCM_16")
    data = bytearray(mix.read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    mix.write_bytes(data)
    assert mix_facts(mix).frames == SECONDS * RATE
    assert early_end(mix) == ""


def test_damage_in_material_is_an_error_that_names_the_file(tmp_path):
    mix = cut(write(tmp_path / "mix.flac"))
    assert frames_in(mix) == SECONDS * RATE
    with pytest.raises(DataError, match=r"mix\.flac: cannot be decoded from .* s on"):
        read_frames(mix, 0, SECONDS * RATE)


def test_what_is_no_file_is_called_by_its_name(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "text").write_text("no sound")
    for name, words in (
        ("pipe", "that is a pipe, not a file"),
        ("", "that is a folder"),
        ("text/below", "a part of the path is a file"),
        ("x" * 300, "the name is too long"),
        ("missing", "there is no such file"),
    ):
        with pytest.raises(AudioFileError, match=words):
            mix_facts(tmp_path / name)
    with pytest.raises(AudioFileError, match="that is a device, not a file"):
        mix_facts(type(tmp_path)("/dev/null"))


@pytest.mark.parametrize("name", ["s" * 247 + ".wav", "n\udcffo.wav", "ü.wav"])
def test_any_name_that_the_disk_takes_will_do(tmp_path, capsys, name):
    mix = tmp_path / f"m{name[1:]}"
    with mix.open("wb") as file:
        soundfile.write(file, NOISE, RATE, format="WAV")
    words = ["render", str(mix), str(tmp_path / name), "--checkpoint", "passthrough"]
    assert main(words) == 0
    assert {each.name for each in tmp_path.iterdir()} == {mix.name, name}
    assert name.encode(errors="backslashreplace").decode() in capsys.readouterr().out


def test_where_nothing_can_be_written_is_told_before_the_work(tmp_path):
    mix = write(tmp_path / "mix.wav")
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(AudioFileError, match="that is a folder; name a file in it"):
        render(HopScheduler(ScriptedModel(), RATE, CONDITIONS), mix, [tmp_path])
    for name, words in (
        ("folder.wav", "that is a folder; name a file in it"),
        ("missing/stem.wav", "there is no folder"),
        ("mix.wav/stem.wav", "there is no folder"),
        ("s" * 300 + ".wav", "the name is too long"),
    ):
        model = ScriptedModel()
        with pytest.raises(AudioFileError, match=words):
            render(HopScheduler(model, RATE, CONDITIONS), mix, [tmp_path / name])
    assert {each.name for each in tmp_path.iterdir()} == {"mix.wav", "folder.wav"}


def test_a_disk_without_room_is_told_before_the_work(tmp_path, monkeypatch):
    mix = write(tmp_path / "mix.wav")
    usage = type("Usage", (), {"free": 300_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(AudioFileError, match=r"0\.4 MB are needed, 0\.3 MB are free"):
        render(HopScheduler(ScriptedModel(), RATE, CONDITIONS), mix, [tmp_path / "stem.wav"])
    assert not (tmp_path / "stem.wav").exists()


def test_a_disk_that_fills_leaves_what_was_made(tmp_path):
    mix, out = write(tmp_path / "mix.wav"), tmp_path / "stem.wav"
    render(HopScheduler(ScriptedModel(), RATE, CONDITIONS), mix, [out])
    whole, _ = soundfile.read(out, dtype="float32")
    out.write_text("an older take")
    words = r"stem\.wav: cannot be written beyond .* s: no file may be larger here; what was "
    with files_up_to(200_000), pytest.raises(DiskError, match=words) as told:
        render(HopScheduler(ScriptedModel(), RATE, CONDITIONS), mix, [out])
    assert f"kept in {tmp_path}/stem.part.wav (" in str(told.value)
    assert out.read_text() == "an older take"
    part, _ = soundfile.read(tmp_path / "stem.part.wav", dtype="float32")
    assert 0.9 * 50_000 < len(part) <= 50_000
    assert np.array_equal(part, whole[: len(part)])
    assert {each.name for each in tmp_path.iterdir()} == {
        "mix.wav", "stem.wav", "stem.part.wav",
    }  # fmt: skip


def test_a_full_disk_ends_a_render_with_code_1(tmp_path, capsys):
    mix = write(tmp_path / "mix.wav")
    words = ["render", str(mix), str(tmp_path / "stem.wav"), "--checkpoint", "passthrough"]
    with files_up_to(200_000):
        assert main(words) == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "stem.part.wav" in said
