"""Every address of the OSC reference, asked with ``liveband get`` of a running bridge."""

import json
from dataclasses import fields

import pytest

from bridge.__main__ import main
from bridge.controls.parameters import PARAMETERS, Kind
from bridge.osc.commands import COMMANDS

pytestmark = [pytest.mark.jack, pytest.mark.slow]

ROWS = [row for row in PARAMETERS if row.kind is not Kind.TRIGGER]
TRIGGERS = [row.name for row in PARAMETERS if row.kind is Kind.TRIGGER]
QUESTIONS = [command for command in COMMANDS.values() if command.asks(())]
DEEDS = [command.name for command in COMMANDS.values() if not command.asks(())]
VALUES = {"s:address": "gain/out"}
"""What is given for each argument that a question needs."""


def test_every_address_that_can_be_asked_is_printed_for_people_and_as_json(jackd, run, capsys):
    client = run(jackd())

    def get(*words):
        code = main(["get", *words, "--osc-port", str(client.port)])
        out, err = capsys.readouterr()
        return code, out, err

    client.do("/liveband/register", "127.0.0.1:9")
    client.do("/liveband/jack/connect", "band:out_L", "band:in_R")
    client.do("/liveband/preset/save", "verse")
    for row in ROWS:
        code, out, err = get(row.name)
        assert (code, err) == (0, ""), row.name
        assert out.count("\n") == 1, row.name
        told = json.loads(get(row.name, "--json")[1])
        names = [field.name for field in fields(row.reading)] if row.reading else ["value"]
        assert list(told) == ["address", *names]
    for command in QUESTIONS:
        needed = [VALUES[spec] for spec in command.takes.split() if spec in VALUES]
        code, out, err = get(command.name, *needed)
        assert (code, err) == (0, ""), command.name
        assert command.name == "sync" or out.strip(), command.name
        objects = [
            json.loads(line)
            for line in get(command.name, *needed, "--json")[1].split("\n")[:-1]
        ]
        for told in objects if command.answer else ():
            assert set(told) <= {*command.answer.fields}, command.name
    for name in TRIGGERS + DEEDS:
        code, out, err = get(name)
        assert (code, out) == (1, ""), name
        assert err.count(f"/liveband/{name} ") == 1, err
        assert "nearest" not in err
    assert get("status")[1] == "state running\n"


def test_lists_are_those_of_this_bridge(jackd, run, capsys):
    client = run(jackd())

    def lines(*words):
        assert main(["get", *words, "--osc-port", str(client.port)]) == 0
        return capsys.readouterr().out.splitlines()

    assert {"band:in_L", "band:out_L"} <= set(lines("jack/ports"))
    client.do("/liveband/jack/connect", "band:out_L", "band:in_R")
    assert ["band:out_L", "band:in_R"] in [line.split() for line in lines("jack/graph")]
    client.do("/liveband/register", "127.0.0.1:9")
    head, peer = lines("clients")
    assert head.split() == ["url", "subscriptions", "silent_s"]
    assert peer.split()[0] == "osc.udp://127.0.0.1:9/"
    head, *bindings = lines("midi/list")
    told = client.collect("/liveband/midi/list")
    assert len(told) > sum(row.cc is not None for row in PARAMETERS.controls)
    assert head.split()[:4] == ["address", "type", "channel", "number"]
    assert [line.split()[:4] for line in bindings] == [
        [str(value) for value in reply.arguments[:4]] for reply in told
    ]
