"""Set-up: what an environment is made from, when anew, what the tests add, what is compiled beside it."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import run

pytestmark = pytest.mark.unit


@pytest.fixture
def pins(tmp_path: Path) -> tuple[Path, Path]:
    requirements, lock = tmp_path / "requirements.txt", tmp_path / "requirements.lock"
    requirements.write_bytes(b"numpy==2.4.6\n")
    lock.write_bytes(b"# pins\nnumpy==2.4.6\n")
    return requirements, lock


def made_environment(folder: Path) -> Path:
    """An environment with an interpreter but no stamp."""
    python = run.environment_python(folder)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return folder


# --- a planner's environment --------------------------------------------------------------------------------


def test_the_digest_follows_the_pins_and_the_python(pins: tuple[Path, Path]) -> None:
    before = run.pins_digest(pins, (3, 11))
    assert run.pins_digest(pins, (3, 11)) == before
    assert run.pins_digest(pins, (3, 12)) != before
    pins[1].write_bytes(b"# pins\nnumpy==2.4.7\n")
    assert run.pins_digest(pins, (3, 11)) != before


def test_the_digest_is_the_same_with_the_line_ends_of_windows(pins: tuple[Path, Path]) -> None:
    before = run.pins_digest(pins, (3, 11))
    for path in pins:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run.pins_digest(pins, (3, 11)) == before


def test_an_environment_is_ready_only_with_its_own_stamp(tmp_path: Path) -> None:
    environment = made_environment(tmp_path / ".venv")
    assert not run.is_ready(environment, "one")
    run.write_stamp(environment, "one")
    assert run.is_ready(environment, "one")
    assert not run.is_ready(environment, "two")


def test_an_environment_whose_python_went_away_is_not_ready(tmp_path: Path) -> None:
    environment = made_environment(tmp_path / ".venv")
    run.write_stamp(environment, "one")
    run.environment_python(environment).unlink()
    run.environment_python(environment).symlink_to(tmp_path / "python that was uninstalled")
    assert not run.is_ready(environment, "one")


def test_a_stamp_that_was_only_begun_or_is_rubbish_counts_for_nothing(tmp_path: Path) -> None:
    environment = made_environment(tmp_path / ".venv")
    (environment / f"{run.STAMP_NAME}.draft").write_text("one\n")
    assert not run.is_ready(environment, "one")
    (environment / run.STAMP_NAME).write_bytes(b"\xff\xfe\x00")
    assert not run.is_ready(environment, "one")


def test_a_second_start_runs_nothing(
    tmp_path: Path, pins: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = made_environment(tmp_path / ".venv")
    run.write_stamp(environment, run.pins_digest(pins, sys.version_info[:2]))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a program was started"))
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a program was started"))
    assert run.set_up(environment, pins) == run.environment_python(environment)


def test_a_set_up_that_fails_leaves_no_stamp(
    tmp_path: Path, pins: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = made_environment(tmp_path / ".venv")
    run.write_stamp(environment, "made from older pins")
    refused = subprocess.CompletedProcess([], 1, stdout="", stderr="No module named ensurepip")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: refused)
    with pytest.raises(run.SetUpError, match="No module named ensurepip") as fault:
        run.set_up(environment, pins)
    assert "apt install python3-venv" in fault.value.remedy
    assert not (environment / run.STAMP_NAME).exists()


def test_missing_pins_are_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(run.SetUpError, match=r"requirements\.txt") as fault:
        run.set_up(tmp_path / ".venv", (tmp_path / "requirements.txt", tmp_path / "requirements.lock"))
    assert "folder is complete" in fault.value.remedy


def test_one_set_up_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / ".venv.lock"
    with run.one_at_a_time(lock), lock.open("a") as second:
        assert not run.try_lock(second)
    with lock.open("a") as third:
        assert run.try_lock(third)


# --- what tests need, on top of what a planner does ---------------------------------------------------------


@pytest.fixture
def test_pins(pins: tuple[Path, Path]) -> tuple[Path, Path]:
    dev = pins[1].with_name("requirements-dev.txt")
    dev.write_bytes(b"-r requirements.txt\npytest==9.2.0\n")
    pins[1].write_bytes(pins[1].read_bytes() + b"\n" + run.TESTS_ONLY + b" ---\npytest==9.2.0\n")
    return dev, pins[1]


class Steps(list[str]):
    """The steps a set-up took; what `pip` raises is raised where it would install."""

    pip: BaseException | None = None


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    taken = Steps()

    def make_interpreter(environment: Path) -> Path:
        taken.append("interpreter")
        shutil.rmtree(environment, ignore_errors=True)
        return run.environment_python(made_environment(environment))

    def install(python: Path, wanted: list[str], told: list[str], in_all: int) -> None:
        taken.append(Path(wanted[1]).name if wanted[0] == "-r" else "simulation")
        if taken.pip:
            raise taken.pip

    @contextmanager
    def compiling(python: Path) -> Iterator[None]:
        taken.append("compiler")
        yield

    monkeypatch.setattr(run, "make_interpreter", make_interpreter)
    monkeypatch.setattr(run, "install", install)
    monkeypatch.setattr(run, "compiling", compiling)
    return taken


WHOLE = ["interpreter", "simulation", "compiler", "requirements.txt"]


def test_a_planner_gets_what_the_dashboard_needs_and_no_more(
    tmp_path: Path, pins: tuple[Path, Path], test_pins: tuple[Path, Path], steps: Steps
) -> None:
    run.set_up(tmp_path / ".venv", pins)
    assert steps == WHOLE
    assert run.stamp_says(tmp_path / ".venv", run.TEST_STAMP_NAME) == ""


def test_tests_add_to_the_planners_environment_and_neither_redoes_the_other(
    tmp_path: Path, pins: tuple[Path, Path], test_pins: tuple[Path, Path], steps: Steps
) -> None:
    environment = tmp_path / ".venv"
    run.set_up(environment, pins)
    steps.clear()
    run.set_up(environment, pins, test_pins)
    assert steps == ["requirements-dev.txt"]
    steps.clear()
    for _ in range(2):
        run.set_up(environment, pins)
        run.set_up(environment, pins, test_pins)
    assert steps == []


def test_tests_on_a_fresh_clone_set_up_both(
    tmp_path: Path, pins: tuple[Path, Path], test_pins: tuple[Path, Path], steps: Steps
) -> None:
    run.set_up(tmp_path / ".venv", pins, test_pins)
    assert steps == [*WHOLE, "requirements-dev.txt"]


def test_a_changed_pin_remakes_what_it_must(
    tmp_path: Path, pins: tuple[Path, Path], test_pins: tuple[Path, Path], steps: Steps
) -> None:
    run.set_up(tmp_path / ".venv", pins, test_pins)
    lock = pins[1].read_bytes()
    for changed, planner, tests in (
        (b"pytest==9.2.0", [], ["requirements-dev.txt"]),
        (b"numpy==2.4.6", WHOLE, ["requirements-dev.txt"]),
    ):
        lock = lock.replace(changed, changed + b"1")
        pins[1].write_bytes(lock)
        steps.clear()
        run.set_up(tmp_path / ".venv", pins)
        assert steps == planner
        steps.clear()
        run.set_up(tmp_path / ".venv", pins, test_pins)
        assert steps == tests


@pytest.mark.parametrize(
    ("end", "again"),
    [
        (run.SetUpError("no network", ""), ["requirements-dev.txt"]),
        (KeyboardInterrupt(), [*WHOLE, "requirements-dev.txt"]),
    ],
)
def test_tests_whose_set_up_failed_or_was_cut_short_cost_the_planner_nothing(
    end: BaseException,
    again: list[str],
    tmp_path: Path,
    pins: tuple[Path, Path],
    test_pins: tuple[Path, Path],
    steps: Steps,
) -> None:
    environment = tmp_path / ".venv"
    run.set_up(environment, pins)
    steps.pip = end
    with pytest.raises(type(end)):
        run.set_up(environment, pins, test_pins)
    steps.pip = None
    steps.clear()
    run.set_up(environment, pins)
    assert steps == []
    run.set_up(environment, pins, test_pins)
    assert steps == again


def test_a_planners_set_up_that_was_cut_short_is_begun_anew(
    tmp_path: Path, pins: tuple[Path, Path], steps: Steps
) -> None:
    steps.pip = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        run.set_up(tmp_path / ".venv", pins)
    steps.pip = None
    steps.clear()
    run.set_up(tmp_path / ".venv", pins)
    assert steps == WHOLE


# --- the compiler beside pip --------------------------------------------------------------------------------


def compiler(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    (folder / "sim").mkdir()
    (folder / "sim" / "warm.py").write_text(program)
    monkeypatch.setattr(run, "ROOT", folder)


def test_set_up_waits_for_the_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler(tmp_path, monkeypatch, "import time; time.sleep(0.1); open('compiled', 'w')")
    with run.compiling(Path(sys.executable)):
        pass
    assert (tmp_path / "compiled").exists()


def test_a_kernel_that_cannot_be_compiled_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler(tmp_path, monkeypatch, "raise SystemExit(3)")
    with pytest.raises(run.SetUpError, match="could not be compiled"), run.compiling(Path(sys.executable)):
        pass


def test_a_fault_of_pip_stops_the_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler(tmp_path, monkeypatch, "import time; time.sleep(60); open('compiled', 'w')")
    before = time.monotonic()
    with pytest.raises(run.SetUpError, match="no network"), run.compiling(Path(sys.executable)):
        raise run.SetUpError("no network", "")
    assert time.monotonic() - before < 30
