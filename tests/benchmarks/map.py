"""How quick the capacity map answers a filter, and how much it sends: python tests/benchmarks/map.py

Opens the dashboard's map of England in Chromium, changes one filter after another, and prints for each the
time from the choice to the last word from the server, the bytes the server sent, and the processor time the
server took.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, WebSocket, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import run
from tests.browser.conftest import CHROMIUM_FLAGS, SETTLED, free_port, is_healthy

CHOICES = (
    ("Specialty", "Urology"),
    ("Medium", "Virtual"),
    ("Medium", "Could be virtual"),
    ("Provider type", "NHS trusts"),
    ("Shown", "Short"),
    ("Specialty", "Cardiology"),
    ("Medium", "Face to face"),
    ("Health board", "Lancashire and South Cumbria"),
    ("Health board", "England"),
    ("Shown", "Spare"),
)


class Traffic:
    """What the server sent, and when it last did."""

    def __init__(self, page: Page) -> None:
        self.bytes, self.last = 0, 0.0
        page.on("websocket", self._watch)

    def _watch(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._received)

    def _received(self, frame: str | bytes) -> None:
        self.bytes += len(frame)
        self.last = time.perf_counter()

    def start(self) -> None:
        self.bytes, self.last = 0, 0.0


def processor_seconds(process: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def choose(page: Page, label: str, option: str) -> float:
    """Choose an option of a selector; gives the moment of the choice."""
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("combobox", name=re.compile(label)).fill(option)
    offered = page.get_by_role("option", name=option, exact=True)
    offered.wait_for()
    begun = time.perf_counter()
    offered.click()
    return begun


def settle(page: Page) -> None:
    page.evaluate("() => { window.settledSince = undefined; }")
    page.wait_for_function(SETTLED, timeout=120_000, polling=50)


def measure(url: str, server: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=run.find_browser(), args=list(CHROMIUM_FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        traffic = Traffic(page)
        begun = time.perf_counter()
        page.goto(f"{url}/capacity_map?board=ENGLAND")
        settle(page)
        print(f"{'first look':40} {traffic.last - begun:6.2f} s  {traffic.bytes / 1000:7.0f} KB")
        for label, option in CHOICES:
            traffic.start()
            before = processor_seconds(server)
            begun = choose(page, label, option)
            settle(page)
            said = f"{label}: {option}"
            print(
                f"{said:40} {traffic.last - begun:6.2f} s  {traffic.bytes / 1000:7.0f} KB  "
                f"{processor_seconds(server) - before:6.2f} s of the server's processor"
            )
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        store = os.environ.get("TANDEM_STORE") or str(Path(folder) / "tandem.duckdb")
        command = [sys.executable, "-c", run.SERVE, "run", "app.py", f"--server.port={port}"]
        server = subprocess.Popen(
            [*command, "--server.headless=true"],
            cwd=run.ROOT,
            env={**os.environ, "TANDEM_STORE": store},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            while not is_healthy(url):
                time.sleep(0.2)
            measure(url, server.pid)
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
