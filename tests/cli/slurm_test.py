#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The wrapper for Slurm, on a cluster of this one machine.

Starts munged, slurmctld and slurmd of Debian's slurm-wlm for itself, with all
that they write in a directory of its own, and stops them. Exit status 77 says
that they are not installed, and nothing else: whatever goes wrong once they
have been looked for is a failure.
"""

import contextlib
import getpass
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import program
from program import OK, PINSIM, ROOT, pinsim

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "sinfo")
SEARCH = ["--strategy", "exhaustive", "--design", "demand-ref",
          "tests/races/foreign-reference.race"]

CONFIG = """
ClusterName=pinsim
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={root}/munge.socket
CredType=cred/munge
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool
SlurmctldPidFile={root}/slurmctld.pid
SlurmdPidFile={root}/slurmd.pid
SlurmctldLogFile={root}/slurmctld.log
SlurmdLogFile={root}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=10 State=UP
"""


def path_with_sbin():
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def is_installed():
    return all(shutil.which(name, path=path_with_sbin()) for name in PROGRAMS)


def free_ports(count):
    """Ports that nobody has now; all are held until the last is found."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class Cluster:
    """Three daemons in the foreground, in a directory."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.env = {**os.environ, "PATH": path_with_sbin(),
                    "PINSIM": str(PINSIM),
                    "SLURM_CONF": str(self.root / "slurm.conf")}
        self.daemons = []

    def configure(self):
        for name in ("state", "spool"):
            (self.root / name).mkdir()
        key = self.root / "munge.key"
        key.write_bytes(os.urandom(64))
        key.chmod(0o600)
        (self.root / "slurm.conf").write_text(CONFIG.format(
            host=socket.gethostname().split(".")[0], user=getpass.getuser(),
            root=self.root, ports=free_ports(2), cpus=os.cpu_count()),
            encoding="utf-8")

    def start(self, *args):
        name = os.path.basename(args[0])
        with open(self.root / f"{name}.out", "wb") as out:
            self.daemons.append(subprocess.Popen(
                args, env=self.env, stdin=subprocess.DEVNULL, stdout=out,
                stderr=out))

    def run(self, *args, **more):
        return subprocess.run(args, env=self.env, capture_output=True,
                              stdin=subprocess.DEVNULL, check=False, **more)

    def is_up(self):
        done = self.run("sinfo", "-h", "-o", "%t", timeout=20)
        return done.stdout.decode().strip().rstrip("*~#") == "idle"

    def up(self):
        self.configure()
        self.start("munged", "--foreground", "--force",
                   f"--socket={self.root}/munge.socket",
                   f"--key-file={self.root}/munge.key",
                   f"--pid-file={self.root}/munge.pid",
                   f"--log-file={self.root}/munge.log",
                   f"--seed-file={self.root}/munge.seed")
        for _ in range(100):
            if (self.root / "munge.socket").exists():
                break
            time.sleep(0.1)
        self.start("slurmctld", "-D", "-i")
        self.start("slurmd", "-D")
        for _ in range(120):
            if self.is_up():
                return
            time.sleep(0.5)
        raise AssertionError("the cluster does not come up:\n" + self.logs())

    def logs(self):
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')}"
                         for path in sorted(self.root.glob("*.[lo][ou]*")))

    def down(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


class Slurm(unittest.TestCase):
    """An array of three parts."""

    def test_verdict_is_that_of_one_process(self):
        with tempfile.TemporaryDirectory() as root:
            cluster = Cluster(root)
            self.addCleanup(cluster.down)
            cluster.up()
            done = cluster.run(ROOT / "sim/explore/cluster/slurm.sh", "3",
                               f"{root}/parts", *SEARCH, cwd=ROOT,
                               timeout=120)
            told = done.stderr.decode() + cluster.logs()
            whole = pinsim("explore", *SEARCH, "--jobs", "1")
            self.assertEqual(done.returncode, OK, told)
            self.assertEqual(done.stdout.decode(), whole.out)
            self.assertEqual(len(list(pathlib.Path(root, "parts").glob(
                "*.json"))), 3)
            cluster.down()


if __name__ == "__main__":
    if not is_installed():
        print("skipped: Debian's slurm-wlm is not installed")
        sys.exit(77)
    program.main()
