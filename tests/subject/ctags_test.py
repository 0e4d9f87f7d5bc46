#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where functions end: the slicer's scan against Universal Ctags, over every
.c file of some folders of the kernel, taken from Debian's source packages.

usage: ctags_test.py --dump PROGRAM --cc COMPILER --cache DIR [--speed MB/S]

Disagreements are listed below, each with a proof that the test carries out
itself. One that is not listed is a failure, and so is one that is listed and
does not occur. Status 77: Ctags is not there, or neither package is.
"""

import argparse
import collections
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

VERSIONS = ["6.1", "6.12"]
FOLDERS = ["mm", "virt/kvm", "arch/x86/kvm", "kernel", "lib"]
TARBALL = "/usr/src/linux-source-{}.tar.xz"

# Functions that Ctags does not see. What comes before is a macro with its
# arguments and no ';', and Ctags takes both for one function. Proof: given the
# function's lines alone, Ctags finds it, and its end is where the scan has it.
UNSEEN = {
    ("6.1", "mm/oom_kill.c", "queue_oom_reaper"),
    ("6.12", "mm/oom_kill.c", "queue_oom_reaper"),
}
# Files that are no C: a function's body that another file includes. Proof: the
# compiler refuses them at the same place.
REFUSED = {
    (version, f"lib/reed_solomon/{name}_rs.c")
    for version in VERSIONS for name in ("decode", "encode")
}

ITEM = re.compile(r"(.*?):(\d+):(\d+): (\S+) (\S+)")


class Failed(Exception):
    """What went wrong, in one line."""


def folder_of(version, cache):
    """Where the folders of a version are unpacked, once for each package."""
    stamp = int(os.stat(TARBALL.format(version)).st_mtime)
    return os.path.join(cache, f"scanned-{version}-{stamp}")


def unpack(versions, cache):
    """Unpack what is not there yet, all versions at once: most of the time
    goes into the decompressor, which uses one processor."""
    os.makedirs(cache, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as fresh:
        jobs = []
        for version in versions:
            if os.path.isdir(folder_of(version, cache)):
                continue
            top = f"linux-source-{version}"
            jobs.append((version, os.path.join(fresh, top), subprocess.Popen(
                ["tar", "-xJf", TARBALL.format(version), "-C", fresh,
                 "--wildcards", *(f"{top}/{f}/*.c" for f in FOLDERS)])))
        for version, top, job in jobs:
            if job.wait():
                raise Failed(f"linux-source-{version}: tar has failed")
            os.rename(top, folder_of(version, cache))


def sources(folder):
    """All .c files, as paths from folder."""
    found = []
    for name in FOLDERS:
        for at, _, files in os.walk(os.path.join(folder, name)):
            found += [os.path.relpath(os.path.join(at, f), folder)
                      for f in files if f.endswith(".c")]
    return sorted(found)


def run(command, folder, paths):
    """Standard output and error of a program that reads paths."""
    done = subprocess.run(command, cwd=folder, check=False,
                          input="\n".join(paths) + "\n", text=True,
                          encoding="utf-8", errors="surrogateescape",
                          capture_output=True)
    return done.stdout, done.stderr


def scanned(dump, folder, paths):
    """{(path, end): [name, begin]} by the scan, and {path: complaint}."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out, err = run([dump], folder, paths)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ends = collections.defaultdict(list)
    for path, begin, end, kind, name in ITEM.findall(out):
        if kind == "function":
            ends[path, int(end)].append((name, int(begin)))
    refused = {}
    for line in err.splitlines():
        match = re.match(r"(.*?):(\d+):(\d+): ", line)
        if not match:
            raise Failed(f"the scan says: {line}")
        refused[match.group(1)] = int(match.group(2))
    seconds = after.ru_utime + after.ru_stime - \
        before.ru_utime - before.ru_stime
    return ends, refused, seconds


def tagged(folder, paths):
    """{(path, end): [name]} by Ctags."""
    out, _ = run(["ctags", "--language-force=C", "--kinds-C=f", "--fields=+ne",
                  "--sort=no", "-f", "-", "-L", "-"], folder, paths)
    ends = collections.defaultdict(list)
    for line in out.splitlines():
        match = re.search(r"^([^\t]*)\t([^\t]*)\t.*\tend:(\d+)", line)
        if match:
            ends[match.group(2), int(match.group(3))].append(match.group(1))
    return ends


def proved_unseen(folder, path, name, begin, end):
    """Does Ctags find the function in its own lines?"""
    with open(os.path.join(folder, path), encoding="utf-8",
              errors="surrogateescape") as file:
        lines = file.readlines()[begin - 1:end]
    with tempfile.TemporaryDirectory() as alone:
        with open(os.path.join(alone, "alone.c"), "w", encoding="utf-8",
                  errors="surrogateescape") as file:
            file.writelines(lines)
        return tagged(alone, ["alone.c"]) == \
            {("alone.c", end - begin + 1): [name]}


def proved_refused(compiler, folder, path, line):
    """Does the compiler refuse the file there as well?"""
    done = subprocess.run([*compiler, "-fsyntax-only", "-x", "cpp-output",
                           path], cwd=folder, check=False, text=True,
                          capture_output=True)
    return done.returncode != 0 and \
        re.search(rf"{re.escape(path)}:{line}:\d+: error", done.stderr)


def disagreements(args, version, folder, found):
    """What is not explained of what was found: lines to print, and how many
    functions Ctags does not see."""
    ours, refused, theirs = found
    problems = []
    for path, line in sorted(refused.items()):
        if (version, path) not in REFUSED:
            problems.append(f"{path}:{line}: refused")
        elif not proved_refused(args.cc.split(), folder, path, line):
            problems.append(f"{path}:{line}: the compiler takes it")
    listed = {p for v, p in REFUSED if v == version}
    problems += [f"{p}: is not refused" for p in sorted(listed - set(refused))]
    unseen = set()
    for at in sorted(set(ours) | set(theirs)):
        path, end = at
        mine, other = ours.get(at, []), theirs.get(at, [])
        if len(mine) == len(other) or path in refused:
            continue
        known = [f for f in mine if (version, path, f[0]) in UNSEEN]
        if len(mine) == 1 and known and not other and \
                proved_unseen(folder, path, *known[0], end):
            unseen.add((version, path, known[0][0]))
            continue
        problems.append(f"{path}:{end}: by the scan {mine} end here, by Ctags "
                        f"{other}")
    for known in sorted(UNSEEN - unseen):
        if known[0] == version:
            problems.append(f"{known[1]}: Ctags sees {known[2]}")
    return problems, len(unseen)


def planted(args, version, folder, found):
    """Each kind of disagreement, made by hand, has to be found."""
    ours, refused, theirs = found
    at = sorted(set(ours) & set(theirs))[1234]
    path, end = at
    lost = {k: v for k, v in ours.items() if k != at}
    plants = {
        "a function that is lost": (lost, refused, theirs),
        "a function that ends too late":
            (lost | {(path, end + 1): ours[at]}, refused, theirs),
        "a function that is new":
            (ours | {(path, 10 ** 6): [("f", 10 ** 6)]}, refused, theirs),
        "a file that is refused": (ours, refused | {path: 1}, theirs),
        "a file that is not": (ours, {}, theirs),
        "a function that Ctags sees after all":
            (ours, refused, theirs | {
                k: [f[0] for f in v] for k, v in ours.items()
                if any((version, k[0], f[0]) in UNSEEN for f in v)}),
    }
    for name, plant in plants.items():
        if not disagreements(args, version, folder, plant)[0]:
            raise Failed(f"linux-source-{version}: {name} is not found")


def compare(args, version):
    """One version: what was compared, in one line."""
    folder = folder_of(version, args.cache)
    paths = sources(folder)
    ours, refused, seconds = scanned(args.dump, folder, paths)
    found = (dict(ours), refused, dict(tagged(folder, paths)))
    problems, unseen = disagreements(args, version, folder, found)
    for problem in problems[:20]:
        print(f"linux-source-{version}: {problem}")
    if problems:
        raise Failed(f"linux-source-{version}: {len(problems)} disagreements "
                     "that are not explained")
    planted(args, version, folder, found)
    size = sum(os.path.getsize(os.path.join(folder, p)) for p in paths) / 1e6
    functions = sum(len(f) for f in ours.values())
    print(f"linux-source-{version}: {len(paths)} files, {size:.1f} MB, "
          f"{functions} functions end where Ctags says, but for {unseen} that "
          f"it does not see; {len(refused)} files are no C")
    if functions < 20000:
        raise Failed(f"linux-source-{version}: only {functions} functions")
    if size / max(seconds, 0.001) < args.speed:
        raise Failed(f"linux-source-{version}: scanned {size:.1f} MB in "
                     f"{seconds:.2f} s, less than {args.speed} MB/s")


def main():
    """Compares the versions that are there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dump", required=True)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cache", required=True)
    parser.add_argument("--speed", type=float, default=0)
    args = parser.parse_args()
    args.dump = os.path.abspath(args.dump)
    if not shutil.which("ctags") or "Universal Ctags" not in subprocess.run(
            ["ctags", "--version"], capture_output=True, text=True,
            check=False).stdout:
        print("skipped: package universal-ctags is not installed")
        return 77
    there = [v for v in VERSIONS if os.path.exists(TARBALL.format(v))]
    for version in VERSIONS:
        if version not in there:
            print(f"skipped: package linux-source-{version} is not installed")
    try:
        unpack(there, args.cache)
        for version in there:
            compare(args, version)
    except Failed as failed:
        print(failed)
        return 1
    return 0 if there else 77


if __name__ == "__main__":
    sys.exit(main())
