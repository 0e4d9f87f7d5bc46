#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who includes whom: rooms know only the rooms below them.

usage: includes.py ROOT

  cli -> lib, startup -> explore, subject, report, race, explain -> check -> pin -> mmu -> fakes
      -> sim/core -> sim/engine

Rooms on one floor may include each other one way, never in a circle. Code in
mmu/ and pin/ sees kernel headers and its own folder, nothing else, except the
probe files; the host side sees no kernel header at all.
"""

import os
import posixpath
import re
import sys

import tree

# A room's floor; it may include what lies below, itself, and its neighbours.
FLOORS = [
    ["sim/engine"],
    ["sim/core"],
    ["fakes"],
    ["mmu"],
    ["pin"],
    ["sim/check"],
    ["sim/explore", "sim/subject", "sim/report", "sim/race", "sim/explain"],
    ["sim/lib", "sim/startup"],
    ["sim/cli"],
    ["tests", "fuzz", "bench"],
]
FLOOR = {room: n for n, rooms in enumerate(FLOORS) for room in rooms}
KERNEL_HEADERS = "fakes/include"
# What a freestanding compiler brings.
COMPILER = {"stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "limits.h",
            "stdalign.h", "stdnoreturn.h"}
# Folders of headers that only a kernel has, or that Linux's user space has
# under the same names with another meaning.
KERNEL_DIRS = ("linux/", "asm/", "asm-generic/", "uapi/", "kvm/")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")',
                     re.M)


def room_of(path):
    """The room that a file lies in, or None."""
    for room in FLOOR:
        if path.startswith(room + "/"):
            return room
    return None


def world_sources(root, paths):
    """Sources that the meson.build files among paths put on the world side:
    in a library w_..., or as the 'world' files of a test."""
    found = set()
    for path in paths:
        if posixpath.basename(path) != "meson.build":
            continue
        text = re.sub(r"#.*", "", tree.read(root, path) or "")
        lists = re.findall(r"'world'\s*:\s*files\(([^)]*)\)", text)
        for library in re.findall(r"'w_\w*'[^,()]*,([^:]*)", text):
            for name in re.findall(r"\b[a-z]\w*\b", library):
                lists += re.findall(
                    rf"\b{name}\s*\+?=\s*files\(([^)]*)\)", text)
            lists += re.findall(r"files\(([^)]*)\)", library)
        for names in lists:
            for name in re.findall(r"'([^']+)'", names):
                found.add(posixpath.join(posixpath.dirname(path), name))
    return found


class Checker:
    """Goes through all includes of a tree."""

    def __init__(self, root):
        self.root = root
        self.problems = []
        self.edges = {}     # (room, room) on one floor -> where
        self.paths = tree.files(root)
        self.world = world_sources(root, self.paths)

    def exists(self, path):
        return os.path.isfile(os.path.join(self.root, path))

    def is_world(self, path):
        """A header outside of the world's rooms counts as world side when it
        says so in its name, or stands beside the kernel's own files; a source
        when it is built so."""
        return (re.match(r"(fakes|mmu|pin|sim/core|tests/real/\w+|"
                         r"tests/subject/code)/", path) is not None
                or path in self.world
                or re.search(r"(^|/)(actor|\w*_world)\w*\.h$|"
                             r"^tests/out-of-tree/pins\.h$", path)
                is not None)

    def resolve(self, path, name):
        """Where an include in quotes leads, or None."""
        beside = posixpath.join(posixpath.dirname(path), name)
        if "/" not in name and self.exists(beside):
            return beside
        return name if "/" in name and self.exists(name) else None

    def quoted(self, path, where, name):
        """#include "name" """
        if ".." in name.split("/"):
            self.problems.append(f'{where}: "{name}" climbs with ..')
            return
        target = self.resolve(path, name)
        if target is None:
            # Generated headers lie in the build directory of their room.
            if not name.endswith((".tab.h", ".yy.h")):
                self.problems.append(
                    f'{where}: no "{name}" from the top or beside the file')
            return
        room, to = room_of(path), room_of(target)
        if room is None or to is None:
            return
        if target.startswith(KERNEL_HEADERS + "/") and \
                not path.startswith(KERNEL_HEADERS + "/"):
            self.problems.append(
                f'{where}: "{name}" is a kernel header, write <...>')
        if room in ("mmu", "pin") and to != room and not tree.is_glue(path):
            self.problems.append(
                f'{where}: "{name}": {room}/ includes only kernel headers '
                "and its own folder")
            return
        self.edge(where, room, to, path, target)

    def edge(self, where, room, to, path, target):
        """path in room includes target in room to"""
        if path.startswith(KERNEL_HEADERS + "/") and to == "fakes" and \
                not target.startswith(KERNEL_HEADERS + "/"):
            self.problems.append(
                f"{where}: {KERNEL_HEADERS} includes {target}")
        elif FLOOR[to] > FLOOR[room]:
            self.problems.append(f"{where}: {room} includes {to}, upwards")
        elif FLOOR[to] == FLOOR[room] and to != room:
            self.edges.setdefault((room, to), where)

    def angled(self, path, where, name):
        """#include <name>"""
        room = room_of(path)
        if room is None:
            return
        kernel = self.exists(posixpath.join(KERNEL_HEADERS, name))
        if room_of(name) is not None and self.exists(name):
            self.problems.append(f'{where}: <{name}> is ours, write "..."')
        elif not self.is_world(path):
            if name.startswith(KERNEL_DIRS):
                self.problems.append(
                    f"{where}: the host side includes <{name}>")
        elif name not in COMPILER and (room == "sim/core" or not kernel):
            self.problems.append(
                f"{where}: <{name}> is not for the world side")

    def circles(self):
        """Neighbours that include each other, directly or not."""
        for start, to in sorted(self.edges):
            seen, todo = set(), [to]
            while todo:
                room = todo.pop()
                if room not in seen:
                    seen.add(room)
                    todo += [b for a, b in self.edges if a == room]
            if start in seen:
                self.problems.append(
                    f"{self.edges[start, to]}: {start} includes {to}, "
                    "which leads back")

    def run(self):
        for path in self.paths:
            if not path.endswith(tree.C_LIKE + (".l", ".y")):
                continue
            text = tree.read(self.root, path) or ""
            if not path.endswith(".l"):
                text = tree.blank(text, strings=False)
            for match in INCLUDE.finditer(text):
                where = f"{path}:{tree.line_of(text, match.start())}"
                if match.group(1):
                    self.angled(path, where, match.group(1))
                else:
                    self.quoted(path, where, match.group(2))
        self.circles()
        return self.problems


if __name__ == "__main__":
    sys.exit(tree.report("includes", Checker(sys.argv[1]).run()))
