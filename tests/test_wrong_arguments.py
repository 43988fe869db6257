"""Every argument of every command, given wrongly, is refused in a sentence."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from model.checkpoint import save_checkpoint
from model.formats.command_line import RealRange, WholeRange
from model.networks.autoencoder import Autoencoder
from model.networks.generator import Generator
from model.presets import load_preset
from tests.command_lines import (
    OUTPUTS,
    RIGHT,
    arguments_of,
    command_parsers,
    given_wrongly,
    outcome_of,
    right_arguments,
    wrong_values,
)
from tests.model.songs import RATE, write_song
from tests.model.tiny import write_latents

PARSERS = command_parsers()
NOBODY = 65534
ENDS = {"run": 3, "set": 3, "get": 3, "status": 3, "connect": 3, "learn": 3, "measure": 3}
"""Codes of right command lines where no bridge and no JACK server answers; 0 for all others."""
ANY_TEXT = {
    "doctor --server",
    "data recordings --licence",
    "data recordings --package",
    "data recordings --credit",
}
"""Arguments that may be any text, or that only a report answers."""


def _name(action):
    return action.option_strings[0] if action.option_strings else action.dest


CASES = [
    (words, action) for words, parser in PARSERS.items() for action in arguments_of(parser)
]


@pytest.fixture(scope="module")
def places():
    """What right command lines name, in a folder that is open to every user."""
    root = Path(tempfile.mkdtemp(prefix="liveband-arguments-"))
    root.chmod(0o777)
    torch.manual_seed(0)
    for split in ("train", "valid", "test"):
        song = root / "songs" / split / "song0"
        write_song(song, 0)
        facts = json.loads((song / "song.json").read_text())
        beats = {"beats_s": [n / 2 for n in range(12)], "downbeats_s": [0, 2, 4]}
        (song / "song.json").write_text(json.dumps({**facts, **beats, "tempo_bpm": 120}))
    preset = load_preset("smoke")
    networks = Autoencoder(preset.autoencoder).eval(), Generator(preset.generator).eval()
    save_checkpoint(root / "checkpoint", *networks, {})
    write_latents(root / "latents", preset.generator)
    noise = 0.1 * np.random.default_rng(0).standard_normal(6 * RATE)
    soundfile.write(root / "mix.wav", noise.astype(np.float32), RATE)
    for plugin in ("liveband/liveband.clap", "liveband.lv2/liveband.so"):
        (root / "plugins" / plugin).parent.mkdir(parents=True)
        (root / "plugins" / plugin).write_bytes(b"")
    (root / "text").write_text("no sound")
    (root / "empty").mkdir()
    (root / "closed").mkdir(mode=0)
    names = ("songs", "checkpoint", "latents", "plugins", "text", "empty", "closed", "new")
    yield {"mix": root / "mix.wav", **{name: root / name for name in names}}
    shutil.rmtree(root)


@pytest.fixture
def at_home(places, monkeypatch):
    """Work in the folder of the places; yield a function that removes what is new there."""
    root = places["text"].parent
    monkeypatch.chdir(root)
    monkeypatch.setenv("HOME", str(root))
    before = set(root.iterdir())

    def tidy():
        for new in set(root.iterdir()) - before:
            shutil.rmtree(new) if new.is_dir() else new.unlink()

    yield tidy
    tidy()


def test_every_command_has_a_right_command_line():
    assert set(RIGHT) == set(PARSERS)


@pytest.mark.parametrize("words", RIGHT)
def test_a_right_command_line_gets_to_its_work(places, at_home, words):
    ended = outcome_of([*words.split(), *RIGHT[words].format(**places).split()])
    assert ended.code == ENDS.get(words, 0), ended.said


CHECKPOINTS = [
    (words, action)
    for words, action in CASES
    if action.dest in ("checkpoint", "codec", "start")
    and words not in ("doctor", "train tracker")
]


@pytest.mark.parametrize(
    ("words", "action"),
    CHECKPOINTS,
    ids=[f"{words} {_name(action)}" for words, action in CHECKPOINTS],
)
def test_a_checkpoint_that_is_not_there_is_wrong_use(places, at_home, words, action):
    right = right_arguments(words, action, places)
    line = given_wrongly(PARSERS[words], right, action, "nope")
    ended = outcome_of([*words.split(), *line])
    assert (ended.code, "no checkpoint 'nope'" in ended.said) == (2, True), ended.said


@pytest.mark.parametrize(
    ("words", "action"), CASES, ids=[f"{words} {_name(action)}" for words, action in CASES]
)
def test_a_wrong_value_is_refused_in_a_sentence(places, at_home, words, action):
    right = right_arguments(words, action, places)
    usual = outcome_of([*words.split(), *right])
    assert usual.code == ENDS.get(words, 0), usual.said
    for what, value in wrong_values(action, places).items():
        at_home()
        line = [*words.split(), *given_wrongly(PARSERS[words], right, action, value)]
        with _user_of(what):
            ended = outcome_of(line)
        if ended.code == 0 or ended.is_like(usual):
            assert not _must_be_refused(words, action, what), f"{what}: {line} is accepted"
        else:
            faults = ended.faults(action, value)
            assert not faults, f"{what}: {line} {', '.join(faults)}: {ended.said}"


def _must_be_refused(words, action, what):
    """Return whether no right argument can be wrong in this way."""
    if what in ("type", "none", "none of the choices", "file in the way", "closed"):
        return True
    if isinstance(action.type, WholeRange | RealRange):
        return True
    if action.type is Path:
        return what == "empty" or action.dest not in OUTPUTS
    return (
        what == "unknown" and words not in ENDS and f"{words} {_name(action)}" not in ANY_TEXT
    )


class _user_of:  # noqa: N801
    """A context in which closed folders are closed, as they are to everyone but root."""

    def __init__(self, what):
        self.changes = what == "closed" and os.geteuid() == 0

    def __enter__(self):
        if self.changes:
            os.seteuid(NOBODY)

    def __exit__(self, *_):
        if self.changes:
            os.seteuid(0)
