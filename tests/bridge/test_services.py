"""Registry of services: every row of the table has a part of the program behind it."""

import asyncio
from pathlib import Path

import pytest

from bridge.app import compose
from bridge.app.run import open_preset_folder
from bridge.common.errors import ConfigError
from bridge.common.remembered_files import RememberedFiles
from bridge.config import OscSettings, RunSettings
from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS, Kind, Parameter, Table
from bridge.controls.readings import StatusReading
from bridge.controls.services import Services
from bridge.live import players
from bridge.live.band import LiveBand
from bridge.osc.commands import COMMANDS
from bridge.testing import PassThroughModel

BRIDGE = Path(compose.__file__).parents[1]
SETTINGS = RunSettings(server="none-there", checkpoint="passthrough", osc=OscSettings(port=0))
ODD_ROWS = {
    "control": Parameter(name="odd", kind=Kind.TOGGLE, help="", default=False, number=999),
    "trigger": Parameter(name="odd", kind=Kind.TRIGGER, help=""),
    "reading": Parameter(name="odd", kind=Kind.READING, help="", reading=StatusReading),
}


@pytest.fixture
def composed(tmp_path, monkeypatch):
    """A function that composes a run on a table, and returns its services."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    made = []
    monkeypatch.setattr(
        compose, "Services", lambda *parts: made.append(Services(*parts)) or made[0]
    )

    async def run(table):
        band = LiveBand(SETTINGS, PassThroughModel)
        band.open()
        try:
            presets = open_preset_folder("passthrough", files := RememberedFiles())
            async with compose.open_parts(
                band, SETTINGS, Controls(table), {}, presets, None, files
            ):
                return made[0]
        finally:
            band.close()

    return lambda table=PARAMETERS: asyncio.run(run(table))


def test_a_run_has_something_behind_every_row_and_every_command(composed):
    services = composed()
    assert services.readings.keys() == {r.name for r in PARAMETERS if r.kind is Kind.READING}
    assert services.triggers.keys() == {r.name for r in PARAMETERS if r.kind is Kind.TRIGGER}
    assert services.commands.keys() <= COMMANDS.keys()
    assert all(services.consumers.values())


@pytest.mark.parametrize("kind", ODD_ROWS)
def test_a_row_that_nothing_consumes_is_an_error_at_start(composed, kind):
    with pytest.raises(ConfigError, match=r"no part of the program .* odd; see"):
        composed(Table((*PARAMETERS.rows, ODD_ROWS[kind])))


def test_a_service_of_a_row_that_is_not_there_is_an_error_at_start():
    services = Services(None, None)
    services.add("rest", controls=(row.name for row in PARAMETERS.controls))
    with pytest.raises(ConfigError, match="no part of the program is registered for"):
        services.check(PARAMETERS)
    rows = tuple(row for row in PARAMETERS.controls if row.name != "ear/hold")
    with pytest.raises(ConfigError, match="no row ear/hold"):
        services.check(Table(rows))


def test_what_one_part_does_no_other_does_too():
    services = Services(None, None)
    services.add("one", commands={"bank/store": None})
    with pytest.raises(ConfigError, match="two: bank/store is one's already"):
        services.add("two", commands={"bank/store": None})


@pytest.mark.parametrize("row", PARAMETERS.controls, ids=lambda row: row.name)
def test_a_control_that_a_part_is_registered_for_is_read_there(row):
    folders = (BRIDGE / name for name in ("live", "midi", "transport", "app"))
    sources = (path for folder in folders for path in folder.glob("*.py"))
    texts = [path.read_text() for path in sources if path.name != "compose.py"]
    needed = 2 if row.name in players.CONTROLS else 1
    assert sum(text.count(f'"{row.name}"') for text in texts) >= needed
