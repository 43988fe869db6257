"""Table of the remote in the browser, for its page: rows, sections, states, failure codes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields

from bridge.common.errors import FailureCode
from bridge.controls.parameters import MAX_PLAYERS, ROOT, Kind, Parameter, Table
from bridge.controls.readings import STATES
from tools.surfaces.widgets import decimals, long_name, section_of, sections, short_name

__all__ = ["FILE", "files"]

FILE = "bridge/remote/page/table.js"

_HEAD = """\
// The parameter table of the bridge. Made by `make surfaces`; do not edit.
"""


def files(table: Table) -> Mapping[str, str]:
    """Return the module by its path from the root."""
    constants = {
        "ROOT": ROOT,
        "MAX_PLAYERS": MAX_PLAYERS,
        "CLAMPED": int(FailureCode.CLAMPED),
        "STATES": STATES,
        "SECTIONS": [{"title": s.title, "colour": s.colour} for s, _ in sections(table)],
    }
    lines = [f"export const {name} = {_js(value)};" for name, value in constants.items()]
    rows = "\n".join(f"  {_js(_row(row))}," for row in table)
    return {FILE: _HEAD + "\n".join(lines) + f"\n\nexport const ROWS = [\n{rows}\n];\n"}


def _row(row: Parameter) -> dict[str, object]:
    return dict(_facts(row))


def _facts(row: Parameter) -> Iterator[tuple[str, object]]:
    yield from (("name", row.name), ("kind", row.kind.value), ("help", row.help))
    if row.each:
        yield "each", True
    if row.reading is not None:
        yield "fields", [field.name for field in fields(row.reading)]
        return
    yield from (("title", long_name(row)), ("short", short_name(row)))
    yield "section", section_of(row).title
    if row.unit:
        yield "unit", row.unit
    if row.kind is Kind.CHOICE:
        yield "choices", row.choices
    if row.kind in (Kind.FLOAT, Kind.INT):
        yield from (("low", row.low), ("high", row.high))
        yield "decimals", decimals(row) if row.kind is Kind.FLOAT else 0


def _js(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
