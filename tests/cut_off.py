"""Runs a Python module where nothing can be reached but this machine itself.

    python -m tests.cut_off pytest --quiet

The module gets a network of its own (a Linux network namespace) that has only the loopback, so that
whatever tries to speak to anybody else fails. Where the machine doesn't allow that, it says so and
runs the module as it is.
"""

import fcntl
import os
import runpy
import shutil
import socket
import struct
import subprocess
import sys

INSIDE = "FOOTHOLD_TESTS_CUT_OFF"
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
UNSHARE = ("unshare", "--net"), ("unshare", "--net", "--user", "--map-root-user")


def main() -> None:
    """Starts itself again inside, and then the module."""
    if os.environ.get(INSIDE):
        raise_loopback()
        sys.argv = sys.argv[1:]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        return
    inside = next((command for command in UNSHARE if works(command)), None)
    if inside is None:
        print("Outgoing traffic can't be blocked on this machine: the tests run without that.")
    command = [*(inside or ()), sys.executable, "-m", "tests.cut_off", *sys.argv[1:]]
    if inside is None:
        command = [sys.executable, "-m", *sys.argv[1:]]
    os.execvpe(command[0], command, {**os.environ, **({INSIDE: "1"} if inside else {})})


def works(command: tuple[str, ...]) -> bool:
    """Whether this machine lets us make a network of our own."""
    if not shutil.which(command[0]):
        return False
    return subprocess.run([*command, "true"], capture_output=True).returncode == 0


def raise_loopback() -> None:
    """Switches the loopback on; a new network begins with it off."""
    with socket.socket() as any_socket:
        wish = struct.pack("16sh22x", b"lo", IFF_UP)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, wish)


if __name__ == "__main__":
    main()
