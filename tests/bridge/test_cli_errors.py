"""The command line on bad input: what it says and with which code it ends."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.__main__ import main


@pytest.fixture(autouse=True)
def _logging():
    """Undo what the command line does to the root logger."""
    handlers = logging.root.handlers[:]
    yield
    logging.root.handlers[:] = handlers


@pytest.fixture
def mix(tmp_path):
    audio = 0.1 * np.random.default_rng(0).standard_normal(24000)
    soundfile.write(tmp_path / "mix.wav", audio.astype(np.float32), 48000, subtype="FLOAT")
    return str(tmp_path / "mix.wav")


def refused(capsys, *arguments):
    code = main(list(arguments))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return code, printed.err


def test_renders_with_the_wire(capsys, mix, tmp_path):
    out = str(tmp_path / "stem.wav")
    assert main(["render", mix, out, "--checkpoint", "passthrough", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["out"], summary["rate"], summary["seconds"]) == (out, 48000, 0.5)
    heard, _ = soundfile.read(mix, dtype="float32")
    stem, _ = soundfile.read(out, dtype="float32")
    assert np.array_equal(stem[7200:], heard[:-7200])


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--stem", "kazoo"], ["kazoo", "drums, bass"]),
        (["--anticipation", "0.37"], ["0.37", "0, 0.1, 1 s"]),
        (["--checkpoint", "nope"], ["'nope'", "passthrough", "liveband train"]),
        (["--seed", "-2"], ["-2", "2147483647"]),
        (["--noise", "-1"], ["-1"]),
    ],
)
@pytest.mark.parametrize("command", ["run", "render"])
def test_bad_values_name_the_value_and_the_choices(
    capsys, mix, tmp_path, command, options, parts
):
    files = [mix, str(tmp_path / "stem.wav")] if command == "render" else []
    checkpoint = [] if "--checkpoint" in options else ["--checkpoint", "passthrough"]
    server = ["--server", "liveband-test-none"] if command == "run" else []
    code, said = refused(capsys, command, *files, *checkpoint, *server, *options)
    assert code == 2
    for part in parts:
        assert part in said
    assert not (tmp_path / "stem.wav").exists()


def test_a_damaged_checkpoint_is_named(capsys, mix, tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "config.json").write_text("{")
    out = str(tmp_path / "stem.wav")
    code, said = refused(capsys, "render", mix, out, "--checkpoint", str(folder))
    assert code == 3
    assert str(folder) in said
    assert "--checkpoint" in said


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--checkpoint", "passthrough"], ["'passthrough' is not bidirectional"]),
        (["--checkpoint", "default"], ["'default' is not bidirectional"]),
        (["--checkpoint", "nope"], ["no checkpoint 'nope'", "nor one of bidirectional ("]),
        (["--checkpoint", "bidirectional-0s"], ["no anticipation", "for 'bidirectional'"]),
        (["--engine", "onnx"], ["--engine onnx has no meaning with --bidirectional"]),
        (["--beats-per-bar", "3"], ["--beats-per-bar has no meaning"]),
        (["--tempo", "90"], ["--tempo has no meaning"]),
        (["--anticipation", "0"], ["--anticipation has no meaning"]),
        (["--no-ear"], ["--no-ear has no meaning"]),
    ],
)
def test_what_hears_the_whole_mix_refuses_what_is_for_playing_live(
    capsys, mix, tmp_path, options, parts
):
    out = tmp_path / "stem.wav"
    code, said = refused(capsys, "render", mix, str(out), "--bidirectional", *options)
    assert code == 2
    for part in parts:
        assert part in said
    assert not out.exists()


@pytest.mark.parametrize("options", [["--checkpoint", "passthrough"], ["--bidirectional"]])
def test_a_stem_never_takes_the_place_of_its_mix(capsys, mix, tmp_path, options):
    before = Path(mix).read_bytes()
    link = tmp_path / "link.wav"
    link.symlink_to(mix)
    for out in (mix, str(link)):
        code, said = refused(capsys, "render", mix, out, *options)
        assert (code, "take the place of the mix" in said) == (2, True)
    assert Path(mix).read_bytes() == before


def test_words_that_nobody_reads_end_the_command_quietly(mix, tmp_path):
    played = ["render", mix, str(tmp_path / "stem.wav"), "--checkpoint", "passthrough"]
    command = [sys.executable, "-m", "bridge", *played]
    end, words = os.pipe()
    os.close(end)
    done = subprocess.run(command, stdout=words, stderr=subprocess.PIPE, text=True, check=False)
    os.close(words)
    assert (done.returncode, done.stderr) == (1, "")


def test_graphs_of_the_wire_are_refused(capsys):
    code, said = refused(capsys, "export", "passthrough")
    assert (code, "it has no graphs" in said, "no checkpoint" in said) == (2, True, False)
    assert "passthrough" not in refused(capsys, "export", "nope")[1]


@pytest.mark.parametrize(
    ("config", "offered"),
    [
        ({"kind": "bidirectional"}, ["(bidirectional)"]),
        ({"kind": "liveband"}, ["(default, streammusicgen, passthrough)"]),
        ([], []),
    ],
)
def test_instead_of_a_damaged_checkpoint_its_like_is_offered(
    capsys, mix, tmp_path, monkeypatch, config, offered
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text(json.dumps(config))
    arguments = [mix, str(tmp_path / "stem.wav"), "--checkpoint", str(tmp_path / "broken")]
    code, said = refused(capsys, "render", "--bidirectional", *arguments)
    assert code == 3
    assert re.findall(r"\([a-z, ]+\)", said) == offered


def test_a_mix_without_whole_hops_is_refused(capsys, tmp_path):
    soundfile.write(tmp_path / "odd.wav", np.zeros(100), 11025)
    out = str(tmp_path / "stem.wav")
    arguments = [str(tmp_path / "odd.wav"), out, "--checkpoint", "passthrough"]
    code, said = refused(capsys, "render", *arguments)
    assert code == 2
    assert "multiple of 20 Hz, got 11025" in said
    assert "sox" in said


def test_no_jack_server_offers_ways_on(capsys):
    arguments = ["--checkpoint", "passthrough", "--server", "liveband-test-none", "--no-wait"]
    code, said = refused(capsys, "run", *arguments)
    assert code == 3
    for part in ("liveband-test-none", "--start-jack", "--backend portaudio"):
        assert part in said


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--backend", "asio"], "jack, portaudio or hosted, got 'asio'"),
        (["--start-jack", "coreaudio"], "dummy or alsa, got 'coreaudio'"),
        (["--start-jack", "dummy", "--backend", "portaudio"], "goes with --backend jack"),
        (["--osc-port", "70000"], "0..65535, got 70000"),
    ],
)
def test_options_that_do_not_fit_are_refused(capsys, options, part):
    code, said = refused(capsys, "run", *options)
    assert code == 2
    assert part in said


@pytest.mark.parametrize("arguments", [["jam"], ["render"], ["run", "--loud"]])
def test_a_command_that_is_unknown_or_not_complete_is_wrong_use(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("liveband")
    assert "--help' tells more" in said
    assert len(said.splitlines()) == 1


def test_help_lists_every_command(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for command in ("demo", "run", "render", "set", "status", "doctor", "bench", "train"):
        assert command in said


def test_help_fits_a_screen(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 32
    assert max(map(len, lines)) <= 80


def test_training_does_not_load_the_live_application():
    script = (
        "import sys; from bridge.__main__ import main\n"
        "try: main(['train', '--help'])\n"
        "except SystemExit: pass\n"
        "loaded = [name for name in sys.modules if name.startswith('bridge.')]\n"
        "print(*sorted(loaded), sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert set(done.stderr.split()) == {
        "bridge.__main__",
        "bridge.commands",
        "bridge.commands.exit_codes",
        "bridge.commands.welcome",
        "bridge.common",
        "bridge.common.errors",
    }


def test_importing_the_bridge_loads_neither_torch_nor_jack():
    script = (
        "import sys, bridge.app.run, bridge.__main__, bridge.commands.run\n"
        "print([name for name in ('torch', 'jack') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# -- a run of its own, on a private server ----------------------------------------------------


def hear_ctrl_c():
    """Undo what a shell does to jobs in the background, as CI may start us as one."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def play():
    """Start ``liveband run`` on a private server; ended with the test."""
    processes = []

    def start(*options):
        command = [sys.executable, "-m", "bridge", "run", "--start-jack", "dummy"]
        process = subprocess.Popen(
            [*command, "--checkpoint", "passthrough", *options],
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=hear_ctrl_c,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        process.stderr.close()


def until_ready(process):
    said = ""
    for line in process.stderr:
        said += line
        if "ready after" in line:
            return said
    raise AssertionError(f"it ended with {process.wait(10)}: {said}")


@pytest.mark.jack
@pytest.mark.parametrize(("ending", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_run_ends_cleanly(play, ending, code):
    process = play("--osc-port", "0")
    until_ready(process)
    process.send_signal(ending)
    said = process.stderr.read()
    assert process.wait(60) == code, said
    assert "Traceback" not in said


@pytest.mark.jack
def test_a_taken_osc_port_is_told_with_its_holder(play, taken):
    port = taken.getsockname()[1]
    process = play("--osc-port", str(port))
    said = process.stderr.read()
    assert process.wait(60) == 3
    assert f"UDP port {port} is taken by" in said
    assert f"pid {os.getpid()}" in said
    assert "--osc-port" in said
