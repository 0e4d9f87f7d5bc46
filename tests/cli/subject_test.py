#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pinsim subject: the user's own code in the place of a design.

The built-in designs' own files, fed as --file, have to behave as what was
built in; the small subjects of tests/subject/code each have a fault with a
known verdict, told with the line it is on.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import program
from program import OK, USAGE, VIOLATED, pinsim, replay_lines

CODE = "tests/subject/code"
LATE = "tests/races/late-longterm-pin.race"
SLOT_HOOKS = ["--hook", "alloc_memslot_metadata=sev_alloc_memslot_metadata",
              "--hook", "free_memslot=sev_free_memslot"]
FEW = ["--executions", "200", "--max-steps", "3000"]
SEAL = 40    # bytes behind an object: sim/subject/object.c
COMPILERS = [cc for cc in ("gcc", "clang") if shutil.which(cc)]


def here(path):
    """The line that is marked in a small subject."""
    lines = (program.ROOT / path).read_text().split("\n")
    return next(i for i, s in enumerate(lines, 1) if "HERE" in s)


class Subject(unittest.TestCase):
    """What the tests below have in common: a cache and a folder."""

    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = pathlib.Path(temp.name)
        self.env = {"XDG_CACHE_HOME": temp.name}

    def run_pinsim(self, *args):
        return pinsim(*args, env=self.env)

    def make(self, name, *args, file=None):
        """A subject of tests/subject/code as an object."""
        out = self.dir / f"{name}.so"
        ran = self.run_pinsim("subject", "--file", file or f"{CODE}/{name}.c",
                              "--output", str(out), *args)
        self.assertEqual((ran.status, ran.err), (OK, ""), ran.err)
        return str(out), ran.out


def judged(ran, design):
    """What a search found, without the design's name and how long it took."""
    found = json.loads(ran.out)
    verdicts = []
    for v in found["verdicts"]:
        if v["design"] != design:
            continue
        search = {k: v["search"][k] for k in
                  ("how", "executions", "violated", "cut", "finals", "positive",
                   "negative", "covered")}
        verdicts.append((v["kernel"], search))
    violations = [(f["check"], f["kernel"], f["replay"].split("/", 4)[3:4],
                   f["replay"].rsplit("/", 2)[1:])
                  for f in found["violations"] if f["design"] == design]
    return verdicts, violations


class SameAsBuiltIn(Subject):
    """A built-in design's file behaves as the design."""

    # RFC v0's commands, which stand in a file of their own and ask for no design.
    COMMANDS = [w for c in ("launch", "send", "receive")
                for w in ("--hook", f"{c}_update=sev_rfc_{c}_update")]

    def compare(self, builtin, subject, search):
        name = re.search(r"Subject (\S+) of", subject[1])[1]
        for race in program.RACES:
            with self.subTest(race=race.name, design=builtin):
                args = ["explore", str(race), "--check", "all,-record-mismatch",
                        "--json", "-", *search]
                own = self.run_pinsim(*args, "--design", builtin)
                its = self.run_pinsim(*args, "--design", subject[0])
                # What cannot be asked of the design cannot be of its file.
                if own.status == USAGE and "guest_memfd" in own.err:
                    self.assertEqual((its.status, its.err), (USAGE, own.err))
                    continue
                self.assertEqual((own.err, its.err), ("", ""))
                self.assertEqual(judged(own, builtin), judged(its, name))
                self.assertNotEqual(judged(own, builtin)[0], [])

    def test_demand_ref(self):
        for cc in COMPILERS:
            made = self.make("demand_ref", "--cc", cc, *self.COMMANDS,
                             file="pin/demand_ref.c")
            self.compare("demand-ref", made, ["--executions", "150"])

    def test_eager(self):
        made = self.make("eager", "--hook", "vm_destroy=eager_vm_destroy", "--hook",
                         "mem_enc_unregister_region=eager_unregister_region",
                         file="pin/eager.c")
        self.compare("eager", made, ["--executions", "150", "--check",
                                     "all,-record-mismatch,-mapped-unpinned,"
                                     "-memlock-drift"])

    def with_slot_pins(self, name, *hooks):
        """A file and the one that it shares with others, as one."""
        text = "".join((program.ROOT / "pin" / f).read_text()
                       for f in ("slot_pins.c", name))
        file = self.dir / name
        shutil.copy(program.ROOT / "pin/slot_pins.h", self.dir)
        shutil.copy(program.ROOT / "pin/designs.h", self.dir)
        file.write_text(text)
        args = [w for h in hooks for w in ("--hook", h)]
        return self.make(name[:-2], *args, file=str(file))

    SLOT = ["alloc_memslot_metadata=sev_alloc_memslot_pins",
            "free_memslot=sev_free_memslot_pins",
            "mem_enc_register_region=sev_ignore_region",
            "mem_enc_unregister_region=sev_ignore_region",
            "vm_destroy=sev_vm_destroy_caches"]

    def test_demand_late(self):
        made = self.with_slot_pins("demand_late.c", "pin_spte=", *self.SLOT)
        self.compare("demand-late", made, ["--executions", "150"])

    def test_demand_late_in_map(self):
        made = self.with_slot_pins("demand_late.c", "pin_pfn=", *self.SLOT)
        self.compare("demand-late:in-map", made, ["--executions", "150"])

    def test_demand_takeover(self):
        made = self.with_slot_pins("demand_takeover.c", *self.SLOT)
        self.compare("demand-takeover", made, ["--executions", "150"])

    def test_exhaustively(self):
        made = self.make("demand_ref", *self.COMMANDS, file="pin/demand_ref.c")
        self.compare("demand-ref", made, ["--strategy", "exhaustive",
                                          "--preemptions", "1"])


class Verdicts(Subject):
    """Code that is wrong ends in a verdict, with its line."""

    def found(self, name, *args):
        made, _ = self.make(name, *SLOT_HOOKS, *args)
        ran = self.run_pinsim("explore", LATE, "--design", made, *FEW)
        self.assertEqual((ran.status, ran.err), (VIOLATED, ""))
        return ran.out

    def check(self, name, check, text=".", line=True):
        for cc in COMPILERS:
            with self.subTest(cc=cc):
                out = self.found(name, "--cc", cc)
                self.assertRegex(out, rf" violates {check} ")
                place = f"{name}.c:{here(f'{CODE}/{name}.c')}" if line else ""
                told = out.split(f": {check}\n  ")[1].split("\n")[0]
                self.assertIn(place, told)
                self.assertRegex(told, text)

    def test_past_the_end(self):
        self.check("past_the_end", "metadata-bounds", "beyond the end of")

    def test_plain_store(self):
        """Where two vCPUs meet; a step at access grain only."""
        place = f"plain_store.c:{here(f'{CODE}/plain_store.c')}"
        for cc in COMPILERS:
            made, _ = self.make("plain_store", *SLOT_HOOKS, "--cc", cc)
            ran = self.run_pinsim("explore", "--grain", "access", "--check",
                                  "data-race", "--design", made, *FEW,
                                  "tests/races/two-vcpus-one-gfn.race")
            self.assertEqual((ran.status, ran.err), (VIOLATED, ""))
            told = ran.out.split(": data-race\n  ")[1].split("\n")[0]
            self.assertEqual(told.count(f"sev_pin_spte ({place})"), 2)
            self.assertIn("static data", told)
            self.assertIn(f"#0 sev_pin_spte ({place})",
                          self.run_pinsim("replay", program.replay_lines(ran.out)[-1],
                                          "--design", made).out)

    def test_after_free(self):
        self.check("after_free", "use-after-free")

    def test_free_twice(self):
        self.check("free_twice", "use-after-free")

    def test_sleeps(self):
        self.check("sleeps", "sleep-in-atomic", "mmu_lock")

    def test_loops(self):
        self.check("loops", "kernel-bug", "a loop without end", line=False)

    def test_loops_in_steps(self):
        """A fair cycle, or an execution that is cut; never one that hangs."""
        made, _ = self.make("loops_in_steps", *SLOT_HOOKS)
        ran = self.run_pinsim("explore", LATE, "--design", made, *FEW)
        self.assertRegex(ran.out, "violates livelock|[1-9][0-9]* cut")

    def test_wild_store(self):
        self.check("wild_store", "kernel-bug")

    def test_wild_load(self):
        self.check("wild_load", "kernel-bug")

    def test_null_call(self):
        self.check("null_call", "kernel-bug")

    def test_divides(self):
        self.check("divides", "kernel-bug", "a division by zero")

    def test_recurses(self):
        self.check("recurses", "kernel-bug", "the stack is used up", line=False)

    def test_writes_constant(self):
        self.check("writes_constant", "kernel-bug")

    def test_state_begins_anew(self):
        """Else the BUG_ON in it triggers in the second execution."""
        out = self.found("state")
        self.assertNotIn("kernel-bug", out)
        self.assertNotIn("kernel-warn", out)

    def test_state_is_rolled_back(self):
        made, _ = self.make("state", *SLOT_HOOKS)
        ran = self.run_pinsim("explore", LATE, "--design", made, "--check",
                              "kernel-bug", "--strategy", "exhaustive",
                              "--preemptions", "1", "--verify-rollback")
        self.assertEqual((ran.status, ran.err), (OK, ""))


class Refusals(Subject):
    """What cannot be made is refused in the user's own words."""

    def refused(self, *args):
        ran = self.run_pinsim("subject", *args)
        self.assertEqual((ran.status, ran.out), (USAGE, ""))
        return ran.err

    def test_libc_name(self):
        err = self.refused("--file", f"{CODE}/calls_malloc.c")
        self.assertRegex(err, r"^tests/subject/code/calls_malloc\.c:5: "
                         r"(malloc, free|free, malloc) are not modelled: ")

    def test_unmodelled(self):
        line = here(f"{CODE}/unmodelled.c")
        for cc in COMPILERS:
            err = self.refused("--file", f"{CODE}/unmodelled.c", "--cc", cc)
            self.assertTrue(err.startswith(
                f"{CODE}/unmodelled.c:{line}: frobnicate_page() is not modelled"))
            self.assertIn(f"\n{CODE}/unmodelled.c:{line}:", err)

    def test_does_not_fit(self):
        for cc in COMPILERS:
            err = self.refused("--file", f"{CODE}/does_not_fit.c", "--cc", cc)
            self.assertEqual(
                err.split("\n")[-2], f"{CODE}/does_not_fit.c:5: sev_pin_spte does "
                "not fit hook pin_spte: expected "
                "void (struct kvm *, gfn_t, enum pg_level, kvm_pfn_t)")

    def test_no_hook(self):
        err = self.refused("--file", f"{CODE}/other_names.c")
        self.assertIn("no function that fills a hook", err)

    def test_bad_hooks(self):
        for hook in ("pin_spte", "pin=f", "pin_spte=f g", "pin_spte=1f"):
            err = self.refused("--file", f"{CODE}/other_names.c", "--hook", hook)
            self.assertIn("expected NAME=FUNCTION", err)
            self.assertEqual(err.count("\n"), 1)
        err = self.refused("--file", f"{CODE}/other_names.c", "--hook",
                           "pin_spte=not_there")
        self.assertIn("there is no function not_there for hook pin_spte", err)

    def test_bad_command_lines(self):
        some = f"{CODE}/loops.c"
        for args in ([], ["--file", some, "--tree", "."],
                     ["--file", some, "--patch", "x"],
                     ["--file", "not-there.c"], ["--tree", "."],
                     ["--file", some, "--kernel", "5.18"],
                     ["--file", some, "--cc", "no-such-compiler"],
                     ["--file", some, "--functions", "nothing"],
                     ["--file", some, "--output", "/no/such/folder/x.so"]):
            with self.subTest(args=args):
                ran = self.run_pinsim("subject", *args)
                self.assertEqual(ran.status, USAGE)
                self.assertEqual(ran.err.count("\n"), 1, ran.err)

    def test_objects_of_others(self):
        text = self.dir / "text.so"
        text.write_text("no object")
        cut = self.dir / "cut.so"
        made, _ = self.make("state")
        cut.write_bytes(pathlib.Path(made).read_bytes()[:3000])
        for path in (str(text), str(cut), "/bin/true", str(self.dir / "none.so"),
                     str(self.dir)):
            ran = self.run_pinsim("explore", LATE, "--design", path)
            self.assertEqual((ran.status, ran.out), (USAGE, ""))
            self.assertEqual(ran.err.count("\n"), 1, ran.err)

    def told_of(self, path):
        ran = self.run_pinsim("run", LATE, "--design", str(path))
        self.assertEqual((ran.status, ran.out), (USAGE, ""))
        self.assertEqual(ran.err.count("\n"), 1, ran.err)
        return ran.err

    def test_spoilt_objects(self):
        made, _ = self.make("state")
        good = pathlib.Path(made).read_bytes()
        bad = self.dir / "bad.so"
        for at in range(0, len(good) - SEAL, 1999):
            bad.write_bytes(good[:at] + bytes([good[at] ^ 0xff]) + good[at + 1:])
            self.assertIn("bad.so is damaged: make it again", self.told_of(bad))

    def test_objects_with_other_headers(self):
        """A field that one side has elsewhere must not be found by a crash."""
        made, _ = self.make("state")
        good = pathlib.Path(made).read_bytes()
        bad = self.dir / "bad.so"
        at = len(good) - SEAL + 16
        for byte in range(16):
            spoilt = bytearray(good)
            spoilt[at + byte] ^= 1
            bad.write_bytes(spoilt)
            self.assertIn("bad.so was made with other headers than this pinsim has: "
                          "make it again with 'pinsim subject'", self.told_of(bad))
        bad.write_bytes(good[:-SEAL])
        self.assertIn("not its seal", self.told_of(bad))

    def test_structs_laid_out_otherwise(self):
        for cc in COMPILERS:
            err = self.refused("--file", f"{CODE}/state.c", "--cc",
                               f"{cc} -fpack-struct=2")
            self.assertRegex(err.split("\n")[-2], r"^tests/subject/code/state\.c: with "
                             r"this compiler and its options \S+ \S+ has another size")


class Use(Subject):
    """The way of a subject through the house."""

    def test_what_is_told(self):
        _, out = self.make("other_names", *SLOT_HOOKS, "--hook", "pin_spte=my_pin")
        self.assertRegex(out, r"Subject other_names@[0-9a-f]{12} of \S+, kernel 6\.12")
        self.assertRegex(out, r"my_pin +tests/subject/code/other_names.c:5-13 +"
                         "fills pin_spte")
        self.assertIn("By KVM itself: guest_memory_reclaimed", out)
        self.assertIn("has no function for registering memory", out)
        self.assertRegex(out, r"Next:\n  pinsim explore \S+ --design /\S+\.so\n")

    def test_c_file_as_design(self):
        ran = self.run_pinsim("run", LATE, "--design", "pin/demand_ref.c")
        self.assertEqual(ran.status, VIOLATED)
        self.assertIn("took in sev_pin_one() at demand_ref.c:", ran.out)
        self.assertRegex(ran.out, r"get_page\(ram\): refs 4  demand_ref\.c:\d+")
        self.assertRegex(ran.out, r"by vcpu0 in sev_pin_one\(\) at demand_ref\.c:\d+")

    def test_lines_in_steps_and_json(self):
        ran = self.run_pinsim("run", LATE, "--design", "pin/demand_ref.c", "--steps")
        self.assertRegex(ran.out, r"sev_pin_one demand_ref\.c:\d+\n")
        ran = self.run_pinsim("run", LATE, "--design", "pin/demand_ref.c",
                              "--json", "-")
        places = {e.get("place") for r in json.loads(ran.out)["runs"]
                  for e in r["events"] if e["site"] == "sev_pin_one"}
        self.assertTrue(all(re.fullmatch(r"demand_ref\.c:\d+", p) for p in places))
        self.assertTrue(places)

    def test_replay(self):
        made, _ = self.make("demand_ref", file="pin/demand_ref.c")
        ran = self.run_pinsim("explore", LATE, "--design", made, *FEW)
        line = replay_lines(ran.out)[0]
        ran = self.run_pinsim("replay", line, "--design", made)
        self.assertEqual((ran.status, ran.err), (VIOLATED, ""))
        ran = self.run_pinsim("replay", line)
        self.assertEqual(ran.status, USAGE)
        self.assertIn("name its file with --design", ran.err)
        other, _ = self.make("sleeps", *SLOT_HOOKS)
        ran = self.run_pinsim("replay", line, "--design", other)
        self.assertEqual(ran.status, USAGE)
        self.assertIn("made with another source", ran.err)
        ran = self.run_pinsim("minimize", line, "--design", made)
        self.assertEqual(ran.status, OK)

    @unittest.skipUnless(len(COMPILERS) > 1, "only one compiler is there")
    def test_replay_across_compilers_and_folders(self):
        mine, _ = self.make("demand_ref", "--cc", "gcc", file="pin/demand_ref.c")
        shutil.copy(program.ROOT / "pin/demand_ref.c", self.dir)
        shutil.copy(program.ROOT / "pin/designs.h", self.dir)
        its, _ = self.make("elsewhere", "--cc", "clang",
                           file=str(self.dir / "demand_ref.c"))
        ran = self.run_pinsim("explore", LATE, "--design", mine, *FEW)
        ran = self.run_pinsim("replay", replay_lines(ran.out)[0], "--design", its)
        self.assertEqual((ran.status, ran.err), (VIOLATED, ""))

    def test_merge(self):
        made, _ = self.make("demand_ref", file="pin/demand_ref.c")
        parts = []
        for i in (1, 2):
            parts.append(str(self.dir / f"part{i}.json"))
            ran = self.run_pinsim("explore", LATE, "--design", made, "--strategy",
                                  "exhaustive", "--shard", f"{i}/2", "--output",
                                  parts[-1])
            self.assertEqual((ran.status, ran.err), (OK, ran.err), ran.err)
        ran = self.run_pinsim("merge", "--design", made, *parts)
        self.assertIn("violates longterm-placement", ran.out)
        self.assertEqual(self.run_pinsim("merge", *parts).status, USAGE)

    def test_access_grain(self):
        """Its replay lines belong to the subject as it was compiled."""
        made, _ = self.make("demand_ref", file="pin/demand_ref.c")
        race = "tests/races/two-vcpus-one-gfn.race"
        ran = self.run_pinsim("explore", race, "--design", made, "--grain", "access",
                              "--check", "data-race", "--executions", "300")
        line = replay_lines(ran.out)[0]
        ran = self.run_pinsim("replay", line, "--design", made)
        self.assertEqual((ran.status, ran.err), (VIOLATED, ""))
        for cc in COMPILERS[1:]:
            other, _ = self.make("demand_ref", "--cc", cc, file="pin/demand_ref.c")
            ran = self.run_pinsim("replay", line, "--design", other)
            self.assertEqual(ran.status, USAGE)

    def test_kernel_is_the_subjects(self):
        made, _ = self.make("demand_ref", "--kernel", "6.1", file="pin/demand_ref.c")
        ran = self.run_pinsim("run", LATE, "--design", made)
        self.assertIn("kernel 6.1", ran.out)
        ran = self.run_pinsim("run", LATE, "--design", made, "--kernel", "6.12")
        self.assertEqual(ran.status, USAGE)
        self.assertIn("was compiled for kernel 6.1, not 6.12", ran.err)

    def test_cache(self):
        _, first = self.make("state")
        _, again = self.make("state")
        self.assertIn("compiled now", first)
        self.assertIn("compiled before", again)
        _, other = self.make("state", "--kernel", "6.1")
        self.assertIn("compiled now", other)

    def test_own_headers_belong_to_the_source(self):
        """An edited header makes another subject, not the cached one."""
        (self.dir / "sub").mkdir()
        (self.dir / "mine.h").write_text('#include "sub/inner.h"\n')
        inner = self.dir / "sub/inner.h"
        inner.write_text("#define WHAT 1\n")
        own = self.dir / "own.c"
        own.write_text('#include "mine.h"\n' + (
            program.ROOT / "pin/demand_ref.c").read_text().replace(
                '#include "designs.h"\n', "") + "\nint what = WHAT;\n")
        _, first = self.make("own", file=str(own))
        inner.write_text("#define WHAT 2\n")
        _, second = self.make("own", file=str(own))
        self.assertIn("compiled now", second)
        self.assertNotEqual(first.split()[1], second.split()[1])

    def test_slice(self):
        _, out = self.make("demand_ref", "--functions", "sev_pin_spte,sev_free_memslot,"
                           "sev_alloc_memslot_metadata", file="pin/demand_ref.c")
        self.assertNotIn("sev_vm_destroy", out)
        self.assertIn("sev_pin_one", out)

    def test_stop(self):
        made, out = self.make("demand_ref", "--stop", "sev_pin_one",
                              file="pin/demand_ref.c")
        self.assertIn("Cut: sev_pin_one()", out)
        self.assertIn("calls sev_pin_one(), which was cut", out)
        ran = self.run_pinsim("explore", LATE, "--design", made, *FEW)
        self.assertIn("violates mapped-unpinned", ran.out)

    def test_needs(self):
        ran = self.run_pinsim("subject", "--file", f"{CODE}/unmodelled.c", "--needs")
        self.assertEqual((ran.status, ran.err), (OK, ""))
        self.assertRegex(ran.out, r"LACKS +frobnicate_page")


REPLY = """\
From: A Developer <dev@example.org>
Subject: Re: [RFC PATCH 3/6] KVM: SVM: hold pages when they are mapped
Date: Tue, 18 Jan 2022 16:36:42 +0000
Message-ID: <1@example.org>

On Tue, 18 Jan 2022, B Developer wrote:
> Pages are held when they are first mapped.
>
> Signed-off-by: B Developer <b@example.org>
> ---
>  arch/x86/kvm/svm/sev.c | 40 ++++++++++++++++++++++++++++++++++++++++
>  1 file changed, 40 insertions(+)
>
> diff --git a/arch/x86/kvm/svm/sev.c b/arch/x86/kvm/svm/sev.c
> index 1111111..2222222 100644
> --- a/arch/x86/kvm/svm/sev.c
> +++ b/arch/x86/kvm/svm/sev.c
> @@ -2100,3 +2100,43 @@ int sev_es_vcpu_reset(struct vcpu_svm *svm)
>  	return 0;
>  }
>
> +int sev_alloc_memslot_metadata(struct kvm *kvm,
> +			       const struct kvm_memory_slot *old,
> +			       struct kvm_memory_slot *new)
> +{
> +	struct kvm_arch_memory_slot *aslot = &new->arch;
> +
> +	aslot->pfns = kvcalloc(new->npages, sizeof(*aslot->pfns),
> +			       GFP_KERNEL_ACCOUNT);
> +	return aslot->pfns ? 0 : -ENOMEM;
> +}
> +
> +void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level,
> +		  kvm_pfn_t pfn)
> +{
> +	struct kvm_memory_slot *slot;
> +
> +	slot = gfn_to_memslot(kvm, gfn);
> +	if (!slot)
> +		return;
> +	get_page(pfn_to_page(pfn));
> +	if (level > PG_LEVEL_4K) {

Is it possible to take a long-term pin here instead?

Thanks
"""


class Mail(Subject):
    """A reply that cuts the patch off: what it has is tested, and said."""

    def setUp(self):
        super().setUp()
        self.mail = self.dir / "reply.txt"
        self.mail.write_text(REPLY)
        self.line = REPLY.split("\n").index("> +\tif (level > PG_LEVEL_4K) {") + 1
        self.out = str(self.dir / "reply.so")
        self.told = self.run_pinsim("subject", "--mail", str(self.mail), "--output",
                                    self.out)
        self.assertEqual((self.told.status, self.told.err), (OK, ""))

    def test_what_was_cut_off_is_told(self):
        place = f"{self.mail}: cut off at line {self.line}, closed with 2 braces"
        self.assertIn(place, self.told.out)
        self.assertIn("neither free_memslot nor vm_destroy", self.told.out)

    def test_every_report_says_so(self):
        told = (f"{self.mail}:{self.line}: the code is cut off here; "
                "what followed was NOT tested")
        ran = self.run_pinsim("explore", LATE, "--design", self.out, *FEW)
        self.assertIn(f"\n{told}\n", ran.out)
        line = replay_lines(ran.out)[0]
        for args in (["run", LATE], ["replay", line]):
            ran = self.run_pinsim(*args, "--design", self.out)
            self.assertIn(f"\n{told}\n", ran.out)
            ran = self.run_pinsim(*args, "--design", self.out, "--json", "-")
            self.assertIn(json.dumps(told)[1:-1], ran.out)
        ran = self.run_pinsim("run", LATE, "--design", self.out, "--junit", "-")
        self.assertIn(f"\n{told}\n", ran.out)
        for form in (["--json", "-"], ["--ktap"], ["--junit", "-"]):
            ran = self.run_pinsim("explore", LATE, "--design", self.out, *FEW, *form)
            self.assertIn(told, ran.out)

    def test_lines_are_the_mails(self):
        ran = self.run_pinsim("run", LATE, "--design", self.out)
        line = REPLY.split("\n").index("> +\tget_page(pfn_to_page(pfn));") + 1
        self.assertIn(f"sev_pin_spte() at reply.txt:{line}", ran.out)


PACKAGES = {v: pathlib.Path(f"/usr/src/linux-source-{v}.tar.xz")
            for v in ("6.1", "6.12")}
REGIONS = ("sev_mem_enc_register_region,sev_mem_enc_unregister_region,"
           "sev_vm_destroy")


class Package(Subject):
    """The kernel's own region functions, out of the packages' tarballs."""

    def test_regions(self):
        for version, tarball in PACKAGES.items():
            if not tarball.exists():
                continue
            with self.subTest(kernel=version):
                out = str(self.dir / f"sev-{version}.so")
                ran = self.run_pinsim("subject", "--tree", str(tarball),
                                      "--functions", REGIONS, "--output", out)
                self.assertEqual((ran.status, ran.err), (OK, ""))
                self.assertRegex(ran.out, r"sev_pin_memory +arch/x86/kvm/svm/sev\.c:\d+-\d+")
                self.assertIn(f"kernel {version},", ran.out)
                self.assertIn("Cut: sev_unbind_asid(): the simulated kernel has its own",
                              ran.out)
                ran = self.run_pinsim("explore", LATE, "--design", out, *FEW)
                self.assertEqual(ran.err, "")
                self.assertIn(f"kernel: {version}\n", ran.out)
                self.assertNotIn("leak", ran.out)


class Cache(Subject):
    """What is in the cache is bounded, whoever uses it."""

    DAY = 24 * 3600

    def objects(self):
        return sorted((self.dir / "pinsim/subjects").iterdir())

    def age(self, path, seconds):
        at = time.time() - seconds
        os.utime(path, (at, at))

    def test_what_is_old_goes(self):
        self.make("state")
        old, = self.objects()
        self.age(old, 29 * self.DAY)
        self.make("sleeps", *SLOT_HOOKS)
        self.assertEqual(len(self.objects()), 2)
        self.age(old, 31 * self.DAY)
        self.make("divides", *SLOT_HOOKS)
        self.assertEqual(len(self.objects()), 2)
        self.assertFalse(old.exists())

    def test_what_is_used_stays(self):
        self.make("state")
        old, = self.objects()
        self.age(old, 31 * self.DAY)
        _, out = self.make("state")
        self.assertIn("compiled before", out)
        self.make("sleeps", *SLOT_HOOKS)
        self.assertTrue(old.exists())

    def test_what_is_too_much_goes(self):
        folder = self.dir / "pinsim/subjects"
        folder.mkdir(parents=True)
        for i in range(4):
            (folder / f"{i}.so").write_bytes(bytes(1 << 20))
            self.age(folder / f"{i}.so", 3600 * (i + 1))
        # What others may be about to read, and what was left half removed.
        (folder / "now.so").write_bytes(bytes(1 << 20))
        (folder / "tree.gone").mkdir()
        (folder / "tree.gone/f").write_bytes(bytes(1 << 20))
        self.env["PINSIM_CACHE_MIB"] = "3"
        self.make("state")
        self.assertEqual([p.name for p in self.objects() if len(p.name) < 12],
                         ["0.so", "now.so"])

    def test_many_at_once(self):
        """None fails because another removes: each makes what it lacks."""
        self.env["PINSIM_CACHE_MIB"] = "0"
        names = ("state", "sleeps", "divides") * 4
        environ = dict(os.environ, **self.env)
        started = [subprocess.Popen(
            [program.PINSIM, "subject", "--file", f"{CODE}/{name}.c", *SLOT_HOOKS],
            cwd=program.ROOT, env=environ, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True) for name in names]
        for p in started:
            _, err = p.communicate()
            self.assertEqual((p.returncode, err), (OK, ""))
        self.assertEqual(len(self.objects()), 3)


class Installed(Subject):
    """The headers that a subject needs are enough where they are installed."""

    def test_include_folder(self):
        inc = self.dir / "include"
        shutil.copytree(program.ROOT / "fakes/include", inc)
        for room in ("core", "engine"):
            (inc / "sim" / room).mkdir(parents=True)
        for h in ("core/ledger.h", "core/lock.h", "core/step.h", "core/task.h",
                  "core/verbs.def", "core/wait.h", "engine/arena.h",
                  "engine/clean.h", "engine/footprint.h", "engine/pulse.h",
                  "engine/store.h"):
            shutil.copy(program.ROOT / "sim" / h, inc / "sim" / h)
        self.env["PINSIM_INCLUDE"] = str(inc)
        self.make("demand_ref", file="pin/demand_ref.c")
        for changed in ("linux/mm_types.h", "sim/core/step.h"):
            text = (inc / changed).read_text()
            (inc / changed).write_text(text + "\n")
            ran = self.run_pinsim("subject", "--file", "pin/demand_ref.c")
            self.assertEqual((ran.status, ran.out, ran.err.count("\n")), (USAGE, "", 1))
            self.assertIn(f"{inc}/{changed} is not the header that this pinsim was built "
                          "with", ran.err)
            (inc / changed).write_text(text)
        self.env["PINSIM_INCLUDE"] = str(self.dir)
        ran = self.run_pinsim("subject", "--file", "pin/demand_ref.c")
        self.assertEqual(ran.status, USAGE)
        self.assertIn("$PINSIM_INCLUDE", ran.err)


if __name__ == "__main__":
    program.main()
