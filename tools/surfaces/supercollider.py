"""SuperCollider class: a method per control, and the messages of the bridge."""

from collections.abc import Iterator, Mapping

from bridge.controls.parameters import DEFAULT_PORT, ROOT, Kind, Parameter, Table

__all__ = ["FOLDER", "files", "method_name"]

FOLDER = "surfaces/supercollider"

_HEAD = f"""\
// A running liveband, from SuperCollider. Made by `make surfaces`; do not edit.
//
// b = Liveband.new.open;
// b.stem = "bass"; b.gainOut = -6; b.reset;
// b.at("gain/out").postln;
// b.onBeat = {{ |beat, bar, tempo, confidence| if(beat == 1) {{ bar.postln }} }};
// b.close;
Liveband {{
	var <addr, <values, <>onChange, <>onBeat, responder, keeper;

	*new {{ |host = "127.0.0.1", port = {DEFAULT_PORT}|
		^super.newCopyArgs(NetAddr(host, port)).init
	}}

	init {{ values = Dictionary.new }}

	// Registers, asks for every value, and stays registered until closed.
	open {{
		responder = {{ |message, time, from|
			var name = message[0].asString;
			if(name.beginsWith("{ROOT}/") and: {{ from.port == addr.port }}) {{
				name = name.drop({len(ROOT) + 1});
				values[name] = message.drop(1);
				onChange.value(name, message.drop(1));
				if(name == "beat" and: {{ message[1] > 0 }}) {{
					onBeat.value(*message.drop(1))
				}};
			}}
		}};
		thisProcess.addOSCRecvFunc(responder);
		this.send("register");
		this.send("dump");
		keeper = SkipJack({{ this.send("ping") }}, 20, name: "Liveband");
	}}

	close {{
		if(responder.notNil) {{
			keeper.stop;
			this.send("unregister");
			thisProcess.removeOSCRecvFunc(responder);
			responder = nil;
		}}
	}}

	// What the bridge last said of a name: its only value, or all of several; nil before.
	at {{ |name|
		var found = values[name.asString];
		^if(found.notNil and: {{ found.size == 1 }}) {{ found[0] }} {{ found }}
	}}

	send {{ |name ... arguments| addr.sendMsg("{ROOT}/" ++ name, *arguments) }}
"""

_EXAMPLE = """\
// Play along with a pattern: send SuperCollider's outputs to liveband:in_L and in_R in JACK.
(
b = Liveband.new;
b.onChange = { |name, value| if(name == "status") { value.postln } };
b.onBeat = { |beat, bar, tempo| if(beat == 1) { [bar, tempo].postln } };
b.open;
)

b.stem = "bass";
b.gainOut = -6;
b.reset;

// Another stem every eight beats.
(
Pbind(
	\\type, \\rest, \\dur, 8,
	\\liveband, Pfunc { b.stem = ["bass", "drums", "piano"].choose }
).play
)

b.close;
"""


def files(table: Table) -> Mapping[str, str]:
    """Return the files, by path from the root of the repository."""
    body = "".join(_methods(table))
    return {
        f"{FOLDER}/Liveband.sc": f"{_HEAD}{body}}}\n",
        f"{FOLDER}/example.scd": _EXAMPLE,
    }


def method_name(row: Parameter) -> str:
    """Return a control's name as SuperCollider writes names.

    Example:
        >>> from bridge.controls.parameters import PARAMETERS
        >>> method_name(PARAMETERS["transport/reset_on"])
        'transportResetOn'
    """
    first, *others = row.name.replace("/", " ").replace("_", " ").split()
    return first + "".join(word.capitalize() for word in others)


def _methods(table: Table) -> Iterator[str]:
    for row in table:
        name = method_name(row)
        if row.kind is Kind.READING:
            continue
        yield f"\n\t// {row.help}.\n"
        if row.kind is Kind.TRIGGER:
            yield f'\t{name} {{ this.send("{row.name}") }}\n'
            continue
        value = "value.binaryValue" if row.kind is Kind.TOGGLE else "value"
        yield f'\t{name} {{ ^this.at("{row.name}") }}\n'
        yield f'\t{name}_ {{ |value| this.send("{row.name}", {value}) }}\n'
