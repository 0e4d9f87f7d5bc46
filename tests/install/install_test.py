#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An installed copy does by itself: tests/out-of-tree is built against it.

usage: install_test.py SOURCE_ROOT BUILD_ROOT

The copy is installed below one folder and moved to another, so that no path that
was compiled in leads to it; and where the system lets us, neither the source nor
the build directory is there while the example is built and run.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SHOWN = 4000
# On an empty file system nothing of a folder is left.
HIDE = ('mount -t tmpfs none "$1" && mount -t tmpfs none "$2" && shift 2 && '
        'cd / && exec "$@"')
DECLARED = re.compile(r"^(?!static|typedef|#)[a-z][\w \t*]*?\b(\w+)\([^;{}]*\);", re.M)


def run(*args, status=0, **kwargs):
    """What a command says, on both streams; it has to end with that status."""
    done = subprocess.run([str(a) for a in args], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **kwargs)
    if done.returncode != status:
        print(done.stdout[-SHOWN:])
        sys.exit(f"{' '.join(map(str, args))}: exit {done.returncode}, not {status}")
    return done.stdout


def need(condition, what):
    """Fail with a line, unless."""
    if not condition:
        sys.exit(what)


class Installed:
    """The copy, and how to use it."""

    def __init__(self, source, build, place):
        self.source, self.build, self.place = source, build, place
        run("meson", "install", "-C", build, "--no-rebuild", "--destdir", place / "dest")
        [self.pc] = (place / "dest").rglob("pinsim.pc")
        # As meson says it, whatever the prefix was.
        libdir = re.search(r"^libdir=\$\{prefix\}/(.*)$", self.pc.read_text(), re.M)[1]
        prefix = self.pc.parent.parent
        for _ in pathlib.PurePath(libdir).parts:
            prefix = prefix.parent
        self.prefix = place / "moved"
        prefix.rename(self.prefix)
        self.libdir = self.prefix / libdir
        self.pc = self.libdir / "pkgconfig/pinsim.pc"
        self.make_movable()
        self.env = {**os.environ, "PKG_CONFIG_PATH": str(self.pc.parent),
                    "XDG_CACHE_HOME": str(place / "cache")}
        for name in ("DESTDIR", "PINSIM_INCLUDE", "PINSIM_RACES", "CMOCKA_MESSAGE_OUTPUT"):
            self.env.pop(name, None)
        self.hide = self.find_hide()

    def make_movable(self):
        """A build directory may be older than the option for it."""
        text = self.pc.read_text()
        self.pc.write_text(re.sub(r"^prefix=.*$", f"prefix={self.prefix}", text, flags=re.M))

    def find_hide(self):
        """Words before a command that hide the two directories; none if they cannot be."""
        words = ["unshare", "--map-root-user", "--mount", "sh", "-c", HIDE, "hide",
                 str(self.build), str(self.source)]
        if str(self.place).startswith((f"{self.build}/", f"{self.source}/")):
            return []
        done = subprocess.run([*words, "test", "!", "-e", str(self.source / "meson.build")],
                              capture_output=True, check=False)
        return [] if done.returncode else words

    def run(self, *args, status=0, cwd=None):
        """A command that has to do without source and build directory."""
        if cwd:
            args = ("sh", "-c", 'cd "$0" && exec "$@"', cwd, *args)
        return run(*self.hide, *args, status=status, env=self.env)


def check_interface(copy):
    """What the libraries offer is what the header declares, and it is explained."""
    header = (copy.prefix / "include/pinsim/pinsim.h").read_text()
    declared = set(DECLARED.findall(re.sub(r"/\*.*?\*/", "", header, flags=re.S)))
    need(len(declared) > 20, "the header declares next to nothing")
    for name in sorted(declared):
        need(f"/**\n * {name}() - " in header, f"{name}() has no kernel-doc in pinsim.h")
    shared = run("nm", "-D", "--defined-only", copy.libdir / "libpinsim.so.1")
    words = dict(line.split()[:0:-1] for line in shared.splitlines())
    versions = {name.partition("@@") for name in words}
    offered = {name for name, _, _ in versions} - {"PINSIM_1.0"}
    need(offered == declared, "libpinsim.so.1 and pinsim.h differ in: "
         f"{' '.join(sorted(offered ^ declared))}")
    need({v for n, _, v in versions if n in declared} == {"PINSIM_1.0"},
         "a name without the version PINSIM_1.0")
    static = run("nm", "-g", "--defined-only", copy.libdir / "libpinsim.a")
    offered = {line.split()[2] for line in static.splitlines() if len(line.split()) == 3}
    need(offered == declared, "libpinsim.a and pinsim.h differ in: "
         f"{' '.join(sorted(offered ^ declared))}")
    dynamic = run("readelf", "-d", copy.libdir / "libpinsim.so")
    need("[libpinsim.so.1]" in dynamic, "libpinsim.so has another soname")
    need("TEXTREL" not in dynamic, "libpinsim.so wants its code changed when it is loaded")
    check_manual(copy, declared)


def check_manual(copy, declared):
    """Each function is in libpinsim(3), and nothing else is."""
    manual = (copy.prefix / "share/man/man3/libpinsim.3").read_text()
    synopsis = manual.split(".Sh SYNOPSIS")[1].split(".Sh DESCRIPTION")[0]
    told = set(re.findall(r"^\.Fn (pinsim_\w+)", synopsis, re.M))
    need(told == declared, "libpinsim(3) and pinsim.h differ in: "
         f"{' '.join(sorted(told ^ declared))}")


def check_paths(copy):
    """But for a debugger nothing in the library knows where it was built."""
    bare = copy.place / "bare.so"
    run("objcopy", "--strip-debug", copy.libdir / "libpinsim.so.1", bare)
    data = bare.read_bytes()
    for place in (copy.build, copy.source):
        need(os.fsencode(place) + b"/" not in data, f"libpinsim.so.1 speaks of {place}")


def check_example(copy, how):
    """tests/out-of-tree by itself: builds, holds, and shows a fault that is planted."""
    example = copy.place / f"example-{how}"
    shutil.copytree(copy.source / "tests/out-of-tree", example)
    if how == "static":
        # Nothing of a program says where the library it is linked from lay.
        copy.env["PINSIM_INCLUDE"] = run("pkg-config", "--variable=subject_includedir",
                                         "pinsim", env=copy.env).strip()
    out = copy.run("meson", "setup", f"-Dstatic_pinsim={str(how == 'static').lower()}",
                   "--werror", "build", cwd=example)
    out += copy.run("meson", "test", "-C", "build", "-v", cwd=example)
    need("racy_loses_a_pin" in out, "the example's tests did not run")
    needed = run("readelf", "-d", example / "build/pin_test")
    need(("libpinsim.so.1" in needed) == (how == "shared"), f"not linked {how}")
    out = copy.run("build/pin_test", "pin_racy.c", status=1, cwd=example)
    for part in ("[  FAILED  ] pin_any_schedule_is_one_pin", "| CPU 0: vcpu0 ",
                 "| CPU 1: vcpu1 ", "*** ref-leak: ", "pin_racy.c:"):
        need(part in out, f"a failure does not show '{part}':\n{out[-SHOWN:]}")
    line = re.search(r"pinsim replay '(\S+)'", out)[1]
    out = copy.run(copy.prefix / "bin/pinsim", "replay", "--race", "two-vcpus.race",
                   "--design", "./pin_racy.c", line, status=1, cwd=example)
    need("*** ref-leak: " in out, "the installed pinsim replays something else")


def main():
    source, build = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    with tempfile.TemporaryDirectory(prefix="pinsim-install-") as place:
        copy = Installed(source, build, pathlib.Path(place).resolve())
        if not copy.hide:
            print("note: source and build directory cannot be hidden here")
        check_interface(copy)
        check_paths(copy)
        check_example(copy, "shared")
        check_example(copy, "static")
    print("ok")


if __name__ == "__main__":
    main()
