"""Keeps a process's memory its own: no picture of it on disk after a crash, no look from outside.

Standard library only: it works in Rasa's Python as in ours.
"""

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4


def keep_memory_private() -> None:
    """No core file, and none for a program that collects them: such a one heeds no size limit.

    Another program of the same account can't read the memory any more, only the machine's own
    administrator can. Where it isn't Linux, only the size limit is set.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
