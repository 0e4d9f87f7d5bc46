#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Code under test that no compiler refuses and no kernel survives: it ends in a
verdict with its line, or in one line that says why not; pinsim never ends with
it. tests/cli/subject_test.py has the faults that people really make.
"""
import itertools
import pathlib
import re
import shutil
import tempfile
import unittest

import program
from program import OK, USAGE, VIOLATED, pinsim

LATE = "tests/races/late-longterm-pin.race"
BASE = (program.ROOT / "tests/subject/code/base.h").read_text() if program.ROOT else ""
COMPILERS = itertools.cycle([cc for cc in ("gcc", "clang") if shutil.which(cc)])
PIN = """
static void sev_pin_spte(struct kvm *kvm, gfn_t gfn, enum pg_level level, kvm_pfn_t pfn)
{
%s}
"""
SCRIBBLE = """
	volatile unsigned long *p = (unsigned long *)%s;
	unsigned int i;

	for (i = 0; i < %s / 8; i++)
		p[i] = 0x4141414141414141UL;
"""
HELD = "\tget_page(pfn_to_page(pfn));\n\tgfn_to_memslot(kvm, gfn)->arch.pfns[0] = pfn;\n"
SPOILT = "the code under test has overwritten memory of the simulated kernel"

# Name: what stands before the hook, the hook, the check, what it says; where
# that begins with "at", the line with HERE.
ENDS = {
    "alloca_far": ("", "\tvolatile char *p = __builtin_alloca(READ_ONCE(pfn) << 12);"
                   "\t/* HERE */\n\tp[0] = 1;\n\tp[100] = 1;\n", "kernel-bug",
                   "at the stack is used up"),
    "alloca_onto_the_next": (
        "", "\tvolatile char *p = __builtin_alloca(READ_ONCE(pfn) | (80 << 10));"
        "\t/* HERE */\n\tp[0] = 1;\n", "kernel-bug", "at the stack is used up"),
    "array_of_any_size": ("", "\tvolatile char a[pfn << 8];\t/* HERE */\n\ta[0] = 1;\n",
                          "kernel-bug", "at the stack is used up"),
    "wild_call": ("static void (*volatile fn)(void) = (void (*)(void))0x7123456789abUL;",
                  "\tfn();\t/* HERE */\n", "kernel-bug", "at a BUG_ON or an oops"),
    "call_of_no_address": (
        "static void (*volatile fn)(void) = (void (*)(void))0xdead456789ab1234UL;",
        "\tfn();\t/* HERE */\n", "kernel-bug", "at a BUG_ON or an oops"),
    "call_of_data": ("static unsigned char code[16] = { 0xc3 };\n"
                     "static void *volatile where = code;",
                     "\t((void (*)(void))where)();\t/* HERE */\n", "kernel-bug",
                     "at a BUG_ON or an oops"),
    "store_to_code": ("", "\tWRITE_ONCE(*(char *)(unsigned long)sev_free_memslot, 0);"
                      "\t/* HERE */\n", "kernel-bug", "at a BUG_ON or an oops"),
    "store_to_the_kernels_code": (
        "", "\tWRITE_ONCE(*(char *)(unsigned long)gfn_to_memslot, 0);\t/* HERE */\n",
        "kernel-bug", "at a BUG_ON or an oops"),
    "trap": ("", "\tif (READ_ONCE(pfn))\n\t\t__builtin_trap();\t/* HERE */\n", "kernel-bug",
             "at what the processor traps"),
    "division_overflow": ("static long a = 1L << 63, b = -1;",
                          "\tWRITE_ONCE(a, READ_ONCE(a) / READ_ONCE(b));\t/* HERE */\n",
                          "kernel-bug", "at what the processor traps"),
    "jump_to_nowhere": ("static void *buf[5];",
                        "\tif (READ_ONCE(pfn))\n\t\t__builtin_longjmp(buf, 1);\t/* HERE */\n",
                        "kernel-bug", "in sev_pin_spte"),
    "loop_in_a_spinlock": ("static DEFINE_SPINLOCK(lock);",
                           "\tspin_lock(&lock);\n\twhile (READ_ONCE(pfn))\n"
                           "\t\tcpu_relax();\n", "kernel-bug", "a loop without end or step"),
    "lock_twice": ("static DEFINE_SPINLOCK(lock);",
                   "\tspin_lock(&lock);\n\tspin_lock(&lock);\n", "deadlock",
                   "nothing can run: vcpu0 waits for .*, held by vcpu0 itself"),
    "others_lock_released": ("", "\twrite_unlock(&kvm->mmu_lock);\t/* HERE */\n",
                             "kernel-bug", "at a BUG_ON or an oops"),
    "more_than_there_is": ("static unsigned long *p;",
                           "\tp = kmalloc(1UL << 60, GFP_ATOMIC);\t/* HERE */\n",
                           "kernel-warn", "at a WARN_ON"),
    "more_than_a_word_counts": ("static void *p, *q;",
                                "\tq = kcalloc(1UL << 61, 16, GFP_ATOMIC);\n"
                                "\tBUG_ON(q);\n\tp = kmalloc(-1UL, GFP_ATOMIC);\t/* HERE */\n",
                                "kernel-warn", "at a WARN_ON"),
    "more_than_the_machine_has": (
        "static void *p;", "\tp = kvmalloc(1UL << 31, GFP_NOWAIT);\n\tBUG_ON(p);\n"
        "\twhile (kmalloc(1 << 20, GFP_NOWAIT))\n\t\t;\n\tBUG();\t/* HERE */\n",
        "kernel-bug", "at a BUG_ON or an oops"),
    "frees_what_is_none": ("static int x;", "\tkfree(&x);\t/* HERE */\n", "kernel-bug",
                           "at a BUG_ON or an oops"),
    "frees_nowhere": ("", "\tkfree((void *)0x123456789abcUL);\t/* HERE */\n", "kernel-bug",
                      "at a BUG_ON or an oops"),
    "puts_what_is_none": ("", "\tput_page((struct page *)0x123456789abcUL);\t/* HERE */\n",
                          "kernel-bug", "at a BUG_ON or an oops"),
    "page_of_no_frame": ("", "\tget_page(pfn_to_page(1UL << 50));\t/* HERE */\n",
                         "kernel-bug", "at a BUG_ON or an oops"),
    "slot_of_no_gfn": ("", "\tgfn_to_memslot(kvm, 1UL << 40)->arch.pfns[0] = pfn;"
                       "\t/* HERE */\n", "kernel-bug", "at a BUG_ON or an oops"),
    "spoils_the_vm": ("", SCRIBBLE % ("kvm", "sizeof(*kvm)"), "kernel-bug", SPOILT),
    "spoils_its_stack": ("", "\tunsigned long here[2];" + SCRIBBLE % ("here", "(64 * 8)"),
                         "kernel-bug", "a BUG_ON or an oops in sev_pin_spte"),
    "spoils_all_stacks": ("", "\tunsigned long here[2];" + SCRIBBLE % ("here", "(1 << 20)"),
                          "kernel-bug", "a BUG_ON or an oops in sev_pin_spte"),
    "calls_itself_by_the_kernel": (
        "", "\tkvm_x86_pin_spte(kvm, gfn, level, pfn);\t/* HERE */\n", "kernel-bug",
        "at more than pinsim can follow"),
    "too_many_locks": (
        "static spinlock_t lock[200];",
        "\tint i;\n\n\tfor (i = 0; i < 200; i++) {\n\t\tspin_lock_init(&lock[i]);\n"
        "\t\tspin_lock(&lock[i]);\t/* HERE */\n\t}\n", "lock-order", "at vcpu0 takes"),
    "too_many_readers": (
        "", "\tint i;\n\n\tfor (i = 0; i < 1000; i++)\n\t\tsrcu_read_lock(&kvm->srcu);"
        "\t/* HERE */\n", "kernel-bug", "at more than pinsim can follow"),
    "puts_the_vm": ("", "\tkvm_put_kvm(kvm);\n", "deadlock", "nothing can run"),
    "unpins_a_million": (
        "", "\tstruct page *p[1] = { pfn_to_page(pfn) };\n\n"
        "\tunpin_user_pages(p, 1000000);\t/* HERE */\n", "double-unpin", "sev_pin_spte"),
    "begins_in_no_constructor": ("int main(void)\n{\n\treturn 0;\n}", "\tBUG();\t/* HERE */\n",
                                 "kernel-bug", "at a BUG_ON or an oops"),
    "barrier": ("", "\tasm volatile(\"\" : : \"r\" (pfn) : \"memory\");\n\tBUG();\t/* HERE */\n",
                "kernel-bug", "at a BUG_ON or an oops"),
}

REFUSED = {
    "asm_store": ("static long v;", "\tasm(\"movq $7, %0\" : \"=m\" (v));\t/* HERE */\n",
                  "inline assembly is not modelled"),
    "asm_that_leaves": ("", "\tif (pfn)\n\t\tasm volatile(\"syscall\" : : \"a\" (231), "
                        "\"D\" (0));\t/* HERE */\n", "inline assembly is not modelled"),
    "asm_in_a_macro": ("#define stop() asm volatile(\"hlt\")\t/* HERE */", "\tstop();\n",
                       "inline assembly is not modelled"),
    "asm_at_the_top": ("asm(\".incbin \\\"/etc/passwd\\\"\");\t/* HERE */", "",
                       "inline assembly is not modelled"),
    "constructor": ("static void __attribute__((constructor)) f(void) {}\t/* HERE */", "",
                    "constructors and destructors are not modelled"),
    "thread_local": ("static __thread int n;\t/* HERE */", "\tn++;\n",
                     "thread-local variables are not modelled"),
    "chosen_at_load": ("static void *pick(void) { return 0; }\n"
                       "void f(void) __attribute__((ifunc(\"pick\")));\t/* HERE */", "\tf();\n",
                       "functions that are chosen at load time are not modelled"),
    "too_much": ("static char big[300 << 20];", "\tWRITE_ONCE(big[pfn], 1);\n",
                 "its code and variables take more than the 256 MiB"),
    "far_too_much": ("static char big[8UL << 30];", "\tWRITE_ONCE(big[pfn], 1);\n",
                     "its code and variables take more than the 256 MiB"),
    "wide_division": ("static unsigned __int128 v = 7;", "\tv = v / pfn;\n",
                      "__udivti3 is not modelled"),
    "weak": ("extern void not_there(void) __attribute__((weak));\t/* HERE */",
             "\tnot_there();\n", "not_there is not modelled"),
    "own_page": ("", "\tvolatile char a[1 << 20];\n\n\ta[pfn] = 1;\n",
                 "frame size of .* is larger than|stack frame size"),
}


class Hostile(unittest.TestCase):
    """A folder for the code, and a cache."""

    def setUp(self):
        temp = tempfile.TemporaryDirectory()
        self.addCleanup(temp.cleanup)
        self.dir = pathlib.Path(temp.name)

    def explore(self, name, before, hook, *args):
        text = BASE + before + "\n" + PIN % hook
        path = self.dir / f"{name}.c"
        path.write_text(text)
        lines = [n for n, s in enumerate(text.split("\n"), 1) if "HERE" in s]
        cc = next(COMPILERS)
        ran = pinsim("explore", LATE, "--design", str(path), "--executions", "20",
                     "--max-steps", "3000", *args,
                     env={"XDG_CACHE_HOME": str(self.dir), "CC": cc})
        return ran, f"{name}.c:{lines[0]}" if lines else "", cc

    def test_ends_in_a_verdict(self):
        for name, (before, hook, check, told) in ENDS.items():
            with self.subTest(code=name):
                ran, place, cc = self.explore(name, before, hook)
                self.assertEqual((ran.status, ran.err), (VIOLATED, ""), f"{name} {cc}")
                found = re.search(rf": {check}\n  (.*)\n", ran.out)
                self.assertTrue(found, f"{name} {cc}: {ran.out}")
                said = told.removeprefix("at ")
                self.assertRegex(found[1], said, f"{name} {cc}")
                if said != told:
                    self.assertIn(place, found[1], f"{name} {cc}")

    def test_refused(self):
        for name, (before, hook, told) in REFUSED.items():
            with self.subTest(code=name):
                ran, place, cc = self.explore(name, before, hook)
                self.assertEqual((ran.status, ran.out), (USAGE, ""), f"{name} {cc}")
                self.assertRegex(ran.err, told, f"{name} {cc}")
                self.assertIn(place, ran.err, f"{name} {cc}")

    def test_spoilt_world_is_told(self):
        """No report about it, and no next execution, is the worse for it."""
        name = "spoils_the_vm"
        before, hook, _, _ = ENDS[name]
        for args in (["--strategy", "exhaustive", "--preemptions", "1"],
                     ["--verify-rollback"]):
            ran, _, _ = self.explore(name, before, hook, *args)
            self.assertEqual((ran.status, ran.err), (VIOLATED, ""), ran.err)
            self.assertIn(SPOILT, ran.out)
        # Who does not look sees nothing.
        ran, _, _ = self.explore(name, before, hook, "--check", "ref-leak")
        self.assertIn((ran.status, ran.err), ((VIOLATED, ""), (OK, "")))
        ran = pinsim("run", LATE, "--design", str(self.dir / f"{name}.c"),
                     env={"XDG_CACHE_HOME": str(self.dir)})
        self.assertEqual((ran.status, ran.err), (VIOLATED, ""), ran.err)
        self.assertIn(SPOILT.replace(" ", ""), re.sub(r"\s+", "", ran.out))

    def test_spoilt_page_is_told(self):
        """Who holds a page is not kept in it, so its count is known to be wrong."""
        scribble = SCRIBBLE % ("pfn_to_page(pfn)", "sizeof(struct page)")
        ran, _, _ = self.explore("held", "", HELD, "--check", "ref-leak")
        self.assertEqual((ran.status, ran.err), (OK, ""))
        ran, _, _ = self.explore("spoils_the_page", "", HELD + scribble, "--check", "ref-leak")
        self.assertEqual((ran.status, ran.err), (VIOLATED, ""))
        self.assertIn("its reference count is 1094795581 and nobody is known to hold it", ran.out)


if __name__ == "__main__":
    program.main()
