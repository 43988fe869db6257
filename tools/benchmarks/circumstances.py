"""When, where and of which commit a benchmark was measured, and how busy the machine was."""

import os
import platform
import subprocess
import time
from pathlib import Path

__all__ = ["busy_s", "circumstances", "machine", "utc"]

_ROOT_FOLDER = Path(__file__).parents[2]


def circumstances() -> dict[str, str]:
    """Return the commit, the machine and the UTC time."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, cwd=_ROOT_FOLDER, capture_output=True, text=True)
    return {"git": commit.stdout.strip(), "machine": machine(), "time": utc()}


def machine() -> str:
    """Return the name of this machine's processor and its number of cores."""
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    models = [line.split(":")[1].strip() for line in text.splitlines() if "model name" in line]
    cores = f"{len(models)} cores" if models else "cores unknown"
    return f"{models[0] if models else platform.processor()}, {cores}"


def utc() -> str:
    """Return the UTC time to the second."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())


def busy_s() -> float:
    """Return the processor time that the whole machine has taken so far, of all cores."""
    user, nice, system, _, _, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")
