"""From a lever's move to the new picture in the scenario lab, measured in Chromium.

`python -m tests.benchmarks.lab [--board QK1 QE1] [--moves 15]` starts the dashboard on a store of its own (or
on that of TANDEM_STORE), moves the growth of referrals a step at a time and prints the median and the worst,
and where the system tells it (Linux) the seconds of processor that the server spent on a move.
The clock runs in the browser, from the key press to the frame in which the new sentence and chart stand.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

import run
from tests.browser.conftest import CHROMIUM_FLAGS, free_port, is_healthy

# resolves with the milliseconds from now until the sentence has changed and its chart has been drawn again
UNTIL_NEW = """() => new Promise((found) => {
  const sentence = () => document.querySelector('h2')?.innerText;
  const line = () => document.querySelector('[data-testid=stPlotlyChart] .scatterlayer')?.innerHTML;
  const [before, drawn] = [sentence(), line()];
  let began;
  const look = () => sentence() && sentence() !== before && line() && line() !== drawn
    ? found(performance.now() - began) : requestAnimationFrame(look);
  document.addEventListener('keydown', () => { began = performance.now(); look(); },
    {once: true, capture: true});
})"""
WAIT = 120_000  # milliseconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long from a lever's move to the new picture.")
    parser.add_argument("--board", nargs="+", default=["QK1", "QE1"])
    parser.add_argument("--moves", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        server = subprocess.Popen(
            [
                sys.executable,
                "-c",
                run.SERVE,
                "run",
                "app.py",
                f"--server.port={port}",
                "--server.headless=true",
            ],
            cwd=run.ROOT,
            env={"TANDEM_STORE": str(Path(folder) / "tandem.duckdb"), **os.environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not is_healthy(url):
                time.sleep(0.1)
            for board in options.board:
                report(
                    board,
                    f"{url}/scenario_lab?board={board}&scenario=referral-growth",
                    options.moves,
                    server.pid,
                )
        finally:
            server.terminate()
            server.wait()


def report(board: str, page_url: str, moves: int, server: int) -> None:
    """Measure one board and print."""
    seconds, spent = measure(page_url, moves, server)
    load = os.getloadavg()[0]
    print(f"{board}, 104 weeks, 30 futures, {len(seconds)} moves of a lever, machine's load {load:.1f}:")
    print(
        f"median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s to the new sentence and chart"
    )
    if spent is not None:
        print(f"{spent / len(seconds):.2f} s of processor in the server for each move, the run in it")


def processor_seconds(process: int) -> float | None:
    """What a process has spent on processors so far, in seconds; None where the system does not say."""
    told = Path(f"/proc/{process}/stat")
    if not told.exists():
        return None
    fields = told.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(page_url: str, moves: int, server: int) -> tuple[list[float], float | None]:
    """Seconds of each move of a lever until the new picture stands, and what all cost the server."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=run.find_browser(), args=list(CHROMIUM_FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 1000}, locale="en-GB")
        page.goto(page_url)
        page.locator("h2").first.wait_for(timeout=WAIT)
        page.locator("summary", has_text="Referral growth").click()
        field = page.get_by_label("Growth in clock starts")
        field.wait_for()
        found, before = [], processor_seconds(server)
        for move in range(moves):
            page.wait_for_timeout(1000)
            field.fill(f"{2.5 + 0.5 * move}")
            page.evaluate(f"() => {{ window.newPicture = ({UNTIL_NEW})(); }}")
            field.press("Enter")
            found.append(page.evaluate("window.newPicture") / 1000)
        page.wait_for_timeout(1000)
        after = processor_seconds(server)
        browser.close()
    return found, None if before is None or after is None else after - before


if __name__ == "__main__":
    main()
