"""Parameters of the CLAP plugin in C, from the parameter table."""

from collections.abc import Iterable

from bridge.controls.parameters import Kind, Parameter, Table
from tools.surfaces.plugin_controls import (
    STATUSES,
    TIMELINES,
    PluginControl,
    plugin_controls,
)
from tools.surfaces.widgets import decimals, number_text, section_of, texts

__all__ = ["files"]


def files(table: Table) -> dict[str, str]:
    """Return the header by its path."""
    controls = plugin_controls(table)
    rows = (each.row for each in controls)
    named = {_array_name(row): _texts(row) for row in rows if _texts(row)}
    named |= {"LBP_STATUSES": STATUSES, "LBP_TIMELINES": TIMELINES}
    arrays = [_array(name, words) for name, words in named.items()]
    entries = "".join(f"    {_entry(each)},\n" for each in controls)
    return {
        "plugins/clap/parameters.h": (
            "/* Parameters of the CLAP plugin, made by `make surfaces` from the table. */\n"
            "#ifndef LBP_PARAMETERS_H\n#define LBP_PARAMETERS_H\n\n"
            '#include <stdbool.h>\n#include <stdint.h>\n\n#include "controls.h"\n\n'
            "typedef struct {\n    const char *name, *group;\n    double low, high;\n"
            "    bool is_whole;\n    uint32_t decimals;\n    const char *unit;\n"
            "    const char *const *texts; /* of low..high, where it has steps with names */\n"
            "} lbp_parameter;\n\n" + "".join(arrays) + "\n"
            "/* In the order of LBP_CONTROL. */\n"
            "static const lbp_parameter LBP_PARAMETER[LBP_CONTROLS] = {\n"
            f"{entries}}};\n\n#endif\n"
        )
    }


def _texts(row: Parameter) -> tuple[str, ...]:
    if row.kind is Kind.TRIGGER:
        return ("off", "on")
    return texts(row)


def _array_name(row: Parameter) -> str:
    if row.kind in (Kind.TOGGLE, Kind.TRIGGER):
        return "LBP_TOGGLES"
    return f"LBP_{row.name.replace('/', '_').upper()}_TEXTS"


def _array(name: str, words: Iterable[str]) -> str:
    quoted = ", ".join(f'"{word}"' for word in words)
    return f"static const char *const {name}[] = {{{quoted}}};\n"


def _entry(control: PluginControl) -> str:
    row = control.row
    named = _texts(row)
    low, high = (0.0, len(named) - 1.0) if named else (row.low, row.high)
    group = section_of(row).title if control.player == 1 else f"Player {control.player}"
    places = decimals(row) if row.kind is Kind.FLOAT else 0
    is_whole = "false" if row.kind is Kind.FLOAT else "true"
    values = f"{number_text(low)}, {number_text(high)}, {is_whole}, {places}"
    words = _array_name(row) if named else "0"
    return f'{{"{control.name}", "{group}", {values}, "{row.unit}", {words}}}'
