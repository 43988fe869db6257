"""A rule means the port of exactly that name; only where there is none it is a pattern."""

import pytest

from bridge.audio.connection_rules import parse_rule
from bridge.audio.port_graph import PortGraph, PortSet
from bridge.common.errors import ConfigError

OURS = ("liveband:in_L", "liveband:in_R")
OWN_OUTPUTS = ("liveband:out_L", "liveband:out_R")


def graph(*outputs, inputs=OURS, midi=((), ())):
    return PortGraph(
        audio=PortSet(outputs=outputs, inputs=inputs),
        midi=PortSet(outputs=midi[0], inputs=midi[1]),
    )


def matches(text, *outputs, client="liveband", **others):
    return parse_rule(text, client).matches(graph(*outputs, **others))


@pytest.mark.parametrize("text", ["", "in_L", "=>in_L", "daw:out=>", "=>", "in_L=>out_L"])
def test_text_that_is_no_rule_is_refused(text):
    with pytest.raises(ConfigError, match="a rule"):
        parse_rule(text, "liveband")


def test_patterns_reach_every_port_that_fits():
    daw = ("daw:mix/out 1", "daw:mix/out 2")
    assert matches("daw:*=>in_?", *daw) == [(out, into) for out in daw for into in OURS]
    assert matches("daw:mix/out [12] => in_L", *daw) == [(out, OURS[0]) for out in daw]
    assert matches("daw:mix/OUT 1=>in_L", *daw) == []


@pytest.mark.parametrize(
    "name",
    [
        "DAW:Track [1]: Drums out",
        "DAW:Track [",
        "DAW:what? *all* [!a]",
        "DAW:a=>b",
        "DAW:a => b",
        "DAW: spaces ",
        "a2j:nanoKONTROL2 [20] (capture): MIDI 1",
        "DAW:Hallgerät 1",
    ],
)
def test_a_pasted_name_means_that_port_and_no_other(name):
    others = ("DAW:Track 1: Drums out", "DAW:what's all a", "DAW:a", "DAW:b", "DAW:spaces")
    wanted = [(name, OURS[0])]
    assert matches(f"{name}=>in_L", name, *others) == wanted
    assert matches(f"{name} => in_L", *others, name) == wanted
    midi = ((name, *others), ("liveband:control_in",))
    assert matches(f"{name}=>control_in", midi=midi) == [(name, "liveband:control_in")]
    back = graph(*OWN_OUTPUTS, inputs=(*OURS, name))
    assert parse_rule(f"out_L=>{name}", "liveband").matches(back) == [(OWN_OUTPUTS[0], name)]


def test_one_end_by_name_and_the_other_by_pattern():
    name = "DAW:Track [1]: out"
    wanted = [(name, into) for into in OURS]
    assert matches(f"{name}=>in_*", name, "DAW:Track 1: out") == wanted


def test_a_name_that_appears_later_is_what_was_meant():
    text = "DAW:Track [1]=>in_L"
    assert matches(text) == []
    assert matches(text, "DAW:Track 1") == [("DAW:Track 1", OURS[0])]
    both = ("DAW:Track 1", "DAW:Track [1]")
    assert matches(text, *both) == [("DAW:Track [1]", OURS[0])]


def test_brackets_of_names_stand_for_themselves_in_patterns_too():
    ports = ("a2j:nano [20] (capture): MIDI 1", "a2j:nano [24] (capture): MIDI 1", "a2j:nano 2")
    midi = {"midi": (ports, ("liveband:control_in",))}
    assert matches("a2j:nano [20]*=>control_in", **midi) == [(ports[0], "liveband:control_in")]
    assert matches("a2j:nano [2]*=>control_in", **midi) == [(ports[2], "liveband:control_in")]


def test_an_existing_name_of_the_wrong_direction_is_no_pattern():
    inputs = (*OURS, "DAW:Track [1]")
    assert matches("DAW:Track [1]=>in_L", "DAW:Track 1", inputs=inputs) == []


def test_our_own_name_may_have_brackets_too():
    inputs = ("band [2]:in_L", "band [2]:in_R")
    found = [("daw:out", port) for port in inputs]
    assert matches("daw:out=>in_L", "daw:out", client="band [2]", inputs=inputs) == found[:1]
    assert matches("daw:out=>in_*", "daw:out", client="band [2]", inputs=inputs) == found


def test_audio_goes_to_audio_and_midi_to_midi():
    midi = (("daw:midi", "liveband:control_out"), ("liveband:control_in", "daw:control"))
    found = matches("daw:*=>*", "daw:out", midi=midi)
    assert found == [
        ("daw:out", OURS[0]),
        ("daw:out", OURS[1]),
        ("daw:midi", "liveband:control_in"),
    ]
    assert matches("daw:out=>control_in", "daw:out", midi=midi) == []


def test_a_pattern_does_not_lead_our_outputs_back_into_us():
    midi = (("pad:out", "liveband:control_out"), ("liveband:control_in",))
    assert matches("*:out*=>in_L", "daw:out", *OWN_OUTPUTS) == [("daw:out", OURS[0])]
    assert matches("*:*=>control_in", midi=midi) == [("pad:out", "liveband:control_in")]
    asked = "liveband:out_L=>liveband:in_L"
    assert matches(asked, *OWN_OUTPUTS) == [(OWN_OUTPUTS[0], OURS[0])]


def test_a_pattern_that_fits_too_much_stays_bounded():
    outputs = tuple(f"daw:out {n}" for n in range(100))
    assert len(matches("*:*=>in_*", *outputs)) == 64
