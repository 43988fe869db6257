"""The recipes of docs/architecture.md, each carried out step by step on something small."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from bridge.controls.parameters import PARAMETERS, Kind, Parameter, Table, When
from model.streaming import Streaming, StreamState
from model.testing import check_stream_contract
from tools.surfaces import made as making
from tools.surfaces.widgets import long_name, sections, texts, widget_of

ROOT = Path(__file__).parents[1]
ROW = Parameter(
    name="shape/attack",
    kind=Kind.FLOAT,
    help="How hard it plays the beginning of a note",
    when=When.BLOCK,
    low=0.0,
    high=2.0,
    default=1.0,
    number=9001,
)
TABLE = Table((*PARAMETERS.rows, ROW))


def test_every_recipe_is_carried_out_here():
    page = (ROOT / "docs" / "architecture.md").read_text()
    recipes = re.findall(r"^### (Add a .+)$", page, re.MULTILINE)
    own = Path(__file__).read_text()
    assert len(recipes) == 4
    for title in recipes:
        assert f"# {title}" in own, title


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
    (path, content), *others = making.made().items()
    assert others == []
    shown = [row for row in PARAMETERS if row.kind is not Kind.READING]
    assert sorted(re.findall(rb"^  (\S+)", content, re.MULTILINE)) == sorted(
        row.address.encode() for row in shown
    )
    assert b"/liveband/stem tabs: Stem drums, bass" in content
    assert making.stale(tmp_path) == [path]
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_bytes(content)
    assert making.stale(tmp_path) == []
    assert making.stale(tmp_path, TABLE) == [path]
    assert b"/liveband/shape/attack dial: Shape Attack" in making.made(TABLE)[path]
