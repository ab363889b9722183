"""No picture of a process's memory reaches the disk or another program."""

import subprocess
import sys

from bot.settings import CHECKOUT

LOOK = """
import ctypes, resource
from bot.rasa_server.private_memory import keep_memory_private
keep_memory_private()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def test_d2_a_crash_leaves_no_memory_on_the_disk() -> None:
    """PR_GET_DUMPABLE, which is 3, tells whether memory may be written out or looked into."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=CHECKOUT, capture_output=True, text=True
    )

    assert done.stdout.strip() == "(0, 0) 0"
