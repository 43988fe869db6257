"""Description of the LV2 plugin in Turtle, with its control ports from the parameter table."""

from collections.abc import Iterator

from bridge._native import lib

from bridge.controls.parameters import MAX_PLAYERS, Kind, Table
from tools.surfaces.plugin_controls import (
    FIRST_PORT,
    STATUSES,
    TIMELINES,
    PluginControl,
    plugin_controls,
)
from tools.surfaces.widgets import number_text

__all__ = ["PLUGIN_URI", "files"]

PLUGIN_URI = "urn:liveband:band"
"""Identifies the plugin in projects; never changes."""
_UNITS = {"dB": "db", "ms": "ms", "s": "s", "bpm": "bpm"}
_PREFIXES = {
    "atom": "http://lv2plug.in/ns/ext/atom#",
    "bufs": "http://lv2plug.in/ns/ext/buf-size#",
    "doap": "http://usefulinc.com/ns/doap#",
    "log": "http://lv2plug.in/ns/ext/log#",
    "lv2": "http://lv2plug.in/ns/lv2core#",
    "opts": "http://lv2plug.in/ns/ext/options#",
    "pg": "http://lv2plug.in/ns/ext/port-groups#",
    "pprops": "http://lv2plug.in/ns/ext/port-props#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rsz": "http://lv2plug.in/ns/ext/resize-port#",
    "state": "http://lv2plug.in/ns/ext/state#",
    "time": "http://lv2plug.in/ns/ext/time#",
    "units": "http://lv2plug.in/ns/extensions/units#",
    "urid": "http://lv2plug.in/ns/ext/urid#",
}


def files(table: Table) -> dict[str, str]:
    """Return the plugin's Turtle files by path."""
    folder = "plugins/liveband.lv2"
    return {
        f"{folder}/manifest.ttl": _manifest(),
        f"{folder}/liveband.ttl": _description(table),
    }


def _range(low: float, high: float) -> tuple[str, str]:
    return f"lv2:minimum {number_text(low)}", f"lv2:maximum {number_text(high)}"


def _choices(labels: list[str]) -> Iterator[str]:
    points = " , ".join(
        f'[ rdfs:label "{label}" ; rdf:value {index} ]' for index, label in enumerate(labels)
    )
    yield from _range(0, len(labels) - 1)
    yield "lv2:portProperty lv2:enumeration , lv2:integer"
    yield f"lv2:scalePoint {points}"


def _lines(control: PluginControl) -> Iterator[str]:
    """Yield what Turtle says of a control's range."""
    row = control.row
    yield f"lv2:default {number_text(control.default)}"
    match row.kind:
        case Kind.CHOICE:
            yield from _choices([str(choice) for choice in row.choices])
        case Kind.TOGGLE:
            yield from (*_range(0, 1), "lv2:portProperty lv2:toggled")
        case Kind.TRIGGER:
            yield from (*_range(0, 1), "lv2:portProperty lv2:toggled , pprops:trigger")
        case Kind.INT:
            yield from (*_range(row.low, row.high), "lv2:portProperty lv2:integer")
        case _:
            yield from _range(row.low, row.high)
    if row.unit in _UNITS and row.kind is not Kind.CHOICE:
        yield f"units:unit units:{_UNITS[row.unit]}"
    if row.name == "anticipation":
        yield "lv2:portProperty pprops:causesArtifacts , pprops:expensive"


def _head() -> str:
    return "".join(f"@prefix {name}: <{uri}> .\n" for name, uri in _PREFIXES.items()) + "\n"


def _manifest() -> str:
    return _head() + (
        f"<{PLUGIN_URI}>\n\ta lv2:Plugin ;\n\tlv2:binary <liveband.so> ;\n"
        "\trdfs:seeAlso <liveband.ttl> .\n"
    )


def _fixed_ports() -> Iterator[tuple[str, ...]]:
    """Yield type, symbol, name and further lines of the ports before the controls."""
    for side in ("L", "R"):
        yield (
            "lv2:AudioPort , lv2:InputPort",
            f"in_{side.lower()}",
            f"Mix {side}",
            f"pg:group <{PLUGIN_URI}#mix>",
        )
    for player in range(1, MAX_PLAYERS + 1):
        for side in ("L", "R"):
            yield (
                "lv2:AudioPort , lv2:OutputPort",
                f"out{player}_{side.lower()}",
                f"Stem {player} {side}",
                f"pg:group <{PLUGIN_URI}#stem{player}>",
            )
    yield (
        "atom:AtomPort , lv2:InputPort",
        "events",
        "Transport",
        "atom:bufferType atom:Sequence",
        "atom:supports time:Position",
        "lv2:designation lv2:control",
        "lv2:portProperty lv2:connectionOptional",
        "rsz:minimumSize 8192",
    )
    yield (
        "lv2:ControlPort , lv2:OutputPort",
        "latency",
        "Latency",
        "lv2:designation lv2:latency",
        "lv2:portProperty lv2:reportsLatency , lv2:integer",
        *_range(0, lib.LB_MAX_LATENCY),
        "units:unit units:frame",
    )
    yield (
        "lv2:ControlPort , lv2:InputPort",
        "freewheel",
        "Freewheel",
        "lv2:designation lv2:freeWheeling",
        "lv2:portProperty lv2:toggled , pprops:notOnGUI",
        "lv2:default 0",
        *_range(0, 1),
    )
    yield (
        "lv2:ControlPort , lv2:OutputPort",
        "status",
        "Status",
        'rdfs:comment "Whether the band plays"',
        *_choices([*STATUSES]),
    )
    yield (
        "lv2:ControlPort , lv2:InputPort",
        "timeline",
        "Timeline",
        'rdfs:comment "Which frames the host gives the transport of, where there is latency: '
        'Ardour those of the output"',
        "lv2:default 0",
        *_choices([*TIMELINES]),
    )


def _description(table: Table) -> str:
    ports = [*_fixed_ports()]
    assert len(ports) == FIRST_PORT
    for port in plugin_controls(table):
        help_text = port.row.help.replace('"', "'")
        ports.append(
            (
                "lv2:ControlPort , lv2:InputPort",
                port.symbol,
                port.name,
                f'rdfs:comment "{help_text}"',
                *_lines(port),
            )
        )
    return _head() + "".join((*_groups(), _plugin(ports)))


def _groups() -> Iterator[str]:
    named = [("mix", "Mix", "InputGroup")]
    for player in range(1, MAX_PLAYERS + 1):
        named.append((f"stem{player}", f"Stem {player}", "OutputGroup"))
    for symbol, name, kind in named:
        yield (
            f"<{PLUGIN_URI}#{symbol}>\n\ta pg:{kind} , pg:StereoGroup ;\n"
            f'\tlv2:symbol "{symbol}" ;\n\tlv2:name "{name}" .\n\n'
        )


def _plugin(ports: list[tuple[str, ...]]) -> str:
    features = "urid:map , opts:options , log:log , lv2:isLive"
    return (
        f"<{PLUGIN_URI}>\n\ta lv2:Plugin , lv2:GeneratorPlugin ;\n"
        '\tdoap:name "liveband" ;\n'
        "\tdoap:license <https://spdx.org/licenses/Apache-2.0.html> ;\n"
        '\trdfs:comment "An AI musician that hears the mix and plays new stems" ;\n'
        "\tlv2:minorVersion 0 ;\n\tlv2:microVersion 1 ;\n"
        f"\tlv2:optionalFeature {features} ;\n"
        "\topts:supportedOption bufs:nominalBlockLength , bufs:maxBlockLength ;\n"
        "\tlv2:extensionData state:interface , opts:interface ;\n"
        f"\tpg:mainInput <{PLUGIN_URI}#mix> ;\n\tpg:mainOutput <{PLUGIN_URI}#stem1> ;\n"
        "\tlv2:port "
        + " , ".join(_port(index, *port) for index, port in enumerate(ports))
        + " .\n"
    )


def _port(index: int, kind: str, symbol: str, name: str, *lines: str) -> str:
    told = (f"a {kind}", f"lv2:index {index}", f'lv2:symbol "{symbol}"', f'lv2:name "{name}"')
    return "[\n\t\t" + " ;\n\t\t".join((*told, *lines)) + "\n\t]"
