"""Headless Chromium, driven over its own protocol, for tests, trials and pictures of pages."""

import base64
import http.client
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

__all__ = ["CHROMIUM", "Browser", "BrowserProgram", "chromium", "wait_until"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
"""The program; None where it is not installed."""

_PATIENCE_S = 60.0
_POLL_S = 0.02
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # it refuses to run as root with one
    "--disable-gpu",
    "--disable-dev-shm-usage",  # which containers keep too small for it
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--remote-debugging-port=0",
)
_PLACE = """(async () => {
  const element = document.querySelector(%s);
  for (let before = null; ; ) {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const { x, y, width, height } = element.getBoundingClientRect();
    if (before === y) return [x + width / 2, y + height / 2];
    before = y;
  }
})()"""
"""Brings an element to the middle and tells where it is, once the page holds still."""


class Browser:
    """One tab.

    Args:
        socket: The tab's end of the protocol.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self.complaints: list[object] = []
        """Exceptions, errors and warnings of pages so far."""
        self._socket = socket
        self._numbers = itertools.count(1)
        self._loaded: set[str] = set()
        self._traced: list[dict[str, Any]] = []
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")
        self.ask("Page.setLifecycleEventsEnabled", enabled=True)

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Run a method of the protocol; return its result."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        self._socket.send(json.dumps(command))
        while (said := self._hear()).get("id") != number:
            pass
        if "error" in said:
            raise RuntimeError(f"{method}: {said['error']}")
        result: dict[str, Any] = said["result"]
        return result

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script returns
        """Return what an expression gives; promises are waited for."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script[:200]}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def visit(
        self,
        link: str,
        *,
        width: int,
        height: int = 800,
        scale: float = 1.0,
        dark: bool = False,
    ) -> None:
        """Load a page and wait until it is loaded; narrow ones as on a phone."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        visit = self.ask("Page.navigate", url=link)["loaderId"]
        while visit not in self._loaded:
            self._hear()

    def wait_until(self, script: str, timeout_s: float = _PATIENCE_S) -> None:
        """Wait until an expression is true.

        Raises:
            TimeoutError: It was not in time.
        """
        wait_until(lambda: bool(self.run(f"Boolean({script})")), timeout_s, script)

    def place(self, selector: str) -> tuple[float, float]:
        """Return the middle of an element, once it is in sight and holds still."""
        x, y = self.run(_PLACE % json.dumps(selector))
        return x, y

    def click(self, selector: str) -> None:
        """Click the middle of an element."""
        x, y = self.place(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, x, y)

    def mouse(self, kind: str, x: float, y: float) -> None:
        """Send a mouse event, as ``mousePressed``, with the left button."""
        self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key: str) -> None:
        """Press a key by its name, as ``ArrowRight``."""
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def picture(self) -> bytes:
        """Return what is in sight, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def trace(self, categories: str, seconds: float) -> list[dict[str, Any]]:
        """Return what the whole program did for some time.

        Args:
            categories: Of trace events, separated by commas.
            seconds: How long.

        Returns:
            Events in the browsers' trace format: ``name``, ``ts`` in microseconds, ...
        """
        self._traced = []
        self.ask("Tracing.start", traceConfig={"includedCategories": categories.split(",")})
        time.sleep(seconds)
        self.ask("Tracing.end")
        while self._hear().get("method") != "Tracing.tracingComplete":
            pass
        return self._traced

    def _hear(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._socket.recv(timeout=_PATIENCE_S))
        method, of = said.get("method"), said.get("params", {})
        if method == "Page.lifecycleEvent" and of["name"] == "load":
            self._loaded.add(of["loaderId"])
        if method == "Tracing.dataCollected":
            self._traced += of["value"]
        if method == "Runtime.exceptionThrown":
            details = of["exceptionDetails"]
            self.complaints.append(
                details.get("exception", details).get("description", details)
            )
        if method == "Runtime.consoleAPICalled" and of["type"] in ("error", "warning"):
            self.complaints.append(of["args"])
        if method == "Log.entryAdded" and of["entry"]["level"] in ("error", "warning"):
            self.complaints.append(of["entry"])
        return said


class BrowserProgram:
    """A running program, whose tabs can be opened.

    Args:
        port: Of its protocol.
    """

    def __init__(self, port: int) -> None:
        self._port = port

    @contextmanager
    def tab(self) -> Iterator[Browser]:
        """Open a tab in a window of its own, for as long as the context lasts."""
        whole = json.loads(self._get("/json/version"))["webSocketDebuggerUrl"]
        with connect(whole) as socket:
            wanted = {"url": "about:blank", "newWindow": True}  # behind others nothing is drawn
            command = {"id": 1, "method": "Target.createTarget", "params": wanted}
            socket.send(json.dumps(command))
            target = json.loads(socket.recv(timeout=_PATIENCE_S))["result"]["targetId"]
        try:
            link = f"ws://127.0.0.1:{self._port}/devtools/page/{target}"
            with connect(link, max_size=None) as socket:
                yield Browser(socket)
        finally:
            self._get(f"/json/close/{target}")

    def _get(self, path: str) -> str:
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE_S)
        try:
            link.request("GET", path)
            return link.getresponse().read().decode()
        finally:
            link.close()


@contextmanager
def chromium(*flags: str) -> Iterator[BrowserProgram]:
    """Run Chromium with a profile of its own.

    Args:
        flags: Further ones of its command line.

    Raises:
        RuntimeError: It is not installed, or ends at once.
    """
    if CHROMIUM is None:
        raise RuntimeError("needs Chromium: apt install chromium")
    with tempfile.TemporaryDirectory(
        prefix="liveband-chromium-", ignore_cleanup_errors=True
    ) as profile:
        folder = Path(profile)
        said = folder / "said.txt"
        command = [CHROMIUM, *_FLAGS, *flags, f"--user-data-dir={folder}", "about:blank"]
        with said.open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as run:
            try:
                told = folder / "DevToolsActivePort"

                def is_up() -> bool:
                    if run.poll() is not None:
                        raise RuntimeError(said.read_text())
                    return told.exists() and told.read_text().count("\n") > 0

                wait_until(is_up)
                yield BrowserProgram(int(told.read_text().split()[0]))
            finally:
                run.terminate()
                try:
                    run.wait(10)
                except subprocess.TimeoutExpired:
                    run.kill()


def wait_until(
    holds: Callable[[], bool], timeout_s: float = _PATIENCE_S, what: str = "it"
) -> None:
    """Wait until a condition holds.

    Raises:
        TimeoutError: It did not in time.
    """
    deadline_s = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"waited {timeout_s:g} s in vain for: {what}")
        time.sleep(_POLL_S)
