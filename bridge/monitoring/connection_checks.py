"""Checks of the rules of automatic connections for ``liveband doctor``."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from bridge.audio.connection_rules import ARROW, ConnectionRule
from bridge.audio.jack import JackBackend
from bridge.audio.port_graph import PortGraph, band_ports
from bridge.common.daemon_calls import call_in_daemon
from bridge.common.errors import EnvironmentMissing, ParameterError
from bridge.monitoring.checks import Finding
from bridge.monitoring.server_checks import CLIENT

__all__ = ["rules_finding", "server_ports", "unmatched_rules"]

_SERVER_S = 5.0
"""Longest wait for a server to tell its ports."""


def server_ports(server: str = "") -> PortGraph:
    """Return the ports on a JACK server; none where there is no server, or it hangs.

    Args:
        server: Its name; empty for the default one.
    """
    try:
        return call_in_daemon(_graph, server).result(_SERVER_S)
    except (EnvironmentMissing, ParameterError, TimeoutError):
        return PortGraph()


def _graph(server: str) -> PortGraph:
    with JackBackend(CLIENT, server) as jack:
        return jack.graph()


def unmatched_rules(rules: Iterable[ConnectionRule], ports: PortGraph) -> list[str]:
    """Return the rules, as they were written, that match nothing there is.

    Args:
        rules: For a band, whether it runs or not.
        ports: On the server.
    """
    return [rule.text for rule in rules if not rule.matches(ports | band_ports(rule.client))]


def rules_finding(
    unmatched: Sequence[str], ports: PortGraph, mistakes: Sequence[str] = ()
) -> Finding:
    """Check that every rule of automatic connections has ports to connect.

    Args:
        unmatched: Rules that match nothing.
        ports: To find what may have been meant.
        mistakes: Of the file of rules.
    """
    known = [*ports.outputs(), *ports.inputs()]
    texts = list(mistakes)
    if unmatched:
        listed = ", ".join(f"{rule!r}{_hint(rule, known)}" for rule in unmatched)
        texts.append(
            f"no ports match {listed}; start the program, or copy its ports' names "
            "from 'jack_lsp' into --autoconnect or autoconnect.toml"
        )
    return Finding(
        name="rules",
        good=not texts,
        text="; ".join(texts) or "every rule of automatic connections has matched ports",
        mend="jack_lsp   # lists the ports to copy names from" if texts else "",
    )


def _hint(rule: str, ports: Sequence[str]) -> str:
    """Return a name that was probably meant in a rule, as a remark; empty if none is near."""
    for end in map(str.strip, rule.split(ARROW)):
        near = get_close_matches(end, ports, 1) if ":" in end and end not in ports else []
        if near:
            return f" (is it {near[0]!r}?)"
    return ""
