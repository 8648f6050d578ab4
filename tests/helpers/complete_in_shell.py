"""What an interactive bash or zsh makes of a line when it is asked for every completion.

Usage: complete_in_shell.py bash|zsh SCRIPT < LINES > ANSWERS, in the folder where the lines are typed. Each line is
typed, all completions are inserted, and the line that this gives is read back; the key that prints it is the only
thing waited for, and a shell that does not answer within the deadline is an error.
"""
import os
import pty
import select
import sys
import time

DEADLINE_S = 30
MARK = b"\x1e"

SETUP = {
    "bash": """
set +o history
PS1=
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind '"\\C-xa": insert-completions'
bind -x '"\\C-xp": printf "\\x1e%s\\x1e" "$READLINE_LINE"'
{ShellSource}
""",
    "zsh": """
unsetopt beep prompt_sp prompt_cr
PS1=
autoload -Uz compinit
compinit -u -D
{ShellSource}
zstyle ':completion:all:*' insert true
zstyle ':completion:all:*' completer _all_matches _complete
zle -C all complete-word _generic
bindkey '^Xa' all
print_line() { printf '\\x1e%s\\x1e' "$BUFFER"; zle -R }
zle -N print_line
bindkey '^Xp' print_line
""",
}


class Shell:
    """A shell on a terminal of its own."""

    def __init__(self, name: str, script: str):
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.environ.update(TERM="dumb", INPUTRC="/dev/null", LC_ALL="C.UTF-8")
            arguments = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}[name]
            os.execvp(name, arguments)
        self.pid = pid
        self.seen = b""
        setup = SETUP[name].replace("{ShellSource}", f"source '{script}'")
        path = f"{script}.setup"
        with open(path, "w", encoding="utf-8") as file:
            file.write(setup)
        # the octal escape is no mark yet where the terminal echoes it
        self.send(f" source '{path}'; printf '\\036ready\\036'\n".encode())
        assert self.answer() == "ready"

    def send(self, keys: bytes) -> None:
        while keys:
            keys = keys[os.write(self.terminal, keys):]

    def answer(self) -> str:
        """The text between the next two marks."""
        end = time.monotonic() + DEADLINE_S
        while self.seen.count(MARK) < 2:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                sys.exit(f"no answer within {DEADLINE_S} s: {self.seen!r}")
            self.seen += os.read(self.terminal, 65536)
        _, text, self.seen = self.seen.split(MARK, 2)
        return text.decode()

    def complete(self, line: str) -> str:
        self.send(b"\x15" + line.encode() + b"\x18a\x18p")
        return self.answer()

    def close(self) -> None:
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def main() -> None:
    shell = Shell(sys.argv[1], sys.argv[2])
    for line in sys.stdin.read().splitlines():
        print(shell.complete(line))
    shell.close()


main()
