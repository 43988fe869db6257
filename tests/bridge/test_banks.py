"""Tests of banks: storing what was heard, recalling it, and resets that begin from one."""

import asyncio
from multiprocessing import Pipe

import numpy as np
import pytest

from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ConfigError, ParameterError, RefusedError
from bridge.engine.bank_files import BankSource, bank_path, bank_paths, write_bank
from bridge.engine.loop import Engine
from bridge.engine.messages import Applied, BankAction, Failed, Reset, SchedulerState, UseBank
from bridge.engine.persistent_banks import PersistentBanks
from bridge.protocols import Conditions
from bridge.state.bank_commands import bank_commands
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import QuantizeGrid, TempoMap, Timekeeping
from bridge.testing import PassThroughModel


@pytest.fixture
def scheduler():
    """A wire that answers a hop with what it heard three hops before."""
    made = HopScheduler(
        PassThroughModel(), 48000, Conditions(stem="drums", anticipation_hops=2)
    )
    list(made.start())
    return made


def hear(scheduler, level):
    (stem,) = scheduler.feed(np.full(2400, level, np.float32))
    return float(stem.audio[0, 0])


def test_recall_takes_the_place_of_what_was_heard_since(scheduler):
    twin = HopScheduler(
        PassThroughModel(), 48000, Conditions(stem="drums", anticipation_hops=2)
    )
    list(twin.start())
    for level in (1, 2, 3):
        hear(scheduler, level)
        hear(twin, level)
    scheduler.banks.store(8)
    for level in (40, 50, 60):
        hear(scheduler, level)
    scheduler.banks.recall(8)
    assert [hear(scheduler, level) for level in (7, 8, 9)] == [
        hear(twin, level) for level in (7, 8, 9)
    ]


def test_an_empty_bank_is_named_with_the_filled_ones(scheduler):
    with pytest.raises(ConfigError, match="bank 2 is empty; filled: none"):
        scheduler.banks.recall(2)
    scheduler.banks.store(1)
    scheduler.banks.store(5)
    scheduler.banks.clear(5)
    with pytest.raises(ConfigError, match="filled: 1"):
        scheduler.banks.recall(2)


def test_a_reset_returns_to_its_bank_on_the_beat(scheduler):
    tempo = TempoMap(frame=0, beat=0, tempo_bpm=60, beats_per_bar=1, rate=48000)
    scheduler.follow(Timekeeping(tempo=tempo))  # a beat every 20 hops
    for level in (1, 2, 3):
        hear(scheduler, level)
    scheduler.banks.store(3)
    scheduler.reset(QuantizeGrid.BEAT, 3)
    restored = []
    scheduler._model.restore = lambda memory: restored.append(scheduler.played)
    for _ in range(40):
        hear(scheduler, 9)
    assert restored == [20]


def test_a_reset_to_an_empty_bank_is_one_to_nothing(scheduler):
    for level in (1, 2, 3):
        hear(scheduler, level)
    scheduler.reset(bank=4)
    assert scheduler._model.state() == {}


def test_the_engine_tells_which_banks_are_filled(scheduler):
    with AudioShare.create(48000, 2400) as share:
        here, there = Pipe()
        engine = Engine(share, scheduler, there)
        for command in (
            UseBank(1, BankAction.STORE, 2),
            UseBank(2, BankAction.RECALL, 3),
            UseBank(3, BankAction.RECALL, 2),
            Reset(4, bank=2),
        ):
            here.send(command)
        engine._run_commands()
        here.send(UseBank(5, BankAction.CLEAR, 2))
        engine._run_commands()
        replies = [here.recv() for _ in iter(here.poll, False)]
    assert replies == [
        Applied(1),
        Failed("bank 3 is empty; filled: 2", id=2, kind=ConfigError),
        Applied(3),
        Applied(4),
        SchedulerState(banks=frozenset({2})),
        Applied(5),
        SchedulerState(),
    ]


# -- files -----------------------------------------------------------------------------------


def other(scheduler):
    """Return what another engine with the same model would have."""
    made = HopScheduler(PassThroughModel(), 48000, scheduler.conditions)
    list(made.start())
    return made


def test_banks_come_back_from_their_files(scheduler, tmp_path):
    banks_on_disk = PersistentBanks(scheduler, tmp_path)
    for level in (1, 2, 3):
        hear(scheduler, level)
    for bank in (2, 5, 6):
        banks_on_disk.use(BankAction.STORE, bank)
    banks_on_disk.use(BankAction.CLEAR, 6)
    banks_on_disk.close()
    assert set(bank_paths(tmp_path)) == {2, 5}
    again = other(scheduler)
    banks_on_disk = PersistentBanks(again, tmp_path)
    banks_on_disk.load_all()
    assert again.banks.filled == {2, 5}
    banks_on_disk.use(BankAction.RECALL, 5)
    assert [hear(again, level) for level in (7, 8, 9)] == [
        hear(scheduler, level) for level in (7, 8, 9)
    ]
    bank_path(tmp_path, 5).unlink()
    banks_on_disk.use(BankAction.STORE, 1)
    banks_on_disk.load_all()
    assert again.banks.filled == {1, 2}
    banks_on_disk.close()


def test_a_bank_of_other_weights_is_refused_by_name_until_it_is_stored_again(
    scheduler, tmp_path
):
    write_bank(
        bank_path(tmp_path, 4), BankSource("elsewhere", "jazz trio"), {"1": np.zeros(2400)}
    )
    banks_on_disk = PersistentBanks(scheduler, tmp_path)
    banks_on_disk.load_all()
    assert scheduler.banks.filled == set()
    for _ in range(2):
        with pytest.raises(RefusedError, match="heard by checkpoint 'jazz trio'") as refused:
            banks_on_disk.use(BankAction.RECALL, 4)
        assert refused.value.code == 31
    banks_on_disk.use(BankAction.STORE, 4)
    banks_on_disk.use(BankAction.RECALL, 4)
    banks_on_disk.close()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x08" + bytes(7) + b"{}      "])
def test_a_damaged_file_is_told_and_harms_no_other_bank(scheduler, tmp_path, content):
    write_bank(
        bank_path(tmp_path, 1), BankSource(scheduler.model.identity, "x"), {"1": np.zeros(2400)}
    )
    bank_path(tmp_path, 2).write_bytes(content)
    write_bank(
        bank_path(tmp_path, 3),
        BankSource(scheduler.model.identity, "x"),
        {"one": np.zeros(2400)},
    )
    banks_on_disk = PersistentBanks(scheduler, tmp_path)
    banks_on_disk.load_all()
    assert scheduler.banks.filled == {1}
    with pytest.raises(RefusedError, match="bank-2") as refused:
        banks_on_disk.use(BankAction.RECALL, 2)
    assert refused.value.code == 9
    with pytest.raises(RefusedError, match="bank-3") as refused:
        banks_on_disk.use(BankAction.RECALL, 3)
    assert refused.value.code == 31
    banks_on_disk.close()


def test_a_full_disk_leaves_the_bank_in_memory(scheduler, tmp_path, monkeypatch, caplog):
    def full(file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("model.formats.atomic_files.os.fsync", full)
    banks_on_disk = PersistentBanks(scheduler, tmp_path)
    banks_on_disk.use(BankAction.STORE, 1)
    banks_on_disk.close()
    assert scheduler.banks.filled == {1}
    assert "No space left" in caplog.text
    assert not list(tmp_path.iterdir())


def test_banks_are_commands_with_a_range():
    used = []

    async def use(act, bank):
        used.append((act, bank))

    async def scene():
        commands = bank_commands(use)
        assert set(commands) == {"bank/store", "bank/recall", "bank/clear"}
        assert await commands["bank/store"](8) == [("done", ("/liveband/bank/store", 8))]
        for bank in (0, 9, -1):
            with pytest.raises(ParameterError, match="banks 1 to 8"):
                await commands["bank/recall"](bank)

    asyncio.run(scene())
    assert used == [(BankAction.STORE, 8)]
