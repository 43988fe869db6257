"""The remote in a browser, as tests drive it."""

import re

import pytest

from bridge.osc.listeners import network_addresses
from tools.chromium import CHROMIUM

NEEDS_BROWSER = [
    pytest.mark.jack,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt install chromium"),
]
DESK, PHONE = 1280, 360
"""Widths in pixels."""
SAID = "document.querySelector('#said').textContent"
STRANGER, REBOUND = "stranger.example", "rebound.example"
"""Names of an attacker that lead to this machine, for the browser of the tests."""


def link(bridge, host="127.0.0.1"):
    """Return where a bridge has its page."""
    return f"http://{host}:{bridge.query_port}/remote/"


def open_page(tab, bridge, width=DESK):
    """Open the page of a bridge with two players, and wait until it is alive."""
    tab.complaints.clear()
    tab.visit(link(bridge), width=width)
    tab.wait_until("document.querySelector('#state').textContent === 'running'")
    tab.wait_until("document.querySelectorAll('#strips .strip').length === 2")


def room():
    """Return this machine's address in its network; skips where it has none."""
    host = network_addresses()[0]
    if host == "127.0.0.1":
        pytest.skip("needs a network address")
    return host


def code_of(bridge):
    """Return the code that the bridge shows in its log."""
    return re.findall(r"and code ([A-Z0-9]{8})$", bridge.log_text(), re.MULTILINE)[-1]


def give_code(tab, code):
    """Type a code once the page asks for it."""
    tab.wait_until("document.querySelector('#door')?.hidden === false")
    tab.run(f"document.querySelector('#code').value = '{code}'")
    tab.click("#door button")
