"""Writes ``docs/osc.md`` from the tables: ``python -m bridge.osc.reference > docs/osc.md``.

With ``--check FILE`` it compares instead, and fails if the file is not what it would write.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from bridge.osc.commands import COMMANDS
from bridge.osc.failures import Code
from bridge.parameters import DEFAULT_PORT, PARAMETERS, ROOT, Kind, Parameter
from bridge.readings import STATES, Reading

__all__ = ["main", "reference"]

_INTRODUCTION = f"""\
# OSC reference

Generated from the tables of the bridge by `python -m bridge.osc.reference`; do not edit.

The bridge listens on UDP port {DEFAULT_PORT} of this machine (`--osc-port`, `--osc-bind`). All
addresses begin with `{ROOT}`; the tables leave that out.

- **Set** `ADDR value`, **read** `ADDR` without an argument; the answer and later changes come
  on the same address.
- **In**: numbers as any of `i f h d T F` or text; choices by name in either case, or by
  index; toggles as numbers or `on` and `off`. **Out**: `i f s` only.
- **Triggers** fire without an argument or with a non-zero number; 0, a released button, is
  ignored.
- Every change ends in `/done ADDR value` once it is in force, or in `/fail ADDR code text`. A
  value out of range is clamped, one between choices snapped: the true value comes back with a
  `/fail` of code 4, which is a notice, then `/done`.
- Answers go to where the message came from, and to the port given with `/register`.
  Registered clients hear every change of a control, and the readings marked *announced*, but
  not their own moves. A registration ends 60 s after its client's last packet.
- Patterns `* ? [a-z] [!x] {{one,two}}` work on controls and readings, within one part of the
  address. They fire triggers only with a non-zero number, and never reach commands.
- `/n/NAME` and `/p/K` are every control again, as a number from 0 to 1. Choices and toggles
  share that range evenly.
- Bundles are taken apart and done at once, in order.
- A client is told of at most ten failures a second.
"""


def reference() -> str:
    """Return the whole reference as Markdown."""
    sections = (
        _INTRODUCTION,
        "## Controls\n",
        *_table(
            ("address", "K", "takes", "default", "CC", "heard at", "what it does"),
            (_control(row) for row in PARAMETERS.controls),
        ),
        "\n## Triggers\n",
        *_table(
            ("address", "CC", "heard at", "what it does"),
            (
                (f"`/{row.name}`", _cell(row.cc), f"{row.when}", row.help)
                for row in PARAMETERS
                if row.kind is Kind.TRIGGER
            ),
        ),
        "\n## Readings\n",
        *_table(
            ("address", "arguments", "announced", "what it tells"),
            (_reading(row, row.reading) for row in PARAMETERS if row.reading is not None),
        ),
        "\n## States\n",
        "What `/status` tells.\n",
        *_table(
            ("state", "meaning"), ((f"`{state}`", meaning) for state, meaning in STATES.items())
        ),
        "\n## Commands\n",
        *_table(
            ("address", "takes", "answers", "what it does"),
            (
                (f"`/{row.name}`", f"`{row.takes}`" if row.takes else "", row.replies, row.help)
                for row in COMMANDS.values()
            ),
        ),
        "\n## Failure codes\n",
        *_table(("code", "meaning"), ((str(int(code)), code.meaning) for code in Code)),
    )
    return "\n".join(sections) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the reference to stdout, or check a file against it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bridge.osc.reference", description=__doc__)
    parser.add_argument("--check", type=Path, metavar="FILE", help="compare, write nothing")
    options = parser.parse_args(arguments)
    text = reference()
    if options.check is None:
        sys.stdout.write(text)
        return 0
    if options.check.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(
        f"{options.check} is out of date: python -m bridge.osc.reference > {options.check}\n"
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
        _cell(row.number),
        f"{row.kind}: {takes}",
        default,
        _cell(row.cc),
        f"{row.when}",
        row.help,
    )


def _reading(row: Parameter, reading: type[Reading]) -> tuple[str, ...]:
    names = [f"{_tag(field.type)}:{field.name}" for field in fields(reading)]
    return (f"`/{row.name}`", f"`{' '.join(names)}`", "yes" if row.announced else "", row.help)


def _tag(kind: object) -> str:
    if kind in (int, bool):
        return "i"
    return "f" if kind is float else "s"


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _plain(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _cell(number: int | None) -> str:
    return "" if number is None else str(number)


if __name__ == "__main__":
    sys.exit(main())
