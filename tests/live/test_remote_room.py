"""The remote opened to a room, and closed to strangers, in headless Chromium."""

import http.server
import json
import re
import threading
import urllib.request

import pytest

from bridge.osc.codec import Message, encode
from tests.live.program import program
from tests.live.remote_page import (
    DESK,
    NEEDS_BROWSER,
    PHONE,
    REBOUND,
    SAID,
    STRANGER,
    code_of,
    give_code,
    link,
    room,
)
from tests.network import has_ipv6
from tools.trials.running_bridge import running_bridge_on

pytestmark = NEEDS_BROWSER

IPV6 = pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")


@pytest.fixture
def bridge(jackd):
    """A pass-through bridge with two players on a private server."""
    with running_bridge_on(jackd().name, "passthrough", "--players", "drums,bass") as running:
        yield running


@pytest.fixture
def open_bridge(jackd):
    """A bridge that is open to the room, and its link there."""
    host = room()
    options = ("--remote-bind", host, "--players", "drums,bass")
    with running_bridge_on(jackd().name, "passthrough", *options) as running:
        yield running, link(running, host)


def test_a_phone_gives_the_code_and_plays(open_bridge, page, wait_until):
    bridge, shown = open_bridge
    page.visit(shown, width=PHONE)
    give_code(page, "WRONG")
    problem = "document.querySelector('#door-problem').textContent"
    page.wait_until(f"{problem}.includes('present code')")
    give_code(page, code_of(bridge).lower())
    page.wait_until("document.querySelector('#state').textContent === 'running'")
    page.click("#stems label:has(input[value=lead])")
    wait_until(lambda: bridge.client.read("/liveband/stem") == ("lead",))
    page.click("#record")
    page.wait_until(f"{SAID}.includes('for this machine')")
    page.click("#invite")
    page.wait_until(f"{SAID}.includes('own machine')")
    assert page.run("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize(
    ("remote", "osc"),
    [
        ("0.0.0.0", "127.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),
        pytest.param("::", "127.0.0.1", marks=IPV6),
        pytest.param("::", "::", marks=IPV6),
    ],
)
def test_a_phone_is_let_in_wherever_the_bridge_listens(jackd, page, wait_until, remote, osc):
    room()
    options = ("--remote-bind", remote, "--osc-bind", osc, "--no-osc-advertise")
    with running_bridge_on(jackd().name, "passthrough", *options) as bridge:
        (shown, *_) = re.findall(r"room in: (\S+)", bridge.log_text())
        page.visit(shown, width=PHONE)
        give_code(page, code_of(bridge))
        page.wait_until("document.querySelector('#state').textContent === 'running'")
        page.click("#stems label:has(input[value=lead])")
        wait_until(lambda: bridge.client.read("/liveband/stem") == ("lead",))


def test_a_page_asks_for_the_code_of_a_bridge_that_was_started_again(
    jackd, page, tmp_path, wait_until
):
    server, host = jackd(), room()
    with running_bridge_on(server.name, "passthrough", "--remote-bind", host) as bridge:
        page.visit(link(bridge, host), width=PHONE)
        give_code(page, code_of(bridge))
        page.wait_until(f"{SAID} === 'Connected.'")
        port, query = bridge.port, bridge.query_port
    page.wait_until(f"{SAID}.startsWith('No connection')")
    again = ("--osc-query-port", str(query), "--checkpoint", "passthrough")
    again += ("--remote-bind", host, "--players", "bass,bass")
    with program(server, tmp_path, *again, wait_until=wait_until, port=port):
        here = f"http://127.0.0.1:{query}/remote/invitation"
        with urllib.request.urlopen(here) as answer:
            give_code(page, json.load(answer)["code"])
        page.wait_until("document.querySelectorAll('#strips .strip').length === 2")


def test_a_picture_of_a_code_lets_one_browser_in(open_bridge, page, browser):
    bridge, shown = open_bridge
    page.visit(link(bridge), width=DESK)
    page.wait_until(f"{SAID} === 'Connected.'")
    page.click("#invite")
    page.wait_until("document.querySelector('#invitation img')?.naturalWidth > 100")
    code = page.run("document.querySelector('#invitation b').textContent")
    assert code == code_of(bridge)
    with browser.tab() as phone:
        phone.visit(f"{shown}#{code}", width=PHONE)
        phone.wait_until("document.querySelector('#state').textContent === 'running'")
        assert phone.run("location.href") == shown
    assert code_of(bridge) != code


ATTACK = """(async () => {
  const bridge = "127.0.0.1:%d";
  const tried = {};
  const opened = (url) => new Promise((done) => {
    const socket = new WebSocket(url);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
  });
  const read = async (path, options) => {
    try {
      const answer = await fetch(path, options);
      return answer.type === "opaque" ? "opaque" : `read ${answer.status}`;
    } catch { return "refused"; }
  };
  tried.socket = await opened(`ws://${bridge}/`);
  tried.rebound = await opened(`ws://rebound.example:${bridge.split(":")[1]}/`);
  tried.json = await read(`http://${bridge}/liveband`);
  tried.code = await read(`http://${bridge}/remote/invitation`);
  const headers = { "X-Liveband-Code": "A" };
  tried.join = await read(`http://${bridge}/remote/join`, { headers });
  const osc = new Uint8Array([0xc0, ...%s, 0xc0]);
  const post = { method: "POST", mode: "no-cors", body: osc };
  await fetch("http://127.0.0.1:%d/", post).catch(() => {});
  const frame = document.createElement("iframe");
  frame.src = `http://${bridge}/remote/`;
  await new Promise((done) => { frame.onload = done; document.body.append(frame); });
  tried.frame = frame.contentDocument ? "read" : "refused";
  const script = document.createElement("script");
  script.src = `http://${bridge}/remote/osc.js`;
  tried.script = await new Promise((done) => {
    script.onload = () => done("loaded");
    script.onerror = () => done("refused");
    document.body.append(script);
  });
  return tried;
})()"""


class _Stranger(http.server.BaseHTTPRequestHandler):
    """Serves an empty page, as a server on the Internet would."""

    def do_GET(self):
        body = b"<!doctype html><title>harmless</title><body></body>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def stranger():
    """Port of a web server that is not ours."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Stranger) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


def test_a_page_from_elsewhere_reaches_nothing(bridge, page, stranger):
    page.visit(f"http://{STRANGER}:{stranger}/", width=DESK)
    move = encode(Message("/liveband/noise", (0.123,)))
    tried = page.run(ATTACK % (bridge.query_port, list(move), bridge.port))
    assert set(tried.values()) == {"refused"}, tried
    (followers,) = [m.arguments for m in bridge.client.collect("/liveband/clients")] or [()]
    assert followers == ()
    assert bridge.client.read("/liveband/noise") == (1.0,)


def test_a_rebound_name_reaches_nothing(bridge, page):
    """The attacker's name leads to the bridge: page and bridge have one origin."""
    page.visit(link(bridge, REBOUND), width=DESK)
    text = page.run("document.body.textContent")
    assert "does not name this machine" in text
    script = f"fetch('http://{REBOUND}:{bridge.query_port}/liveband').then((a) => a.status)"
    assert page.run(script) == 403
