"""Every command of the model's life explains itself."""

import pytest

from model.__main__ import main

COMMANDS = [
    ["data", "render"],
    ["data", "describe"],
    ["data", "encode"],
    ["data", "recordings"],
    ["train"],
    ["train", "codec"],
    ["train", "decoder"],
    ["train", "liveband"],
    ["train", "baseline"],
    ["train", "bidirectional"],
    ["evaluate"],
    ["page"],
    ["card"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_is_printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main([*words, "--help"])
    assert leaving.value.code == 0
    shown = capsys.readouterr().out
    assert f"usage: liveband {words[0]}" in shown
    assert "%" not in shown.replace(" %", "")
