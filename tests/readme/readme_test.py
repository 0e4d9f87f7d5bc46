#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The README shows what pinsim prints.

Each block behind a "from: COMMAND" comment must consist of lines of that
command's output, in its order; "..." stands for what is left out. And every
race that is shipped has its line in the table of races.
"""
import pathlib
import re
import shlex
import subprocess
import sys


def blocks(text):
    """(command, lines) of each block that names where it is from."""
    pattern = r"<!-- from: (.*?) -->\n```\n(.*?)```"
    for command, body in re.findall(pattern, text, re.S):
        yield command, body.splitlines()


def missing(shown, printed):
    """The first shown line that the output lacks behind the one before it."""
    rest = iter(printed)
    for line in shown:
        if line != "..." and line not in rest:
            return line
    return None


def untold(text, races):
    """The races that the table does not name."""
    return [race for race in races if not re.search(rf"^\| {race} \| .+ \|$", text, re.M)]


def main():
    pinsim, top = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    text = (top / "README.md").read_text()
    found = list(blocks(text))
    assert missing(["a", "...", "c"], ["a", "b", "c"]) is None
    assert missing(["c", "a"], ["a", "b", "c"]) == "a"
    assert untold("| a-b | what? |\n| c | |", ["a-b", "c", "b"]) == ["c", "b"]
    races = sorted(race.stem for race in (top / "tests/races").glob("*.race"))
    if untold(text, races):
        print(f"README.md: no line about the race {', '.join(untold(text, races))}")
        return 1
    for command, shown in found:
        words = shlex.split(command)
        assert words[0] == "pinsim"
        out = subprocess.run([pinsim, *words[1:]], cwd=top, text=True,
                             stdout=subprocess.PIPE, check=False).stdout
        line = missing(shown, out.splitlines())
        if line is not None:
            print(f"README.md: {command} does not print (in this order):\n{line}")
            return 1
    print(f"{len(found)} block(s) of README.md are what pinsim prints")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
