# SPDX-License-Identifier: GPL-2.0-or-later
"""What the repo-keeping tests share: which files there are, and C without
its comments and strings."""

import os
import re
import sys

C_LIKE = (".c", ".h", ".S", ".def")

# A comment, a string or a character constant; whichever begins first wins.
C_TOKEN = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(root):
    """Paths below root, sorted, with "/" and relative to it. Left out are build
    directories (what .gitignore calls /build*/, and any that Meson made) and
    what begins with a dot; .ci and the dot files at the top are not. (.git is a
    file where the tree is one of git's further worktrees.)"""
    found = []
    for folder, subfolders, names in os.walk(root):
        here = os.path.relpath(folder, root)
        subfolders[:] = sorted(
            s for s in subfolders
            if (not s.startswith(".") or s == ".ci") and s != "__pycache__"
            and not os.path.exists(os.path.join(folder, s, "meson-private"))
            and not (here == "." and s.startswith("build")))
        for name in names:
            if name == ".git":
                continue
            path = name if here == "." else f"{here}/{name}"
            if os.path.isfile(os.path.join(root, path)):
                found.append(path)
    return sorted(found)


def read(root, path):
    """The text of a file; None if it is not UTF-8."""
    try:
        with open(os.path.join(root, path), encoding="utf-8", newline="") as f:
            return f.read()
    except UnicodeDecodeError:
        return None


def line_of(text, offset):
    """The number of the line that offset lies in."""
    return text.count("\n", 0, offset) + 1


def blank(text, comments=True, strings=True):
    """C text with the insides of comments and strings replaced by spaces, so
    that all places stay as they were."""
    def spaces(match):
        token = match.group()
        wanted = comments if token.startswith("/") else strings
        return re.sub(r"[^\n]", " ", token) if wanted else token
    return C_TOKEN.sub(spaces, text)


def is_glue(path):
    """Is it a file of mmu/ or pin/ that shows kernel objects to the host?"""
    return re.search(r"(^|[/_])probe\.[ch]$", path) is not None


def report(name, problems):
    """Print what was found; the exit status."""
    for problem in sorted(set(problems)):
        print(problem)
    if problems:
        print(f"{name}: {len(set(problems))} to mend", file=sys.stderr)
    return 1 if problems else 0
