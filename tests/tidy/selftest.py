#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plants each kind of violation and sees it reported, and its nearest
neighbour that must stay silent."""

import contextlib
import io
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

import includes
import symbols
import tidy

HERE = pathlib.Path(__file__).resolve().parent
WORLD_LD = HERE.parent.parent / "sim" / "engine" / "world.ld"
CC = shlex.split(os.environ.get("CC", "cc"))
C_HEAD = f"/* {tidy.LICENSE} */\n"
SH_HEAD = f"# {tidy.LICENSE}\n"


class Planted(unittest.TestCase):
    """A tree of files in a temporary directory."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def plant(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def check(self):
        raise NotImplementedError

    def silent(self):
        self.assertEqual(self.check(), [])

    def told(self, place, what):
        """One problem, there, and about that."""
        problems = self.check()
        self.assertEqual(len(problems), 1, problems)
        self.assertTrue(problems[0].startswith(place + ":"), problems)
        self.assertIn(what, problems[0])


class Includes(Planted):
    def setUp(self):
        super().setUp()
        for path in ("sim/engine/undo.h", "sim/core/task.h", "mmu/spte.h",
                     "fakes/profile.h", "fakes/include/linux/mm.h",
                     "fakes/mm/mm_private.h", "pin/probe.h", "sim/check/check.h",
                     "sim/report/table.h", "sim/race/race.h"):
            self.plant(path, "")

    def check(self):
        return includes.Checker(str(self.root)).run()

    def file(self, path, *names):
        self.plant(path, "".join(f"#include {name}\n" for name in names))

    def world_side(self):
        """Two sources outside of the world's rooms that are built for it."""
        self.plant("sim/race/meson.build",
                   "a_src = files(\n  'actor.c',\n)\na_src += files('b.c')\n"
                   "w_actor = static_library('w_actor', a_src, "
                   "kwargs : world_kwargs)\n")
        self.plant("tests/mm/meson.build",
                   "'src' : files('gup_test.c'), "
                   "'world' : files('gup_world.c')\n")

    def test_downward_silent(self):
        self.file("sim/core/a.c", "<stdint.h>", '"sim/engine/undo.h"', '"task.h"')
        self.file("fakes/mm/gup.c", "<linux/mm.h>", '"sim/core/task.h"',
                  '"mm_private.h"', '"fakes/profile.h"')
        self.file("fakes/include/asm/a.h", "<linux/mm.h>", '"sim/core/task.h"')
        self.file("mmu/tdp.c", "<linux/mm.h>", '"spte.h"', '"mmu/spte.h"')
        self.file("mmu/tdp_probe.c", '"sim/core/task.h"', "<linux/mm.h>")
        self.file("sim/check/a.c", "<stdio.h>", '"pin/probe.h"')
        self.file("sim/race/actor.c", "<linux/mm.h>", '"sim/core/task.h"')
        self.world_side()
        self.file("sim/race/parse.y", '"parse.tab.h"')
        self.file("sim/cli/run.c", '"sim/race/race.h"', '"sim/report/table.h"')
        self.file("tests/mm/gup_test.c", "<stdio.h>", '"fakes/profile.h"')
        self.file("tests/mm/gup_world.c", "<linux/mm.h>")
        self.silent()

    def test_comment_silent(self):
        self.plant("sim/core/a.c", '/*\n#include "pin/probe.h"\n*/\n')
        self.silent()

    def test_upward_told(self):
        self.file("sim/core/a.c", '"sim/engine/undo.h"', '"fakes/profile.h"')
        self.told("sim/core/a.c:2", "upwards")

    def test_engine_to_core_told(self):
        self.file("sim/engine/a.c", '"sim/core/task.h"')
        self.told("sim/engine/a.c:1", "upwards")

    def test_room_to_tests_told(self):
        self.plant("tests/helper.h", "")
        self.file("sim/check/a.c", '"tests/helper.h"')
        self.told("sim/check/a.c:1", "upwards")

    def test_kernel_code_to_sim_told(self):
        for path in ("pin/a.c", "mmu/a.c"):
            with self.subTest(path):
                self.file(path, '"sim/core/task.h"')
                self.told(f"{path}:1", "only kernel headers")
                (self.root / path).unlink()

    def test_kernel_code_to_other_room_told(self):
        self.file("pin/a.c", '"mmu/spte.h"')
        self.told("pin/a.c:1", "only kernel headers")

    def test_kernel_header_to_fakes_told(self):
        self.file("fakes/include/linux/gfp.h", '"fakes/profile.h"')
        self.told("fakes/include/linux/gfp.h:1", "fakes/include includes")

    def test_kernel_header_in_quotes_told(self):
        self.file("fakes/mm/a.c", '"fakes/include/linux/mm.h"')
        self.told("fakes/mm/a.c:1", "write <...>")

    def test_own_header_in_angles_told(self):
        self.file("fakes/mm/a.c", "<sim/core/task.h>")
        self.told("fakes/mm/a.c:1", 'write "..."')

    def test_libc_on_world_side_told(self):
        self.world_side()
        for path in ("sim/core/a.c", "fakes/mm/a.c", "mmu/a_probe.c",
                     "sim/race/actor.c", "sim/race/b.c", "sim/race/actor.h",
                     "tests/mm/gup_world.c"):
            with self.subTest(path):
                self.file(path, "<stdio.h>")
                self.told(f"{path}:1", "not for the world side")
                (self.root / path).unlink()

    def test_kernel_header_in_core_told(self):
        self.file("sim/core/a.c", "<linux/mm.h>")
        self.told("sim/core/a.c:1", "not for the world side")

    def test_kernel_header_on_host_side_told(self):
        self.world_side()
        for path in ("sim/check/a.c", "sim/race/c.c", "tests/mm/gup_test.c"):
            with self.subTest(path):
                self.file(path, "<linux/mm.h>")
                self.told(f"{path}:1", "host side")
                (self.root / path).unlink()

    def test_missing_told(self):
        self.file("sim/check/a.c", '"sim/check/none.h"')
        self.told("sim/check/a.c:1", "no \"sim/check/none.h\"")

    def test_climbing_told(self):
        self.file("sim/check/a.c", '"../core/task.h"')
        self.told("sim/check/a.c:1", "climbs")

    def test_circle_told(self):
        self.file("sim/race/a.c", '"sim/report/table.h"')
        self.silent()
        self.file("sim/report/a.c", '"sim/race/race.h"')
        problems = self.check()
        self.assertEqual(len(problems), 2, problems)
        self.assertIn("leads back", problems[0])


class Tidy(Planted):
    def check(self):
        return tidy.Tidy(str(self.root)).run()

    def c(self, text, path="sim/check/a.c", head=C_HEAD):
        """A C file that is listed"""
        self.plant(path, head + text)
        folder, name = os.path.split(path)
        if name.endswith(".c"):
            self.plant(f"{folder}/meson.build",
                       SH_HEAD + f"src = files(\n  '{name}',\n)\n")

    def rejected(self, text, line, what, path="sim/check/a.c", head=C_HEAD):
        self.c(text, path, head)
        self.told(f"{path}:{line}", what)

    def test_good_silent(self):
        self.c("/* What // is for. */\n"
               "static const char *const url = \"http://a\";\n\n"
               "/*\n * Two lines.\n */\n"
               "int f(int a,\n\tint b)\n{\n\treturn a + b;\n}\n")
        self.plant("LICENSE", "x" * 200)
        self.plant("tests/bad/empty.race", "")
        self.silent()

    def test_licence_told(self):
        self.rejected("", 1, "SPDX", head="")

    def test_licence_other_comment_told(self):
        self.rejected("", 1, "licence comment", head=SH_HEAD)

    def test_licence_in_script_told(self):
        self.plant("a.sh", "#!/bin/sh\n\n" + SH_HEAD)
        self.told("a.sh:1", "SPDX")
        self.plant("a.sh", "#!/bin/sh\n" + SH_HEAD)
        self.silent()

    def test_line_comment_told(self):
        self.rejected("int a; // b\n", 2, "// comment")

    def test_columns_told(self):
        self.c("\t" + "a" * 92 + "\n")
        self.silent()
        self.rejected("\t" + "a" * 93 + "\n", 2, "101 columns")

    def test_columns_of_markdown_told_but_in_rows_of_tables(self):
        head = "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n"
        self.plant("a.md", head + "| " + "a" * 100 + " |\n")
        self.silent()
        self.plant("a.md", head + "a" * 101 + "\n")
        self.told("a.md:2", "101 columns")

    def test_blanks_at_end_told(self):
        self.rejected("int a; \n", 2, "blanks")

    def test_no_newline_told(self):
        self.rejected("int a;", 2, "newline")

    def test_spaces_told(self):
        self.rejected("int f(void)\n{\n        return 0;\n}\n", 4, "spaces")

    def test_space_before_tab_told(self):
        self.rejected("int f(void)\n{\n\t \treturn 0;\n}\n", 4, "tab")

    def test_not_ascii_told(self):
        self.rejected("/* \u00b5 */\n", 1, "ASCII")

    def test_long_file_told(self):
        self.c("\n" * 699)
        self.silent()
        self.rejected("\n" * 700, 701, "701 lines")

    def test_long_function_told(self):
        text = "void f(void)\n{\n" + "\tg();\n" * 68 + "}\n"
        self.c(text)
        self.silent()
        self.rejected(text.replace("}", "\tg();\n}"), 3, "71 lines")

    def test_leftover_told(self):
        self.rejected("/* FIX" "ME */\n", 2, "leftover")

    def test_machine_path_told(self):
        self.rejected('char *a = "/{}/x";\n'.format("home"), 2, "path")

    def test_chance_told(self):
        self.rejected("int f(void)\n{\n\treturn rand();\n}\n", 4, "chance")

    def test_address_told(self):
        self.rejected('char *f = "%p";\n', 2, "address")

    def test_asm_on_world_side_told(self):
        self.c('void f(void)\n{\n\tasm volatile("");\n}\n')
        self.silent()
        (self.root / "sim/check/a.c").unlink()
        self.plant("sim/check/meson.build", SH_HEAD)
        self.rejected('void f(void)\n{\n\tasm volatile("");\n}\n', 4, "world",
                      path="fakes/mm/a.c")

    def test_sim_in_kernel_code_told(self):
        self.c("void f(void)\n{\n\tsim_step();\n}\n", "pin/a_probe.c")
        self.silent()
        (self.root / "pin/a_probe.c").unlink()
        self.rejected("void f(void)\n{\n\tsim_step();\n}\n", 4,
                      "not kernel code", path="pin/a.c")

    def test_wrapping_status_told(self):
        text = "int main(void)\n{\n\treturn cmocka_run_group_tests(t, 0, 0);\n}\n"
        self.c(text.replace("0);", "0) ? 1 : 0;"), "tests/a/a_test.c")
        self.silent()
        self.rejected(text, 4, "256", path="tests/a/a_test.c")

    def test_test_not_run_told(self):
        self.rejected("static void a_b_c(void **state)\n{\n}\n", 2,
                      "never run", path="tests/a/a_test.c")

    def test_undocumented_told(self):
        self.c("int a;\n\n/* For this. */\nint f(void);\nint g(void);\n\n"
               "int h(int x);\n", "sim/check/a.h")
        self.told("sim/check/a.h:8", "h()")
        self.c("/* For that. */\nint h(int x)\n{\n\treturn x;\n}\n")
        self.silent()

    def test_unlisted_told(self):
        self.c("")
        self.plant("sim/check/b.c", C_HEAD)
        self.told("sim/check/b.c:1", "meson.build")

    def test_listed_in_comment_told(self):
        self.plant("sim/check/b.c", C_HEAD)
        self.plant("sim/check/meson.build", SH_HEAD + "# 'b.c'\n")
        self.told("sim/check/b.c:1", "meson.build")

    def test_race_untold_told(self):
        self.plant("tests/races/two-gfns.race", SH_HEAD)
        self.plant("README.md", SH_HEAD + "two-gfns-more and no-two-gfns\n")
        self.told("tests/races/two-gfns.race:1", "manual")
        self.plant("sim/cli/man/a.5", SH_HEAD + "two\\-gfns\n")
        self.silent()

    def test_race_that_is_none_told(self):
        self.plant("tests/races/a.race", SH_HEAD)
        self.plant("README.md", SH_HEAD + "a, tests/races/b.race\n")
        self.told("README.md:1", "no race b")


class Symbols(Planted):
    """Real archives, the real libc, and the real linker script."""

    def setUp(self):
        super().setUp()
        self.libc = self.cc("-print-file-name=libc.so.6").strip()
        self.program = []

    def cc(self, *args):
        return subprocess.run([*CC, *args], cwd=self.root, check=True,
                              text=True, stdout=subprocess.PIPE).stdout

    def archive(self, name, text):
        self.plant(f"{name}.c", text)
        self.cc("-fno-builtin", "-fdata-sections", "-fno-common", "-w",
                "-c", f"{name}.c", "-o", f"{name}.o")
        subprocess.run(["ar", "rc", f"{name}.a", f"{name}.o"], cwd=self.root,
                       check=True)

    def check(self):
        archives = sorted(str(p) for p in self.root.glob("libw_*.a"))
        argv = ["symbols.py", "--libc", self.libc,
                "--allow", str(HERE / "symbols.allow"), *self.program,
                *archives]
        out = io.StringIO()
        sys.argv, before = argv, sys.argv
        with contextlib.redirect_stdout(out), \
                contextlib.redirect_stderr(io.StringIO()):
            status = symbols.main()
        sys.argv = before
        lines = out.getvalue().replace(f"{self.root}/", "").splitlines()
        self.assertEqual(status, 1 if lines else 0)
        return lines

    def test_good_silent(self):
        self.archive("libw_a", "int g(void); void sim_step(void);\n"
                     "static int pause; int f(void) { sim_step(); "
                     "return g() + pause++; }\n")
        self.archive("libw_b", "int g(void) { return 0; }\n")
        self.silent()

    def test_libc_name_told(self):
        self.archive("libw_a", "void pause(void) {}\n")
        self.told("libw_a.a", "defines pause")

    def test_libc_variable_told(self):
        self.archive("libw_a", "int optind = 1;\n")
        self.told("libw_a.a", "defines optind")

    def test_libc_call_told(self):
        self.archive("libw_a", "void f(void) { abort(); }\n")
        self.told("libw_a.a", "wants abort")

    def test_unlisted_name_told(self):
        self.archive("libw_a", "void f(void) { host_helper(); }\n")
        self.told("libw_a.a", "wants host_helper")

    def test_not_libc_told(self):
        self.archive("libw_a", "void f(void) {}\n")
        self.libc = str(self.root / "libw_a.o")
        self.assertIn("is this libc", self.check()[0])

    DATA = ("int zero, one = 1, _under, __under, __global, relx = 2;\n"
            "int *rel = &zero; static int __g = 3, r;\n"
            "int *f(int i) { static int once; int *a[] = { &zero, &one, "
            "&_under, &__under, &__global, &relx, (int *)&rel, &__g, &r, "
            "&once }; return a[i]; }\n")

    def link(self, *args):
        self.archive("libw_a", self.DATA)
        self.plant("main.c", "int *f(int i); extern char "
                   "sim_world_data_start[], sim_world_data_end[];\n"
                   "int main(void) { return *f(0) + (sim_world_data_start "
                   "== sim_world_data_end); }\n")
        self.cc("main.c", "libw_a.a", "-o", "prog", *args)
        self.program = ["--program", str(self.root / "prog")]

    def test_data_in_range_silent(self):
        self.link(f"-Wl,-T,{WORLD_LD}")
        self.silent()

    def test_data_out_of_range_told(self):
        # The script as it would be without its line for names with "__".
        text = WORLD_LD.read_text(encoding="utf-8")
        self.assertIn(".bss.__[!g]*", text)
        self.plant("less.ld", text.replace(".bss.__[!g]*", ""))
        self.link("-Wl,-T,less.ld")
        self.told("libw_a.a", "__under is outside")

    def test_no_range_told(self):
        self.link("-Wl,--defsym=sim_world_data_start=0",
                  "-Wl,--defsym=sim_world_data_end=0")
        self.assertIn("is outside", self.check()[0])
        self.cc("-x", "c", "/dev/null", "-c", "-o", "prog")
        self.assertIn("not linked with world.ld", self.check()[0])


if __name__ == "__main__":
    unittest.main()
