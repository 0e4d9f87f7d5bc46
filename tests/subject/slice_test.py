#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the slicer keeps, blanks, cuts, exports and asks for.

usage: slice_test.py --slice PROGRAM --fields PROGRAM --cc COMPILER

The files are small ones of our own. Slices are compiled, so that what they
look like is not all that is tested.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

ARGS = argparse.Namespace()

DRIVER = """\
/* A driver that is not there. */
#include <there.h>
#include "private.h"
#include <missing.h>

#define LIMIT 4 /* of both
		 kinds */
#define CLAMP(x) \\
	((x) > LIMIT ? LIMIT : smallest(x))
#define UNUSED odd_one()

struct room;

struct shelf {
	struct room *room;
	int books[LIMIT];
};

enum colour { RED, GREEN };

struct room {
	enum colour colour;
};

static DEFINE_MUTEX(shelf_lock);
static int borrowed = RED;
static int unrelated;

static int smallest(int x);

#ifdef CONFIG_LOUD
static void tell(int n)
{
	shout(n);
}
#else
static void tell(int n)
{
}
#endif

static inline int
smallest(int x)
{
	return x < 0 ? 0 : x;
}

static int odd_one(void)
{
	return unrelated;
}

/* Puts one back. */
static int give_back(struct shelf *shelf, int n)
{
	lock(&shelf_lock);
	borrowed -= CLAMP(n);
	tell(borrowed);
	return shelf->books[0];
}

int lend(struct shelf *shelf)
{
	borrowed++;
	return give_back(shelf, GREEN);
}
EXPORT(lend);

static const struct ops { int (*lend)(struct shelf *); } ops = {
	.lend = lend,
};
"""

THERE = """\
#define DEFINE_MUTEX(x) int x
#define lock(x) ((void)(x))
#define EXPORT(x) extern int export_##x
void shout(int n);
struct lamp { int on; };
"""


class Slices(unittest.TestCase):
    """Runs the slicer over files in a folder of its own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.write("driver.c", DRIVER)
        os.mkdir(self.path("include"))
        self.write("include/there.h", THERE)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def run_slicer(self, *args, status=0, program=None):
        done = subprocess.run([program or ARGS.slice, *args], check=False,
                              cwd=self.folder.name, text=True,
                              capture_output=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr.strip() if status else done.stdout

    def lines(self, *args):
        return self.run_slicer(*args).splitlines()

    def middle(self, text):
        """What stands between the two "#line 1", without the #undefs that
        the slicer has put before the first function."""
        lines = text.splitlines()
        at = [n for n, line in enumerate(lines) if line.startswith("#line 1 ")]
        lines = lines[at[0] + 1:at[-1]]
        line = [n for n, line in enumerate(lines) if line.startswith("#line ")]
        if line:
            first = line[0]
            while first and lines[first - 1].startswith("#undef "):
                first -= 1
            del lines[first:line[0] + 1]
        return lines

    def compile(self, text, *options):
        self.write("slice.c", text)
        done = subprocess.run([*ARGS.cc.split(), "-std=gnu11", "-O1", "-Wall",
                               "-Wextra", "-Werror", "-Wno-unused-function",
                               "-Wno-unused-parameter", *options,
                               "-I", "include", "-c", "slice.c", "-o",
                               "slice.o"], cwd=self.folder.name, check=False,
                              text=True, capture_output=True)
        return done.returncode, done.stderr

    def symbols(self):
        done = subprocess.run(["nm", "slice.o"], cwd=self.folder.name,
                              check=True, text=True, capture_output=True)
        return {tuple(line.split()[-2:]) for line in done.stdout.splitlines()}


class Closure(Slices):
    """What comes along with a function."""

    def test_a_function_brings_what_it_uses(self):
        self.assertEqual(
            self.lines("-l", "-i", "include", "driver.c", "lend"), [
                "25-25 variable shelf_lock static exported",
                "26-26 variable borrowed static exported",
                "32-35 function tell static",
                "37-39 function tell static",
                "42-46 function smallest static exported",
                "54-60 function give_back static exported",
                "62-66 function lend named exported",
                '3 no "private.h"',
                "4 no <missing.h>",
            ])

    def test_a_leaf_brings_nothing(self):
        self.assertEqual(self.lines("-l", "driver.c", "smallest"),
                         ["42-46 function smallest static named exported"])

    def test_everything_is_in_the_whole_file(self):
        names = [line.split()[2] for line in self.lines("-l", "driver.c")]
        self.assertEqual(names, ["shelf_lock", "borrowed", "unrelated", "tell",
                                 "tell", "smallest", "odd_one", "give_back",
                                 "lend", "ops"])

    def test_a_stop_cuts(self):
        lines = self.lines("-l", "-s", "give_back", "driver.c", "lend")
        self.assertEqual(lines, ["26-26 variable borrowed static exported",
                                 "62-66 function lend named exported",
                                 "cut give_back"])

    def test_only_what_is_named_and_inline_functions(self):
        lines = self.lines("-l", "-o", "driver.c", "give_back")
        self.assertEqual([line for line in lines if "variable" not in line], [
            "42-46 function smallest static exported",
            "54-60 function give_back static named exported",
            "cut tell"])

    def test_a_name_that_is_not_there_is_told_with_near_ones(self):
        self.assertEqual(
            self.run_slicer("driver.c", "give_bak", status=1),
            "driver.c: no function give_bak in it; did you mean give_back?")
        self.assertEqual(
            self.run_slicer("-s", "leend", "driver.c", "lend", status=1),
            "driver.c: no function leend in it; did you mean lend?")
        self.assertEqual(
            self.run_slicer("-s", "lend", "driver.c", "lend", status=1),
            "driver.c: lend is both wanted and cut")

    def test_what_is_no_function_is_told_as_what_it_is(self):
        self.assertEqual(
            self.run_slicer("driver.c", "CLAMP", status=1),
            "driver.c:8:1: CLAMP is a macro here, expected a function")
        self.assertEqual(
            self.run_slicer("driver.c", "borrowed", status=1),
            "driver.c:26:1: borrowed is a variable without a body here, "
            "expected a function")

    def test_a_tag_is_not_a_function(self):
        self.write("two.c", "struct move { int a; };\nstruct other { int b; };"
                   "\nint move(struct other *o)\n{\n\treturn o->b;\n}\n")
        self.assertEqual(self.middle(self.run_slicer("two.c", "move")), [
            "", "struct other { int b; };", "int move(struct other *o)", "{",
            "\treturn o->b;", "}"])


    def test_what_a_macro_makes_brings_its_call(self):
        self.write("made.c", "struct s { int width, height; };\n"
                   "#define GET(name) static int get_##name(struct s *s) \\\n"
                   "{ return s->name; }\nGET(width)\nGET(height)\n"
                   "int f(struct s *s) { return get_width(s); }\n")
        text = self.run_slicer("made.c", "f")
        self.assertEqual(self.middle(text)[3:], [
            "GET(width)", "",
            "int f(struct s *s) { return get_width(s); }"])
        self.assertEqual(self.compile(text), (0, ""))
        self.assertEqual(self.run_slicer("-n", "made.c", "f"), "")
        self.assertEqual(
            self.run_slicer("made.c", "get_width", status=1),
            "made.c:4:1: get_width is made by a macro here, expected a "
            "function that is written out")


class Mask(Slices):
    """What a slice looks like, and that it compiles."""

    def test_lines_stay_where_they_are(self):
        text = self.run_slicer("-i", "include", "driver.c", "lend")
        self.assertEqual(text.splitlines()[0], '#line 1 "driver.c"')
        got, given = self.middle(text), DRIVER.splitlines()
        self.assertEqual(len(got), len(given))
        for n, (mine, theirs) in enumerate(zip(got, given), 1):
            self.assertIn(mine, ("", theirs), f"line {n}")
        blank = [n for n, line in enumerate(got, 1) if not line]
        kept = [line for line in given if line not in got]
        self.assertEqual(kept, [
            "/* A driver that is not there. */", '#include "private.h"',
            "#include <missing.h>", "static int unrelated;",
            "static int odd_one(void)", "\treturn unrelated;",
            "/* Puts one back. */", "EXPORT(lend);",
            "static const struct ops { int (*lend)(struct shelf *); } ops = {",
            "\t.lend = lend,", "};"][:len(kept)])
        self.assertIn(48, blank)

    def test_a_slice_compiles(self):
        for args in (["lend"], [], ["smallest"], ["-s", "give_back", "lend"],
                     ["-o", "give_back"]):
            options = [a for a in args if a.startswith("-") or a == "give_back"
                       and "-s" in args]
            names = [a for a in args if a not in options]
            text = self.run_slicer("-i", "include", *options, "driver.c",
                                   *names)
            status, err = self.compile(text)
            self.assertEqual(status, 0, err)

    def test_a_cut_function_is_somebody_elses(self):
        text = self.run_slicer("-i", "include", "-s", "give_back", "driver.c",
                               "lend")
        self.assertIn("       int (give_back)(struct shelf *shelf, int n)\n;",
                      text)
        self.assertEqual(self.compile(text)[0], 0)
        self.assertIn(("U", "give_back"), self.symbols())

    def test_a_cut_function_with_an_early_prototype(self):
        text = self.run_slicer("-i", "include", "-s", "smallest", "driver.c",
                               "lend")
        self.assertEqual(self.compile(text)[0], 0)
        self.assertIn(("U", "smallest"), self.symbols())

    def test_macros_of_the_simulator_do_not_get_in_the_way(self):
        self.write("include/there.h", THERE +
                   "int caught(const char *who);\n"
                   "#define give_back(s, n) caught(__func__)\n"
                   "#define lend(s) caught(__func__)\n"
                   "#define smallest(x) caught(__func__)\n")
        text = self.run_slicer("-i", "include", "driver.c", "lend")
        self.assertEqual(self.compile(text), (0, ""))
        self.assertNotIn(("U", "caught"), self.symbols())
        # Who calls what is cut, calls the simulator's.
        text = self.run_slicer("-i", "include", "-s", "give_back", "-s",
                               "smallest", "driver.c", "lend")
        self.assertEqual(self.compile(text), (0, ""))
        self.assertIn(("U", "caught"), self.symbols())
        # A macro in the file itself is meant.
        self.write("own.c", "#define f(x) (f)(x)\nint (f)(int x)\n{\n"
                   "\treturn x ? f(x - 1) : 0;\n}\n")
        text = self.run_slicer("own.c", "f")
        self.assertNotIn("#undef", text)
        self.assertEqual(self.compile(text), (0, ""))

    def test_undefs_stand_outside_of_conditionals(self):
        self.write("c.c", "#ifdef A\n#if B\n#endif\nint f(void) { return 0; }\n"
                   "#endif\nint g(void) { return 1; }\n")
        text = self.run_slicer("c.c", "f", "g")
        self.assertEqual(text.splitlines()[:5], [
            '#line 1 "c.c"', "#undef f", "#undef g", '#line 1 "c.c"',
            "#ifdef A"])

    def test_exports_hold_what_is_static(self):
        text = self.run_slicer("-i", "include", "driver.c", "lend")
        self.assertEqual(self.compile(text)[0], 0)
        names = {name for _, name in self.symbols()}
        self.assertLessEqual({"give_back", "smallest", "shelf_lock",
                              "borrowed", "pinsim_exports"}, names)
        self.assertIn("\t{ \"borrowed\", (void *)&borrowed, "
                      "sizeof(borrowed) },\n", text)

    def test_a_named_function_that_is_configured_away_does_not_compile(self):
        self.write("conf.c", "#ifdef CONFIG_X\nint f(void)\n{\n\treturn 1;\n}\n"
                   "#endif\n")
        text = self.run_slicer("conf.c", "f")
        status, err = self.compile(text)
        self.assertNotEqual(status, 0)
        self.assertIn("pinsim-exports:8:", err)
        self.assertEqual(self.compile(text, "-DCONFIG_X"), (0, ""))

    def test_complaints_of_the_compiler_name_the_users_line(self):
        text = self.run_slicer("driver.c", "lend").replace("borrowed++", "oops++")
        self.write("include/missing.h", "")
        self.write("include/private.h", "")
        self.assertIn("driver.c:64:", self.compile(text)[1])

    def test_items_on_one_line_keep_their_columns(self):
        self.write("one.c", "int a;\tint b; int f(void) { return b; } int c;\n")
        self.assertEqual(self.middle(self.run_slicer("one.c", "f")),
                         ["      \tint b; int f(void) { return b; }"])

    def test_a_path_with_quotes_is_escaped(self):
        self.write('a"b\\c.c', "int f(void)\n{\n\treturn x;\n}\n")
        text = self.run_slicer('a"b\\c.c', "f")
        self.assertIn('#line 1 "a\\"b\\\\c.c"\n', text)
        self.assertIn('a"b', self.compile(text)[1])

    def test_a_file_without_a_last_newline(self):
        self.write("last.c", "int f(void) { return 0; }")
        text = self.run_slicer("last.c", "f")
        self.assertEqual(self.compile(text), (0, ""))

    def test_directives_of_what_is_blanked_remain(self):
        self.write("d.c", "int g(void)\n{\n#ifdef A\n#define X 1\n#else\n"
                   "#define X 2\n#endif\n}\nint f(void)\n{\n\treturn X;\n}\n")
        text = self.run_slicer("d.c", "f")
        self.assertEqual(self.middle(text)[:8],
                         ["", "", "#ifdef A", "#define X 1", "#else",
                          "#define X 2", "#endif", ""])
        self.assertEqual(self.compile(text), (0, ""))

    def test_a_macro_made_include_is_blanked_and_told(self):
        self.write("i.c", "#include HEADER\nint f(void) { return 0; }\n")
        self.assertEqual(self.lines("-l", "-i", "include", "i.c", "f")[-1],
                         "1 no #include HEADER")


HEADER = """\
#ifndef LIBRARY_H
#define LIBRARY_H
#include <there.h>
#define WIDTH 3
#define OTHER 4
#define BIG
struct wall { int height; };
#ifdef BIG
struct room { struct wall wall[WIDTH]; int doors; };
#else
struct room { struct wall wall[1]; };
#endif
struct garden { int trees; };
static inline int doors(const struct room *room)
{
	return room->doors;
}
#endif
"""


class Headers(Slices):
    """Parts of headers."""

    def test_a_header_slice_has_no_guard_and_what_it_needs(self):
        self.write("library.h", HEADER)
        text = self.run_slicer("-t", "library.h", "room", "doors")
        self.assertEqual(text.splitlines(), [
            '#line 1 "library.h"', "", "", "", "#define WIDTH 3", "",
            "#define BIG", "struct wall { int height; };", "#ifdef BIG",
            "struct room { struct wall wall[WIDTH]; int doors; };", "#else",
            "struct room { struct wall wall[1]; };", "#endif", "",
            "static inline int doors(const struct room *room)", "{",
            "\treturn room->doors;", "}", ""])
        self.assertEqual(self.compile("#define LIBRARY_H\n" + text), (0, ""))

    def test_a_name_of_no_kind_is_refused(self):
        self.write("library.h", HEADER)
        self.assertEqual(
            self.run_slicer("-t", "library.h", "rooms", status=1),
            "library.h: no name rooms in it; did you mean room or doors?")

    def fields(self, new, old, status=0):
        self.write("new.h", textwrap.dedent(new))
        self.write("old.h", textwrap.dedent(old))
        return self.run_slicer("new.h", "old.h", "slot", status=status,
                               program=ARGS.fields)

    def test_fields_added_are_told_as_they_are_written(self):
        old = """\
            struct slot {
            	int base;
            	struct { int low, high; } range;
            	union {
            		int a;
            	};
            };
            """
        new = """\
            struct other { int unlike; };
            struct slot {
            	int base;
            	struct { int low, high; } range;
            	unsigned long *bitmap;	/* which */
            #ifdef CONFIG_A
            	int first, second[2];
            #else
            	void (*done)(struct slot *slot);
            #endif
            	union {
            		int a;
            		long b;
            	};
            	struct { int c; };
            	DECLARE_BITMAP(set, 4);
            };
            """
        self.assertEqual(self.fields(new, old).splitlines(), [
            "unsigned long *bitmap;",
            "#ifdef CONFIG_A", "int first, second[2];", "#endif",
            "#ifdef CONFIG_A", "#else", "void (*done)(struct slot *slot);",
            "#endif",
            "long b;", "struct { int c; };", "DECLARE_BITMAP(set, 4);",
            "7 added"])

    def test_no_fields_added(self):
        same = "struct slot { int a; };\n"
        self.assertEqual(self.fields(same, same), "0 added\n")

    def test_an_old_field_beside_a_new_one_is_refused(self):
        self.assertEqual(
            self.fields("struct slot {\n\tint a, b;\n};\n",
                        "struct slot { int a; };\n", status=1),
            "new.h:2:2: a new field of struct slot beside an old one, "
            "expected a declaration for each")

    def test_a_struct_that_is_not_there_is_refused(self):
        self.assertEqual(
            self.fields("struct slot { int a; };\n", "struct slot;\n",
                        status=1), "old.h: no struct slot in it")


NEEDY = """\
#define TWICE(x) ((x) * FACTOR + twist(x))

static int helper(struct lamp *lamp, handle_t *handle, unsigned mask)
{
	int (*callback)(int) = handle->callback, i;
	LIST_HEAD(todo);

	for (i = 0; i < MAX_LAMPS; i++)
		lamp->on |= callback(i) & mask;
	if (mask)
		goto out;
	add_all(&todo, (level_t)mask, sizeof(struct bulb));
	lamp->on = jiffies + TWICE(i);
out:
	for_each(lamp, &todo, on)
		lamp->watts = __builtin_popcount(IS_ENABLED(CONFIG_X));
	return NULL != lamp;
}
"""


class Needs(Slices):
    """What a slice wants from elsewhere."""

    def needs(self, *args):
        return json.loads(self.run_slicer("-j", *args))

    def test_needs_are_told_by_kind(self):
        self.write("needy.c", NEEDY)
        needs = self.needs("needy.c", "helper")
        names = {kind: [need["name"] for need in list_]
                 for kind, list_ in needs.items() if kind != "unknown"}
        self.assertEqual(names, {
            "types": ["struct bulb", "handle_t", "struct lamp", "level_t"],
            "calls": ["IS_ENABLED", "LIST_HEAD", "add_all", "for_each",
                      "twist"],
            "constants": ["FACTOR", "MAX_LAMPS", "NULL"],
            "variables": ["jiffies", "on"],
            "fields": ["callback", "on", "watts"],
        })

    def test_known_ones_name_their_header(self):
        self.write("needy.c", NEEDY)
        self.write("kernel.h", "struct bulb { int watts; };\n"
                   "struct unlike;\nint twist(int x);\n")
        needs = self.needs("-i", "include", "-e", "kernel.h", "needy.c",
                           "helper")
        found = {need["name"]: (need["known"], need["elsewhere"])
                 for kind in needs if kind != "unknown"
                 for need in needs[kind]}
        self.assertEqual(found["struct lamp"], ("there.h", None))
        self.assertEqual(found["on"], ("there.h", None))
        self.assertEqual(found["NULL"], ("stddef.h", None))
        self.assertEqual(found["struct bulb"], (None, "kernel.h"))
        self.assertEqual(found["twist"], (None, "kernel.h"))
        self.assertEqual(found["watts"], (None, "kernel.h"))
        self.assertEqual(found["handle_t"], (None, None))
        self.assertEqual(needs["unknown"], len(found) - 3)

    def test_a_tree_is_searched_from_the_file_on(self):
        self.write("Makefile", "VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 1\n")
        for name, text in {
                "mm/needy.c": '#include <linux/near.h>\n#include "own.h"\n' +
                              '#include "../../outside.h"\n' + NEEDY,
                "mm/own.h": "struct lamp { int watts; };\n",
                "include/linux/near.h": "#include <asm/far.h>\n"
                                        "#define MAX_LAMPS 3\n",
                "arch/x86/include/asm/far.h": "#include <linux/near.h>\n"
                                              "int twist(int x);\n",
                "include/linux/unseen.h": "typedef int level_t;\n"}.items():
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            self.write(name, text)
        needs = self.needs("-T", ".", "mm/needy.c", "helper")
        found = {need["name"]: need["elsewhere"] for kind in needs
                 if kind != "unknown" for need in needs[kind]
                 if need["elsewhere"]}
        self.assertEqual(found, {
            "struct lamp": "mm/own.h", "watts": "mm/own.h",
            "MAX_LAMPS": "include/linux/near.h",
            "twist": "arch/x86/include/asm/far.h"})

    def test_text_shows_what_is_lacking_first(self):
        self.write("needy.c", NEEDY)
        lines = self.lines("-n", "-i", "include", "needy.c", "helper")
        self.assertEqual(lines[:5], [
            "types: 4, of which the simulator lacks 3",
            "  LACKS    struct bulb                       line 12     -",
            "  LACKS    handle_t                          line 3      -",
            "  LACKS    level_t                           line 12     -",
            "  has      struct lamp                       line 3      there.h",
        ])

    def test_a_cut_function_is_needed(self):
        needs = self.needs("-s", "give_back", "driver.c", "lend")
        self.assertIn("give_back", [need["name"] for need in needs["calls"]])

    def test_what_the_slice_defines_is_not_needed(self):
        needs = self.needs("driver.c", "lend")
        self.assertEqual([need["name"] for kind in needs if kind != "unknown"
                          for need in needs[kind]],
                         ["DEFINE_MUTEX", "lock", "shout"])


class Large(Slices):
    """What is absurd and yet C takes no more time for it."""

    def check(self, text, *args):
        self.write("large.c", text)
        subprocess.run([ARGS.slice, *args[:-1], "large.c", args[-1]],
                       cwd=self.folder.name, check=True, timeout=60,
                       stdout=subprocess.DEVNULL)

    def test_one_name_again_and_again(self):
        self.check("int f(void);\nint a = f;\n" * 60000 +
                   "int f(void) { return a; }\n", "-l", "f")
        self.check("int f(void);\n" * 60000 + "int f(void) { return 0; }\n"
                   "int g(void) { return f(); }\n", "-s", "f", "g")
        self.check("#if A\nint f(void) { return 0; }\n#endif\n" * 40000, "f")

    def test_many_names(self):
        text = "".join(f"int f{n}(void) {{ return f{n + 1}(); }}\n"
                       for n in range(60000)) + "int f60000(void) { }\n"
        self.check(text, "-l", "f0")
        self.check(text, "-o", "f0")

    def test_many_directives_behind_a_macro(self):
        self.check("M(x)\n" + "#define A\n" * 100000 + "{\n}\n"
                   "int f(void) { }\n", "f")

    def test_many_locals(self):
        self.check("int f(void) {\n" + "".join(
            f"int l{n} = m{n};\n" for n in range(60000)) + "}\n", "-n", "f")

    def test_macros_that_grow(self):
        self.check("#define A(x) B(x) B(x) B(x) B(x)\n#define B(x) A(x##x) "
                   "A(x) int x;\n" + "A(abcdefgh)\n" * 20000 +
                   "int f(void) { }\n", "f")


def main():
    """Takes its own options, and leaves the rest to unittest."""
    parser = argparse.ArgumentParser()
    for option in ("--slice", "--fields", "--cc"):
        parser.add_argument(option, required=True)
    _, rest = parser.parse_known_args(namespace=ARGS)
    ARGS.slice = os.path.abspath(ARGS.slice)
    ARGS.fields = os.path.abspath(ARGS.fields)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
