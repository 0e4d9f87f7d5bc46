#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""KTAP output against the kernel's own reader, tools/testing/kunit/kunit.py.

usage: kunit_test.py PINSIM CACHE_DIR RACE

Takes the reader from Debian's linux-source-6.12, unpacked or not; what is
unpacked stays in CACHE_DIR. Exit status: 0 it reads what pinsim says, 1 it does
not, 77 there is no such package.
"""

import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

SOURCE = pathlib.Path("/usr/src/linux-source-6.12")
READER = "tools/testing/kunit"
SKIP = 77

# An expectation that is not met, between two that are.
UNMET = """race t "Is this said?"
machine { cpus 1; zone normal 64M; zone movable 0; cma 0; }
process vmm { map ram 4K anon in normal populated; }
vm guest sev { slot 0 gfn 0x100 maps ram; }
task vcpu0 on 0 { fault gfn 0x100 write; }
expect demand-late holds
expect demand-ref always (vcpu0.fault == -EFAULT)
expect demand-takeover holds
"""


def unpack(cache):
    """Take the reader out of the tar ball; once, as that is slow."""
    done = cache / "unpacked"
    if done.exists():
        return cache / SOURCE.name / READER
    with tarfile.open(f"{SOURCE}.tar.xz") as tar:
        seen = False
        for member in tar:
            inside = member.name.startswith(f"{SOURCE.name}/{READER}/")
            if inside and member.isfile() and member.name.endswith(".py"):
                tar.extract(member, cache, set_attrs=False)
            # The members of a folder stand together.
            if seen and not inside:
                break
            seen = inside
    done.touch()
    return cache / SOURCE.name / READER


def find_reader(cache):
    if (SOURCE / READER / "kunit.py").exists():
        return SOURCE / READER / "kunit.py"
    if not pathlib.Path(f"{SOURCE}.tar.xz").exists():
        return None
    cache.mkdir(parents=True, exist_ok=True)
    return unpack(cache) / "kunit.py"


def explore(pinsim, race):
    """What pinsim says about a race, as KTAP."""
    said = subprocess.run(
        [pinsim, "explore", "--ktap", "--executions", "50", race],
        stdout=subprocess.PIPE, text=True, check=False)
    return said.stdout


def parse(reader, ktap, folder):
    """(exit status, results by name, summary line) of the kernel's reader."""
    path = pathlib.Path(folder, "said.ktap")
    path.write_text(ktap, encoding="utf-8")
    read = subprocess.run(
        [sys.executable, "-B", reader, "parse", path], cwd=folder,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(read.stdout)
    results = {name: what for what, name in re.findall(
        r"\[(PASSED|FAILED|SKIPPED|CRASHED)\] (\S+)", read.stdout)}
    summary = re.search(r"Ran \d+ tests?: .*", read.stdout)
    return read.returncode, results, summary.group() if summary else ""


def check(what, got, wanted):
    if got == wanted:
        return 0
    print(f"{what}: {got!r}, expected {wanted!r}")
    return 1


def main():
    pinsim, cache, race = sys.argv[1:]
    reader = find_reader(pathlib.Path(cache))
    if not reader:
        print("linux-source-6.12 is not installed")
        return SKIP
    with tempfile.TemporaryDirectory() as folder:
        bad = 0
        ktap = explore(pinsim, race)
        status, results, summary = parse(reader, ktap, folder)
        names = re.findall(r"^ok \d+ (\S+)$", ktap, re.M)
        bad += check("results of a race", results, dict.fromkeys(names, "PASSED"))
        bad += check("summary", summary, f"Ran {len(names)} tests: passed: {len(names)}")
        bad += check("status", status, 0)
        bad += check("results are told", bool(names), True)

        unmet = pathlib.Path(folder, "t.race")
        unmet.write_text(UNMET, encoding="utf-8")
        status, results, summary = parse(reader, explore(pinsim, unmet), folder)
        bad += check("results with one unmet", results, {
            "t:demand-late:6.12": "PASSED",
            "t:demand-ref:6.12": "FAILED",
            "t:demand-takeover:6.12": "PASSED",
        })
        bad += check("summary", summary, "Ran 3 tests: passed: 2, failed: 1")
        bad += check("status", status, 1)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
