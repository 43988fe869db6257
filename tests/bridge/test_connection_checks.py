"""Tests of the doctor's finding about rules: each that matches nothing is named."""

from bridge.audio.connection_rules import parse_rule
from bridge.audio.port_graph import PortGraph, PortSet
from bridge.monitoring.connection_checks import rules_finding, unmatched_rules

PORTS = PortGraph(
    audio=PortSet(outputs=("DAW:Track [1]: Drums out",), inputs=("DAW:return",)),
    midi=PortSet(outputs=("pad:MIDI 1",)),
)


def unmatched(*texts):
    return unmatched_rules([parse_rule(text, "liveband") for text in texts], PORTS)


def test_rules_are_checked_as_if_the_band_ran():
    good = (
        "DAW:Track [1]: Drums out=>in_L",
        "DAW:*=>in_?",
        "out8_R=>DAW:return",
        "pad:*=>control_in",
    )
    assert unmatched(*good) == []
    bad = ("DAW:Track 1=>in_L", "out9_L=>DAW:return", "pad:MIDI 1=>in_L", "DAW:*=>in_l")
    assert unmatched(*good, *bad) == list(bad)


def test_a_rule_without_ports_is_named_with_what_was_probably_meant():
    assert rules_finding([], PORTS).good
    finding = rules_finding(["DAW:Track [1]: Drum out=>in_L", "other:x=>in_R"], PORTS)
    assert not finding.good
    assert (
        "'DAW:Track [1]: Drum out=>in_L' (is it 'DAW:Track [1]: Drums out'?), 'other:x=>in_R';"
    ) in finding.text
    assert "is it" not in rules_finding(["DAW:return=>in_L"], PORTS).text


def test_mistakes_of_the_file_are_told_too():
    finding = rules_finding([], PORTS, ["autoconnect.toml: line 3"])
    assert (finding.good, finding.text) == (False, "autoconnect.toml: line 3")
