"""The running dashboard and a real Chromium for the tests of what a person sees.

`app_url` is the server, started once; `browser_page` opens its pages, waits until they are drawn, and fails
the test if a page asked for anything outside this machine. A failed test leaves a screenshot in
var/browser-failures.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, WebSocket

import run

CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
BOOT_SECONDS = 60
PAGE_MILLISECONDS = 60_000

# True once the script has been at rest, with nothing stale or half-mounted, for half a second on end: a click
# takes a moment to reach the server, so a first look may still find the old page at rest.
SETTLED = """() => {
  const any = s => document.querySelector(s) !== null;
  const unfinished = (box, part) => [...document.querySelectorAll(box)].some(e => !e.querySelector(part));
  const app = document.querySelector('[data-testid=stApp]');
  const done = app && app.getAttribute('data-test-script-state') === 'notRunning'
    && any('[data-testid=stMainBlockContainer] *')
    && !any('[data-testid=stSkeleton],[data-testid=stAppSkeleton],[data-stale=true]')
    && !unfinished('[data-testid=stPlotlyChart]', '.main-svg')
    && !unfinished('[data-testid=stDeckGlJsonChart]', 'canvas#deckgl-overlay')
    && !unfinished('[data-testid=stDataFrame]', 'canvas')
    && document.fonts.status === 'loaded';
  if (!done) { window.settledSince = undefined; return false; }
  window.settledSince ??= performance.now();
  return performance.now() - window.settledSince > 500;
}"""


class BrowserPage:
    """One browser window on the dashboard: `open_page` goes somewhere, `page` is Playwright's own handle."""

    def __init__(self, context: BrowserContext, app_url: str) -> None:
        self.app_url = app_url
        self.requests: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("request", self._record)
        self.page.on("websocket", self._record)

    def _record(self, asked: Request | WebSocket) -> None:
        self.requests.append(asked.url)

    def open_page(self, path: str = "/", width: int = 1440, height: int = 1000) -> Page:
        """Open a page of the dashboard at `width` x `height` pixels; returns when it is drawn and at rest."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto(f"{self.app_url}{path}")
        return self.settle()

    def settle(self, timeout: int = PAGE_MILLISECONDS) -> Page:
        """Wait until the page is drawn and at rest, as after a click; a fault shown on it fails the test."""
        self.page.evaluate("() => { window.settledSince = undefined; }")
        self.page.wait_for_function(SETTLED, timeout=timeout, polling=50)
        faults = self.page.locator("[data-testid=stException]").all_inner_texts()
        assert not faults, f"the page shows a fault: {faults[0]}"
        return self.page

    def outside_requests(self) -> list[str]:
        """Addresses asked for beyond this machine (inline data has no host and does not count)."""
        return sorted({url for url in self.requests if urlsplit(url).hostname not in ("127.0.0.1", None)})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the real dashboard, started once a session on a store of its own."""
    folder = tmp_path_factory.mktemp("dashboard")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", run.SERVE, "run", "app.py"]
    command += [f"--server.port={port}", "--server.headless=true"]
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            cwd=run.ROOT,
            env={**os.environ, "TANDEM_STORE": str(folder / "tandem.duckdb")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_healthy(server, url, log)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_until_healthy(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + BOOT_SECONDS
    while not is_healthy(url):
        if server.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the dashboard did not start; its last words:\n{log.read_text()[-2000:]}")
        time.sleep(0.1)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, found as `python run.py test` finds it."""
    program = run.find_browser()
    if program is None:
        pytest.fail(f"No browser on this machine. {run.BROWSER_HELP} `python run.py test` fetches one.")
    return {**browser_type_launch_args, "executable_path": program, "args": list(CHROMIUM_FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def browser_page(app_url: str, context: BrowserContext) -> Iterator[BrowserPage]:
    """A fresh window on the dashboard; afterwards, the proof that nothing left this machine."""
    window = BrowserPage(context, app_url)
    yield window
    assert window.outside_requests() == []
