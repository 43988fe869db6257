"""The recipes of docs/architecture.md, each carried out step by step on something small."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from bridge.checkpoints.catalogue import model_capabilities
from bridge.checkpoints.loader import chosen_engine
from bridge.common.errors import ConfigError
from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS, EffectTiming, Kind, Parameter, Table
from bridge.controls.services import Services
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.controls.target import IN_FORCE
from bridge.osc.codec import Message
from bridge.osc.dispatch import Addresses
from model.accompanists.players import load as load_band
from model.checkpoint import GENERATORS, load_checkpoint, save_checkpoint
from model.errors import CheckpointError
from model.formats.checkpoint_folder import KINDS, LIVEBAND
from model.formats.conditions import Conditions
from model.layers.streaming import Streaming, StreamState
from model.networks.autoencoder import Autoencoder
from model.networks.config import AutoencoderConfig, GeneratorConfig
from model.networks.generator import Generator
from tests.model.stream_contract import check_stream_contract
from tools.osc_reference import reference
from tools.surfaces import generated as making
from tools.surfaces.widgets import long_name, sections, texts, widget_of

ROOT = Path(__file__).parents[1]
ROW = Parameter(
    name="shape/attack",
    kind=Kind.FLOAT,
    help="How hard it plays the beginning of a note",
    when=EffectTiming.BLOCK,
    low=0.0,
    high=2.0,
    default=1.0,
    number=9001,
    each=True,
)
TABLE = Table((*PARAMETERS.rows, ROW))


def test_every_recipe_is_carried_out_here():
    page = (ROOT / "docs" / "architecture.md").read_text()
    recipes = re.findall(r"^### (Add a .+)$", page, re.MULTILINE)
    own = Path(__file__).read_text()
    assert len(recipes) == 4
    for title in recipes:
        assert f"# {title}" in own, title


# Add a control


def _services(seen):
    """Return a registry whose target notes what is put into force, by key."""

    async def apply(controls, changed):
        seen.update({str(key): controls.of(key.player)[key.name] for key in changed})
        return IN_FORCE

    return Services(apply, lambda: None)


def test_a_row_behind_which_nothing_stands_is_an_error_at_the_start():
    services = _services({})
    with pytest.raises(ConfigError, match="shape/attack"):
        services.check(Table((ROW,)))
    services.add("shape", controls=[ROW.name])
    services.check(Table((ROW,)))
    with pytest.raises(ConfigError, match="shape/attack"):
        services.check(Table(()))


@pytest.mark.parametrize("player", [1, 2])
def test_a_new_control_goes_from_its_address_to_its_effect(player):
    address = "/liveband/shape/attack" if player == 1 else "/liveband/player/2/shape/attack"
    (action,) = Addresses(TABLE, players=2).resolve(Message(address, (5.0,)))
    seen = {}
    store = ControlStore(_services(seen), Controls(TABLE))
    asyncio.run(store.set(action.target.key, action.coerced.value))
    assert seen == {str(ControlKey(player, "shape/attack")): 2.0}
    assert "| `/shape/attack` |" in reference(TABLE)


# Add a layer


@dataclass(slots=True)
class LeakState(StreamState):
    """The newest output of each stream."""

    y_BC: Tensor


class Leak(Streaming[LeakState]):
    """A leaky integrator over time, ``y[t] = decay * y[t - 1] + x[t]``."""

    def __init__(self, channels: int, decay: float = 0.5) -> None:
        super().__init__()
        self.channels, self.decay = channels, decay
        self.scale = torch.nn.Parameter(torch.ones(channels))

    def init_state(self, batch: int) -> LeakState:
        return LeakState(self.scale.new_zeros(batch, self.channels))

    def step(self, x_BTC: Tensor, state: LeakState) -> Tensor:
        y_BC, out = state.y_BC, []
        for x_BC in x_BTC.unbind(1):
            y_BC = self.decay * y_BC + x_BC
            out.append(y_BC)
        state.y_BC = y_BC
        return self.scale * torch.stack(out, dim=1)


class Forgetful(Leak):
    """The same, with its memory lost at the end of each step."""

    def step(self, x_BTC: Tensor, state: LeakState) -> Tensor:
        return super().step(x_BTC, self.init_state(len(x_BTC)))


class Hidden(Leak):
    """The same, with its memory in the module."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels)
        self.known: LeakState | None = None

    def step(self, x_BTC: Tensor, state: LeakState) -> Tensor:
        if self.known is None or len(self.known.y_BC) != len(x_BTC):
            self.known = self.init_state(len(x_BTC))
        return super().step(x_BTC, self.known)


class Ahead(Leak):
    """The same, one input early within a step."""

    def step(self, x_BTC: Tensor, state: LeakState) -> Tensor:
        return super().step(x_BTC.roll(-1, dims=1), state)


def test_a_new_layer_keeps_the_contract():
    check_stream_contract(Leak(3), 3, hops=40)


@pytest.mark.parametrize("layer", [Forgetful, Hidden, Ahead])
def test_a_layer_that_does_not_stream_is_refused(layer):
    with pytest.raises(AssertionError, match="streaming law"):
        check_stream_contract(layer(3), 3, hops=40)


# Add a kind of checkpoint


class Averaging(Generator):
    """A generator whose stem network is that of LiveBand; only its kind is another."""


AVERAGING = "averaging"
CODEC = AutoencoderConfig(
    latent=4, encoder_inner=16, encoder_hop=24, decoder_hop=24, decoder_inner=16
)
SIZES = GeneratorConfig(
    latent=4, channels=8, context_depth=1, depth=1, heads=2, window=4, condition=4
)


@pytest.fixture
def averaging(tmp_path):
    """A folder that says it is of a kind which this version does not know."""
    torch.manual_seed(0)
    save_checkpoint(tmp_path / "mine", Autoencoder(CODEC), Generator(SIZES), {})
    config = tmp_path / "mine" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "kind": AVERAGING}))
    return tmp_path / "mine"


def test_a_kind_that_is_not_in_the_table_is_refused(averaging):
    with pytest.raises(CheckpointError, match="'averaging', this version knows liveband"):
        load_checkpoint(averaging)


def test_a_new_kind_is_stored_loaded_offered_and_played(averaging, tmp_path, monkeypatch):
    monkeypatch.setitem(KINDS, AVERAGING, "it plays the mean: liveband run")
    monkeypatch.setitem(GENERATORS, AVERAGING, Averaging)
    assert type(load_checkpoint(averaging).generator) is Averaging
    save_checkpoint(tmp_path / "own", Autoencoder(CODEC), Averaging(SIZES), {})
    checkpoint = load_checkpoint(tmp_path / "own")
    assert (checkpoint.kind, type(checkpoint.generator)) == (AVERAGING, Averaging)
    with pytest.raises(CheckpointError, match="it plays the mean"):
        load_checkpoint(tmp_path / "own", LIVEBAND)
    assert model_capabilities(str(tmp_path / "own")).kind == AVERAGING
    assert chosen_engine(str(tmp_path / "own"), "") == "torch"
    band = load_band(tmp_path / "own")
    band.condition(1, Conditions(stem="bass"))
    assert band.play().shape == (1, band.hop)


# Add a surface


def _sheet(table: Table) -> Mapping[str, str]:
    """Make a surface of plain text: a line for each control, section by section."""
    lines = []
    for section, rows in sections(table):
        lines.append(section.title)
        for row in rows:
            values = ", ".join(texts(row)) if row.kind is Kind.CHOICE else ""
            lines.append(
                f"  {row.address} {widget_of(row)}: {long_name(row)} {values}".rstrip()
            )
    return {"surfaces/text/liveband.txt": "\n".join(lines) + "\n"}


def test_a_new_surface_is_made_checked_and_follows_the_table(monkeypatch, tmp_path):
    monkeypatch.setattr(making, "SURFACES", (SimpleNamespace(files=_sheet),))
    (path, content), *others = making.generated_files().items()
    assert others == []
    shown = [row for row in PARAMETERS if row.kind is not Kind.READING]
    assert sorted(re.findall(rb"^  (\S+)", content, re.MULTILINE)) == sorted(
        row.address.encode() for row in shown
    )
    assert b"/liveband/stem tabs: Stem drums, bass" in content
    assert making.outdated_files(tmp_path) == [path]
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_bytes(content)
    assert making.outdated_files(tmp_path) == []
    assert making.outdated_files(tmp_path, TABLE) == [path]
    assert b"/liveband/shape/attack dial: Shape Attack" in making.generated_files(TABLE)[path]
