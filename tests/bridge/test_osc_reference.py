"""The reference is what the tables say."""

from pathlib import Path

import pytest

from bridge.controls.parameters import PARAMETERS
from bridge.osc.commands import COMMANDS
from tools.osc_reference import main, reference

DOCUMENT = Path(__file__).parents[2] / "docs" / "osc.md"


def test_the_document_is_up_to_date():
    assert main(["--check", str(DOCUMENT)]) == 0


@pytest.mark.parametrize("name", [*PARAMETERS.by_name, *COMMANDS])
def test_every_address_is_in_it_once(name):
    assert reference().count(f"\n| `/{name}` |") == 1


def test_a_stale_document_is_refused_with_the_mend(tmp_path, capsys):
    stale = tmp_path / "osc.md"
    stale.write_text(reference() + "\n")
    assert main(["--check", str(stale)]) == 1
    assert "python -m tools.osc_reference >" in capsys.readouterr().err


def test_it_is_printed(capsys):
    assert main([]) == 0
    assert capsys.readouterr().out == reference()
