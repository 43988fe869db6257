"""Tests of prefills: a file is heard in another process, and a reset begins with it."""

import asyncio
import os

import numpy as np
import pytest
import soundfile

from bridge.common.errors import EngineError, ParameterError, RefusedError
from bridge.engine.bank_files import bank_path, bank_paths
from bridge.engine.persistent_banks import PersistentBanks
from bridge.protocols import Conditions
from bridge.state.prefill import Prefill, find_sound
from bridge.stream.hop_scheduler import HopScheduler
from bridge.testing import PassThroughModel, ScriptedModel

FROZEN = Conditions(stem="drums", anticipation_hops=2, freeze=True)
THAWED = Conditions(stem="drums", anticipation_hops=2)


def broken():
    raise EngineError("checkpoint x: 3 tensors are missing; fetch it again")


def crashing():
    os._exit(3)


def slow():
    return ScriptedModel(step_s=10.0)


@pytest.fixture
def song(tmp_path):
    """Three seconds and a bit, in a folder of sounds."""
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, (3 * 48000 + 999, 2)).astype(np.float32)
    (tmp_path / "sounds").mkdir()
    soundfile.write(tmp_path / "sounds" / "song.wav", sound, 48000, subtype="FLOAT")
    return sound.mean(axis=1)


def prefill(tmp_path, load=PassThroughModel, loaded=None):
    async def load_bank(bank):
        if loaded is not None:
            loaded.append(bank)

    return Prefill(tmp_path / "sounds", tmp_path, lambda: (load, (FROZEN,)), load_bank)


def test_a_reset_begins_with_what_the_file_contained(tmp_path, song):
    loaded = []
    filler = prefill(tmp_path, loaded=loaded)
    replies = asyncio.run(filler.commands["bank/prefill"](3, "song"))
    assert replies == [("done", ("/liveband/bank/prefill", 3, "song"))]
    assert loaded == [3]
    scheduler = HopScheduler(PassThroughModel(), 48000, THAWED)
    list(scheduler.start())
    banks_on_disk = PersistentBanks(scheduler, tmp_path)
    banks_on_disk.load(3)
    banks_on_disk.close()
    scheduler.reset(bank=3)
    heard = np.concatenate([song, np.zeros(-len(song) % 2400, np.float32)]).reshape(-1, 2400)
    memory = scheduler.model.state()
    for age in (1, 2, 20):
        np.testing.assert_allclose(memory[age], heard[-age], atol=1e-6)


@pytest.mark.parametrize(
    ("load", "code", "words"),
    [
        (broken, 9, "3 tensors are missing"),
        (crashing, 7, r"the process that heard it died \(exit 3\)"),
    ],
)
def test_what_goes_wrong_is_told_and_fills_nothing(tmp_path, song, load, code, words):
    with pytest.raises(RefusedError, match=words) as refused:
        asyncio.run(prefill(tmp_path, load).fill(3, "song.wav"))
    assert refused.value.code == code
    assert not bank_paths(tmp_path)


def test_a_file_that_is_no_sound_is_told(tmp_path, song):
    (tmp_path / "sounds" / "words.wav").write_text("not a sound")
    with pytest.raises(RefusedError, match=r"words\.wav: cannot be read") as refused:
        asyncio.run(prefill(tmp_path).fill(3, "words"))
    assert refused.value.code == 9


def test_one_file_at_a_time_and_none_after_the_end(tmp_path, song):
    async def scene():
        filler = prefill(tmp_path, slow)
        first = asyncio.create_task(filler.fill(1, "song"))
        await asyncio.sleep(0.1)
        with pytest.raises(RefusedError, match="being heard already") as refused:
            await filler.fill(2, "song")
        assert refused.value.code == 6
        filler.close()
        with pytest.raises(RefusedError, match="not heard to its end"):
            await first

    asyncio.run(scene())
    assert not bank_path(tmp_path, 1).exists()


def test_a_bank_that_there_is_not_is_refused_before_anything_is_heard(tmp_path, song):
    with pytest.raises(ParameterError, match="banks 1 to 8"):
        asyncio.run(prefill(tmp_path).commands["bank/prefill"](9, "song"))


def test_files_are_found_by_name_and_only_in_their_folder(tmp_path, song):
    folder = tmp_path / "sounds"
    (folder / "take 1.mix.wav").touch()
    assert find_sound(folder, "song") == folder / "song.wav"
    assert find_sound(folder, "song.wav") == folder / "song.wav"
    assert find_sound(folder, "take 1") == folder / "take 1.mix.wav"
    with pytest.raises(RefusedError, match=r"did you mean 'song\.wav'\?") as refused:
        find_sound(folder, "sonk")
    assert refused.value.code == 9
    with pytest.raises(RefusedError, match="or record one"):
        find_sound(tmp_path / "none", "song")
    for name in ("../song", "/etc/passwd", ".hidden", "sounds/song.wav"):
        with pytest.raises(RefusedError, match="not a path"):
            find_sound(tmp_path, name)
