"""The command line against a bridge without sound: what it prints, and how it ends."""

import json
import socket
from threading import Thread

import pytest

from bridge.__main__ import main
from bridge.common.errors import EnvironmentMissing, RefusedError
from bridge.osc.client import BridgeClient
from bridge.osc.codec import Message, encode
from tests.bridge.fake_band import FakeBand, serving


@pytest.fixture
def band():
    return FakeBand()


@pytest.fixture
def liveband(band, capfd):
    """Run ``liveband`` against the band; returns exit code, stdout and stderr."""
    with serving(band) as port:

        def run(*arguments):
            code = main([*arguments, "--osc-port", str(port)])
            return code, *capfd.readouterr()

        yield run


def test_set_and_get(liveband, band):
    assert liveband("set", "/liveband/stem", "Bass") == (0, "", "")
    assert liveband("get", "stem") == (0, "bass\n", "")
    assert liveband("set", "gain/out", "-6.5") == (0, "", "")
    assert liveband("get", "gain/out") == (0, "-6.5\n", "")
    assert liveband("get", "anticipation") == (0, "0.1\n", "")
    assert liveband("get", "stems") == (0, "drums bass piano\n", "")
    assert band.applied == [{"stem": "bass"}, {"gain/out": -6.5}]


def test_triggers_and_patterns(liveband, band):
    assert liveband("set", "reset") == (0, "", "")
    assert band.fired == ["reset"]
    assert liveband("set", "gain/*", "-12")[0] == 0
    assert liveband("get", "gain/*")[1] == "/liveband/gain/in -12\n/liveband/gain/out -12\n"


def test_a_list_is_printed_whole(liveband, band):
    async def listed():
        names = [("model/list", (number, name)) for number, name in enumerate(("one", "two"))]
        return [*names, ("done", ("/liveband/model/list", len(names)))]

    band.commands = {"model/list": listed}
    assert liveband("get", "model/list") == (0, "0  one\n1  two\n", "")


def test_a_list_of_many_columns_has_their_names_above(liveband, band):
    binding = ("/liveband/gain/out", "cc", 0, 23, "absolute", "", 0.0, 0.5, "default", "")

    async def listed(device):
        rows = [("midi/binding", binding), ("midi/binding", (*binding[:9], device))]
        return [*rows, ("done", ("/liveband/midi/list", len(rows)))]

    band.commands = {"midi/list": listed}
    head, first, second = liveband("get", "midi/list", "nano")[1].splitlines()
    names = head.split()
    assert names[:4] == ["address", "type", "channel", "number"]
    assert first.index("default") == second.index("default") == head.index("origin")
    assert second.endswith("nano")
    objects = map(json.loads, liveband("get", "midi/list", "nano", "--json")[1].splitlines())
    assert list(objects)[1] == dict(zip(names, (*binding[:9], "nano"), strict=True))


def test_questions_that_are_no_lists(liveband):
    assert liveband("get", "version") == (0, "version 0, protocol 1\n", "")
    assert liveband("get", "ping", "you", "there")[1].endswith(", echo you there\n")
    assert liveband("get", "sync", "7") == (0, "7\n", "")
    code, out, _ = liveband("get", "describe", "stem", "--json")
    assert (code, json.loads(out)["choice"][:2]) == (0, ["drums", "bass"])
    assert liveband("get", "get", "gain/out") == (0, "0\n", "")
    assert "/liveband/stem drums\n" in liveband("get", "dump")[1]
    assert liveband("get", "dump", "ear/h*") == (0, "/liveband/ear/hold 0\n", "")


def test_a_client_is_registered_by_a_command_that_ends_without_done(liveband):
    assert liveband("set", "register", "127.0.0.1:9", "0") == (0, "", "")
    _, peer = liveband("get", "clients")[1].splitlines()
    assert peer.split()[0] == "osc.udp://127.0.0.1:9/"


def test_values_and_readings_as_objects(liveband):
    assert json.loads(liveband("get", "anticipation", "--json")[1]) == {
        "address": "/liveband/anticipation",
        "value": 0.1,
    }
    rows = liveband("get", "describe", "gain/*", "--json")[1].splitlines()
    told = [json.loads(row)["address"] for row in rows]
    assert told == ["/liveband/gain/in", "/liveband/gain/out"]
    assert json.loads(liveband("get", "player/1/seed/actual", "--json")[1]) == {
        "address": "/liveband/player/1/seed/actual",
        "seed": 7,
    }
    assert liveband("get", "latency")[1].startswith("causal 7200, musical 0, resampler 0, ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "clients"), "ask `liveband get clients`"),
        (("get", "stem", "bass"), "`liveband set stem bass` sets it"),
        (("get", "model", "other"), "`liveband set model other` sets it"),
        (("get", "bank/store", "1"), "`liveband set bank/store 1` sets it"),
    ],
)
def test_what_the_other_verb_does_is_named(liveband, band, arguments, words):
    code, out, err = liveband(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert (band.applied, band.fired) == ([], [])


def test_a_clamped_value_is_remarked_upon_and_done(liveband):
    code, out, err = liveband("set", "anticipation", "0.37")
    assert (code, out) == (0, "")
    assert "anticipation takes 0, 0.1, 1 s, got 0.37; 0.1 applied" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "stem", "kazoo"), "stem takes drums, bass"),
        (("set", "stemm", "bass"), "nearest is /liveband/stem"),
        (("set", "gain/out", "loud"), "-60 to 12 dB, got 'loud'"),
        (("set", "gain/out"), "needs a value; it is now 0.0"),
        (("set", "status", "1"), "can only be read"),
        (("get", "reset"), "can only be fired"),
        (("get", "stemm"), "nearest is /liveband/stem"),
        (("get", "zz*"), "unknown address"),
        (("get", "quit"), "/liveband/quit is a command and holds no value"),
        (("get", "describe", "bank/store"), "send it itself, it takes i:bank"),
        (("get", "describe"), "describe takes s:address, got 0"),
        (("get", "jack/graph"), "jack/graph is not available in this run"),
    ],
)
def test_what_the_bridge_refuses_ends_in_1_with_its_words(liveband, band, arguments, words):
    code, out, err = liveband(*arguments)
    assert (code, out) == (1, "")
    assert words in err
    assert (band.applied, band.fired) == ([], [])


def test_connect(liveband, band):
    assert liveband("connect", "daw:out", "liveband:in_L") == (0, "", "")
    assert band.connections == {("daw:out", "liveband:in_L")}
    assert "daw:out" in liveband("get", "jack/ports")[1]
    band.refuse = lambda names: RefusedError("JACK: no such port", 20)
    assert liveband("connect", "daw:aux", "liveband:in_L") == (
        1,
        "",
        "liveband: JACK: no such port\n",
    )


def test_status_for_people_and_for_machines(liveband):
    code, out, _ = liveband("status")
    assert code == 0
    assert out.splitlines()[0].split() == ["stem", "drums"]
    assert "state running" in out
    code, out, _ = liveband("status", "--json")
    told = json.loads(out)
    assert told["anticipation"] == 0.1
    assert told["latency"]["musical"] == 0
    assert told["status/engine"]["cycles"] == str(2**40)
    assert told["status"] == {"state": "running", "text": ""}


def test_the_bridge_client_raises_with_the_code(band):
    with serving(band) as port, BridgeClient(port=port) as bridge:
        with pytest.raises(RefusedError, match="index 0 to 6") as caught:
            bridge.do("/liveband/stem", 9)
        assert caught.value.code == 5


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as slow:
        slow.bind(("127.0.0.1", 0))
        slow.settimeout(10)
        with BridgeClient(port=slow.getsockname()[1], timeout_s=0.05) as bridge:
            with pytest.raises(EnvironmentMissing, match="no bridge answers"):
                bridge.read("/liveband/stem")
            _, first = slow.recvfrom(1024)

            def answer():
                _, second = slow.recvfrom(1024)
                slow.sendto(encode(Message("/liveband/stem", ("late",))), first)
                slow.sendto(encode(Message("/liveband/stem", ("in time",))), second)

            thread = Thread(target=answer)
            thread.start()
            bridge.timeout_s = 10
            assert bridge.read("/liveband/stem") == ("in time",)
            thread.join()


@pytest.mark.parametrize(
    "arguments", [("set", "stem", "bass"), ("get", "stem"), ("status",), ("connect", "a", "b")]
)
def test_nobody_there_ends_in_3_and_says_how_to_start(capfd, arguments):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    assert main([*arguments, "--osc-port", port]) == 3
    err = capfd.readouterr().err
    assert f"127.0.0.1:{port}" in err
    assert f"liveband run --osc-port {port}" in err


def test_somebody_silent_or_strange_is_told_apart():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        other.settimeout(10)
        port = other.getsockname()[1]
        with (
            BridgeClient(port=port, timeout_s=0.05) as bridge,
            pytest.raises(EnvironmentMissing, match="no bridge answers"),
        ):
            bridge.read("/liveband/stem")
        other.recvfrom(1024)

        def answer():
            other.sendto(b"hello", other.recvfrom(1024)[1])

        thread = Thread(target=answer)
        thread.start()
        with (
            BridgeClient(port=port) as bridge,
            pytest.raises(EnvironmentMissing, match="is no liveband bridge"),
        ):
            bridge.read("/liveband/stem")
        thread.join()
