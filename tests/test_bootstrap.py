"""Finding Pythons, making environments and what is said when something stands in the way."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap
from bootstrap import CHECKOUT, Environment, Machine, Obstacle, Places, Workshop

RASA_PYTHON = CHECKOUT / "bot" / "rasa_server" / ".venv" / "bin" / "python"


def a_program(file, script):
    """A shell script that stands in for a program."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o700)
    return file


def a_python(file, version="3 10"):
    """Stands in for an interpreter: answers the probe with its version and its own path."""
    return a_program(file, f"echo {version} {file}")


def a_pyenv(root, *versions):
    """A pyenv folder with these versions, and shims that work only inside it."""
    a_program(root / "shims" / "python3.10", "echo command not found >&2; exit 127")
    a_program(root / "shims" / "python3", "exit 0")
    for version in versions:
        a_python(root / "versions" / version / "bin" / "python3.10")
    return root


def a_machine(folder, *, path=(), environ=None, **differences):
    """A machine with nothing on it but what is mentioned."""
    nothing = folder / "nothing"
    return Machine(
        **{
            "environ": {"PATH": ":".join(map(str, (*path, "/bin"))), **(environ or {})},
            "account_home": nothing,
            "running_python": nothing / "bin" / "python3",
            "running_prefix": nothing,
            "system_folders": (),
            "root": False,
            **differences,
        }
    )


def a_checkout(folder):
    """A checkout with requirement files only."""
    places = Places(folder / "checkout")
    places.rasa_requirements.parent.mkdir(parents=True)
    for file in (places.requirements(dev=True), places.requirements(dev=False)):
        file.write_text("fastapi==1.0\n")
    places.rasa_requirements.write_text("rasa==3.6.21\n")
    places.private.mkdir()
    return places


# --- Rasa's Python --------------------------------------------------------------------------------


def test_the_python_we_are_told_of_goes_first(tmp_path):
    named = a_python(tmp_path / "own" / "python")
    a_python(tmp_path / "bin" / "python3.10")
    machine = a_machine(
        tmp_path, path=[tmp_path / "bin"], environ={"FOOTHOLD_RASA_PYTHON": str(named)}
    )

    assert bootstrap.find_rasa_python(machine) == named


def test_being_told_of_a_wrong_python_is_an_obstacle_even_if_another_would_do(tmp_path):
    wrong = a_python(tmp_path / "own" / "python", version="3 12")
    a_python(tmp_path / "bin" / "python3.10")
    machine = a_machine(
        tmp_path, path=[tmp_path / "bin"], environ={"FOOTHOLD_RASA_PYTHON": str(wrong)}
    )

    with pytest.raises(Obstacle, match=r"FOOTHOLD_RASA_PYTHON is .* not a working Python 3.10"):
        bootstrap.find_rasa_python(machine)


def test_a_python_on_the_path_is_found(tmp_path):
    python = a_python(tmp_path / "bin" / "python3.10")

    assert bootstrap.find_rasa_python(a_machine(tmp_path, path=[python.parent])) == python


def test_a_python_that_is_not_what_its_name_says_is_passed_over(tmp_path):
    impostor = a_python(tmp_path / "bin" / "python3.10", version="3 11")

    assert bootstrap.find_rasa_python(a_machine(tmp_path, path=[impostor.parent])) is None


def test_a_shim_that_fails_leads_to_its_pyenv(tmp_path):
    pyenv = a_pyenv(tmp_path / "pyenv", "3.10.13")
    machine = a_machine(tmp_path, path=[pyenv / "shims"])

    assert bootstrap.find_rasa_python(machine) == pyenv / "versions/3.10.13/bin/python3.10"


def test_the_newest_patch_release_is_taken(tmp_path):
    pyenv = a_pyenv(tmp_path / "pyenv", "3.10.9", "3.10.13", "3.11.7")
    machine = a_machine(tmp_path, environ={"PYENV_ROOT": str(pyenv)})

    assert bootstrap.find_rasa_python(machine) == pyenv / "versions/3.10.13/bin/python3.10"


def test_the_account_s_home_is_searched_when_home_points_elsewhere(tmp_path):
    pyenv = a_pyenv(tmp_path / "account" / ".pyenv", "3.10.13")
    machine = a_machine(
        tmp_path, environ={"HOME": str(tmp_path / "empty")}, account_home=tmp_path / "account"
    )

    assert bootstrap.find_rasa_python(machine) == pyenv / "versions/3.10.13/bin/python3.10"


@pytest.mark.parametrize("place", ["versions/3.11.7/bin/python3", "shims/python3"])
def test_the_pyenv_that_the_running_python_belongs_to_is_searched(tmp_path, place):
    pyenv = a_pyenv(tmp_path / "pyenv", "3.10.13", "3.11.7")
    machine = a_machine(tmp_path, running_python=pyenv / place)

    assert bootstrap.find_rasa_python(machine) == pyenv / "versions/3.10.13/bin/python3.10"


def test_the_pyenv_that_a_virtual_environment_stands_on_is_searched(tmp_path):
    pyenv = a_pyenv(tmp_path / "pyenv", "3.10.13", "3.11.7")
    machine = a_machine(tmp_path, running_prefix=pyenv / "versions" / "3.11.7")

    assert bootstrap.find_rasa_python(machine) == pyenv / "versions/3.10.13/bin/python3.10"


def test_the_system_s_folders_are_searched(tmp_path):
    python = a_python(tmp_path / "opt" / "python" / "bin" / "python3.10")
    machine = a_machine(tmp_path, system_folders=(tmp_path / "usr", python.parent))

    assert bootstrap.find_rasa_python(machine) == python


def test_a_python_that_hangs_or_crashes_is_passed_over(tmp_path):
    a_program(tmp_path / "bin" / "python3.10", "kill -9 $$")

    assert bootstrap.find_rasa_python(a_machine(tmp_path, path=[tmp_path / "bin"])) is None


# --- What is said ---------------------------------------------------------------------------------


def test_too_little_space_names_the_folder_and_what_is_missing(tmp_path):
    with pytest.raises(Obstacle) as obstacle:
        bootstrap.check_space(tmp_path, 4 * bootstrap.GIB, lambda folder: bootstrap.GIB)

    assert str(obstacle.value) == (
        f"Foothold needs about 4.0 GB in {tmp_path} and 3.0 GB are missing: "
        "free that much and run it again."
    )


def test_space_is_looked_at_before_anything_is_made(tmp_path):
    places = a_checkout(tmp_path)
    with pytest.raises(Obstacle, match=r"4\.0 GB"):
        bootstrap.ensure_environments(a_machine(tmp_path), places, dev=False, free=lambda _: 0)

    assert not places.ours.exists()


def test_a_disk_that_fills_up_on_the_way_is_named(tmp_path):
    log = tmp_path / ".uv" / "bootstrap.log"

    with pytest.raises(Obstacle, match=f"The disk is full in {tmp_path}"):
        bootstrap.reason_in("error: failed to write\n  No space left on device (os error 28)", log)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("error: Failed to fetch\n  Caused by: dns error", "check the network"),
        ("error sending request: invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("error: Hash mismatch for `rasa==3.6.21`", "not the one we know by its hash"),
        ("warning: slow\nerror: No solution found.\n", "error: No solution found (details:"),
        ("", "it gave no reason"),
    ],
)
def test_a_failure_is_told_in_a_few_words(tmp_path, words, reason):
    assert reason in bootstrap.reason_in(words, tmp_path / "bootstrap.log")


@pytest.mark.parametrize("file", ["bootstrap.py", "foothold"])
def test_an_old_python_can_read_the_sentence_meant_for_it(file):
    ast.parse((CHECKOUT / file).read_text(), feature_version=(3, 6))


@pytest.mark.parametrize("file", ["bootstrap.py", "foothold"])
def test_an_old_python_says_one_sentence(file):
    answer = subprocess.run([RASA_PYTHON, CHECKOUT / file], capture_output=True, text=True)

    assert answer.returncode == 1
    assert answer.stderr.startswith("Foothold needs Python 3.11 or newer, and this is Python 3.10")
    assert answer.stderr.count("\n") == 1


# --- Environments ---------------------------------------------------------------------------------

# Stands in for uv: makes the folder it is asked for, and fails while a file `fails` lies there.
UV = """\
echo "$1 $2" >> {calls}
test "$1" = venv || {{ test ! -e {fails}; exit; }}
for folder; do :; done
mkdir -p $folder/bin && ln -sf /bin/true $folder/bin/python && echo home > $folder/pyvenv.cfg
"""


class Bench:
    """A workshop with a stand-in for uv."""

    def __init__(self, folder):
        self.places = a_checkout(folder)
        self.calls = folder / "calls"
        self.fails = folder / "fails"
        self.uv = a_program(folder / "uv", UV.format(calls=self.calls, fails=self.fails))
        self.workshop = Workshop(a_machine(folder), self.places.log)
        self.ours = Environment(self.places.ours, self.places.requirements(dev=False))

    def fill(self):
        self.calls.write_text("")
        bootstrap.fill(self.workshop, self.uv, self.ours, lambda: Path("python3"), "Foothold")
        return self.calls.read_text().split("\n")[:-1]

    def fill_in_vain(self):
        self.fails.touch()
        with pytest.raises(Obstacle):
            self.fill()
        self.fails.unlink()


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_a_made_environment_is_current(bench):
    bench.fill()

    assert bench.ours.is_current()


def test_changed_requirements_are_installed_into_the_same_environment(bench):
    bench.fill()
    bench.ours.requirements.write_text("fastapi==2.0\n")

    assert not bench.ours.is_current()
    assert bench.fill() == ["pip sync"]


def test_an_interrupted_installation_is_not_current_and_is_made_anew(bench):
    bench.fill_in_vain()

    assert not bench.ours.is_current()
    assert bench.fill() == ["venv --clear", "pip sync"]


def test_an_interrupted_update_is_made_anew(bench):
    bench.fill()
    bench.ours.requirements.write_text("fastapi==2.0\n")
    bench.fill_in_vain()

    assert bench.fill() == ["venv --clear", "pip sync"]


def test_an_environment_whose_python_is_gone_is_made_anew(bench):
    bench.fill()
    bench.ours.python.unlink()

    assert not bench.ours.is_current()
    assert bench.fill() == ["venv --clear", "pip sync"]


def test_an_environment_that_was_moved_is_not_current(bench):
    bench.fill()
    moved = bench.ours.folder.rename(bench.ours.folder.parent / "moved")

    assert not Environment(moved, bench.ours.requirements).is_current()


def test_an_environment_for_development_serves_for_running(bench):
    dev = Environment(bench.places.ours, bench.places.requirements(dev=True))
    dev.requirements.write_text("fastapi==1.0\npytest==9.0\n")
    bootstrap.fill(bench.workshop, bench.uv, dev, lambda: Path("python3"), "Foothold")

    assert bootstrap.is_ready(bench.ours, bench.places)


def test_an_environment_for_running_does_not_serve_for_development(bench):
    bench.places.requirements(dev=True).write_text("fastapi==1.0\npytest==9.0\n")
    bench.fill()
    dev = Environment(bench.places.ours, bench.places.requirements(dev=True))

    assert not bootstrap.is_ready(dev, bench.places)


def test_a_home_that_can_not_be_written_leads_to_a_cache_of_our_own(tmp_path):
    (tmp_path / "home").write_text("a file, where a folder should be")
    machine = a_machine(tmp_path, environ={"HOME": str(tmp_path / "home")})

    given = bootstrap.uv_environment(machine, tmp_path / ".uv")

    assert given["UV_CACHE_DIR"] == str(tmp_path / ".uv" / "cache")


def test_a_home_that_can_be_written_is_shared(tmp_path):
    machine = a_machine(tmp_path, environ={"HOME": str(tmp_path)})

    assert "UV_CACHE_DIR" not in bootstrap.uv_environment(machine, tmp_path / ".uv")


def test_an_old_uv_is_passed_over(tmp_path):
    a_program(tmp_path / "bin" / "uv", "echo uv 0.4.30")

    assert bootstrap.find_uv(a_machine(tmp_path, path=[tmp_path / "bin"]), tmp_path) is None


def test_a_new_uv_is_taken(tmp_path):
    uv = a_program(tmp_path / "bin" / "uv", "echo 'uv 0.13.8 (x86_64)'")

    assert bootstrap.find_uv(a_machine(tmp_path, path=[uv.parent]), tmp_path) == uv


def test_a_program_that_hangs_is_ended_in_time(tmp_path):
    workshop = Workshop(a_machine(tmp_path), a_checkout(tmp_path).log)

    assert workshop.run("Hanging", ["/bin/sleep", "600"], timeout=0.1) is False


# --- The browser ----------------------------------------------------------------------------------


def test_a_browser_that_only_asks_for_another_package_is_passed_over(tmp_path):
    a_program(tmp_path / "bin" / "chromium-browser", "echo install the snap; exit 1")
    chrome = a_program(tmp_path / "bin" / "google-chrome", "echo '<html></html>'")
    machine = a_machine(tmp_path, path=[tmp_path / "bin"], environ={})
    workshop = Workshop(
        Machine(**{**vars(machine), "environ": {"PATH": str(tmp_path / "bin")}}),
        a_checkout(tmp_path).log,
    )

    assert bootstrap.system_browser(workshop) == chrome


# --- Redis ----------------------------------------------------------------------------------------


def test_a_redis_that_is_there_is_left_alone(tmp_path):
    a_program(tmp_path / "bin" / "redis-server", "exit 1")
    machine = a_machine(tmp_path, environ={"PATH": str(tmp_path / "bin")})

    bootstrap.ensure_redis(machine, a_checkout(tmp_path))


def test_without_redis_it_says_what_to_install(tmp_path):
    machine = a_machine(tmp_path, environ={"PATH": str(tmp_path / "bin")})

    with pytest.raises(Obstacle, match="install redis-server and run it again"):
        bootstrap.ensure_redis(machine, a_checkout(tmp_path))


def test_a_postgres_that_is_there_is_left_alone(tmp_path):
    a_program(tmp_path / "debian" / "15" / "bin" / "initdb", "exit 1")
    machine = a_machine(tmp_path, environ={"PATH": str(tmp_path / "bin")})

    bootstrap.ensure_postgres(machine, a_checkout(tmp_path), tmp_path / "debian")


def test_without_postgres_it_says_what_to_install(tmp_path):
    machine = a_machine(tmp_path, environ={"PATH": str(tmp_path / "bin")})

    with pytest.raises(Obstacle, match="install postgresql and run it again"):
        bootstrap.ensure_postgres(machine, a_checkout(tmp_path), tmp_path / "none")


# --- A Bot API server written by others -----------------------------------------------------------


def an_emulator(checkout):
    folder = checkout.checkout / "tests" / "telegram" / "emulator"
    folder.mkdir(parents=True)
    (folder / "package-lock.json").write_text('{"lockfileVersion": 3}')
    return folder


def test_the_emulator_is_fetched_once_for_each_lock(tmp_path):
    npm = f'echo "$@" >> {tmp_path}/asked; mkdir -p "$3/node_modules"'
    a_program(tmp_path / "bin" / "npm", npm)
    machine = a_machine(tmp_path, environ={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"})
    checkout = a_checkout(tmp_path)
    folder = an_emulator(checkout)

    bootstrap.ensure_emulator(machine, checkout)
    bootstrap.ensure_emulator(machine, checkout)
    (folder / "package-lock.json").write_text('{"lockfileVersion": 4}')
    bootstrap.ensure_emulator(machine, checkout)

    asked = (tmp_path / "asked").read_text().splitlines()
    assert len(asked) == 2
    assert all(line.startswith("ci --prefix") and "--ignore-scripts" in line for line in asked)


def test_without_npm_it_says_what_to_install(tmp_path):
    machine = a_machine(tmp_path, environ={"PATH": str(tmp_path / "bin")})
    checkout = a_checkout(tmp_path)
    an_emulator(checkout)

    with pytest.raises(Obstacle, match="install npm and run it again"):
        bootstrap.ensure_emulator(machine, checkout)


# --- The command ----------------------------------------------------------------------------------


def test_the_command_works_from_any_folder(tmp_path):
    help_ = subprocess.run([CHECKOUT / "foothold", "--help"], cwd=tmp_path, capture_output=True)

    assert help_.returncode == 0
    assert b"run" in help_.stdout


def test_with_everything_in_place_the_installer_is_silent():
    again = [sys.executable, str(CHECKOUT / "bootstrap.py"), "--dev"]
    answer = subprocess.run(again, capture_output=True, env=dict(os.environ))

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, b"", b"")
