"""The companion page: everything on it is there, and a visitor's browser plays it."""

import json
import shutil
import struct
import zlib
from html.parser import HTMLParser

import numpy as np
import pytest
import soundfile
import torch

from model.__main__ import main
from model.checkpoint import read_record, save_checkpoint, write_record
from model.errors import CheckpointError, DataError
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.network import Baseline
from model.networks.generator import Generator
from model.page.card import card_of
from model.page.html import PageSection, page_html
from model.page.numbers import baseline_wins, drift_sentences, numbers_of
from model.page.page_systems import systems_of_page
from model.page.picture import spectrogram, write_png
from model.page.samples import Sample, SampleSound, SoundFiles
from model.page.sound import levelled, side_by_side, write_sound
from model.presets import load_preset

RATE = 48_000


def _row(system, rhythm, width=0.02):
    ends = [rhythm - width, rhythm + width]
    return {
        "system": system,
        "rhythm": rhythm,
        "frechet": None,
        "intervals": {"rhythm": ends},
        "drift_bins": None,
    }


ROWS = [_row("ground truth", 0.5), _row("liveband 0 s", 0.2), _row("liveband 0.1 s", 0.15)]
RIVALS = [_row("ground truth", 0.5), _row("streammusicgen 0 s", 0.3)]


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    root = tmp_path_factory.mktemp("members")
    torch.manual_seed(0)
    preset = load_preset("smoke")
    codec = Autoencoder(preset.autoencoder).eval()
    sizes = preset.generator
    record = {"evaluation": {"rows": ROWS}}
    save_checkpoint(root / "band", codec, Generator(sizes).eval(), record)
    rivals = {"evaluation": {"rows": RIVALS}}
    save_checkpoint(root / "codes", codec, Baseline(sizes, preset.coding).eval(), rivals)
    return root


@pytest.fixture(scope="module")
def page(members, rendered, tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    (out / "audio").mkdir()
    for name in ("family-09-left-by-an-earlier-page.ogg", "a-visitor-s-own.ogg"):
        (out / "audio" / name).write_bytes(b"")
    words = ["page", str(rendered), "--out", str(out), "--checkpoint", str(members)]
    assert main([*words, "--quick", "--seconds", "2"]) == 0
    return out


class _Reader(HTMLParser):
    """Every element, its attributes, and the text of the page."""

    VOID = ("meta", "link", "img", "br", "input", "path", "rect", "circle")

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def read(page):
    return _Reader((page / "index.html").read_text())


def _values(read, name):
    return [attributes[name] for _, attributes in read.elements if name in attributes]


def test_the_page_is_well_formed_and_names_are_unique(read):
    assert read.open == []
    ids = _values(read, "id")
    assert len(ids) == len(set(ids))
    targets = [ref[1:] for ref in _values(read, "href") if ref.startswith("#")]
    assert set(targets) <= set(ids)


def test_all_it_needs_lies_beside_it(page, read):
    sounds, pictures = _values(read, "data-sound"), _values(read, "data-picture")
    assert len(sounds) == len(pictures) >= 10
    for file in (*sounds, *pictures, "page.css", "page.js"):
        assert (page / file).stat().st_size > 100, file
    outside = ("http:", "https:", "//")
    linked = [*_values(read, "src"), *sounds, *pictures]
    assert not [each for each in linked if each.startswith(outside)]
    for asset in ("page.css", "page.js"):
        assert "http" not in (page / asset).read_text()


def test_samples_of_an_earlier_page_are_gone_and_nothing_else(page, read):
    used = {file.removeprefix("audio/") for file in _values(read, "data-sound")}
    there = {file.name for file in (page / "audio").iterdir()}
    assert there - used == {"a-visitor-s-own.ogg"}


def test_samples_of_two_seconds_are_said_to_be_so(read):
    assert " 2 s a sample. " in "".join(read.words).replace("\n", " ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seconds", "0"], "argument --seconds: expected 1 to 600, got 0"),
        (["--jobs", "0"], "argument --jobs: expected 1 to 1024, got 0"),
    ],
)
def test_what_no_page_can_be_made_of_is_refused(
    members, rendered, tmp_path, capsys, words, said
):
    given = ["page", str(rendered), "--checkpoint", str(members), "--quick"]
    with pytest.raises(SystemExit) as ended:
        main([*given, "--out", str(tmp_path / "site"), *words])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("command", [["page"], ["evaluate", "--all"]])
def test_a_file_is_no_folder_for_results(members, rendered, tmp_path, caplog, command):
    out = tmp_path / "taken"
    out.write_text("mine")
    given = [*command, str(rendered), "--checkpoint", str(members), "--quick"]
    assert main([*given, "--out", str(out)]) == 1
    assert f"{out} is a file, not a folder; name another" in caplog.text
    assert out.read_text() == "mine"


def test_a_table_that_is_none_is_named_without_its_contents(
    members, rendered, tmp_path, caplog
):
    table = tmp_path / "sound.wav"
    table.write_bytes(b"RIFF\xff\xfe secret")
    given = ["page", str(rendered), "--checkpoint", str(members), "--out", str(tmp_path / "o")]
    assert main([*given, "--table", str(table)]) == 1
    assert f"{table} is no table" in caplog.text
    assert "secret" not in caplog.text


def test_sounds_and_pictures_are_what_they_say(page, read):
    for sound in _values(read, "data-sound"):
        info = soundfile.info(page / sound)
        assert (info.format, info.subtype, info.duration) == ("OGG", "OPUS", 2.0)
        assert info.channels == (2 if sound.endswith("-mix.ogg") else 1)
    for picture in _values(read, "data-picture"):
        head = (page / picture).read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", head[16:]) == (100, 96)


def test_every_control_has_a_name(read):
    for tag, attributes in read.elements:
        if tag in ("button", "input"):
            assert attributes.get("aria-label"), (tag, attributes)
        if tag == "img":
            assert "alt" in attributes


def test_it_says_who_is_missing_and_where_the_baseline_wins(read):
    text = " ".join(" ".join(read.words).split())
    assert "Not trained yet: LiveBand bidirectional." in text
    assert "The baseline is better than LiveBand in: rhythm at 0 s: 0.30 against 0.20" in text
    assert "StreamMusicGen 0.1 s" in text
    assert "ground truth" in text


def test_without_a_baseline_the_page_says_so(members, rendered, tmp_path):
    words = ["page", str(rendered), "--out", str(tmp_path / "site"), "--quick"]
    assert main([*words, "--checkpoint", str(members / "band"), "--seconds", "1"]) == 0
    text = " ".join(_Reader((tmp_path / "site" / "index.html").read_text()).words)
    assert "Not trained yet: StreamMusicGen 0 s, StreamMusicGen 0.1 s" in text
    assert "The baseline is not trained yet" in text


def test_the_internal_checkpoint_plays_the_showcase(members, tmp_path):
    inside = tmp_path / "internal"
    shutil.copytree(members / "band", inside)
    systems = systems_of_page([members / "band", inside])
    assert systems.showcase.where == inside
    assert systems.apart
    assert systems.showcase.anticipation_s == 0.1
    assert {part.where for part in systems.family} == {members / "band"}
    with pytest.raises(CheckpointError, match="liveband train liveband"):
        systems_of_page([members / "codes"])


def test_wins_are_told_with_their_certainty():
    rows = _numbers(ROWS, RIVALS).rows
    assert baseline_wins(rows) == ["rhythm at 0 s: 0.30 against 0.20"]
    wide = [_row("ground truth", 0.5), _row("streammusicgen 0 s", 0.3, width=0.2)]
    rows = _numbers(ROWS, wide).rows
    assert baseline_wins(rows) == ["rhythm at 0 s: 0.30 against 0.20, within the intervals"]
    assert [row["system"] for row in rows].count("ground truth") == 1


def test_level_and_variety_are_better_where_they_are_truer():
    def sounding(system, level_db):
        return {**_row(system, 0.3), "level_db": level_db}

    truth, own = sounding("ground truth", -20.0), sounding("liveband 0 s", -26.0)
    for level_db, told in ((-19.0, 1), (-15.0, 1), (-13.0, 0), (-30.0, 0)):
        wins = baseline_wins(
            _numbers([truth, own], [sounding("streammusicgen 0 s", level_db)]).rows
        )
        assert len(wins) == told
    (said,) = baseline_wins(
        _numbers([truth, own], [sounding("streammusicgen 0 s", -21.0)]).rows
    )
    assert said.startswith("level in dB at 0 s: -21.00 against -26.00, true stems -20.00")
    assert baseline_wins(_numbers([own], [sounding("streammusicgen 0 s", -21.0)]).rows) == []


def _numbers(*tables):
    records = {str(n): {"evaluation": {"rows": rows}} for n, rows in enumerate(tables)}
    return numbers_of(records, None)


@pytest.mark.parametrize("figure", ["rhythm_change", "drift"])
def test_what_wears_off_is_told_with_its_certainty(figure):
    def changed(system, change, width):
        row = _row(system, 0.3)
        row[figure] = change
        row["intervals"][figure] = [change - width, change + width]
        return row

    own = changed("liveband 1 s", 0.0, 0.01)
    for width, verdict in ((0.01, "the baseline wears off more"), (0.2, "no difference")):
        rows = _numbers([own], [changed("streammusicgen 1 s", -0.1, width)]).rows
        (said,) = drift_sentences(rows)
        assert said.startswith("1 s, ")
        assert "LiveBand +0.000 [-0.010, +0.010], baseline -0.100" in said
        assert verdict in said
    assert drift_sentences(_numbers(ROWS, RIVALS).rows) == []


def test_numbers_are_of_one_table_where_there_is_one(tmp_path):
    shuffled = {"source": "shuffled", "checkpoint": "band", "name": "x"}
    row = {**_row("liveband 0 s", 0.4), "source": "player", "checkpoint": "band", "name": "n"}
    stranger = {**row, "checkpoint": "somebody else"}
    table = {"setting": {"songs": 3}, "seeds": 5, "rows": [row, {**row, **shuffled}, stranger]}
    file = tmp_path / "family.json"
    file.write_text(json.dumps(table))
    records = {"band": {"evaluation": {"rows": ROWS}, "family": {**table, "rows": [row]}}}
    found = numbers_of(records, file)
    assert [each["checkpoint"] for each in found.rows] == ["band", "band"]
    assert (found.seeds, found.setting) == (5, {"songs": 3})
    assert [each["rhythm"] for each in numbers_of(records, None).rows] == [0.4]
    file.write_text("{}")
    with pytest.raises(DataError, match="evaluate SONGS --all"):
        numbers_of(records, file)


def test_different_excerpts_are_not_passed_over(members):
    systems = systems_of_page([members / "band"])
    tables = {
        name: {"evaluation": {"rows": rows, "songs": songs}}
        for name, rows, songs in (("a", ROWS, 3), ("b", RIVALS, 4))
    }
    assert numbers_of(tables, None).setting == {}
    files = SoundFiles("a.ogg", "a.png", 2.0)
    sound = SampleSound("x", (("mix", files),), is_system=True)
    shown = PageSection("showcase", (Sample("showcase-01", "s", "bass", "", (sound,)),))
    text = page_html(systems, [shown], numbers_of(tables, None), 2)
    assert "Not all systems were scored on the same excerpts" in text
    assert "there is no internal one apart yet" in text


def test_two_checkpoints_that_play_the_same_are_told_apart(members, tmp_path):
    shutil.copytree(members / "band", tmp_path / "dedicated")
    systems = systems_of_page([members / "band", tmp_path / "dedicated"])
    labels = [part.label for part in systems.family]
    assert {"LiveBand 0 s (band)", "LiveBand 0 s (dedicated)"} <= set(labels)
    assert len(labels) == len(set(labels))
    assert "LiveBand 0 s" not in systems.vacant


def test_loudness_is_equal_but_silence_stays_silence():
    rng = np.random.default_rng(0)
    noise = rng.standard_normal(RATE).astype(np.float32)
    for gain in (0.03, 0.3, 3):
        level = 20 * np.log10(np.sqrt(np.mean(np.square(levelled(gain * noise)))))
        assert level == pytest.approx(-24, abs=0.1)
    assert np.abs(levelled(1e-4 * noise)).max() < 0.01
    click = np.zeros(RATE, np.float32)
    click[0] = 0.1
    assert np.abs(levelled(click)).max() <= 0.85
    assert not levelled(np.zeros(10, np.float32)).any()


def test_a_sound_of_high_peaks_is_as_loud_as_others_and_does_not_clip():
    rng = np.random.default_rng(0)
    beats = 0.02 * rng.standard_normal(4 * RATE).astype(np.float32)
    for start in range(0, len(beats), RATE // 2):
        beats[start : start + 200] += rng.standard_normal(200).astype(np.float32)
    assert np.abs(beats).max() / np.sqrt(np.mean(beats**2)) > 20  # unlimited: 0.85 at -27 dB
    loud = levelled(beats)
    assert 20 * np.log10(np.sqrt(np.mean(np.square(loud)))) == pytest.approx(-24, abs=0.5)
    assert np.abs(loud).max() <= 0.85 + 1e-6
    between = slice(RATE // 4, RATE // 4 + 1000)  # far from peaks nothing is bent
    ratio = loud[between] / beats[between]
    assert ratio == pytest.approx(np.full(1000, ratio[0]), rel=1e-3)


def test_left_is_the_input_and_right_the_stem(tmp_path):
    seconds = np.arange(RATE) / RATE
    left, right = (0.3 * np.sin(2 * np.pi * hz * seconds) for hz in (440, 880))
    both = side_by_side(left.astype(np.float32), right.astype(np.float32))
    write_sound(tmp_path / "x.ogg", both, RATE)
    heard, rate = soundfile.read(tmp_path / "x.ogg")
    assert rate == RATE
    loudest = np.abs(np.fft.rfft(heard, axis=0)).argmax(0)
    assert loudest.tolist() == [440, 880]


def test_a_high_tone_lies_above_a_low_one_in_the_picture(tmp_path):
    seconds = np.arange(RATE) / RATE
    rows = []
    for hz in (200, 4000):
        shade = spectrogram(np.sin(2 * np.pi * hz * seconds).astype(np.float32), RATE)
        rows.append(int(shade.mean(1).argmax()))
    assert rows[1] < rows[0]
    write_png(tmp_path / "x.png", shade)
    data = (tmp_path / "x.png").read_bytes()
    start = data.index(b"IDAT") + 4
    size = struct.unpack(">I", data[start - 8 : start - 4])[0]
    lines = np.frombuffer(zlib.decompress(data[start : start + size]), np.uint8)
    assert np.array_equal(lines.reshape(len(shade), -1)[:, 1:], shade)


def test_a_card_says_what_the_record_says(members, capsys):
    where = str(members / "band")
    notes = {"data": "songs", "good": "time", "bad": "drums"}
    write_record(where, {**read_record(where), "liveband": {"minutes": 5}, "notes": notes})
    facts = json.loads((members / "band" / "config.json").read_text())
    facts["training"]["evaluation"] |= {"songs": 2, "split": "test", "seconds": 5}
    write_record(where, facts["training"])
    assert main(["card", where, "--check"]) == 1
    assert main(["card", where]) == 0
    assert main(["card", where, "--check"]) == 0
    text = (members / "band" / "README.md").read_text()
    for said in (
        "drums, bass",
        "generator 5 minutes",
        "| limits | drums |",
        "0.50 [0.48, 0.52]",
    ):
        assert said in text
    assert card_of(members / "band") == text
    assert "beat tracker" not in text
    facts["training"]["evaluation"]["rows"][1]["beat"] = "tracker"
    write_record(where, facts["training"])
    text = card_of(members / "band")
    assert "Players are told the beat by the beat tracker." in text


def test_shipped_cards_are_what_the_command_writes():
    assert main(["card", "--check"]) == 0
