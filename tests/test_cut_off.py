"""The whole suite runs where nothing can be reached but this machine itself (G1)."""

import errno
import os
import socket
import subprocess
import sys

import psutil
import pytest

from bot.settings import CHECKOUT
from tests.cut_off import INSIDE, UNSHARE, works
from tests.stack import Stack
from tests.visitor import Visitor

# An address that stands for no machine (RFC 5737).
ELSEWHERE = ("192.0.2.1", 443)
CAN_BE_CUT_OFF = any(works(command) for command in UNSHARE)
TRIES = f"import socket; socket.create_connection({ELSEWHERE}, timeout=5)"


@pytest.mark.skipif(not CAN_BE_CUT_OFF, reason="this machine lets nobody make a network")
def test_g1_whoever_is_cut_off_reaches_nobody_and_still_themselves(tmp_path) -> None:
    (tmp_path / "tries.py").write_text(
        f"import socket\n"
        f"listening = socket.create_server(('127.0.0.1', 0))\n"
        f"socket.create_connection(listening.getsockname(), timeout=5)\n{TRIES}\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{CHECKOUT}:{tmp_path}"}
    environment.pop(INSIDE, None)

    tried = subprocess.run(
        [sys.executable, "-m", "tests.cut_off", "tries"],
        env=environment,
        capture_output=True,
        text=True,
    )

    assert "Network is unreachable" in tried.stderr


@pytest.mark.skipif(INSIDE not in os.environ, reason="only make test cuts the tests off")
def test_g1_these_tests_are_cut_off() -> None:
    with pytest.raises(OSError, match="unreachable") as refused:
        socket.create_connection(ELSEWHERE, timeout=5)

    assert refused.value.errno == errno.ENETUNREACH


@pytest.mark.rasa
@pytest.mark.promise("third_parties")
def test_d3_no_process_of_foothold_speaks_to_another_machine(stack: Stack) -> None:
    Visitor(stack.http).says("yes").says("no").leaves()

    supervisor = psutil.Process(stack.supervisor.pid)
    lines = [
        line.raddr.ip
        for process in (supervisor, *supervisor.children(recursive=True))
        for line in process.net_connections(kind="inet")
        if len(line.raddr)
    ]

    assert lines
    assert set(lines) <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
