"""Tests of the spectra of what is heard and what is played."""

import numpy as np
import pytest

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.live.spectrum import BANDS, SpectrumReader
from tests.bridge.host_stage import HOP, RATE, HostStage

SILENT = "0" * BANDS


def sine(hertz, frames=RATE):
    return np.sin(2 * np.pi * hertz / RATE * np.arange(frames)).astype(np.float32)


def level_db(character):
    return 1.5 * (ord(character) - ord("0")) - 94.5


def loudest(bands):
    return max(range(BANDS), key=lambda band: bands[band])


@pytest.fixture
def spectra(stage):
    return SpectrumReader(stage.share)


def test_nothing_is_told_before_anything_was_heard(stage, spectra):
    assert spectra.heard().bands == spectra.played().bands == ""
    stage.run(HOP)
    assert spectra.heard().bands == ""


@pytest.mark.parametrize("octave", range(8))
def test_a_tone_is_loudest_in_its_band(stage, spectra, octave):
    stage.run(RATE, left=sine(55.0 * 2**octave))
    heard = spectra.heard()
    assert heard.hop == RATE // HOP
    assert len(heard.bands) == BANDS
    assert loudest(heard.bands) == 4 * octave
    assert level_db(heard.bands[4 * octave]) == pytest.approx(0.0, abs=2.0)
    assert spectra.played().bands == SILENT


def test_what_is_played_is_as_loud_as_it_leaves(stage, spectra):
    stage.play(0, sine(880, 100_000))
    stage.share.strip(1).gain_out = 0.1
    stage.run(RATE)
    played = spectra.played().bands
    assert loudest(played) == 16
    assert level_db(played[16]) == pytest.approx(-20.0, abs=2.0)
    assert spectra.heard().bands == SILENT


@pytest.mark.parametrize(("name", "value"), [("mute", True), ("enabled", False)])
def test_who_is_silent_is_not_shown(stage, spectra, name, value):
    stage.play(0, sine(880, 100_000))
    setattr(stage.share.strip(1), name, value)
    stage.run(RATE)
    assert spectra.played().bands == SILENT


def test_bypass_shows_the_mix(stage, spectra):
    stage.share.strip(1).bypass = True
    stage.run(RATE, left=sine(440))
    assert spectra.played().bands == spectra.heard().bands


def test_all_players_are_added(stage, spectra):
    share = stage.share
    share.players = 2
    share.begin_generation(share.generation)
    share.write_stem(0, np.stack([sine(110, 100_000), sine(1760, 100_000)]))
    stage.run(RATE)
    played = spectra.played().bands
    assert level_db(played[4]) == pytest.approx(level_db(played[20]), abs=2.0)
    assert level_db(played[4]) > -3.0


def test_a_hop_is_computed_once_for_all_who_ask(stage, spectra, monkeypatch):
    reads = []
    read = AudioShare.read_mix
    monkeypatch.setattr(
        AudioShare, "read_mix", lambda *args: reads.append(args[1:]) or read(*args)
    )
    stage.run(RATE)
    assert reads == []  # nobody has asked
    for _ in range(5):
        spectra.heard(), spectra.played()
    assert len(reads) == 1
    stage.run(HOP)
    for _ in range(5):
        spectra.heard()
    assert len(reads) == 2


def test_bands_stay_where_they_are_at_another_rate():
    with AudioShare.create(96_000, 4800) as share:
        spectra = SpectrumReader(share)
        share.set_rate(RATE, HOP)
        with Host(share) as host:
            HostStage(share, host).run(RATE, left=sine(880))
        assert loudest(spectra.heard().bands) == 16
