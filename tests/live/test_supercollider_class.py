"""The SuperCollider class, compiled and run by sclang against a real endpoint."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bridge.controls.parameters import PARAMETERS, Kind
from tests.bridge.fake_band import FakeBand, serving
from tools.surfaces.supercollider import FOLDER, method_name

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("sclang") is None, reason="SuperCollider is not installed"),
]
ROOT = Path(__file__).parents[2]
WINDOWLESS = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox",
}
SCENE = """
fork {{
	var band = Liveband("127.0.0.1", {port});
	var wait = {{ |test| 1000.do {{ if(test.value.not) {{ 0.05.wait }} }} }};
	band.open;
	wait.value({{ band.at("heartbeat").notNil }});
	wait.value({{ band.at("gain/out").notNil }});
	("shown" + band.gainOut).postln;
	band.stem = "bass";
	band.gainOut = -6;
	band.mute = true;
	band.reset;
	band.send("sync", 7);
	wait.value({{ band.at("synced") == 7 }});
	{methods}.do {{ |name|
		if(band.respondsTo(name).not) {{ ("missing" + name).postln }}
	}};
	band.close;
	0.2.wait;
	0.exit;
}}
"""


def test_the_class_compiles_and_moves_a_band(tmp_path):
    band = FakeBand()
    rows = [row for row in PARAMETERS if row.kind is not Kind.READING]
    names = ", ".join(f"'{method_name(row)}'" for row in rows)
    config = tmp_path / "sclang.yaml"
    config.write_text(f"includePaths:\n    - {ROOT / FOLDER}\nexcludePaths: []\n")
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    with serving(band) as port:
        scene = tmp_path / "scene.scd"
        scene.write_text(SCENE.format(port=port, methods=f"[{names}]"))
        done = subprocess.run(
            ["sclang", "-i", "none", "-l", str(config), str(scene)],
            env={**os.environ, **WINDOWLESS, **home},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )
    assert done.returncode == 0, done.stdout
    assert "shown 0.0" in done.stdout, done.stdout
    assert "missing" not in done.stdout
    assert {"stem": "bass"} in band.applied
    assert {"gain/out": -6.0} in band.applied
    assert {"mute": True} in band.applied
    assert band.fired == ["reset"]
