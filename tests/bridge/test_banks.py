"""What was heard can be kept, remembered, and be what a reset returns to."""

import asyncio
from multiprocessing import Pipe

import numpy as np
import pytest

from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ConfigError, ParameterError, RefusedError
from bridge.engine.bank_files import Kept, bank_path, bank_paths, write
from bridge.engine.bank_keeper import BankKeeper
from bridge.engine.loop import Engine
from bridge.engine.messages import Applied, BankAct, Failed, Filled, Reset, UseBank
from bridge.protocols import Conditions
from bridge.state.banks import bank_commands
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import Grid, TempoMap, Timekeeping
from bridge.testing import PassThroughModel


@pytest.fixture
def session():
    """A wire that answers a hop with what it heard three hops before."""
    made = HopScheduler(
        PassThroughModel(), 48000, Conditions(stem="drums", anticipation_hops=2)
    )
    list(made.start())
    return made


def hear(session, level):
    (stem,) = session.feed(np.full(2400, level, np.float32))
    return float(stem.audio[0, 0])


def test_recall_takes_the_place_of_what_was_heard_since(session):
    twin = HopScheduler(
        PassThroughModel(), 48000, Conditions(stem="drums", anticipation_hops=2)
    )
    list(twin.start())
    for level in (1, 2, 3):
        hear(session, level)
        hear(twin, level)
    session.banks.store(8)
    for level in (40, 50, 60):
        hear(session, level)
    session.banks.recall(8)
    assert [hear(session, level) for level in (7, 8, 9)] == [
        hear(twin, level) for level in (7, 8, 9)
    ]


def test_an_empty_bank_is_named_with_the_filled_ones(session):
    with pytest.raises(ConfigError, match="bank 2 is empty; filled: none"):
        session.banks.recall(2)
    session.banks.store(1)
    session.banks.store(5)
    session.banks.clear(5)
    with pytest.raises(ConfigError, match="filled: 1"):
        session.banks.recall(2)


def test_a_reset_returns_to_its_bank_on_the_beat(session):
    tempo = TempoMap(frame=0, beat=0, tempo_bpm=60, beats_per_bar=1, rate=48000)
    session.follow(Timekeeping(tempo=tempo))  # a beat every 20 hops
    for level in (1, 2, 3):
        hear(session, level)
    session.banks.store(3)
    session.reset(Grid.BEAT, 3)
    restored = []
    session._model.restore = lambda memory: restored.append(session.played)
    for _ in range(40):
        hear(session, 9)
    assert restored == [20]


def test_a_reset_to_an_empty_bank_is_one_to_nothing(session):
    for level in (1, 2, 3):
        hear(session, level)
    session.reset(bank=4)
    assert session._model.state() == {}


def test_the_engine_tells_which_banks_are_filled(session):
    with AudioShare.create(48000, 2400) as share:
        here, there = Pipe()
        engine = Engine(share, session, there)
        for command in (
            UseBank(1, BankAct.STORE, 2),
            UseBank(2, BankAct.RECALL, 3),
            UseBank(3, BankAct.RECALL, 2),
            Reset(4, bank=2),
        ):
            here.send(command)
        engine._obey()
        here.send(UseBank(5, BankAct.CLEAR, 2))
        engine._obey()
        replies = [here.recv() for _ in iter(here.poll, False)]
    assert replies == [
        Applied(1),
        Failed("bank 3 is empty; filled: 2", id=2, kind=ConfigError),
        Applied(3),
        Applied(4),
        Filled(frozenset({2})),
        Applied(5),
        Filled(frozenset()),
    ]


# -- files -----------------------------------------------------------------------------------


def other(session):
    """Return what another engine with the same model would have."""
    made = HopScheduler(PassThroughModel(), 48000, session.conditions)
    list(made.start())
    return made


def test_banks_come_back_from_their_files(session, tmp_path):
    keeper = BankKeeper(session, tmp_path)
    for level in (1, 2, 3):
        hear(session, level)
    for bank in (2, 5, 6):
        keeper.use(BankAct.STORE, bank)
    keeper.use(BankAct.CLEAR, 6)
    keeper.close()
    assert set(bank_paths(tmp_path)) == {2, 5}
    again = other(session)
    keeper = BankKeeper(again, tmp_path)
    keeper.look()
    assert again.banks.filled == {2, 5}
    keeper.use(BankAct.RECALL, 5)
    assert [hear(again, level) for level in (7, 8, 9)] == [
        hear(session, level) for level in (7, 8, 9)
    ]
    bank_path(tmp_path, 5).unlink()
    keeper.use(BankAct.STORE, 1)
    keeper.look()
    assert again.banks.filled == {1, 2}
    keeper.close()


def test_a_bank_of_other_weights_is_refused_by_name_until_it_is_stored_again(session, tmp_path):
    write(bank_path(tmp_path, 4), Kept("elsewhere", "jazz trio"), {"1": np.zeros(2400)})
    keeper = BankKeeper(session, tmp_path)
    keeper.look()
    assert session.banks.filled == set()
    for _ in range(2):
        with pytest.raises(RefusedError, match="heard by checkpoint 'jazz trio'") as refused:
            keeper.use(BankAct.RECALL, 4)
        assert refused.value.code == 31
    keeper.use(BankAct.STORE, 4)
    keeper.use(BankAct.RECALL, 4)
    keeper.close()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x08" + bytes(7) + b"{}      "])
def test_a_damaged_file_is_told_and_harms_no_other_bank(session, tmp_path, content):
    write(bank_path(tmp_path, 1), Kept(session.model.identity, "x"), {"1": np.zeros(2400)})
    bank_path(tmp_path, 2).write_bytes(content)
    write(bank_path(tmp_path, 3), Kept(session.model.identity, "x"), {"one": np.zeros(2400)})
    keeper = BankKeeper(session, tmp_path)
    keeper.look()
    assert session.banks.filled == {1}
    with pytest.raises(RefusedError, match="bank-2") as refused:
        keeper.use(BankAct.RECALL, 2)
    assert refused.value.code == 9
    with pytest.raises(RefusedError, match="bank-3") as refused:
        keeper.use(BankAct.RECALL, 3)
    assert refused.value.code == 31
    keeper.close()


def test_a_full_disk_leaves_the_bank_in_memory(session, tmp_path, monkeypatch, caplog):
    def full(file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bridge.common.atomic_files.os.fsync", full)
    keeper = BankKeeper(session, tmp_path)
    keeper.use(BankAct.STORE, 1)
    keeper.close()
    assert session.banks.filled == {1}
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
    assert used == [(BankAct.STORE, 8)]
