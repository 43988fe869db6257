"""The remote in a browser: headless Chromium plays a whole set on a real JACK server."""

import contextlib
import json
import threading

import numpy as np
import pytest

from bridge.common.errors import RefusedError
from bridge.osc.codec import Message, encode
from tests.live.conftest import Player, Recorder
from tests.live.program import program
from tests.live.remote_page import DESK, NEEDS_BROWSER, PHONE, SAID, link, open_page
from tools.trials.running_bridge import running_bridge_on

pytestmark = NEEDS_BROWSER

RATE = 48_000


@pytest.fixture
def bridge(jackd):
    """A pass-through bridge with two players on a private server."""
    with running_bridge_on(jackd().name, "passthrough", "--players", "drums,bass") as running:
        yield running


def slide(tab, key, value):
    """Move a fader as a hand does that lets go at once."""
    tab.run(
        f"""(() => {{
          const input = document.querySelector('[data-control="{key}"] input');
          input.value = {value};
          input.dispatchEvent(new Event("input", {{ bubbles: true }}));
          input.dispatchEvent(new Event("change", {{ bubbles: true }}));
        }})()"""
    )


def shown(key):
    return f"Number(document.querySelector('[data-control=\"{key}\"] input').value)"


def wires(bridge):
    replies = bridge.client.collect("/liveband/jack/graph")
    return {reply.arguments for reply in replies}


def test_a_whole_set(bridge, page, wait_until):
    """Choose an instrument, connect, learn a knob, record, and panic, by mouse alone."""
    sweep = [(1200 * step, bytes((0xB0, 21, step))) for step in range(128)]
    sine = 0.5 * np.sin(2 * np.pi * 440 / RATE * np.arange(300 * RATE))
    with (
        contextlib.closing(Player(_Server(bridge), sine, sweep)) as player,
        contextlib.closing(Recorder(_Server(bridge))) as recorder,
    ):
        open_page(page, bridge)
        page.click("#stems label:has(input[value=piano])")
        wait_until(lambda: bridge.client.read("/liveband/stem") == ("piano",))

        page.wait_until("document.querySelector('#hears [data-wire*=\"player:out\"]')")
        key = "#hears [data-wire*='player:out']"
        page.click(key)
        both = {("player:out", f"liveband:in_{side}") for side in "LR"}
        wait_until(lambda: both <= wires(bridge))
        page.wait_until(f'document.querySelector("{key}").ariaPressed === "true"')
        page.click("#sounds [data-wire*='recorder:in_1']")
        wait_until(lambda: ("liveband:out_L", "recorder:in_1") in wires(bridge))
        page.click("details:has(#midi-from) > summary")
        page.click("#midi-from [data-wire*='player:midi']")
        wait_until(lambda: ("player:midi", "liveband:control_in") in wires(bridge))

        page.click("#learn")
        page.click("[data-control='gain/in'] output")
        page.wait_until(f"{SAID}.startsWith('Move the knob for gain/in')")
        player.play()
        page.wait_until(f"{SAID}.startsWith('gain/in is moved by cc 21')")
        wait_until(lambda: bridge.client.read("/liveband/gain/in") == (12.0,))
        page.wait_until(f"{shown('gain/in')} === 12")
        assert not page.run("document.body.classList.contains('learning')")

        page.wait_until("Number(document.querySelector('#strips .meter').ariaValueNow) > -30")
        page.click("#record")
        page.wait_until("document.querySelector('#record').ariaPressed === 'true'")
        page.wait_until("/0:0[1-9]/.test(document.querySelector('#take').textContent)")
        page.click("#record")
        page.wait_until(f"{SAID} === 'Recorded.'")
        assert len([*bridge.home.rglob("*.mix.wav"), *bridge.home.rglob("*.stem2.wav")]) == 2

        before = recorder.frames
        assert longest_silence(recorder.sound[0, before - RATE // 2 : before]) < 10
        page.click(".panic")
        wait_until(lambda: longest_silence(recorder.sound[0, before:]) > RATE // 200)
        assert page.complaints == []


class _Server:
    """A JACK server by name, as the clients of ``conftest`` want it."""

    def __init__(self, bridge):
        self.name = bridge.server


def longest_silence(sound):
    """Return the length of the longest run of zeros."""
    edges = np.flatnonzero(np.diff(np.concatenate([[1], np.abs(sound) > 1e-4, [1]]) == 0))
    return max((edges[1::2] - edges[::2]), default=0)


def test_ports_are_listed_by_what_they_are_for(bridge):
    def ports(which):
        told = bridge.client.collect("/liveband/jack/ports", which)
        return {message.arguments[0] for message in told}

    with contextlib.closing(Player(_Server(bridge), np.zeros(1), [])):
        assert ports("sources") == {"player:out", "system:capture_1", "system:capture_2"}
        assert ports("MIDI/sources") == {"player:midi"}
        assert ports("destinations") == {"system:playback_1", "system:playback_2"}
        assert ports("midi/destinations") == set()
        own = {f"liveband:{name}" for name in ("in_L", "in_R", "control_in", "control_out")}
        outputs = {f"liveband:out{player}_{side}" for player in ("", "2") for side in "LR"}
        assert ports("own") == own | outputs
    with pytest.raises(RefusedError, match="midi/destinations, or everything; got 'all'"):
        ports("all")


def test_two_hands_agree(bridge, page, browser, wait_until):
    """Two pages and an OSC client move one fader at once; all show the value in force."""
    with browser.tab() as other:
        for tab in (page, other):
            open_page(tab, bridge)
        client = bridge.client
        storm = threading.Thread(
            target=lambda: [client.do("/liveband/noise", step / 100) for step in range(150)]
        )
        storm.start()
        while storm.is_alive():
            slide(page, "noise", 1.25)
            slide(other, "noise", 0.75)
        storm.join()

        def all_agree():
            faders = {tab.run(shown("noise")) for tab in (page, other)}
            return faders == {round(client.read("/liveband/noise")[0], 2)}

        wait_until(all_agree)
        slide(page, "noise", 0.4)
        other.wait_until(f"{shown('noise')} === 0.4")
        wait_until(all_agree)
        client.do("/liveband/noise", 1.6)
        for tab in (page, other):
            tab.wait_until(f"Math.abs({shown('noise')} - 1.6) < 0.001")


def test_a_fader_stays_under_the_hand_that_holds_it(bridge, page):
    open_page(page, bridge)
    x, y = page.place("[data-control='noise'] input")
    page.mouse("mousePressed", x, y)
    held = page.run(shown("noise"))
    bridge.client.do("/liveband/noise", 0.1)
    page.wait_until("liveband.link.value('noise') < 0.2")
    assert page.run(shown("noise")) == held
    page.mouse("mouseReleased", x, y)
    page.wait_until(
        f"{shown('noise')} === Math.round(liveband.link.value('noise') * 100) / 100"
    )


def test_the_band_grows_and_shrinks(bridge, page, wait_until):
    open_page(page, bridge)
    page.click("#add")
    page.wait_until("document.querySelectorAll('#strips .strip').length === 3")
    wait_until(lambda: bridge.client.read("/liveband/players") == (3,))
    page.click("#strips li:nth-child(3) .pick")
    page.click("#stems label:has(input[value=lead])")
    page.wait_until("liveband.link.value('player/3/stem') === 'lead'")
    page.click("#remove")
    page.wait_until("document.querySelectorAll('#strips .strip').length === 2")
    page.wait_until(
        "document.querySelector('#strips li:nth-child(2) .pick').ariaPressed === 'true'"
    )
    assert page.complaints == []


def test_what_moves_goes_on_between_two_reports(bridge, page):
    """The lamp lasts a beat, the dots count, and the spectrograms glide by a column a hop."""
    open_page(page, bridge)
    bridge.client.do("/liveband/transport/source", "manual")
    bridge.client.do("/liveband/tempo", 150.0)
    glow = "document.querySelector('#lamp').getAnimations()[0]"
    page.wait_until(f"Math.abs({glow}?.effect.getTiming().duration - 400) < 4")
    page.wait_until("document.querySelectorAll('#dots i').length === 4")
    lit = "document.querySelectorAll('#dots .on')"
    for beat in (1, 2, 3, 4):
        page.wait_until(f"{lit}[0] === document.querySelector('#dots').children[{beat - 1}]")
        assert page.run(f"{lit}.length") == 1
    for canvas in ("#heard", "#played"):
        element = f"document.querySelector('{canvas}')"
        moved = f"new DOMMatrix(getComputedStyle({element}).transform).e"
        column = f"{element}.clientWidth / 300"
        page.wait_until(f"{moved} < 0 && {moved} > -{column} - 0.01")
    bridge.client.do("/liveband/transport/source", "none")
    page.wait_until("document.querySelector('#lamp').getAnimations().length === 0")
    page.wait_until("document.querySelector('#dots .on') === null")
    assert page.complaints == []


def test_presets_and_models_are_lists(bridge, page, wait_until):
    open_page(page, bridge)
    page.run("document.querySelector('#preset-name').value = 'verse'")
    page.click("#preset-form button:last-child")
    page.wait_until("document.querySelector('#presets [data-name=verse]')")
    page.wait_until("document.querySelector('#preset-now').textContent === 'verse'")
    bridge.client.do("/liveband/gain/out", -12.0)
    page.wait_until("document.querySelector('#preset-now').textContent === 'verse, changed'")
    page.click("#presets [data-name=verse]")
    wait_until(lambda: bridge.client.read("/liveband/gain/out") == (0.0,))
    names = page.run("[...document.querySelector('#models').options].map((o) => o.value)")
    listed = [m.arguments[1] for m in bridge.client.collect("/liveband/model/list")]
    assert set(listed) <= set(names)
    assert page.run("document.querySelector('#models').value") == "passthrough"


def test_a_bridge_that_ends_is_told_and_one_that_comes_back_is_joined(
    jackd, page, tmp_path, wait_until
):
    server = jackd()
    with running_bridge_on(server.name, "passthrough") as bridge:
        page.visit(link(bridge), width=DESK)
        page.wait_until(f"{SAID} === 'Connected.'")
        port, query = bridge.port, bridge.query_port
    page.wait_until(f"{SAID}.startsWith('No connection')")
    assert page.run("document.querySelector('#stage').inert")
    again = ("--osc-query-port", str(query), "--checkpoint", "passthrough")
    two = ("--players", "bass,bass")
    with program(server, tmp_path, *again, *two, wait_until=wait_until, port=port):
        page.wait_until("document.querySelectorAll('#strips .strip').length === 2")
        assert page.run(SAID) == "Connected."
        assert not page.run("document.querySelector('#stage').inert")


def test_messages_are_written_and_read_as_by_the_bridge(bridge, page):
    open_page(page, bridge)
    cases = [
        ("/a", ()),
        ("/liveband/stem", ("bass",)),
        ("/ab", (1, -2.5, "é♪", 0)),
        ("/abc", (7,)),
    ]
    for address, arguments in cases:
        script = f"""(async () => {{
          const {{ encode, decode }} = await import("./osc.js");
          const packet = encode({json.dumps(address)}, {json.dumps(arguments)});
          const [back] = decode(packet.buffer);
          return [[...packet], back.address, back.values];
        }})()"""
        packet, *back = page.run(script)
        assert bytes(packet) == encode(Message(address, arguments))
        assert back == [address, list(arguments)]


def test_the_machine_is_checked_and_crosses_name_their_remedy(bridge, page):
    open_page(page, bridge)
    page.click("#examine")
    page.wait_until("document.querySelectorAll('#findings li').length > 5")
    lines = page.run("[...document.querySelectorAll('#findings li')].map((e) => e.innerText)")
    assert any(line.startswith("✓ server: 48000 Hz") for line in lines), lines
    bare = page.run("document.querySelectorAll('li:has(.cross):not(:has(code))').length")
    assert bare == 0
    assert page.run("document.querySelector('#examine').disabled") is False
    assert page.run("document.documentElement.scrollWidth") <= DESK
    assert page.complaints == []


@pytest.mark.parametrize("width", [PHONE, 720, DESK])
def test_nothing_overflows_and_everything_has_a_name(bridge, page, width):
    open_page(page, bridge, width)
    page.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.run("document.documentElement.scrollWidth") <= width
    nodes = page.ask("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "slider", "radio", "textbox", "spinbutton", "combobox", "meter", "image"}
    named = {role: [] for role in roles}
    for node in nodes:
        role = node.get("role", {}).get("value")
        if role in named and not node.get("ignored"):
            named[role].append(node.get("name", {}).get("value", ""))
    assert all(named[role] for role in ("button", "slider", "radio", "meter", "image"))
    assert {role: names for role, names in named.items() if not all(names)} == {}
    small = page.run(
        "[...document.querySelectorAll('button, .choices label')]"
        ".filter((e) => e.offsetParent && (e.offsetHeight < 40 || e.offsetWidth < 40))"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    assert small == []
    assert page.complaints == []


def test_the_keyboard_is_enough(bridge, page, wait_until):
    open_page(page, bridge)
    page.run("document.querySelector('#stems input:checked').focus()")
    page.press("ArrowRight")
    wait_until(lambda: bridge.client.read("/liveband/stem") == ("bass",))
    page.run("document.querySelector('[data-control=\"gain/in\"] input').focus()")
    page.press("End")
    wait_until(lambda: bridge.client.read("/liveband/gain/in") == (12.0,))


def test_a_hidden_page_asks_for_no_spectra(bridge, page, wait_until):
    def followed():
        told = bridge.client.collect("/liveband/clients")
        return [message.arguments[1] for message in told]

    open_page(page, bridge)
    wait_until(lambda: followed() == [8])
    page.run(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    wait_until(lambda: followed() == [4])
