"""Generator of ``docs/osc.md``: ``python -m tools.osc_reference > docs/osc.md``.

With ``--check FILE`` it compares instead, and fails if the file is not what it would write.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from bridge.common.errors import FailureCode
from bridge.controls.parameters import DEFAULT_PORT, PARAMETERS, ROOT, Kind, Parameter, Table
from bridge.controls.readings import STATES, Reading
from bridge.osc.codec import type_tag
from bridge.osc.commands import COMMANDS, Command

__all__ = ["main", "reference"]

_INTRODUCTION = f"""\
# OSC reference

Generated from the tables of the bridge by `python -m tools.osc_reference`; do not edit.

The bridge listens on UDP and TCP port {DEFAULT_PORT} of this machine. All addresses begin with
`{ROOT}`; the tables leave that out.

- **Set** `ADDR value`, **read** `ADDR` without an argument; the answer and later changes come
  on the same address.
- **In**: numbers as any of `i f h d T F` or text; choices by name in either case, or by
  index; toggles as numbers or `on` and `off`. **Out**: `i f s` only.
- **Triggers** fire without an argument, with `I` or `N`, or with a non-zero number; 0, a
  released button, is ignored.
- Every change ends in `/done ADDR value` once it is in force, or in `/fail ADDR code text`. A
  value out of range is clamped, one between choices snapped: the true value comes back with a
  `/fail` of code 4, which is a notice, then `/done`. Failures are counted in `/status/osc`; a
  client is told of at most ten a second.
- What waits for the beat, as `/quantize` says, is answered with `/pending ADDR s:line
  f:within_s` at once: it will be heard in at most so many seconds, at the present tempo. Its
  `/done` comes when its line is heard, and `/sync` waits for it too. Meanwhile a later change
  of the same control supersedes it: its sender gets `/fail` 14, the later one its own
  `/pending` and `/done`; the value that is in force takes it back. Another `/quantize` counts
  for what waits already. Where the line does not come, since the beat stands still, jumps or
  goes round within a bar, the change is heard after the time of a bar, 48 s at most. A preset
  answers when all of it is in force.
- Patterns `* ? [a-z] [!x] {{one,two}}` work on controls and readings, within one part of the
  address. They fire triggers only with a non-zero number, and never reach commands.
- `/n/NAME` and `/p/K` are every control again, as a number from 0 to 1. Choices and toggles
  share that range evenly.
- `/player/N/NAME` is a control, trigger or reading of player N; the addresses without a number
  are player 1's. Rows marked *each* are every player's own. The others are the band's: they are
  the same under every number, are told at the address without one, and patterns reach them
  once. A player that is not there answers with code 7; `/players` says how many there are, and
  counts at once: in one bundle it may come before what a player who joins by it is to be.

## Clients

Answers go to where the message came from. `/register` sends a client every change of a
control, and the readings marked *announced*: there, at a port of its own or at the URL it
gives; it may name several ports, one after another. `/subscribe` follows a pattern at a rate
of its own. Both send what has changed since, at most 30 times a second an address, the latest
value only, and never a client's own move unless it was clamped, snapped or refused. Where
two clients move one control, each is sent its final value 0.1 s after its last move.

A registration or subscription over UDP ends 60 s after its client's last packet; one over TCP
or a WebSocket ends with the connection. Registered clients get `/heartbeat i:n` every second.
Whoever is sent changes hears `/bye s:reason` when that ends: with the program, or with the
lease. The next packet within ten minutes after a lease, whatever it is, revives it: `/hello
s:version i:protocol`, then what has changed meanwhile. Clients given to `--osc-feedback` are
registered from the start and get the same `/hello`.

A client that does not read delays no other: its changes wait and are replaced by newer values,
and of more than a megabyte of answers the oldest are dropped and counted.

## Bundles and time

The values of a bundle are set as one: they reach the band in one step, what is heard at the
next hop with one hop, what is heard at the next audio block with one block. Its triggers and
questions follow in order. A bundle dated ahead is done when its time comes on the clock of the
audio host, within a hop; it delays nothing in between, nor does `/sync` wait for it. More than
10 s ahead is refused with code 12. A date in the past means now, and is counted in
`/status/osc`. Bundles within bundles are never done before the one around them.

## TCP

SLIP with an END before and after each packet (OSC 1.1), or each packet after its length in four
bytes (OSC 1.0), whichever the client begins with. A stream that begins with neither, as bare
OSC does, and has no packet that SLIP ends within two seconds, is answered with a bare `/fail`
11 and closed; so is one that ends within a packet, and at once one that begins like no OSC, as
the request of a web page does. Both are counted as malformed in `/status/osc`.

## OSCQuery

`http://127.0.0.1:{DEFAULT_PORT + 1}/` describes everything as JSON, `/liveband/gain/out?VALUE`
one attribute, `?HOST_INFO` the server. On a WebSocket at the same port, `LISTEN` and `IGNORE`
follow one address or pattern, and binary messages are OSC in both directions. The port is the
one after `--osc-port` unless `--osc-query-port` says otherwise. [The remote](remote.md) in the
browser is at `/remote/`. Requests have to name this machine by a numeric address, `localhost`
or its `.local` name, and pages from elsewhere than this machine and trusted hosts are refused.

## Who may

The bridge listens to this machine only. `--osc-bind 0.0.0.0` opens it to the network, and it
is then advertised by zeroconf as `_osc._udp`, `_osc._tcp` and `_oscjson._tcp`
(`--no-osc-advertise`). `--osc-allow 192.168.0.0/24` lets only those hosts command. Commands
marked *trusted*, and registering other hosts than the own, are for this machine and for hosts
given to `--osc-trust`. Where a command takes a file, it takes a name, never a path.
`--remote-bind` opens the port of OSCQuery, and no other, to browsers that give a code.
"""


def reference(table: Table = PARAMETERS) -> str:
    """Return the whole reference as Markdown."""
    sections = (
        _INTRODUCTION,
        "## Controls\n",
        *_table(
            ("address", "each", "K", "takes", "default", "CC", "heard at", "what it does"),
            (_control(row) for row in table.controls),
        ),
        "\n## Triggers\n",
        *_table(
            ("address", "each", "CC", "heard at", "what it does"),
            (
                (f"`/{row.name}`", _each(row), _cell(row.cc), f"{row.when}", row.help)
                for row in table
                if row.kind is Kind.TRIGGER
            ),
        ),
        "\n## Readings\n",
        *_table(
            ("address", "each", "arguments", "announced", "what it tells"),
            (_reading(row, row.reading) for row in table if row.reading is not None),
        ),
        "\n## States\n",
        "What `/status` tells.\n",
        *_table(
            ("state", "meaning"), ((f"`{state}`", meaning) for state, meaning in STATES.items())
        ),
        "\n## Commands\n",
        "Those marked *asks* only answer, `/model` where it comes without a name: "
        "`liveband get` asks them too.\n",
        *_table(
            ("address", "takes", "answers", "asks", "trusted", "what it does"),
            map(_command, COMMANDS.values()),
        ),
        "\n## Failure codes\n",
        *_table(("code", "meaning"), ((str(int(code)), code.meaning) for code in FailureCode)),
    )
    return "\n".join(sections) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the reference to stdout, or check a file against it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.osc_reference", description=__doc__)
    parser.add_argument("--check", type=Path, metavar="FILE", help="compare, write nothing")
    options = parser.parse_args(arguments)
    text = reference()
    if options.check is None:
        sys.stdout.write(text)
        return 0
    if options.check.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(
        f"{options.check} is out of date: python -m tools.osc_reference > {options.check}\n"
    )
    return 1


def _control(row: Parameter) -> tuple[str, ...]:
    unit = f" {row.unit}" if row.unit else ""
    if row.kind is Kind.TOGGLE:
        takes, default = "0, 1", str(int(row.default))
    elif row.kind is Kind.CHOICE:
        takes, default = ", ".join(map(_plain, row.choices)) + unit, _plain(row.default)
    else:
        takes, default = f"{_plain(row.low)} … {_plain(row.high)}{unit}", _plain(row.default)
    return (
        f"`/{row.name}`",
        _each(row),
        _cell(row.number),
        f"{row.kind}: {takes}",
        default,
        _cell(row.cc),
        f"{row.when}",
        row.help,
    )


def _reading(row: Parameter, reading: type[Reading]) -> tuple[str, ...]:
    names = [f"{type_tag(field.type)}:{field.name}" for field in fields(reading)]
    announced = "yes" if row.announced else ""
    return (f"`/{row.name}`", _each(row), f"`{' '.join(names)}`", announced, row.help)


def _command(row: Command) -> tuple[str, ...]:
    takes = f"`{row.takes}`" if row.takes else ""
    asks = "yes" if row.asks(()) else ""
    trusted = "yes" if row.for_trusted else ""
    return (f"`/{row.name}`", takes, row.replies, asks, trusted, row.help)


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _plain(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _each(row: Parameter) -> str:
    return "each" if row.each else ""


def _cell(number: int | None) -> str:
    return "" if number is None else str(number)


if __name__ == "__main__":
    sys.exit(main())
