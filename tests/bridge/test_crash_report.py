"""Reports of crashes: what was running is told, an orderly end leaves nothing."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bridge.common.errors import RefusedError
from bridge.monitoring.crash_report import CrashReporter
from bridge.monitoring.json_log import JsonLines

KILLED = """
import os, signal, sys
from pathlib import Path
from bridge.monitoring.crash_report import CrashReporter
with CrashReporter(Path(sys.argv[1]), lambda: {"stem": "drums"}):
    print("running", flush=True)
    os.kill(os.getpid(), int(sys.argv[2]))
"""


def reports(folder):
    return sorted(folder.glob("*-*.json"))


def test_an_orderly_end_leaves_nothing(tmp_path):
    with CrashReporter(tmp_path, lambda: {"stem": "bass"}) as box:
        (running,) = reports(tmp_path)
        assert json.loads(running.read_text())["stem"] == "bass"
        box.facts = lambda: {"stem": "lead"}
        box.update()
        assert json.loads(running.read_text())["stem"] == "lead"
    assert list(tmp_path.iterdir()) == []


def test_a_crash_says_what_was_running_and_what_was_said_last(tmp_path):
    def crash():
        with CrashReporter(tmp_path, lambda: {"stem": "bass"}):
            logging.getLogger("bridge.somewhere").warning("the disk is %s", "full")
            raise ZeroDivisionError("here")

    with pytest.raises(ZeroDivisionError):
        crash()
    (report,) = reports(tmp_path)
    told = json.loads(report.read_text())
    assert report.name.startswith("crash-")
    assert "ZeroDivisionError" in told["cause"]
    assert "test_crash_report.py" in told["cause"]
    assert (told["stem"], told["pid"], told["command"]) == ("bass", os.getpid(), sys.argv)
    assert told["log"][-1].endswith("WARNING bridge.somewhere: the disk is full")


def test_what_we_refuse_on_purpose_is_no_crash(tmp_path):
    with pytest.raises(RefusedError), CrashReporter(tmp_path, dict):
        raise RefusedError("not now")
    assert reports(tmp_path) == []


@pytest.mark.parametrize(
    ("death", "words"), [(signal.SIGSEGV, "Segmentation fault"), (signal.SIGKILL, "was killed")]
)
def test_the_next_run_reports_one_that_was_killed(tmp_path, caplog, death, words):
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(int(death))]
    assert subprocess.run(command, capture_output=True).returncode == -death
    with CrashReporter(tmp_path, dict):
        pass
    (report,) = reports(tmp_path)
    told = json.loads(report.read_text())
    assert words in told["cause"]
    assert told["stem"] == "drums"
    assert str(report) in caplog.text
    assert list(tmp_path.iterdir()) == [report]


def test_a_run_beside_ours_is_let_be(tmp_path):
    other = tmp_path / f"running-{os.getppid()}.json"
    other.write_text("{}")
    with CrashReporter(tmp_path, dict):
        pass
    assert reports(tmp_path) == [other]


def test_old_reports_go_and_a_folder_that_cannot_be_is_told(tmp_path, caplog):
    folder = tmp_path / "reports"
    with CrashReporter(folder, dict) as box:
        for number in range(25):
            path = folder / f"engine-{number}.json"
            path.write_text("{}")
            os.utime(path, (number, number))
        newest = box.report("engine", "it died")
        assert newest in reports(folder)
        assert len(list(folder.glob("engine-*.json"))) == 20
    (tmp_path / "file").write_text("")
    with CrashReporter(tmp_path / "file", dict) as box:
        assert box.report("engine", "it died") is None
    assert "no reports of crashes will be kept" in caplog.text


def test_a_line_of_the_log_is_one_object(capsys):
    logger = logging.getLogger("bridge.test_line")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    try:
        raise ValueError("ü\n2")
    except ValueError:
        logger.exception("it %s", "broke", extra={"fault": "stall"})
    finally:
        logger.removeHandler(handler)
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["level"], told["logger"]) == ("error", "bridge.test_line")
    assert (told["text"], told["fault"]) == ("it broke", "stall")
    assert "ValueError: ü" in told["trace"]
    assert abs(told["time"] - time.time()) < 60


def test_the_unit_is_one_that_systemd_takes(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed (package systemd)")
    unit = Path(__file__).parents[2] / "systemd" / "liveband.service"
    done = subprocess.run(
        [program, "--user", "verify", str(unit)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_LOG_LEVEL": "warning"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
