"""The one front door of Tandem. It needs Python 3.11 or later and nothing else.

    python run.py                    open the dashboard (the first start sets Tandem up)
    python run.py --port 8600        the same, on a port of your choice
    python run.py --no-browser       the same, without opening a browser window
    python run.py test [options]     lint, format, types, then every test; options go to pytest
    python run.py check [NAME ...]   lint, format, types, or those named, units among them (for git's hooks)
    python run.py COMMAND ...        simulate, import-rtt, status ...: the commands of cli.py
    python run.py --help             all of this, with the commands

Set-up makes a private Python environment in `.venv`, beside this file, from the exact versions in
requirements.txt and requirements.lock. pip fetches them with whatever configuration this machine gives it
(a proxy, a mirror, a folder of wheels). A stamp written last says what the environment was made from: while
it holds, a start does no set-up at all; when it is missing (a set-up was interrupted) or no longer fits (the
pins or the Python changed), the environment is made anew. `test` and `check` add requirements-dev.txt to it,
with a stamp of its own that a plain start neither needs nor touches. Only set-up needs a network.

Only the standard library is used here, and only syntax that an older Python can read far enough to say that
it is too old. What is printed is plain ASCII, for terminals that know nothing else.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT
from typing import IO

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PINS = (ROOT / "requirements.txt", ROOT / "requirements.lock")
TEST_PINS = (ROOT / "requirements-dev.txt", ROOT / "requirements-cluster.txt", PINS[1])
TESTS_ONLY = b"# --- the tests, the checks and a cluster alone"  # begins the lock's second part
PIN = re.compile(rb"^[\w-]+==", re.MULTILINE)
STAMP_NAME = "tandem-ready.txt"
TEST_STAMP_NAME = "tandem-tests-ready.txt"
BEGUN = "begun"  # what the tests' stamp says while pip is at work
OLDEST_PYTHON = (3, 11)

# What the simulation imports. Installed first: compiling it takes longest, and is done beside the rest.
SIMULATION = ("numba", "numpy", "scipy", "pandas", "pyarrow", "ortools", "simpy", "holidays", "readability")

# Streamlit takes a folder called pages for its older kind of multipage app until app.py has run once, and
# greets whoever opens a link to a page before that with "Page not found"; told there is none, it does not.
SERVE = (
    "from streamlit.runtime.pages_manager import PagesManager; PagesManager.uses_pages_directory = False; "
    "from streamlit.web.cli import main; main()"
)

NETWORK_SIGNS = ("connection", "timed out", "name resolution", "getaddrinfo", "proxyerror", "sslerror")
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER_HELP = "Install Chromium or Google Chrome, or set TANDEM_BROWSER to the program file of one."


class SetUpError(Exception):
    """A fault before Tandem itself can start: `message` says what happened, `remedy` what to do next."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}\n{remedy}")
        self.message = message
        self.remedy = remedy


def say(line: str) -> None:
    """Print one line of progress, at once."""
    print(line, flush=True)


# --- the environment --------------------------------------------------------------------------------------


def too_old(version: tuple[int, int]) -> str:
    """What to tell the owner of a Python of this `version`; '' when it is new enough."""
    if version >= OLDEST_PYTHON:
        return ""
    oldest, own = (f"{major}.{minor}" for major, minor in (OLDEST_PYTHON, version))
    return (
        f"Tandem needs Python {oldest} or later; this is Python {own}.\n"
        "Install a newer Python and start run.py with it, for example: python3.12 run.py"
    )


def environment_python(environment: Path, platform: str = sys.platform) -> Path:
    """Path of the interpreter inside `environment`, by the custom of the `platform`."""
    return environment / ("Scripts/python.exe" if platform == "win32" else "bin/python")


def pins_digest(pins: Sequence[Path], version: tuple[int, int], *, tests: bool = False) -> str:
    """Hex digest of the Python and the pins, whatever their line ends; all of the lock only for `tests`."""
    digest = hashlib.sha256(f"python {version[0]}.{version[1]}".encode())
    for path in pins:
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(b"\0" + (content if tests else content.partition(TESTS_ONLY)[0]))
    return digest.hexdigest()


def stamp_says(environment: Path, name: str = STAMP_NAME) -> str:
    """What a stamp in `environment` says; '' when it says nothing, or nothing that can be read."""
    try:
        return (environment / name).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def is_ready(environment: Path, digest: str, tests: str = "") -> bool:
    """True when a set-up of exactly this `digest` is finished; with `tests`, theirs of that digest too."""
    if not environment_python(environment).exists() or stamp_says(environment) != digest:
        return False
    return tests in ("", stamp_says(environment, TEST_STAMP_NAME))


def write_stamp(environment: Path, says: str, name: str = STAMP_NAME) -> None:
    """Mark `environment` as finished; the stamp appears whole or not at all."""
    draft = environment / f"{name}.draft"
    draft.write_text(f"{says}\n", encoding="ascii")
    os.replace(draft, environment / name)


def try_lock(handle: IO[str]) -> bool:
    """True when the lock on an open file was free; it is then held until the file closes."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def one_at_a_time(lock_file: Path) -> Iterator[None]:
    """Let one set-up through; a second start waits for the first to finish."""
    with lock_file.open("a") as handle:
        if not try_lock(handle):
            say("Tandem is being set up in another window; waiting for it ...")
            while not try_lock(handle):
                time.sleep(0.5)
        yield


def package_named(line: str) -> str:
    """The package that a line of pip's output starts to fetch; '' when it is about something else."""
    step, _, rest = line.partition(" ")
    if step == "Collecting":
        return re.split(r"[^\w.-]", rest)[0]
    if step == "Processing":
        return re.split(r"[\\/]", rest.partition(" (from ")[0])[-1].partition("-")[0]
    return ""


def pip_fault(output: Sequence[str]) -> SetUpError:
    """The fault behind a failed installation, told from pip's own last lines."""
    errors = [line for line in output if line.startswith("ERROR")] or list(output)
    # Without a network pip ends with a false "conflict", and its warnings before that tell the truth.
    network = [line for line in output if any(sign in line.lower() for sign in NETWORK_SIGNS)]
    said = "\n".join(f"  pip: {line}" for line in (network or errors)[-3:])
    if any("no space left" in line.lower() for line in errors):
        remedy = "Free about 2 GB on this disk."
    elif network:
        remedy = "Check the network, or tell pip (pip config) of the proxy or mirror of your organisation."
    else:
        remedy = "Check the network, and that pip's index has these versions for Python 3.11, 3.12 or 3.13."
    message = f"Tandem could not be set up: installing what it needs failed.\n{said}"
    return SetUpError(message, f"{remedy}\nThen run the same command again.")


def install(python: Path, wanted: Sequence[str], told: list[str], in_all: int) -> None:
    """Install what is `wanted` into the environment of `python`, adding to what was `told` of `in_all`."""
    command = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", *wanted]
    output: list[str] = []
    with subprocess.Popen(
        command, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, encoding="utf-8", errors="replace"
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            output.append(line.rstrip())
            package = package_named(output[-1])
            if package:
                told.append(package)
                say(f"  {len(told)} of about {in_all}: {package}")
            elif line.startswith("Installing collected packages"):
                say("  Putting them in place ...")
    if pip.returncode != 0:
        raise pip_fault(output)


def set_up(
    environment: Path = ENVIRONMENT, pins: Sequence[Path] = PINS, test_pins: Sequence[Path] = ()
) -> Path:
    """Path of the environment's interpreter, once it is whole and current, with `test_pins` for tests too."""
    try:
        digest = pins_digest(pins, sys.version_info[:2])
        tests = pins_digest(test_pins, sys.version_info[:2], tests=True) if test_pins else ""
        if not is_ready(environment, digest, tests):
            with one_at_a_time(environment.with_name(f"{environment.name}.lock")):
                broken = bool(tests) and stamp_says(environment, TEST_STAMP_NAME) == BEGUN
                if broken or not is_ready(environment, digest):
                    make_environment(environment, pins, digest)
                if not is_ready(environment, digest, tests):
                    add_tests(environment, test_pins, tests)
    except OSError as fault:
        said = f"{fault.strerror or fault} ({fault.filename or environment})"
        remedy = "Check that this folder is complete and can be written to, then run the same command again."
        raise SetUpError(f"Tandem could not be set up: {said}.", remedy) from fault
    return environment_python(environment)


def make_environment(environment: Path, pins: Sequence[Path], digest: str) -> None:
    """Make `environment` from nothing: interpreter, packages, compiled simulation, and last the stamp."""
    say("Setting Tandem up. This happens once and takes a minute or two.")
    (environment / STAMP_NAME).unlink(missing_ok=True)
    python = make_interpreter(environment)
    say("Fetching what Tandem needs (about 300 MB; 1 GB of disk when unpacked) ...")
    told: list[str] = []
    in_all, lock = len(PIN.findall(pins[1].read_bytes().partition(TESTS_ONLY)[0])), ["-c", str(pins[1])]
    # Without byte code, which Python makes as it imports: the kernel's compiler can begin the sooner.
    install(python, [*SIMULATION, *lock, "--no-compile"], told, in_all)
    with compiling(python):
        install(python, ["-r", str(pins[0]), *lock], told, in_all)
    write_stamp(environment, digest)
    say("Tandem is set up.")


def make_interpreter(environment: Path) -> Path:
    """Make `environment` with pip and nothing else in it; gives its interpreter."""
    # The base interpreter, because this one may itself live in the environment that is about to be cleared.
    base = getattr(sys, "_base_executable", None) or sys.executable
    command = [base, "-m", "venv", "--clear", str(environment)]
    made = subprocess.run(command, stdin=DEVNULL, capture_output=True, text=True)
    if made.returncode != 0:
        said = f"This Python ({base}) could not make {environment}.\n{made.stdout}{made.stderr}"
        remedy = "On Debian and Ubuntu: apt install python3-venv. Elsewhere: a Python with venv and pip."
        raise SetUpError(said.strip(), remedy)
    return environment_python(environment)


@contextmanager
def compiling(python: Path) -> Iterator[None]:
    """Compile the simulation beside what is done meanwhile, and wait for it; nothing is left running."""
    say("Compiling the simulation for this machine, while the rest is fetched ...")
    with subprocess.Popen([str(python), "-m", "sim.warm"], cwd=ROOT, stdin=DEVNULL) as warm:
        try:
            yield
            say("Waiting for the compiler to finish (up to a minute) ...")
            status = warm.wait()
        finally:
            warm.kill()
    if status != 0:
        remedy = "Run the same command again; if it fails again, try another Python (3.11 to 3.13)."
        raise SetUpError("The simulation could not be compiled here (its own words are above).", remedy)


def add_tests(environment: Path, pins: Sequence[Path], digest: str) -> None:
    """Add what tests and checks need to a finished `environment`, which planners can use meanwhile."""
    say("Adding what the tests and checks need, once (about 100 MB; 0.4 GB of disk when unpacked) ...")
    write_stamp(environment, BEGUN, TEST_STAMP_NAME)
    in_all = len(PIN.findall(pins[-1].read_bytes().partition(TESTS_ONLY)[2]))
    try:
        install(environment_python(environment), ["-r", str(pins[0]), "-c", str(pins[-1])], [], in_all)
    except SetUpError:  # pip ended by itself and can go on from there; only if cut short is all made anew
        (environment / TEST_STAMP_NAME).unlink()
        raise
    write_stamp(environment, digest, TEST_STAMP_NAME)


# --- the browser that the tests drive ---------------------------------------------------------------------


def browser_places(environ: Mapping[str, str], platform: str) -> Iterator[Path]:
    """Where a browser may stand outside PATH: by platform, then what Playwright fetched, newest first."""
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME", "."))
    if platform == "win32":
        cache = Path(environ.get("LOCALAPPDATA", str(home))) / "ms-playwright"
        for root in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if root in environ:
                yield Path(environ[root]) / "Google/Chrome/Application/chrome.exe"
    elif platform == "darwin":
        cache = home / "Library/Caches/ms-playwright"
        for name in ("Chromium", "Google Chrome"):
            yield Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
    else:
        cache = Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "ms-playwright"
    cache = Path(environ.get("PLAYWRIGHT_BROWSERS_PATH") or cache)
    for pattern in ("*/chrome", "*/chrome.exe", "*/*.app/Contents/MacOS/*"):
        yield from sorted(cache.glob(f"chromium-*/{pattern}"), reverse=True)


def find_browser(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str | None:
    """Program file of the tests' browser: TANDEM_BROWSER, then PATH, then the usual places; or None."""
    chosen = environ.get("TANDEM_BROWSER")
    if chosen:
        return shutil.which(chosen, path=environ.get("PATH"))
    for name in BROWSER_NAMES:
        found = shutil.which(name, path=environ.get("PATH", ""))
        if found:
            return found
    return next((str(place) for place in browser_places(environ, platform) if place.is_file()), None)


def ensure_browser(python: Path) -> str | None:
    """Program file of a browser, fetching one if this machine has none; None when that failed."""
    found = find_browser()
    if found or os.environ.get("TANDEM_BROWSER"):
        return found
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        say("No Chromium here; installing the system's own ...")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run(["apt-get", *step], env=quiet, stdin=DEVNULL, stdout=DEVNULL)
        found = find_browser()
    if not found:
        say("No Chromium here; fetching the one that Playwright brings ...")
        subprocess.run([str(python), "-m", "playwright", "install", "chromium"], stdin=DEVNULL)
        found = find_browser()
    return found


# --- the commands -----------------------------------------------------------------------------------------


def dashboard_command(python: Path, options: argparse.Namespace) -> list[str]:
    """Command line of the dashboard's server."""
    command = [str(python), "-c", SERVE, "run", str(ROOT / "app.py")]
    if options.port is not None:
        command.append(f"--server.port={options.port}")
    if options.no_browser:
        command.append("--server.headless=true")
    return command


def hand_over(command: Sequence[str]) -> int:
    """Become `command` where the system can (POSIX); elsewhere run it and give its exit status."""
    sys.stdout.flush()
    if sys.platform != "win32":
        os.execv(command[0], list(command))
    server = subprocess.Popen(command)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            # Ctrl+C reached the child too: it closes the store and ends by itself.
            continue


# Two tests at a time, each where there is room, in their order: the browser's, which wait most, come first.
SIDE_BY_SIDE = ("--numprocesses=2", "--dist=loadgroup", "--no-loadscope-reorder")


BEFORE_TESTS = {"lint": "ruff check .", "format": "ruff format --check .", "types": "mypy"}
CHECKS = {**BEFORE_TESTS, "units": "pytest -m unit --numprocesses=2"}


def run_checks(python: Path, names: Iterable[str]) -> list[str]:
    """Names of those checks that failed; each says by itself what is wrong."""
    failed = []
    for name in names:
        say(f"Checking {name} ...")
        check = [str(python), "-m", *CHECKS[name].split()]
        if subprocess.run(check, cwd=ROOT, stdin=DEVNULL).returncode != 0:
            failed.append(name)
    return failed


def run_tests(python: Path, options: Sequence[str]) -> int:
    """Exit status of all checks together; pytest runs last, so that its summary is the last word."""
    failed = run_checks(python, BEFORE_TESTS)
    if ensure_browser(python) is None:
        say(f"No browser for the browser tests, so they will fail. {BROWSER_HELP}")
    say("Running the tests ...")
    # tests/conftest.py repeats these in pytest's summary, which may be all that anyone reads.
    environ = {**os.environ, "TANDEM_FAILED_CHECKS": ", ".join(failed)}
    pytest = [str(python), "-m", "pytest", *SIDE_BY_SIDE, *options]
    tests = subprocess.run(pytest, cwd=ROOT, env=environ).returncode
    return tests or int(bool(failed))


def check(arguments: Sequence[str]) -> int:
    """Exit status of the checks that are named, by default of all but tests; 2 when there is none such."""
    parser = argparse.ArgumentParser(prog="python run.py check", add_help=False)
    parser.add_argument("names", nargs="+", choices=CHECKS)
    names = parser.parse_args(arguments or list(BEFORE_TESTS)).names
    return int(bool(run_checks(set_up(test_pins=TEST_PINS), names)))


def parse_dashboard_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Options of `python run.py` without a command; a wrong one ends with a usage line and status 2."""
    parser = argparse.ArgumentParser(prog="python run.py", add_help=False, allow_abbrev=False)
    parser.add_argument("--port", type=int, metavar="PORT")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args(arguments)
    if options.port is not None and not 1 <= options.port <= 65535:
        parser.error(f"--port is {options.port}; a port is a whole number from 1 to 65535")
    return options


def show_help() -> int:
    """Print this front door's help, then that of cli.py when there is an environment to ask it in."""
    say((__doc__ or "").split("Set-up makes")[0].rstrip() + "\n")
    if not is_ready(ENVIRONMENT, pins_digest(PINS, sys.version_info[:2])):
        say("The commands of cli.py are listed here once Tandem is set up.")
        return 0
    return hand_over([str(environment_python(ENVIRONMENT)), str(ROOT / "cli.py"), "--help"])


def main(arguments: Sequence[str]) -> int:
    """Exit status of what the arguments ask for."""
    complaint = too_old(sys.version_info[:2])
    if complaint:
        raise SystemExit(complaint)
    command = arguments[0] if arguments else ""
    if command in ("-h", "--help", "help"):
        return show_help()
    if command == "test":
        return run_tests(set_up(test_pins=TEST_PINS), arguments[1:])
    if command == "check":
        return check(arguments[1:])
    if command and not command.startswith("-"):
        return hand_over([str(set_up()), str(ROOT / "cli.py"), *arguments])
    options = parse_dashboard_options(arguments)
    python = set_up()
    if "TANDEM_STORE" in os.environ:
        # Read where the planner stands, before moving to where Streamlit finds its settings.
        os.environ["TANDEM_STORE"] = os.path.abspath(os.environ["TANDEM_STORE"])
    os.chdir(ROOT)
    return hand_over(dashboard_command(python, options))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetUpError as fault:
        sys.exit(f"\n{fault}")
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
