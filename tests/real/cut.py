#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Cut functions out of a kernel file, line for line.

What is kept stands on the line where it stood, everything else is blank, all
directives stay: so compilers, debuggers and reports speak of the kernel's own
lines. Nothing is changed within what is kept.
"""

import bisect
import os
import re

DIRECTIVE = re.compile(r"[ \t]*#[ \t]*(\w*)")
INCLUDE = re.compile(r'[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]')
NAME = re.compile(r"(\w+)\s*\(")
TAG = re.compile(r"\b(struct|union|enum)\s+(\w+)\s*\{")
DEFINED = re.compile(r"(?:static\s+)?DE(?:FINE|CLARE)_\w+\((\w+)\);")
# What stands before a function's name and is no name.
ATTRIBUTES = {"__must_hold", "__acquires", "__releases", "__attribute__",
              "__printf", "__section"}


class CutError(Exception):
    pass


class Item:
    """A top-level item: where it stands, what it is called, what it is."""

    def __init__(self, text, start, end, body):
        self.text, self.start, self.end, self.body = text, start, end, body
        self.is_function = body is not None
        head = text[start:end if body is None else body]
        self.head = head
        made = DEFINED.match(head)
        if made and not self.is_function:
            self.name = f"variable {made[1]}"
            return
        tag = TAG.search(text[start:end])
        self.name = None
        if not self.is_function and tag and "(" not in text[start:start + tag.start()]:
            self.name = f"{tag[1]} {tag[2]}"
            return
        for found in NAME.finditer(head):
            if found[1] not in ATTRIBUTES:
                self.name = found[1]
                return

    def prototype(self):
        """The head as a declaration that promises another file's function."""
        words = re.sub(r"/\*.*?\*/", " ", self.head, flags=re.S)
        words = re.sub(r"\b(static|inline|__always_inline|noinline)\b", "", words)
        return " ".join(words.split()) + ";"


def blank_out(text):
    """Text with comments, strings and directives as blanks, and the
    directives' lines: (plain, [(start, end, word)])."""
    out, directives = list(text), []
    i, n, fresh = 0, len(text), True

    def wipe(a, b):
        for k in range(a, b):
            if out[k] != "\n":
                out[k] = " "

    while i < n:
        c = text[i]
        start = i
        if c == "/" and text[i:i + 2] == "/*":
            i = text.index("*/", i) + 2
            wipe(start, i)
        elif c == "/" and text[i:i + 2] == "//":
            i = text.index("\n", i)
            wipe(start, i)
        elif c in "\"'":
            i += 1
            while text[i] != c:
                i += 2 if text[i] == "\\" else 1
            i += 1
            wipe(start, i)
            fresh = False
        elif c == "#" and fresh:
            while text[i] != "\n" or text[i - 1] == "\\":
                if text[i:i + 2] == "/*":
                    i = text.index("*/", i) + 1
                i += 1
            begin = text.rfind("\n", 0, start) + 1
            directives.append((begin, i, DIRECTIVE.match(text, begin)[1]))
            wipe(begin, i)
        else:
            fresh = c == "\n" or (fresh and c.isspace())
            i += 1
    return "".join(out), directives


def items_of(text):
    """The top-level items of a C file, and its directives."""
    plain, directives = blank_out(text)
    found, depth, saved = [], 0, []
    start, body = None, None
    pending = list(directives)
    for i, c in enumerate(plain):
        while pending and pending[0][1] <= i:
            word = pending.pop(0)[2]
            if word in ("if", "ifdef", "ifndef"):
                saved.append(depth)
            elif word in ("else", "elif") and saved:
                depth = saved[-1]
            elif word == "endif" and saved:
                saved.pop()
        if c.isspace():
            continue
        if start is None:
            start = i
        if c == "{":
            head = plain[start:i]
            if depth == 0 and "(" in head and "=" not in head \
                    and not head.startswith(("typedef", "struct {", "enum", "union")):
                body = i
            depth += 1
        elif c == "}":
            depth -= 1
            if depth == 0 and body is not None:
                found.append(Item(text, start, i + 1, body))
                start = body = None
        elif c == ";" and depth == 0:
            found.append(Item(text, start, i + 1, None))
            start = body = None
    if depth:
        raise CutError("braces are not balanced")
    return found, directives


def is_included(line, quote_dirs, dirs):
    found = INCLUDE.match(line)
    if not found:
        return True
    where = (quote_dirs if found[1] == '"' else []) + dirs
    return any(os.path.exists(os.path.join(d, found[2])) for d in where)


def cut(text, path, names, stops, quote_dirs, dirs, whole=False):
    """A file with nothing but what is named, or with everything (@whole) but
    the bodies of @stops.

    @names: functions ("f") and types ("struct s"); @stops: functions that what
    is kept calls, and that others define.
    Return: the text, and [(name, first line, last line)] of the functions.
    """
    items, directives = items_of(text)
    keep = bytearray(len(text))
    put, missing = {}, set(names) | set(stops)
    lines = [m.end() for m in re.finditer("\n", text)]
    functions = []
    for start, end, word in directives:
        if word != "include" or is_included(text[start:end], quote_dirs, dirs):
            keep[start:end] = b"\1" * (end - start)
    for item in items:
        if item.name in names or (whole and item.name not in stops):
            keep[item.start:item.end] = b"\1" * (item.end - item.start)
            if item.is_function:
                first, last = (1 + bisect.bisect_right(lines, at)
                               for at in (item.start, item.end - 1))
                functions.append((item.name, first, last))
        elif item.name in stops and item.is_function:
            put[item.start] = item.prototype()
        else:
            continue
        if item.is_function or (item.name and " " in item.name):
            missing.discard(item.name)
    if missing:
        raise CutError(f"{path}: no {', '.join(sorted(missing))}")
    out = []
    for i, c in enumerate(text):
        if i in put:
            out.append(put[i])
        out.append(c if keep[i] or c == "\n" else "")
    out = "".join(out).split("\n")
    for name, first, _ in functions:
        # A macro of that name says who calls; it must not stand here.
        if first > 1 and not out[first - 2].strip():
            out[first - 2] = f"#undef {name}"
    return f'#line 1 "{path}"\n' + "\n".join(out), functions
