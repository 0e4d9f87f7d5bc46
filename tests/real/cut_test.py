#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""cut.py over a file of our own."""

import unittest

import cut

TEXT = r'''/* a brace { in a comment */
#include <linux/list.h>
#include <not/there.h>
#include "near.h"
#define TWICE(x) \
	do { (x)++; } while (0)

struct pair {
	int a, b;
};

struct pair *find(int n);

static DEFINE_MUTEX(guard);

static const char *text = "a { in a string";

static noinline long __must_hold(&lock)
other(struct pair *p, int n)
{
	return n;	/* } */
}

#ifdef CONFIG_A
static int twin(void)
{
#else
static int twin(int x)
{
#endif
	if ('{')
		return 1;
	return 0;
}

struct pair *find(int n)
{
	return other(0, n) ? 0 : 0;
}
'''


class Cut(unittest.TestCase):
    def cut(self, keep, stop=(), **more):
        return cut.cut(TEXT, "t.c", set(keep), set(stop), [], ["fakes/include"], **more)

    def test_lines_stay_where_they_were(self):
        text, functions = self.cut(["find"])
        lines = text.split("\n")[1:]
        self.assertEqual(functions, [("find", 36, 39)])
        self.assertEqual(lines[35], "struct pair *find(int n)")
        self.assertEqual(lines[34], "#undef find")
        self.assertEqual(lines[8].strip(), "")

    def test_unknown_includes_go_and_directives_stay(self):
        text, _ = self.cut(["find"])
        self.assertNotIn("there.h", text)
        self.assertNotIn("near.h", text)
        self.assertIn("#ifdef CONFIG_A", text)
        self.assertIn("do { (x)++; } while (0)", text)

    def test_a_stopped_function_becomes_a_prototype(self):
        text, _ = self.cut(["find"], ["other"])
        self.assertIn("long __must_hold(&lock) other(struct pair *p, int n);", text)
        self.assertNotIn("return n;", text)

    def test_branches_share_a_body(self):
        items, _ = cut.items_of(TEXT)
        self.assertEqual([i.name for i in items if i.is_function],
                         ["other", "twin", "find"])

    def test_types_by_tag(self):
        text, _ = self.cut(["struct pair"])
        self.assertIn("int a, b;", text)
        self.assertNotIn("find(", text)

    def test_variables_that_a_macro_makes(self):
        text, _ = self.cut(["variable guard"])
        self.assertIn("static DEFINE_MUTEX(guard);", text)

    def test_whole_is_all_but_stops(self):
        text, _ = self.cut([], ["twin"], whole=True)
        self.assertIn("a { in a string", text)
        self.assertNotIn("return 1;", text)

    def test_a_name_that_is_not_there_is_refused(self):
        with self.assertRaisesRegex(cut.CutError, "t.c: no gone, struct gone"):
            self.cut(["gone", "struct gone", "find"])


if __name__ == "__main__":
    unittest.main()
