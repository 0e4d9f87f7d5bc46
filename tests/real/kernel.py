# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of a kernel from Debian's source packages, unpacked one by one."""

import fcntl
import os
import re
import subprocess

PACKAGE = "linux-source-{}"
SOURCES = "/usr/src"


class Absent(Exception):
    """The package is not installed."""


class Kernel:
    """One version. Files are unpacked into @cache and kept there for as long
    as the package does not change."""

    def __init__(self, version, cache, sources=SOURCES):
        self.version = version
        self.tarball = os.path.join(sources, PACKAGE.format(version) + ".tar.xz")
        if not os.path.exists(self.tarball):
            raise Absent(f"package {PACKAGE.format(version)} is not installed")
        stamp = int(os.stat(self.tarball).st_mtime)
        self.dir = os.path.join(cache, f"linux-{version}-{stamp}")
        os.makedirs(self.dir, exist_ok=True)

    def unpack(self, paths, strict=True):
        """Make @paths readable. Going through the tarball takes seconds, so
        ask for all at once. One that is not in it is an error, if @strict."""
        with open(os.path.join(self.dir, ".lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            missing = [p for p in paths if not os.path.exists(self.path(p)) and
                       (strict or not os.path.exists(self.absent(p)))]
            if not missing:
                return
            top = PACKAGE.format(self.version)
            subprocess.run(["tar", "-xJf", self.tarball, "-C", self.dir,
                            "--strip-components=1", "--occurrence=1",
                            *(f"{top}/{p}" for p in missing)], check=strict,
                           stderr=None if strict else subprocess.DEVNULL)
            for p in missing:
                if not os.path.exists(self.path(p)):
                    with open(self.absent(p), "w", encoding="utf-8"):
                        pass

    def absent(self, path):
        """A file that says: the tarball has no such file."""
        return os.path.join(self.dir, ".absent-" + path.replace("/", "-"))

    def path(self, path):
        return os.path.join(self.dir, path)

    def text(self, path):
        with open(self.path(path), encoding="utf-8", errors="surrogateescape") as f:
            return f.read()

    def release(self):
        """6.1.192, from the Makefile."""
        made = dict(re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL) = (\d+)",
                               self.text("Makefile"), re.M))
        return ".".join(made[k] for k in ("VERSION", "PATCHLEVEL", "SUBLEVEL"))
