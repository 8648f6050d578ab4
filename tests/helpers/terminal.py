"""Runs a program on a terminal of 80 columns, waits for texts and types; used by terminal.ts.

Standard input holds {"steps": [[text to wait for, keys to type], ...], "seconds": how long it may take in all}.
Prints {"code": the exit status, "output": all that the terminal was given}, or fails with what it was given so far.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


def main():
    asked = json.load(sys.stdin)
    deadline = time.monotonic() + asked["seconds"]
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.execv(sys.argv[1], sys.argv[1:])
    output = b""
    seen = 0
    steps = [(text.encode(), keys.encode()) for text, keys in asked["steps"]]
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            waits = f"for {steps[0][0]!r}" if steps else "for the end"
            sys.exit(f"Waited in vain {waits} in {output!r}")
        try:
            part = os.read(terminal, 65536)
        except OSError:
            # so it ends where nobody has the terminal open any more
            part = b""
        if not part:
            break
        output += part
        # what was told before the last keys were typed does not count
        if steps and steps[0][0] in output[seen:]:
            seen = len(output)
            os.write(terminal, steps.pop(0)[1])
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if steps:
        sys.exit(f"It ended with {code} before it said {steps[0][0]!r}: {output!r}")
    print(json.dumps({"code": code, "output": output.decode()}))


main()
