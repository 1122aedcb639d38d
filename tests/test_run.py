"""The front door: what it starts, which browser it finds, what it says of a fault."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import run

pytestmark = pytest.mark.unit


def made_environment(folder: Path) -> Path:
    """An environment with an interpreter but no stamp."""
    python = run.environment_python(folder)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return folder


def program(folder: Path, name: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


# --- which Python ----------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 14)])
def test_a_python_from_3_11_on_is_new_enough(version: tuple[int, int]) -> None:
    assert run.too_old(version) == ""


@pytest.mark.parametrize("version", [(3, 10), (3, 9), (2, 7)])
def test_an_older_python_is_told_what_it_is_and_what_to_do(version: tuple[int, int]) -> None:
    told = run.too_old(version)
    assert "needs Python 3.11 or later" in told
    assert f"this is Python {version[0]}.{version[1]}." in told
    assert "python3.12 run.py" in told


def test_the_interpreter_stands_where_each_system_puts_it() -> None:
    environment = Path("a folder") / ".venv"
    assert run.environment_python(environment, "linux") == environment / "bin" / "python"
    assert run.environment_python(environment, "darwin") == environment / "bin" / "python"
    assert run.environment_python(environment, "win32") == environment / "Scripts" / "python.exe"


# --- what pip says ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("Collecting streamlit==1.67.0 (from -r requirements.txt (line 5))", "streamlit"),
        ("Collecting click<9,>=7.0 (from streamlit==1.67.0->-r requirements.txt (line 5))", "click"),
        ("Collecting uvicorn[standard]>=0.30", "uvicorn"),
        ("Processing /my wheels/plotly-7.1.0-py3-none-any.whl (from -r requirements.txt (line 7))", "plotly"),
        (r"Processing c:\wheels\pydeck-0.9.3-py2.py3-none-any.whl", "pydeck"),
        ("Installing collected packages: numpy, pandas", ""),
        ("  Downloading numpy-2.4.6.whl (15.8 MB)", ""),
        ("", ""),
    ],
)
def test_progress_names_the_package(line: str, package: str) -> None:
    assert run.package_named(line) == package


def test_without_a_network_the_remedy_is_the_network() -> None:
    fault = run.pip_fault(
        [
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'",
            "ERROR: ResolutionImpossible: for help visit the documentation",
        ]
    )
    assert "connection broken" in fault.message
    assert "ResolutionImpossible" not in fault.message
    assert "network" in fault.remedy
    assert "proxy" in fault.remedy


def test_a_full_disk_is_told_as_such() -> None:
    fault = run.pip_fault(
        ["Collecting numpy", "ERROR: Could not install: [Errno 28] No space left on device"]
    )
    assert "No space left" in fault.message
    assert "Free about 2 GB" in fault.remedy


def test_any_other_failure_shows_the_last_words_of_pip() -> None:
    fault = run.pip_fault([f"line {number}" for number in range(9)])
    assert fault.message.endswith("  pip: line 6\n  pip: line 7\n  pip: line 8")


# --- which browser ----------------------------------------------------------------------------------------


def test_a_browser_named_by_the_user_wins(tmp_path: Path) -> None:
    program(tmp_path / "bin", "chromium")
    own = program(tmp_path / "my programs", "brave")
    environ = {"PATH": str(tmp_path / "bin"), "TANDEM_BROWSER": own}
    assert run.find_browser(environ, "linux") == own


def test_a_browser_named_by_the_user_that_is_not_there_is_not_replaced_by_another(tmp_path: Path) -> None:
    program(tmp_path / "bin", "chromium")
    environ = {"PATH": str(tmp_path / "bin"), "TANDEM_BROWSER": str(tmp_path / "nothing")}
    assert run.find_browser(environ, "linux") is None


def test_chromium_on_the_path_comes_before_chrome(tmp_path: Path) -> None:
    chrome = program(tmp_path / "bin", "google-chrome")
    environ = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}
    assert run.find_browser(environ, "linux") == chrome
    chromium = program(tmp_path / "bin", "chromium")
    assert run.find_browser(environ, "linux") == chromium


@pytest.mark.parametrize(
    ("platform", "environ", "place"),
    [
        ("linux", {"HOME": "."}, ".cache/ms-playwright/chromium-1234/chrome-linux/chrome"),
        (
            "linux",
            {"HOME": ".", "XDG_CACHE_HOME": "c"},
            "c/ms-playwright/chromium-1234/chrome-linux64/chrome",
        ),
        ("linux", {"PLAYWRIGHT_BROWSERS_PATH": "b"}, "b/chromium-1234/chrome-linux/chrome"),
        (
            "darwin",
            {"HOME": "."},
            "Library/Caches/ms-playwright/chromium-1234/chrome-mac/Chromium.app/Contents/MacOS/Chromium",
        ),
        ("win32", {"LOCALAPPDATA": "l"}, "l/ms-playwright/chromium-1234/chrome-win/chrome.exe"),
        ("win32", {"PROGRAMFILES": "p"}, "p/Google/Chrome/Application/chrome.exe"),
    ],
)
def test_browsers_outside_the_path_are_known_by_platform(
    platform: str, environ: dict[str, str], place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    older = place.replace("1234", "1100")
    for standing in {older, place}:
        program(Path(standing).parent, Path(standing).name)
    assert Path(place) in list(run.browser_places(environ, platform))
    if platform != "darwin":  # a Mac that runs this test may have a real Chrome, which comes first
        assert run.find_browser({**environ, "PATH": ""}, platform) == str(Path(place))


def test_no_browser_anywhere_is_none(tmp_path: Path) -> None:
    assert run.find_browser({"PATH": str(tmp_path), "HOME": str(tmp_path)}, "linux") is None


@pytest.mark.parametrize(
    ("user", "helps", "asked"),
    [
        (0, "apt-get", ["apt-get update", "apt-get install"]),
        (0, "playwright", ["apt-get update", "apt-get install", "python -m"]),
        (1000, "playwright", ["python -m"]),
        (1000, "nothing", ["python -m"]),
    ],
)
def test_a_missing_browser_is_fetched_from_the_system_first(
    user: int, helps: str, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def start(command: list[str], **how: object) -> subprocess.CompletedProcess[str]:
        assert how["stdin"] == subprocess.DEVNULL  # no step may stop and ask
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    def find() -> str | None:
        return "chromium" if any(helps in command and "install" in command for command in commands) else None

    monkeypatch.delenv("TANDEM_BROWSER", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "run", start)
    monkeypatch.setattr(run, "find_browser", find)
    assert run.ensure_browser(Path("python")) == (None if helps == "nothing" else "chromium")
    assert [" ".join(command[:2]) for command in commands] == asked


# --- what is started --------------------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands handed over to, with an environment that is always ready."""
    commands: list[list[str]] = []

    def remember(command: list[str]) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(run, "set_up", lambda: Path("python in env"))  # for planners: nothing of the tests
    monkeypatch.setattr(run, "hand_over", remember)
    monkeypatch.delenv("TANDEM_STORE", raising=False)
    monkeypatch.chdir(Path.cwd())
    return commands


def test_without_a_command_the_dashboard_starts(started: list[list[str]]) -> None:
    assert run.main([]) == 0
    assert started == [["python in env", "-c", run.SERVE, "run", str(run.ROOT / "app.py")]]


def test_port_and_no_browser_reach_the_dashboard(started: list[list[str]]) -> None:
    run.main(["--port", "8600", "--no-browser"])
    assert started[0][5:] == ["--server.port=8600", "--server.headless=true"]


@pytest.mark.parametrize("wrong", [["--port", "0"], ["--port", "65536"], ["--port", "x"], ["--prot", "1"]])
def test_a_wrong_option_ends_with_status_2_before_any_set_up(
    wrong: list[str], started: list[list[str]]
) -> None:
    with pytest.raises(SystemExit) as end:
        run.main(wrong)
    assert end.value.code == 2
    assert started == []


@pytest.mark.parametrize("arguments", [["status"], ["simulate", "--board", "QK1", "--out", "a b.parquet"]])
def test_every_other_command_goes_to_cli_as_it_is(arguments: list[str], started: list[list[str]]) -> None:
    run.main(arguments)
    assert started == [["python in env", str(run.ROOT / "cli.py"), *arguments]]


def test_test_hands_its_options_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Path, list[str]]] = []

    def remember(python: Path, options: list[str]) -> int:
        seen.append((python, options))
        return 5

    monkeypatch.setattr(run, "set_up", lambda *, test_pins: Path(f"python for {test_pins[0].name}"))
    monkeypatch.setattr(run, "run_tests", remember)
    assert run.main(["test", "-m", "unit"]) == 5
    assert seen == [(Path("python for requirements-dev.txt"), ["-m", "unit"])]


@pytest.mark.parametrize(
    ("failing", "status", "told"),
    [("", 0, ""), ("ruff", 1, "lint, format"), ("mypy", 1, "types"), ("pytest", 4, "")],
)
def test_every_check_runs_and_pytest_is_last(
    failing: str, status: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools: list[str] = []
    environs: list[dict[str, str]] = []

    def start(command: list[str], **how: dict[str, str]) -> subprocess.CompletedProcess[str]:
        tools.append(command[2])
        environs.append(how.get("env", {}))
        return subprocess.CompletedProcess(
            command, {"pytest": 4}.get(failing, 1) if command[2] == failing else 0
        )

    monkeypatch.setattr(subprocess, "run", start)
    monkeypatch.setattr(run, "ensure_browser", lambda _: "chromium")
    assert run.run_tests(Path("python"), []) == status
    assert tools == ["ruff", "ruff", "mypy", "pytest"]
    assert environs[-1]["TANDEM_FAILED_CHECKS"] == told


@pytest.mark.parametrize(
    ("names", "tools"),
    [([], ["ruff check", "ruff format", "mypy"]), (["types", "units"], ["mypy", "pytest -m"])],
)
def test_check_runs_what_is_named(
    names: list[str], tools: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def start(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        started.append(" ".join(command[2:4]))
        return subprocess.CompletedProcess(command, int(command[2] == "mypy"))

    monkeypatch.setattr(run, "set_up", lambda *, test_pins: Path("python"))
    monkeypatch.setattr(subprocess, "run", start)
    assert run.main(["check", *names]) == 1
    assert started == tools


def test_check_knows_its_names_before_any_set_up(started: list[list[str]]) -> None:
    with pytest.raises(SystemExit) as end:
        run.main(["check", "lnit"])
    assert end.value.code == 2


def test_gits_hooks_run_the_checks_of_this_machine_alone() -> None:
    hooks = yaml.safe_load((run.ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    entries = [hook["entry"] for hook in hooks[0]["hooks"]]
    assert entries == [f"python run.py check {name}" for name in run.CHECKS]
    assert {hook["language"] for hook in hooks[0]["hooks"]} == {"system"}


def test_a_command_keeps_its_arguments_folder_and_exit_status(tmp_path: Path) -> None:
    project = tmp_path / "a folder with spaces"
    made_environment(project / ".venv")
    for name in ("run.py", "requirements.txt", "requirements.lock"):
        (project / name).write_bytes((run.ROOT / name).read_bytes())
    (project / "cli.py").write_text("import os, sys; print(sys.argv[1:], os.getcwd()); sys.exit(7)\n")
    pins = [project / name for name in ("requirements.txt", "requirements.lock")]
    run.write_stamp(project / ".venv", run.pins_digest(pins, sys.version_info[:2]))
    elsewhere = tmp_path / "where the analyst stands"
    elsewhere.mkdir()
    command = [sys.executable, str(project / "run.py"), "import-rtt", "my file.zip"]
    done = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True)
    assert done.stdout == f"['import-rtt', 'my file.zip'] {os.path.realpath(elsewhere)}\n"
    assert done.returncode == 7
