"""Starting, keeping and ending the processes, tried with small programs that stand in for ours."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bot import settings, supervisor
from bot.supervisor import Address, CannotStart, Pace, Program

CHECKOUT = settings.CHECKOUT
HURRY = {"grace": 0.5, "quick_death": 0.3, "first_pause": 0.01, "longest_pause": 0.05, "look": 0.05}

CHAT = """\
import http.server, os
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "ok", "rasa": "ok", "internal": "ok"}')
http.server.HTTPServer(("127.0.0.1", int(os.environ["FOOTHOLD_CHAT_PORT"])), Health).serve_forever()
"""
SLEEPER = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
PARENT = "import subprocess, time; subprocess.Popen(['sleep', '600']); time.sleep(600)"
BROKEN = "import sys; sys.exit('no configuration')"
# Ends at its first start, and stays at its second.
ONCE_BROKEN = """\
import pathlib, time
seen = pathlib.Path("seen")
time.sleep(600 * seen.exists())
seen.touch()
"""

RUNNER = """\
import json, sys
from pathlib import Path
from bot.supervisor import CannotStart, Pace, Program, supervise
asked = json.loads(sys.argv[1])
environment = asked["environment"]
programs = [Program(name, command, environment) for name, command in asked["programs"].items()]
try:
    supervise(programs, url=asked["url"], logs=Path(), folder=Path(), pace=Pace(**asked["pace"]))
except CannotStart as error:
    sys.exit(str(error))
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port):
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def lives(process):
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


class Run:
    """A supervisor in a process of its own, as `foothold run` is."""

    def __init__(self, folder, programs, **pace):
        self.port = free_port()
        asked = {
            "programs": {name: [sys.executable, "-c", text] for name, text in programs.items()},
            "environment": {"FOOTHOLD_CHAT_PORT": str(self.port)},
            "url": f"http://127.0.0.1:{self.port}",
            "pace": {**HURRY, **pace},
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUNNER, json.dumps(asked)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.output, self.errors = self.process.stdout, self.process.stderr

    def until(self, words):
        """Reads what it says until these words."""
        line = ""
        while words not in line:
            line = self.output.readline()
            assert line, f"it ended before it said {words!r}: {self.errors.read()}"
        return line

    def children(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def signal(self, number):
        self.process.send_signal(number)

    def ends(self):
        """The code it ends with; how long it may take is part of the claim."""
        return self.process.wait(timeout=10)


@pytest.fixture
def start(tmp_path):
    runs = []

    def start_run(pace=None, **programs):
        runs.append(Run(tmp_path, programs, **(pace or {})))
        return runs[-1]

    yield start_run
    for run in runs:
        run.process.kill()
        run.process.communicate()


def test_it_says_where_it_is_when_all_answer(start):
    run = start(chat=CHAT)

    assert (
        run.until("Foothold is ready").strip() == f"Foothold is ready: http://127.0.0.1:{run.port}"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_all_in_good_order(start, number):
    run = start(chat=CHAT, rasa=SLEEPER)
    run.until("ready")
    children = run.children()
    run.signal(number)

    assert run.ends() == 0
    assert not any(lives(child) for child in children)
    assert not answers(run.port)


def test_a_process_that_does_not_listen_is_killed_after_a_while(start):
    run = start(chat=CHAT, rasa=STUBBORN)
    run.until("ready")
    children = run.children()
    run.signal(signal.SIGINT)

    assert run.ends() == 0
    assert not any(lives(child) for child in children)


def test_a_second_ctrl_c_does_not_wait(start):
    run = start(pace={"grace": 600}, chat=CHAT, rasa=STUBBORN)
    run.until("ready")
    run.signal(signal.SIGINT)
    run.until("Stopping")
    run.signal(signal.SIGINT)

    assert run.ends() == 0


def test_what_a_process_has_started_ends_with_it(start):
    run = start(chat=CHAT, rasa=PARENT)
    run.until("ready")
    assert wait_until(lambda: len(run.children()) == 3)
    children = run.children()
    run.signal(signal.SIGTERM)
    run.ends()

    assert wait_until(lambda: not any(lives(child) for child in children))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a sudden death")
def test_nothing_is_orphaned_when_the_supervisor_is_killed(start):
    run = start(chat=CHAT, rasa=STUBBORN)
    run.until("ready")
    children = run.children()
    run.signal(signal.SIGKILL)
    run.ends()

    assert wait_until(lambda: not any(lives(child) for child in children))


def test_a_process_that_dies_is_started_again(start):
    run = start(chat=CHAT)
    run.until("ready")
    (chat,) = run.children()
    chat.kill()

    assert wait_until(lambda: not lives(chat) and answers(run.port))


def test_a_death_is_told_by_the_name_of_the_process_alone(start):
    run = start(chat=CHAT, rasa=ONCE_BROKEN)
    run.until("process ended")
    run.signal(signal.SIGINT)
    said = run.process.communicate()[0]

    assert "seen" not in said


def test_a_process_that_can_not_live_stops_everything_and_names_its_log(start):
    run = start(chat=CHAT, rasa=BROKEN)

    assert run.ends() == 1
    assert not answers(run.port)
    assert run.errors.read() == (
        "rasa ended 5 times right after its start, so Foothold stops; why is in rasa.log.\n"
    )


def run_here(folder, *programs, **pace):
    asyncio.run(
        supervisor.Supervisor(
            programs,
            url=f"http://127.0.0.1:{free_port()}",
            logs=folder,
            folder=folder,
            pace=Pace(**{**HURRY, **pace}),
        ).run()
    )


def test_what_a_process_prints_is_in_its_log(tmp_path):
    with pytest.raises(CannotStart):
        run_here(tmp_path, Program("rasa", [sys.executable, "-c", BROKEN], {}))

    assert "no configuration" in (tmp_path / "rasa.log").read_text()
    assert (tmp_path / "rasa.log").stat().st_mode & 0o077 == 0


def test_one_that_is_beside_says_what_it_has_to_say_and_stops_nobody(tmp_path, capsys):
    chat = Program("chat", [sys.executable, "-c", CHAT], {"FOOTHOLD_CHAT_PORT": str(free_port())})
    says = "print('telegram: the token is wrong', flush=True); raise SystemExit(78)"
    wrong = Program("telegram", [sys.executable, "-c", says], {}, beside=True)
    broken = Program("other", [sys.executable, "-c", BROKEN], {}, beside=True)
    url = f"http://127.0.0.1:{chat.environment['FOOTHOLD_CHAT_PORT']}"

    async def run():
        running = supervisor.Supervisor(
            (chat, wrong, broken), url=url, logs=tmp_path, pace=Pace(**HURRY), folder=tmp_path
        )
        tasks = [asyncio.create_task(running.keep_running(each)) for each in running.programs]
        await asyncio.sleep(2)
        assert not running.stopping.is_set()
        assert running.failure is None
        assert tasks[1].done()  # it was not tried again
        assert not tasks[0].done()
        running.stop()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert capsys.readouterr().out.count("telegram: the token is wrong") == 1


def test_a_bot_is_started_where_it_has_a_token_and_with_its_settings_alone(monkeypatch):
    monkeypatch.setenv("FOOTHOLD_TELEGRAM_TOKEN", "1:a")
    programs = {each.name: each for each in supervisor.foothold_programs(Path("model"))}

    bot = programs["telegram"]
    assert bot.beside
    assert bot.environment["FOOTHOLD_TELEGRAM_TOKEN"] == "1:a"
    assert (
        bot.environment["FOOTHOLD_RASA_TOKEN"]
        == programs["chat"].environment["FOOTHOLD_RASA_TOKEN"]
    )
    assert "FOOTHOLD_DATA" not in bot.environment
    others = [each for each in programs.values() if each is not bot]
    assert all("FOOTHOLD_TELEGRAM_TOKEN" not in each.environment for each in others)


def test_a_program_that_is_not_there_is_one_sentence(tmp_path):
    missing = Program("rasa", [str(tmp_path / "python")], {})

    with pytest.raises(CannotStart, match=r"rasa can't be started: No such file"):
        run_here(tmp_path, missing)


def test_not_getting_ready_is_one_sentence(tmp_path):
    sleeper = Program("chat", [sys.executable, "-c", SLEEPER], {})

    with pytest.raises(CannotStart, match="chat and internal and rasa did not answer"):
        run_here(tmp_path, sleeper, ready=0.2)


# --- Before the start -----------------------------------------------------------------------------


def test_a_taken_port_is_named_with_its_process_and_its_variable():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        chat = Address("chat", "127.0.0.1", port, "FOOTHOLD_CHAT_PORT")

        with pytest.raises(CannotStart) as taken:
            supervisor.check_addresses([chat])

    assert str(taken.value) == (
        f"Port {port} on 127.0.0.1, where chat listens, is in use: "
        "stop the program that uses it or set FOOTHOLD_CHAT_PORT to a free port."
    )


def test_a_free_port_stays_free():
    port = free_port()
    chat = Address("chat", "127.0.0.1", port, "FOOTHOLD_CHAT_PORT")
    supervisor.check_addresses([chat])
    supervisor.check_addresses([chat])

    assert not answers(port)


def test_two_processes_on_one_port_are_noticed():
    with pytest.raises(CannotStart, match="both chat and rasa: set FOOTHOLD_RASA_PORT"):
        supervisor.check_addresses(
            [
                Address("chat", "127.0.0.1", port := free_port(), "FOOTHOLD_CHAT_PORT"),
                Address("rasa", "127.0.0.1", port, "FOOTHOLD_RASA_PORT"),
            ]
        )


def test_an_address_of_another_machine_names_the_variable():
    elsewhere = Address("chat", "192.0.2.1", free_port(), "FOOTHOLD_CHAT_PORT")

    with pytest.raises(CannotStart, match="set FOOTHOLD_CHAT_HOST to an address of this machine"):
        supervisor.check_addresses([elsewhere])


def environments():
    programs = supervisor.foothold_programs(Path("model.tar.gz"))
    return {program.name: dict(program.environment) for program in programs}


def test_each_process_is_given_its_own_settings_only():
    given = {
        name: {variable for variable in environment if variable.startswith("FOOTHOLD_")}
        for name, environment in environments().items()
    }

    assert given["rasa"] == {
        "FOOTHOLD_DATA",
        "FOOTHOLD_IDLE_MINUTES",
        "FOOTHOLD_INTERNAL_PORT",
        "FOOTHOLD_MODEL",
        "FOOTHOLD_RASA_PORT",
        "FOOTHOLD_RASA_TOKEN",
        "FOOTHOLD_REDIS",
    }
    assert "FOOTHOLD_DATA" not in given["chat"]
    assert "FOOTHOLD_RASA_TOKEN" not in given["internal"]


def test_nothing_else_of_the_environment_is_passed_on(monkeypatch):
    monkeypatch.setenv("HOTLINE_DATABASE_PASSWORD", "secret")

    assert not any("secret" in environment.values() for environment in environments().values())


def test_chat_and_rasa_share_a_secret_that_is_new_at_each_start():
    first, second = environments(), environments()

    assert first["chat"]["FOOTHOLD_RASA_TOKEN"] == first["rasa"]["FOOTHOLD_RASA_TOKEN"]
    assert len(first["chat"]["FOOTHOLD_RASA_TOKEN"]) >= 32
    assert first["chat"]["FOOTHOLD_RASA_TOKEN"] != second["chat"]["FOOTHOLD_RASA_TOKEN"]


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
    ],
)
def test_the_address_shown_is_one_that_a_browser_can_open(host, url):
    wanted = settings.SupervisorSettings(chat_host=host, chat_port=8000)

    assert supervisor.chat_url(wanted) == url


def test_a_log_keeps_within_its_size_while_it_is_written(tmp_path):
    file = tmp_path / "rasa.log"
    with supervisor.open_log(file) as output:
        output.write(b"old " * 100)
        output.flush()
        supervisor.bound_log(file, size=100)
        output.write(b"new")

    assert file.read_bytes() == b"new"
    assert (tmp_path / "rasa.old.log").read_bytes() == b"old " * 100


def test_processes_may_hold_many_open_chats() -> None:
    """The usual limit of 1,024 open files would end at fewer chats than we promise."""
    look = "import resource; print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
    few = (
        "import resource; from bot.supervisor import allow_many_files; "
        "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]; "
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard)); allow_many_files(); "
    )

    ran = subprocess.run(
        [sys.executable, "-c", few + look], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )

    soft, hard = map(int, ran.stdout.split())
    assert soft == (65_536 if hard < 0 else min(hard, 65_536))
