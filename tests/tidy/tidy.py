#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The habits of this tree, checked.

usage: tidy.py ROOT

Every file: licence line, length of lines and of the file, no trailing blanks,
no leftovers. C: kernel style as far as a machine can tell, size of functions,
what must not occur because a replay would depend on it, and a comment for
every function that a header offers. The tree: each source is listed in a
meson.build, each race is in the manual or the README.
"""

import posixpath
import re
import sys

import tree

COLUMNS_MAX = 100
FILE_LINES_MAX = 700
FUNCTION_LINES_MAX = 70

LICENSE = "SPDX-License-Identifier: GPL-2.0-or-later"
# Bad input is bad from the first byte; expected output is what a program says.
DATA = re.compile(r"(^LICENSE$|^tests/bad/|^fuzz/corp|^fuzz/[^/]*corpus"
                  r"|\.(expected|dict|options|json|txt|sched)$)")
SOURCES = (".c", ".S", ".l", ".y")
WORLD_ROOMS = ("sim/core/", "fakes/", "mmu/", "pin/")
OUR_ROOMS = WORLD_ROOMS + ("sim/",)

# Spelled so that this file does not find itself.
LEFTOVERS = re.compile(r"\b(FIX" r"ME|X" r"XX|TO" r"DO|HA" r"CK)\b")
PLACES = re.compile(r"(?<![\w.$}])/(?:home|work|root|tmp)/")

# A replay would depend on these: time, chance, addresses, the compiler.
NONDETERMINISM = re.compile(
    r"\b(s?rand|s?random|[dlm]rand48|rand_r|getrandom|gettimeofday)\s*\(")
ADDRESS_PRINTED = re.compile(r'%[-0-9*.]*p\b')
# The hooks do not see these stores.
UNSEEN = re.compile(
    r"\b(asm|__asm__|__asm)\b(?=\s*(volatile|goto|\())|__builtin_mem\w+|__LINE__")
# A prototype at the left margin; a definition right below a comment.
DECLARATION = re.compile(
    r"^(?!static|typedef|#)[a-z][\w \t*]*?\b(\w+)\([^;{}]*\)[^;{}()]*;", re.M)
DEFINITION = re.compile(
    r"\*/\n(?!static)[a-z][\w \t*\n]*?\b(\w+)\([^;{}]*\)\s*\{", re.M)


class Tidy:
    """Goes through the files of a tree."""

    def __init__(self, root):
        self.root = root
        self.files = tree.files(root)
        self.problems = []

    def say(self, path, line, what):
        self.problems.append(f"{path}:{line}: {what}")

    # -- every file --

    def lines(self, path, text):
        lines = text.split("\n")
        if lines[-1] != "":
            self.say(path, len(lines), "no newline at the end")
        else:
            lines.pop()
        if len(lines) > FILE_LINES_MAX:
            self.say(path, FILE_LINES_MAX + 1,
                     f"{len(lines)} lines, more than {FILE_LINES_MAX}")
        # In Markdown what a program printed is as wide as it is, and a row of a
        # table cannot be broken.
        shown = False
        for n, line in enumerate(lines, 1):
            if path.endswith(".md") and line.startswith("```"):
                shown = not shown
            width = len(line.expandtabs(8))
            row = path.endswith(".md") and line.startswith("|")
            if width > COLUMNS_MAX and not shown and not row:
                self.say(path, n, f"{width} columns, more than {COLUMNS_MAX}")
            if line != line.rstrip():
                self.say(path, n, "blanks at the end")
            if LEFTOVERS.search(line):
                self.say(path, n, "a leftover mark")
            if PLACES.search(line):
                self.say(path, n, "a path of some machine")
        if LICENSE not in "\n".join(lines[:2]):
            self.say(path, 1, "no " + LICENSE)

    # -- C --

    def c_file(self, path, text):
        if path.endswith((".c", ".h")) and LICENSE in text and \
                not text.startswith(f"/* {LICENSE} */\n"):
            self.say(path, 1, "the first line is not the licence comment")
        if re.search(r"[^\x00-\x7f]", text):
            self.say(path, 1, "not plain ASCII")
        self.c_style(path, text)
        self.c_words(path, text)
        self.functions(path, text)
        if path.endswith("_test.c"):
            self.c_test(path, text)

    def c_style(self, path, text):
        for match in tree.C_TOKEN.finditer(text):
            if match.group().startswith("//"):
                self.say(path, tree.line_of(text, match.start()),
                         "a // comment")
        code = tree.blank(text, strings=False)
        plain = text.split("\n")
        for n, line in enumerate(code.split("\n"), 1):
            if not line.strip():
                continue
            if re.match(r" +\S", line) and plain[n - 1].startswith(" ") \
                    and not re.match(r" +\*", plain[n - 1]):
                self.say(path, n, "indented with spaces")
            if re.match(r"\t* +\t", line):
                self.say(path, n, "a space before a tab")

    def c_words(self, path, text):
        code = tree.blank(text)
        told = tree.blank(text, strings=False)
        rules = []
        if path.startswith(OUR_ROOMS):
            rules.append((NONDETERMINISM, code, "a source of chance"))
            rules.append((ADDRESS_PRINTED, told, "prints an address"))
        if path.startswith(WORLD_ROOMS):
            rules.append((UNSEEN, code, "not on the world side"))
        if re.match(r"(mmu|pin)/[^/]*$", path) and not tree.is_glue(path):
            rules.append((re.compile(r"\bsim_"), code, "not kernel code"))
        for pattern, where, what in rules:
            for match in pattern.finditer(where):
                self.say(path, tree.line_of(where, match.start()),
                         f"{match.group().strip()}: {what}")

    def functions(self, path, text):
        begin = None
        for n, line in enumerate(tree.blank(text).split("\n"), 1):
            if line.rstrip() == "{":
                begin = n
            elif line.rstrip() == "}" and begin is not None:
                if n - begin + 1 > FUNCTION_LINES_MAX:
                    self.say(path, begin, f"a function of {n - begin + 1} "
                             f"lines, more than {FUNCTION_LINES_MAX}")
                begin = None

    def c_test(self, path, text):
        code = tree.blank(text)
        for match in re.finditer(r"return\s+_?cmocka_run_group_tests[^;]*;",
                                 code):
            if not re.search(r"[?!<>]", match.group()):
                self.say(path, tree.line_of(code, match.start()),
                         "a count of failures as exit status wraps at 256")
        for match in re.finditer(
                r"^static void (\w+)\(void \*\*\w*\)", code, re.M):
            if len(re.findall(rf"\b{match.group(1)}\b", code)) < 2:
                self.say(path, tree.line_of(code, match.start()),
                         f"the test {match.group(1)} is never run")

    def documented(self, path, text, defined):
        """A comment stands before each function that a header declares, or
        before its definition; one comment may serve a block of lines."""
        before = tree.blank(text)
        for match in DECLARATION.finditer(before):
            name = match.group(1)
            # Up to the blank line before the block it stands in.
            start = text.rfind("\n\n", 0, match.start())
            head = text[start if start >= 0 else 0:match.start()]
            if "*/" not in head and name not in defined:
                self.say(path, tree.line_of(text, match.start()),
                         f"no comment says what {name}() is for")

    def headers(self):
        """documented(), for all headers but the kernel's"""
        defined = set()
        texts = {}
        for path in self.files:
            if path.endswith((".c", ".h")) and path.startswith(OUR_ROOMS):
                texts[path] = tree.read(self.root, path) or ""
        for path, text in texts.items():
            if path.endswith(".c"):
                for match in DEFINITION.finditer(text):
                    defined.add(match.group(1))
        for path, text in texts.items():
            if path.endswith(".h") and not path.startswith("fakes/include/"):
                self.documented(path, text, defined)

    # -- the tree --

    def listed(self):
        """Each source stands in a meson.build of its folder or above."""
        named = set()
        for path in self.files:
            if posixpath.basename(path) != "meson.build":
                continue
            text = tree.read(self.root, path)
            text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
            for name in re.findall(r"'([^'\n]+)'", text):
                named.add(posixpath.normpath(posixpath.join(
                    posixpath.dirname(path), name)))
        for path in self.files:
            if path.endswith(SOURCES) and path not in named \
                    and not DATA.search(path):
                self.say(path, 1, "in no meson.build")

    def races(self):
        """Races and the pages that tell of them name each other."""
        races = {posixpath.basename(p)[:-len(".race")] for p in self.files
                 if re.match(r"tests/races/[^/]+\.race$", p)}
        pages = [p for p in self.files
                 if p in ("README.md", "tests/races/README.md")
                 or p.startswith("sim/cli/man/")]
        told = "\n".join(tree.read(self.root, p) or "" for p in pages)
        # A page in roff writes "-" as "\-".
        told = told.replace("\\-", "-")
        for race in sorted(races):
            if not re.search(rf"(?<![\w-]){re.escape(race)}(?![\w-])", told):
                self.say(f"tests/races/{race}.race", 1,
                         "neither in README.md nor in a manual page")
        for name in re.findall(r"tests/races/([\w-]+)\.race", told):
            if name not in races and races:
                self.say("README.md", 1, f"there is no race {name}")

    def run(self):
        for path in self.files:
            if DATA.search(path):
                continue
            text = tree.read(self.root, path)
            if text is None:
                self.say(path, 1, "not UTF-8")
                continue
            self.lines(path, text)
            if path.endswith(tree.C_LIKE):
                self.c_file(path, text)
            elif path.endswith(".y"):
                self.functions(path, text)
        self.headers()
        self.listed()
        self.races()
        return self.problems


if __name__ == "__main__":
    sys.exit(tree.report("tidy", Tidy(sys.argv[1]).run()))
