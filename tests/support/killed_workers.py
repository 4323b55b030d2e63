"""A call that ends the worker process which carries it out; in a module that imports nothing large,
as each worker imports it."""

import os
import signal
import time


def killed_at_three(number: int) -> int:
    """The number, after a while; at 3, no answer, as where the system ends the process."""
    time.sleep(0.2)
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
