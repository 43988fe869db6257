"""The Debian package's files, and the manual and completions that come with it."""

import configparser
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bridge.__main__ import _VERBS
from tests.live.test_wheel import LARGEST_BYTES
from tools.manual import completions, manual_page

ROOT = Path(__file__).parents[1]
VERBS = [verb for verbs in _VERBS.values() for verb in verbs]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_the_package_has_the_programs_version():
    first = (ROOT / "debian" / "changelog").read_text().splitlines()[0]
    assert first.startswith(f"liveband ({VERSION}) ")


def test_what_is_installed_from_the_tree_is_there():
    for line in (ROOT / "debian" / "install").read_text().splitlines():
        source = line.split()[0]
        if not source.startswith("debian/build/"):
            assert (ROOT / source).is_file(), source


def test_the_menu_entry_starts_what_liveband_alone_offers():
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(ROOT / "debian" / "liveband.desktop")
    assert entry["Desktop Entry"]["Exec"] == "liveband run --open"
    icon = f"apps/{entry['Desktop Entry']['Icon']}.svg"
    assert icon in (ROOT / "debian" / "rules").read_text()


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="no desktop-file-utils")
def test_the_menu_entry_is_valid():
    file = ROOT / "debian" / "liveband.desktop"
    subprocess.run(["desktop-file-validate", file], check=True)


def test_the_manual_names_every_command_and_option_of_the_parser():
    page = manual_page(VERSION)
    plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
    for verb in VERBS:
        assert f"liveband {verb}" in plain, verb
    for option in ("--anticipation", "--osc-port", "--bidirectional", "--start-jack"):
        assert option in plain, option


@pytest.mark.skipif(not shutil.which("man"), reason="man-db is not installed")
def test_man_reads_the_manual_without_a_warning(tmp_path):
    (tmp_path / "liveband.1").write_text(manual_page(VERSION))
    shown = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", tmp_path / "liveband.1"],
        env={**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stderr == ""


def test_bash_completes_commands_and_their_options(tmp_path):
    file = tmp_path / "liveband.bash"
    file.write_text(completions()["liveband.bash"])

    def completed(*words):
        script = (
            f"source {file}; COMP_WORDS=({' '.join(words)} ''); "
            f'COMP_CWORD={len(words)}; COMP_WORDS[{len(words)}]="$LAST"; '
            '_shtab_liveband; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        return lambda last: subprocess.run(
            ["bash", "-c", script], env={**os.environ, "LAST": last},
            capture_output=True, text=True, check=True,
        ).stdout.split()  # fmt: skip

    assert set(VERBS) <= set(completed("liveband")(""))
    assert completed("liveband")("ren") == ["render"]
    assert "--start-jack" in completed("liveband", "run")("--st")


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_reads_its_completion(tmp_path):
    (tmp_path / "_liveband").write_text(completions()["_liveband"])
    subprocess.run(["zsh", "-n", tmp_path / "_liveband"], check=True)


def test_the_service_is_the_one_of_the_clone_and_not_enabled():
    rules = (ROOT / "debian" / "rules").read_text()
    assert "dh_installsystemduser --no-enable" in rules
    unit = (ROOT / "systemd" / "liveband.service").read_text()
    assert re.search(r"^ExecStart=/usr/bin/env liveband run ", unit, re.MULTILINE)


def test_sizes_that_the_pages_promise_are_asserted_or_printed():
    """The wheel's is asserted where it is installed, the package's printed when it is built."""
    rows = re.findall(
        r"^\| play, .*$", (ROOT / "docs" / "install.md").read_text(), re.MULTILINE
    )
    promised = [re.findall(r"(\d+) MB", row) for row in rows]
    assert promised == [[f"{LARGEST_BYTES / 1e6:.0f}"]] * 2
    readme = (ROOT / "README.md").read_text()
    assert f"less than {LARGEST_BYTES / 1e6:.0f} MB" in readme
    recipe = (ROOT / "Makefile").read_text().partition("\ndeb:")[2].partition("\n\n")[0]
    assert "Installed-Size" in recipe
