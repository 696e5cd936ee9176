"""A headless Chromium that opens a page and tells what it did: messages, requests, boxes that stick out, pictures, paper.

It is spoken to through two pipes (`--remote-debugging-pipe`), so nothing listens on the network. Where there is no Chromium
the tests that need one are skipped, and say so.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# Elements whose content is wider than the window, and texts that are wider than what holds them.
_STICKING_OUT = """
[...document.querySelectorAll('body *')].filter(item => {
  const box = item.getBoundingClientRect();
  return box.width && (box.right > innerWidth + 0.5 || box.left < -0.5);
}).map(item => item.tagName + '.' + (item.className.baseVal ?? item.className) + ' ' + item.textContent.trim().slice(0, 40))
"""


def chromium() -> str:
    """The program; where there is none the test is skipped and says so."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium is installed (Debian: chromium)")
    return found


class Browser:
    """One tab."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read, self._number, self._buffer = write, read, 0, b""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    _session = ""

    def call(self, method: str, **values: Any) -> dict[str, Any]:
        """Ask for something and wait for the answer; what happens meanwhile is kept in `events`."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": values}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            data = os.read(self._read, 1 << 20)
            assert data, "the browser is gone"
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(line)
        return found

    def look(self, width: int, *, dark: bool = False, media: str = "") -> None:
        """A window of so many pixels, in light or dark colours."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def open(self, path: Path) -> None:
        """Load a page and wait until it is there."""
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def evaluate(self, expression: str) -> Any:
        """What an expression comes to in the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def sticking_out(self) -> list[str]:
        """What is wider than the window."""
        found: list[str] = self.evaluate(_STICKING_OUT)
        if self.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("the page scrolls sideways")
        return found

    def complaints(self) -> list[Mapping[str, Any]]:
        """Messages on the console, and exceptions."""
        names = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        return [event["params"] for event in self.events if event.get("method") in names]

    def requests(self) -> list[str]:
        """What was asked for, the page itself included."""
        return [
            event["params"]["request"]["url"] for event in self.events if event.get("method") == "Network.requestWillBeSent"
        ]

    def picture(self) -> bytes:
        """The whole page as PNG."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        return base64.b64decode(self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"])

    def paper(self, width: float, height: float) -> bytes:
        """The page as PDF, on paper of so many inches."""
        printed = self.call("Page.printToPDF", paperWidth=width, paperHeight=height, printBackground=False)
        return base64.b64decode(printed["data"])


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser of its own, without anything that it remembers."""
    program = chromium()
    there, here = os.pipe(), os.pipe()  # to it, from it
    # First out of the way, for a pipe may have been given the number of another.
    moves = ((there[0], 53), (here[1], 54), (53, 3), (54, 4))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        arguments = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
            f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank",
        ]  # fmt: skip
        quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
        actions = [*quiet, *((os.POSIX_SPAWN_DUP2, *move) for move in moves)]
        process = os.posix_spawn(program, arguments, {**os.environ, "HOME": folder}, file_actions=actions)
        os.close(there[0])
        os.close(here[1])
        try:
            yield Browser(there[1], here[0])
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(there[1])
            os.close(here[0])
