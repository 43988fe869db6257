"""Controls of the plugin and their table in C, from the parameter table.

Projects keep controls by their symbols or by their codes, which never change: ``gain_out`` is
the first player's, ``p2_gain_out`` the second's.
"""

from dataclasses import dataclass

from bridge.audio.shared.host_program import TRIGGER_ROW
from bridge.controls.parameters import MAX_PLAYERS, Kind, Parameter, Table
from tools.surfaces.widgets import long_name, number_text

__all__ = [
    "FIRST_PORT",
    "STATUSES",
    "TIMELINES",
    "PluginControl",
    "files",
    "plugin_controls",
]

FIRST_PORT = 2 + 2 * MAX_PLAYERS + 5
"""Index of the first control port of LV2."""
STATUSES = ("not running", "starting", "playing", "out of order")
"""As ``lbp_status`` of ``plugins/core/instance.h``."""
TIMELINES = ("of the output", "of the input")
"""Which frames the host gives the transport of, where there is latency."""
_LEFT_OUT = frozenset(("autoconnect", "latency/loop", "seed"))
"""JACK's, and the seed, whose 31 bits a float does not hold: it is kept with the project."""


@dataclass(frozen=True, slots=True)
class PluginControl:
    """A control: a row of the table, of one player."""

    row: Parameter
    player: int
    """From 1."""

    @property
    def symbol(self) -> str:
        """Symbol in LV2's projects."""
        own = self.row.name.replace("/", "_")
        return own if self.player == 1 else f"p{self.player}_{own}"

    @property
    def name(self) -> str:
        """Name for people."""
        own = long_name(self.row)
        return own if self.player == 1 else f"{own} {self.player}"

    @property
    def code(self) -> int:
        """Number by which shared memory names the row."""
        if self.row.number is not None:
            return self.row.number
        assert self.row.cc is not None
        return TRIGGER_ROW + self.row.cc

    @property
    def default(self) -> float:
        """Value at first."""
        row = self.row
        if row.kind is Kind.TRIGGER:
            return 0.0
        return float(row.choices.index(row.default) if row.kind is Kind.CHOICE else row.default)


def plugin_controls(table: Table) -> tuple[PluginControl, ...]:
    """Return the controls, in the order of LV2's ports."""
    rows = [row for row in table if _is_control(row)]
    rows.sort(key=lambda row: PluginControl(row, 1).code)
    return tuple(
        PluginControl(row, player)
        for player in range(1, MAX_PLAYERS + 1)
        for row in rows
        if row.each or player == 1
    )


def _is_control(row: Parameter) -> bool:
    if row.name in _LEFT_OUT or row.name.startswith("midi/"):
        return False
    return row.has_value or (row.kind is Kind.TRIGGER and row.cc is not None)


def files(table: Table) -> dict[str, str]:
    """Return the table of controls in C, by path."""
    return {"plugins/core/controls.h": _header(table)}


def _header(table: Table) -> str:
    controls = plugin_controls(table)
    moved = ("bypass", "mute", "enable", "listen", "gain/in", "gain/out", "anticipation")
    rows = "".join(
        f"#define LBP_{name.replace('/', '_').upper()} {table[name].number}\n" for name in moved
    )
    gain = table["gain/out"]
    ahead = table["anticipation"]
    seconds = ", ".join(f"{float(choice):g}" for choice in ahead.choices)
    entries = "".join(
        f"    {{{each.player - 1}, {each.code}, {each.default:.6f}f}}, /* {each.symbol} */\n"
        for each in controls
    )
    return (
        "/* Controls of the plugin, made from the parameter table by `make surfaces`. */\n"
        "#ifndef LBP_CONTROLS_H\n#define LBP_CONTROLS_H\n\n#include <stdint.h>\n\n"
        f"{rows}"
        f"#define LBP_GAIN_OFF_DB {number_text(gain.low)}.0\n"
        f"#define LBP_GAIN_MOST_DB {number_text(gain.high)}.0\n"
        f"#define LBP_DEFAULT_ANTICIPATION {ahead.choices.index(ahead.default)}\n"
        f"#define LBP_FIRST_CONTROL {FIRST_PORT}\n"
        f"#define LBP_CONTROLS {len(controls)}\n\n"
        "static const double LBP_ANTICIPATIONS[] = {" + seconds + "}; /* s, by choice */\n\n"
        "typedef struct {\n    uint32_t player; /* counted from 0 */\n"
        "    uint32_t row;    /* as in lb_change */\n    float initial;\n} lbp_control;\n\n"
        "static const lbp_control LBP_CONTROL[LBP_CONTROLS] = {\n" + entries + "};\n\n#endif\n"
    )
