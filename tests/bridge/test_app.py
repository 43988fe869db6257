"""The checkpoint says what there is to play, on every surface alike."""

import asyncio
import json
import subprocess
import sys

import pytest

from bridge.__main__ import main
from bridge.checkpoints.catalogue import PASSTHROUGH, control_table, initial_stem
from bridge.common.background import TaskErrors
from bridge.common.errors import EnvironmentMissing, ParameterError
from bridge.controls.controls import Controls, from_normalised
from bridge.controls.parameters import PARAMETERS
from bridge.controls.store import ControlStore
from bridge.osc.access import Access
from bridge.osc.actions import SetControl
from bridge.osc.codec import Message
from bridge.osc.route import Route
from bridge.osc.service import Service
from bridge.osc.values import AddressValues
from tests.bridge.fake_band import FakeBand


@pytest.fixture
def checkpoint(tmp_path):
    """A factory of checkpoint folders that hold only what says which stems there are."""

    def make(config):
        (tmp_path / "config.json").write_text(
            config if isinstance(config, str) else json.dumps(config)
        )
        return str(tmp_path)

    return make


def playing(*stems):
    return {
        "format": 1,
        "autoencoder": {},
        "generator": {"stems": stems},
        "weights_sha256": "5a" * 32,
    }


def test_the_stems_are_the_checkpoints(checkpoint):
    row = control_table(checkpoint(playing("bass", "kazoo", "drums")))["stem"]
    assert (row.choices, row.default) == (("bass", "kazoo", "drums"), "drums")
    row = control_table(checkpoint(playing("kazoo", "bass")))["stem"]
    assert (row.choices, row.default) == (("kazoo", "bass"), "kazoo")
    assert (row.number, row.cc) == (PARAMETERS["stem"].number, PARAMETERS["stem"].cc)


def test_the_wire_takes_every_stem():
    assert control_table(PASSTHROUGH) is PARAMETERS


def test_what_was_not_asked_for_is_the_default_and_what_was_must_be_there(checkpoint):
    where = checkpoint(playing("kazoo", "bass"))
    assert initial_stem(None, where) == "kazoo"
    assert initial_stem("BASS", where) == "bass"
    with pytest.raises(ParameterError, match=r"stem takes kazoo, bass .* got 'drums'"):
        initial_stem("drums", where)


@pytest.mark.parametrize("command", ["run", "render"])
def test_the_command_line_names_the_checkpoints_choices(capsys, checkpoint, command):
    where = checkpoint(playing("bass", "triangle"))
    files = ["mix.wav", "stem.wav"] if command == "render" else ["--server", "none-there"]
    assert main([command, *files, "--checkpoint", where, "--stem", "kazoo"]) == 2
    said = capsys.readouterr().err
    assert "bass, triangle" in said
    assert "'kazoo'" in said
    assert "piano" not in said


@pytest.mark.parametrize(
    "config",
    [
        "{",
        "[]",
        {},
        {"generator": None},
        {"generator": {"stems": []}},
        {"generator": {"stems": None}},
    ],
)
def test_a_config_without_stems_is_named_with_its_folder(checkpoint, config):
    where = checkpoint(config)
    with pytest.raises(EnvironmentMissing, match="does not list the stems") as refused:
        control_table(where)
    assert where in str(refused.value)
    assert "--checkpoint" in str(refused.value)


def test_looking_loads_no_torch(checkpoint):
    where = checkpoint(playing("kazoo"))
    code = (
        "import sys; from bridge.checkpoints.catalogue import control_table\n"
        f"control_table({where!r})\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_osc_agrees_with_the_table(checkpoint):
    table = control_table(checkpoint(playing("bass", "kazoo", "triangle")))
    assert from_normalised(table["stem"], 0.5).value == "kazoo"

    async def ask(service, *messages):
        client = service.clients.renew(Route("udp", "127.0.0.1", 1), 0.0)
        replies = []
        for action in service.resolve(messages):
            if isinstance(action, SetControl):
                replies += await service.set_controls([action], client)
            else:
                replies += await service.carry_out(action, client)
        return replies

    async def scene():
        store = ControlStore(FakeBand(), Controls(table))
        service = Service(
            AddressValues(store), Access(), version="0", clock=lambda: 0.0, errors=TaskErrors()
        )
        described, refused, *_ = await ask(
            service,
            Message("/liveband/describe", ("/liveband/stem",)),
            Message("/liveband/stem", ("drums",)),
            Message("/liveband/n/stem", (1.0,)),
        )
        assert described.arguments[-3:] == ("bass", "kazoo", "triangle")
        assert refused.address == "/liveband/fail"
        assert "bass, kazoo, triangle" in refused.arguments[2]
        assert store.controls["stem"] == "triangle"

    asyncio.run(scene())
