"""JSFX with the controls for REAPER: automation is sent as MIDI, feedback is shown.

Slider K is control K of the table, as in REAPER's OSC pattern ``/liveband/p/@``. Every change
is sent as an NRPN, in 14 bits, to be routed to ``control_in``; messages of ``control_out`` are
shown, and never sent back.
"""

from collections.abc import Iterator

from bridge.common.errors import ConfigError
from bridge.controls.parameters import Kind, Parameter, Table
from tools.surfaces.widgets import long_name, number_text, starting_index, texts

__all__ = ["DELAY_SLIDER", "SEND_SLIDER", "STEM_SLIDER", "control", "slider_of", "sliders"]

STEM_SLIDER = 61
"""Of control 0, as there is no slider 0."""
SEND_SLIDER = 62
DELAY_SLIDER = 63
_TRIGGERS = (56, 57, 58, 59, 60, 55, 54)
"""Sliders of triggers in the table's order; those of saved projects keep their places."""
_FINE = 16383
_COARSE = 127
_CHANNEL = "midi/channel"


def slider_of(row: Parameter) -> int:
    """Return the slider of a control.

    Raises:
        ConfigError: It has no number.
    """
    if row.number is None:
        raise ConfigError(f"{row.name} has no number and so no slider of its own")
    return row.number or STEM_SLIDER


def sliders(table: Table) -> dict[int, Parameter]:
    """Return controls and triggers by slider; those too fine for 14 bits are left out.

    Raises:
        ConfigError: The table has outgrown the sliders there are.
    """
    found = {
        slider_of(row): row
        for row in table.controls
        if row.kind is not Kind.INT or row.high - row.low <= _FINE
    }
    fired = [row for row in table if row.kind is Kind.TRIGGER and row.cc is not None]
    most = max((row.number or 0 for row in table.controls), default=0)
    if most >= min(_TRIGGERS) or len(fired) > len(_TRIGGERS):
        raise ConfigError(
            f"controls up to {min(_TRIGGERS) - 1} and {len(_TRIGGERS)} triggers have sliders, "
            f"got {most} and {len(fired)}"
        )
    found |= dict(zip(_TRIGGERS, fired, strict=False))
    return dict(sorted(found.items()))


def control(table: Table) -> str:
    """Return the JSFX."""
    rows = sliders(table)
    valued = {number: row for number, row in rows.items() if row.has_value}
    fired = {number: row for number, row in rows.items() if not row.has_value}
    lines = [
        "desc:liveband control",
        "// @noindex",
        "// Made from the parameter table by `make surfaces`; do not edit.",
        "",
        *_declarations(rows),
        "",
        "in_pin:left input",
        "in_pin:right input",
        "out_pin:left output",
        "out_pin:right output",
        "",
        "@init",
        *_helpers(),
        *(f"said{number} = slider{number};" for number in valued),
        *(_channel(number) for number, row in valued.items() if row.name == _CHANNEL),
        "",
        "@slider",
        f"pdc_delay = slider{DELAY_SLIDER};",
        "pdc_bot_ch = 0;",
        "pdc_top_ch = 2;",
        "",
        "@block",
        *_receiving_code(rows),
        *_sending_code(valued),
        *_trigger_code(fired),
        "",
        "@sample",
        "spl0 = spl0; // audio passes",
    ]
    return "\n".join(lines) + "\n"


def _declarations(rows: dict[int, Parameter]) -> Iterator[str]:
    """Yield one line per slider, gaps included, because REAPER counts them all."""
    for number in range(1, SEND_SLIDER):
        row = rows.get(number)
        if row is None:
            yield f"slider{number}:0<0,1,1>-unused {number}"
        elif row.has_value:
            yield _slider(number, row)
        else:
            yield f"slider{number}:0<0,1,1{{-,now}}>{long_name(row)}"
    yield f"slider{SEND_SLIDER}:0<0,1,1{{-,now}}>Send all"
    yield f"slider{DELAY_SLIDER}:0<0,96000,1>Reported delay (frames)"


def _slider(number: int, row: Parameter) -> str:
    unit = f" ({row.unit})" if row.unit else ""
    title = f"{long_name(row)}{unit}"
    if row.kind in (Kind.CHOICE, Kind.TOGGLE):
        names = ",".join(texts(row))
        last = len(texts(row)) - 1
        return f"slider{number}:{starting_index(row)}<0,{last},1{{{names}}}>{title}"
    step = "1" if row.kind is Kind.INT else "0"
    span = f"{number_text(row.low)},{number_text(row.high)}"
    return f"slider{number}:{number_text(float(row.default))}<{span},{step}>{title}"


def _helpers() -> Iterator[str]:
    yield "function put(number value) ( midisend(0, $xB0 + channel, number | (value << 8)); );"
    yield "function nrpn(k raw) ("
    yield "  put(99, k >> 7); put(98, k & 127); put(6, raw >> 7); put(38, raw & 127);"
    yield "  put(101, 127); put(100, 127);"
    yield ");"
    yield "function step(index count) ( floor((index + 0.5) / count * 16384) );"
    yield "function place(value low high) ("
    yield f"  floor((value - low) / (high - low) * {_FINE} + 0.5)"
    yield ");"
    yield "function near(value heard span) ( abs(value - heard) <= span / 127 );"


def _raw(number: int, row: Parameter) -> str:
    if row.kind in (Kind.CHOICE, Kind.TOGGLE):
        return f"step(slider{number}, {len(texts(row))})"
    return f"place(slider{number}, {number_text(row.low)}, {number_text(row.high)})"


def _sending_code(rows: dict[int, Parameter]) -> Iterator[str]:
    """Yield the code that sends each changed control, or all of them."""
    for number, row in rows.items():
        yield f"slider{number} != said{number} || slider{SEND_SLIDER} ? ("
        yield f"  said{number} = slider{number}; nrpn({row.number}, {_raw(number, row)});"
        if row.name == _CHANNEL:
            yield f"  {_channel(number)}"
        yield ");"
    yield f"slider{SEND_SLIDER} ? ("
    yield f"  slider{SEND_SLIDER} = 0; sliderchange(slider{SEND_SLIDER});"
    yield ");"


def _channel(number: int) -> str:
    """Return the code that follows the bridge's MIDI channel, once it is known."""
    return f"channel = max(slider{number} - 1, 0);"


def _trigger_code(rows: dict[int, Parameter]) -> Iterator[str]:
    for number, row in rows.items():
        yield f"slider{number} ? ("
        yield f"  put({row.cc}, 127); put({row.cc}, 0);"
        yield f"  slider{number} = 0; sliderchange(slider{number});"
        yield ");"


def _receiving_code(rows: dict[int, Parameter]) -> Iterator[str]:
    """Yield the code that shows feedback and passes all other MIDI.

    A slider that was moved and not yet sent stays, as does one that says it in finer steps.
    """
    heard = {
        number: row for number, row in rows.items() if row.cc is not None and row.has_value
    }
    ours = {row.cc for row in rows.values() if row.cc is not None}
    fine = {row.cc + 32 for row in heard.values() if row.cc is not None and row.cc < 32}
    ours |= fine
    yield "while (midirecv(offset, status, data)) ("
    yield "  number = data & 127; value = data >> 8; ours = 0;"
    yield "  (status & $xF0) == $xB0 ? ("
    for number, row in heard.items():
        yield f"    number == {row.cc} ? ("
        yield f"      heard = {_value(row)};"
        span = number_text(row.high - row.low) if row.kind in (Kind.FLOAT, Kind.INT) else "0"
        mine, told = f"slider{number}", f"said{number}"
        yield f"      {mine} == {told} && !near({mine}, heard, {span}) ? ("
        yield f"        {mine} = {told} = heard; sliderchange({mine});"
        yield "      );"
        yield "    );"
    for each in sorted(ours):
        yield f"    number == {each} ? ours = 1;"
    yield "  );"
    yield "  !ours ? midisend(offset, status, data);"
    yield ");"


def _value(row: Parameter) -> str:
    """Return the value of a controller's 0..127."""
    if row.kind is Kind.TOGGLE:
        return "value >= 64"
    if row.kind is Kind.CHOICE:
        count = len(row.choices)
        return f"min(floor(value / {_COARSE + 1} * {count}), {count - 1})"
    low, span = number_text(row.low), number_text(row.high - row.low)
    shown = f"{low} + value / {_COARSE} * {span}"
    return f"floor({shown} + 0.5)" if row.kind is Kind.INT else shown
