/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scan of C texts that are hard to scan, and of what is no C.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/subject/scan.h"

struct piece {
	const char *name;
	const char *text;
	const char *items;	/* "kind name line-line, ..." */
};

static const struct piece pieces[] = {
	{ "nothing", "", "" },
	{ "blanks", " \n\t\n", "" },
	{ "comments", "/* int a; */\n// int b;\n", "" },
	{ "variable", "int a;", "variable a 1-1" },
	{ "two variables", "int a; int b;", "variable a 1-1, variable b 1-1" },
	{ "initialiser", "static int a[] = {\n\t1,\n};\n", "variable a 1-3" },
	{ "designators", "struct ops o = { .f = f, .g = { 1 } };",
	  "variable o 1-1" },
	{ "compound literal", "struct x *p = &(struct x){ 1 };",
	  "variable p 1-1" },
	{ "statement expression", "int a = ({ int b = 1; b; });\nint c;",
	  "variable a 1-1, variable c 2-2" },
	{ "array of functions", "static int (*f[])(int) = {\n\tg, h };",
	  "variable f 1-2" },
	{ "attribute before the name", "static __read_mostly bool on = true;",
	  "variable on 1-1" },
	{ "attribute behind the name", "u32 n __aligned(8) = 1;",
	  "variable n 1-1" },
	{ "attribute nobody knows", "int n __shiny(8) = 1;",
	  "variable n 1-1" },
	{ "function", "int f(void)\n{\n\treturn 0;\n}\n", "function f 1-4" },
	{ "type on its own line", "static struct x *\nf(int a)\n{\n}\n",
	  "function f 1-4" },
	{ "prototype", "int f(int a,\n\tint b);\n", "prototype f 1-2" },
	{ "function that returns a function",
	  "static void (*f(int a))(int)\n{\n}\n", "function f 1-3" },
	{ "name in brackets", "int (f)(void)\n{\n}\n", "function f 1-3" },
	{ "pointer to a function", "int (*f)(void);", "variable f 1-1" },
	{ "nested brackets", "int f(int (*g)(int (*)(void)), int a[(1)])\n{}",
	  "function f 1-2" },
	{ "attributes around a function",
	  "__printf(1, 2)\nstatic __init int f(void) __must_hold(a)\n{\n}\n",
	  "function f 1-4" },
	{ "GNU attribute before the body",
	  "int f(void) __attribute__((cold, section(\"a{b\")))\n{\n}",
	  "function f 1-3" },
	{ "attribute that takes arguments nobody knows",
	  "static __always_inline __grow(2) void *f(void)\n{\n}\n",
	  "function f 1-3" },
	{ "underscores in front", "void noinstr __f(int a)\n{\n}\n",
	  "function __f 1-3" },
	{ "struct that is returned", "struct x f(void)\n{\n}\nint a;",
	  "function f 1-3, variable a 4-4" },
	{ "old style", "int f(a, b)\n\tint a;\n\tchar *b;\n{\n}\nint c;",
	  "function f 1-5, variable c 6-6" },
	{ "oldest style", "main(argc, argv)\nchar **argv;\n{\n}\n",
	  "function main 1-4" },
	{ "struct", "struct x {\n\tint a;\n};\n", "struct x 1-3" },
	{ "struct without a name", "struct {\n\tint a;\n} x;", "variable x 1-3" },
	{ "struct with a variable", "static struct x {\n\tint a;\n} y, *z;",
	  "variable y 1-3" },
	{ "struct with attributes",
	  "struct __attribute__((packed)) x {\n\tint a;\n} __aligned(8);\n",
	  "struct x 1-3" },
	{ "struct with an attribute nobody knows",
	  "struct __even(8) x { int a; };\nint b;",
	  "struct x 1-1, variable b 2-2" },
	{ "struct that is declared", "struct x;\nunion y;\nenum z;\n",
	  "struct x 1-1, union y 2-2, enum z 3-3" },
	{ "nested structs", "struct x { struct { int a; } b; union { int c; }; };",
	  "struct x 1-1" },
	{ "enum", "enum x { A, B = (1 << 2), };\nenum { C };\nenum y : u8 { D };",
	  "enum x 1-1, enum - 2-2, enum y 3-3" },
	{ "typedefs", "typedef int (*f_t)(int);\ntypedef struct { int a; } s_t;\n"
	  "typedef unsigned long u_t;\ntypedef foo_t bar_t;",
	  "typedef f_t 1-1, typedef s_t 2-2, typedef u_t 3-3, typedef bar_t 4-4" },
	{ "macro that defines", "static DEFINE_MUTEX(lock);\nLIST_HEAD(list);\n"
	  "DEFINE_PER_CPU(struct x *, y) = {\n};\nDECLARE_BITMAP(map, 8);",
	  "variable lock 1-1, variable list 2-2, variable y 3-4, "
	  "variable map 5-5" },
	{ "macro that declares", "DECLARE_PER_CPU(int, n);\nint n;",
	  "variable n 1-1, variable n 2-2" },
	{ "macro with a ;", "EXPORT_SYMBOL_GPL(f);\nmodule_init(f);",
	  "call EXPORT_SYMBOL_GPL 1-1, call module_init 2-2" },
	{ "macro without one",
	  "subsys_initcall(f)\nstatic int g(void)\n{\n}\nMODULE(a)\n",
	  "call subsys_initcall 1-1, function g 2-4, call MODULE 5-5" },
	{ "macros without one", "A(x)\nB(y)\n\nint c;",
	  "call A 1-1, call B 2-2, variable c 4-4" },
	{ "macro before a static", "static STATE(a)\nstatic int b;",
	  "call STATE 1-1, variable b 2-2" },
	{ "macro that makes a type", "PUBLIC(int) f(void)\n{\n}\n",
	  "function f 1-3" },
	{ "macro with neither", "int a;\nLAST_WORDS\n",
	  "variable a 1-1, call LAST_WORDS 2-2" },
	{ "system call", "SYSCALL_DEFINE3(move, int, a, int, b, int, c)\n{\n}\n"
	  "COMPAT_SYSCALL_DEFINE0(halt)\n{\n}\n",
	  "function move 1-3, function halt 4-6" },
	{ "function that a macro heads", "static BPF_CALL_1(probe, int, a)\n{\n}",
	  "function probe 1-3" },
	{ "assembler", "asm(\".globl x{\\n\"\n\"x:\");\nint a;",
	  "other - 1-2, variable a 3-3" },
	{ "assertion", "static_assert(sizeof(int) == 4);\n_Static_assert(1, \"\");",
	  "call static_assert 1-1, call _Static_assert 2-2" },
	{ "linkage", "extern \"C\" {\nint f(void)\n{\n}\n}\nint a;",
	  "linkage - 1-1, function f 2-4, linkage - 5-5, variable a 6-6" },
	{ "linkage of one", "extern \"C\" int f(void);", "prototype f 1-1" },
	{ "stray ;", ";;int a;;\nint f(void)\n{\n};\nint b;",
	  "variable a 1-1, function f 2-4, variable b 5-5" },
	{ "braces in strings", "const char *a = \"{\\\"{\", b = '{', c = '\\'';\n"
	  "int d;", "variable a 1-1, variable d 2-2" },
	{ "comments in strings", "char *a = \"/*\";\nint b; /* \" */",
	  "variable a 1-1, variable b 2-2" },
	{ "strings in comments", "/* it's \" */ int a; // don't {\nint b;",
	  "variable a 1-1, variable b 2-2" },
	{ "spliced string", "char *a = \"{\\\n{\";\nint b;",
	  "variable a 1-2, variable b 3-3" },
	{ "spliced comment", "// int a; \\\nint b;\nint c;", "variable c 3-3" },
	{ "spliced comment's end", "/* int a; *\\\n/ int b; /\\\n* } */ int c;",
	  "variable b 2-2, variable c 3-3" },
	{ "spliced name", "int lo\\\nng_name;", "variable lo\\\nng_name 1-2" },
	{ "carriage returns", "int a; \\\r\nint b;\r\n#define X \\\r\n {\r\nint c;",
	  "variable a 1-1, variable b 2-2, variable c 5-5" },
	{ "splices of two characters", "int \\\r\na;\\\r\n\nint b\\\r\nc;",
	  "variable a 1-2, variable b\\\r\nc 4-5" },
	{ "comments spliced by two characters",
	  "/\\\r\n* int a; *\\\r\n/ int b; // x \\\r\nint c;\n/\\\r\n/ y\nint d;",
	  "variable b 3-3, variable d 7-7" },
	{ "quoted and spliced by two characters",
	  "char *a = \"{\\\r\n\\\\\\\"{\", b = '\\\r\n{';\r\nint c;",
	  "variable a 1-3, variable c 4-4" },
	{ "number in pieces", "int a = 1\\\r\n2\\\n.\\\n5;\nint b;",
	  "variable a 1-4, variable b 5-5" },
	{ "directive spliced by two characters",
	  "#define A \"\\\r\n{\" '{' \\\r\n {\r\nint a;\r\n", "variable a 4-4" },
	{ "carriage returns at the end", "int a;\r\n#define A {\r", "variable a 1-1" },
	{ "splice at the end", "int a;\\\r\n", "variable a 1-1" },
	{ "division", "int a = 4 / 2 /\\\n1;\nint b;", "variable a 1-2, variable b 3-3" },
	{ "digraphs", "int f(void)\n<%\n\tint a<:1:>;\n%>\nint b;",
	  "function f 1-4, variable b 5-5" },
	{ "numbers", "int a = 0x1p-3, b = .5e+1, c = 1.;\nint d;",
	  "variable a 1-1, variable d 2-2" },
	{ "mark at the beginning", "\xef\xbb\xbfint a;", "variable a 1-1" },
	{ "name in UTF-8", "int \xc3\xa4;", "variable \xc3\xa4 1-1" },
	{ "macro in braces", "#define OPEN {\n#define CLOSE \\\n\t}\nint a;",
	  "variable a 4-4" },
	{ "comment in a directive", "#define A 1 /* {\n{ */ + 1\nint b;",
	  "variable b 3-3" },
	{ "apostrophe in an error", "#if 1\n#else\n#error don't\n#endif\nint a;",
	  "variable a 5-5" },
	{ "directive behind a comment", "/*\n*/ #define X {\nint b;",
	  "variable b 3-3" },
};

static const struct piece branches[] = {
	{ "two bodies", "int f(void)\n#ifdef A\n{\n\treturn 1;\n}\n#else\n{\n}\n"
	  "#endif\nint a;", "function f 1-8, variable a 10-10" },
	{ "two heads", "#ifdef A\nint f(int a)\n{\n#else\nint f(void)\n{\n#endif\n"
	  "}\nint b;", "function f 2-8, variable b 9-9" },
	{ "two heads before the brace", "#ifdef A\nint f(int a)\n#else\n"
	  "static int f(void)\n#endif\n{\n}\nint b;",
	  "function f 2-7, variable b 8-8" },
	{ "two functions", "#ifdef A\nint f(void)\n{\n}\n#elif B\nint g(void)\n{\n"
	  "}\n#else\nint h;\n#endif", "function f 2-4, function g 6-8, "
	  "variable h 10-10" },
	{ "brace in both branches", "int f(void)\n{\n#ifdef A\n\tif (a) {\n#else\n"
	  "\tif (b) {\n#endif\n\t}\n}\nint c;",
	  "function f 1-9, variable c 10-10" },
	{ "end in both branches", "int f(void)\n{\n#ifdef A\n}\n#else\n\tg();\n}\n"
	  "#endif\nint c;", "function f 1-7, variable c 9-9" },
	{ "function in a branch that ends another", "int f(void)\n#ifdef A\n{\n}\n"
	  "int g(void)\n#else\n#endif\n{\n}\nint c;",
	  "function f 1-9, variable c 10-10" },
	{ "brace in one branch", "int f(void)\n{\n#ifdef A\n\tif (a) {\n#endif\n"
	  "\tg();\n#ifdef A\n\t}\n#endif\n}\nint c;",
	  "function f 1-10, variable c 11-11" },
	{ "bracket in one branch", "int a = (\n#ifdef A\n1)\n#else\n2)\n#endif\n;\n"
	  "int b;", "variable a 1-7, variable b 8-8" },
	{ "error for an answer", "#ifdef A\nint f(int a)\n{\n#else\n#error no\n"
	  "#endif\n}\nint b;", "function f 2-7, variable b 8-8" },
	{ "if 0", "#if 0\nit's { no \" C\n#ifdef B\n{\n#endif\n#else\nint a;\n"
	  "#endif\nint b;", "variable a 7-7, variable b 9-9" },
	{ "if 1", "#if 1\nint a;\n#else\nit's {\n#endif\nint b;",
	  "variable a 2-2, variable b 6-6" },
	{ "assembler only", "#ifdef __ASSEMBLY__\n.macro a\n# it's\n.endm\n#else\n"
	  "int a;\n#endif\n#if !defined(__ASSEMBLER__)\nint b;\n#else\n'\n#endif",
	  "variable a 6-6, variable b 9-9" },
	{ "macro before a branch", "late_initcall(f)\n#ifdef A\nint g(void)\n{\n}\n"
	  "#else\nint h(void)\n{\n}\n#endif",
	  "call late_initcall 1-1, function g 3-5, function h 7-9" },
	{ "macro whose body is in branches", "SYSCALL_DEFINE0(a)\n#ifdef A\n{\n}\n"
	  "#else\n{\n}\n#endif\nint b;", "function a 1-7, variable b 9-9" },
	{ "guard", "#ifndef A\n#define A\nint a;\n#endif", "variable a 3-3" },
};

static const struct piece refused[] = {
	{ "comment", "int a;\n /* int b;", "t.c:2:2: a comment that is not closed" },
	{ "comment in a directive", "#define A /* x\n",
	  "t.c:1:11: a comment that is not closed" },
	{ "string", "char *a =\n\t\"b;\n", "t.c:2:2: a string that is not closed on "
	  "its line" },
	{ "character", "char a = 'b;\n", "t.c:1:10: a character constant that is "
	  "not closed on its line" },
	{ "string at the end", "char *a = \"b\\", "t.c:1:11: a string that is not "
	  "closed on its line" },
	{ "open brace", "int f(void)\n{\n\tif (a) {\n}\n",
	  "t.c:2:1: a '{' that is not closed" },
	{ "open bracket", "int f(void", "t.c:1:6: a '(' that is not closed" },
	{ "closing brace", "int a;\n}\n", "t.c:2:1: a '}' that closes nothing" },
	{ "closing bracket", "int a);", "t.c:1:6: a ')' that closes nothing" },
	{ "crossed", "int f(void)\n{\n\tg(a};\n}",
	  "t.c:3:5: a '}' where the '(' of line 3 is still open" },
	{ "body alone", "int a;\n{\n}\n",
	  "t.c:2:1: a '{' with nothing before it that it could be the body of" },
	{ "body of a prototype", "int f(int a);\n{\n}\n",
	  "t.c:2:1: a '{' with nothing before it that it could be the body of" },
	{ "half an item", "int a;\n\nint b\n", "t.c:3:1: the file ends within what "
	  "begins here, expected ';' or a body" },
	{ "else alone", "int a;\n#else\n", "t.c:2:1: an #else without an #if" },
	{ "elif alone", "#elif A\n", "t.c:1:1: an #elif without an #if" },
	{ "endif alone", " #endif\n", "t.c:1:2: an #endif without an #if" },
	{ "open if", "int a;\n#ifdef A\n#ifdef B\n#endif\n",
	  "t.c:2:1: a conditional without an #endif" },
	/* A comment is a blank: what follows it is not the first in its line. */
	{ "no directive", "int a; /*\n*/ # define X {\nint b;",
	  "t.c:2:4: a '#' that is not the first in its line" },
	{ "open linkage", "extern \"C\" {\nint a;\n",
	  "t.c:3:1: the '{' of an extern \"C\" is not closed" },
};

static void scan_text(const char *text, size_t size,
		      struct subject_source *source, struct subject_scan *scan)
{
	struct subject_error err;

	if (subject_source_from(source, "t.c", text, size, &err))
		fail_msg("%s", err.text);
	if (subject_scan(scan, source, &err))
		fail_msg("%s", err.text);
}

static void check_items(const struct piece *piece)
{
	struct subject_source source;
	struct subject_scan scan;
	struct subject_text got = { 0 };
	uint32_t i;

	scan_text(piece->text, strlen(piece->text), &source, &scan);
	subject_text_puts(&got, "");
	for (i = 0; i < scan.nr_items; i++)
		subject_text_printf(&got, "%s%s %s %u-%u", i ? ", " : "",
				    subject_kind_word(scan.item[i].kind),
				    *scan.item[i].name ? scan.item[i].name : "-",
				    scan.item[i].line, scan.item[i].end_line);
	if (strcmp(got.at, piece->items))
		fail_msg("%s:\n  is        %s\n  should be %s", piece->name,
			 got.at, piece->items);
	subject_text_free(&got);
	subject_scan_free(&scan);
	subject_source_free(&source);
}

static void scan_of_a_piece_finds_its_items(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		check_items(&pieces[i]);
}

static void scan_of_branches_keeps_them_apart(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(branches) / sizeof(branches[0]); i++)
		check_items(&branches[i]);
}

static void check_refused(const char *name, const char *text, size_t size,
			  const char *why)
{
	struct subject_source source;
	struct subject_scan scan;
	struct subject_error err = { "" };
	int r;

	r = subject_source_from(&source, "t.c", text, size, &err);
	if (!r) {
		r = subject_scan(&scan, &source, &err);
		if (!r)
			subject_scan_free(&scan);
		subject_source_free(&source);
	}
	if (!r || strcmp(err.text, why))
		fail_msg("%s:\n  is        %s\n  should be %s", name,
			 r ? err.text : "(taken)", why);
}

static void scan_of_malformed_text_is_refused_at_its_place(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		check_refused(refused[i].name, refused[i].text,
			      strlen(refused[i].text), refused[i].items);
}

static void source_with_a_nul_is_refused(void **state)
{
	check_refused("NUL", "int a;\nint\0b;", 13,
		      "t.c:2:4: a NUL byte, this is no C text");
}

static void source_of_an_absurd_size_is_refused(void **state)
{
	size_t size = SUBJECT_SOURCE_MAX + 1;
	char *text = malloc(size);

	assert_non_null(text);
	memset(text, ' ', size);
	check_refused("size", text, size,
		      "t.c: more than 32 MiB, too much for a source");
	free(text);
}

/* @n times @what, then @then. */
static void check_many(const char *what, size_t n, const char *then,
		       const char *why)
{
	struct subject_text text = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		subject_text_puts(&text, what);
	subject_text_puts(&text, then);
	check_refused(what, text.at, text.len, why);
	subject_text_free(&text);
}

static void scan_of_too_much_of_something_is_refused(void **state)
{
	check_many("(", SUBJECT_DEPTH_MAX + 1, "",
		   "t.c:1:513: more than 512 brackets in each other");
	check_many("#if A\n", SUBJECT_DEPTH_MAX + 1, "",
		   "t.c:513:1: more than 512 conditionals in each other");
	check_many("a;", SUBJECT_ITEMS_MAX + 1, "",
		   "t.c:1:2000001: more than 1000000 things at file scope");
	check_many("#\n", SUBJECT_ITEMS_MAX + 1, "",
		   "t.c:1000001:1: more than 1000000 directives");
}

static void source_that_is_not_there_is_refused(void **state)
{
	struct subject_source source;
	struct subject_error err;

	assert_true(subject_source_read(&source, "nowhere/t.c", &err) < 0);
	assert_string_equal(err.text,
			    "nowhere/t.c: No such file or directory");
}

static void directives_are_told_with_their_items(void **state)
{
	static const char text[] =
		"#include <linux/mm.h>\n# include \"a b.h\"\n#include X\n"
		"int f(void)\n{\n#define A(b) \\\n\tb\n#undef A\n}\n#if 0\n"
		"#pragma p\n#endif\n#line 3\n";
	static const struct {
		enum subject_directive kind;
		uint32_t line, end_line, item;
		bool skipped, quoted;
		const char *name;
	} wanted[] = {
		{ SUBJECT_INCLUDE, 1, 1, SUBJECT_NO_ITEM, false, false,
		  "linux/mm.h" },
		{ SUBJECT_INCLUDE, 2, 2, SUBJECT_NO_ITEM, false, true, "a b.h" },
		{ SUBJECT_INCLUDE, 3, 3, SUBJECT_NO_ITEM, false, false, "" },
		{ SUBJECT_DEFINE, 6, 7, 0, false, false, "A" },
		{ SUBJECT_UNDEF, 8, 8, 0, false, false, "A" },
		{ SUBJECT_IF, 10, 10, SUBJECT_NO_ITEM, false, false, "" },
		{ SUBJECT_OTHER_DIRECTIVE, 11, 11, SUBJECT_NO_ITEM, true, false,
		  "" },
		{ SUBJECT_ENDIF, 12, 12, SUBJECT_NO_ITEM, true, false, "" },
		{ SUBJECT_LINE, 13, 13, SUBJECT_NO_ITEM, false, false, "" },
	};
	struct subject_source source;
	struct subject_scan scan;
	uint32_t i;

	scan_text(text, strlen(text), &source, &scan);
	assert_int_equal(scan.nr_directives,
			 sizeof(wanted) / sizeof(wanted[0]));
	for (i = 0; i < scan.nr_directives; i++) {
		const struct subject_line *line = &scan.directive[i];

		assert_int_equal(line->kind, wanted[i].kind);
		assert_int_equal(line->line, wanted[i].line);
		assert_int_equal(line->end_line, wanted[i].end_line);
		assert_int_equal(line->item, wanted[i].item);
		assert_int_equal(line->skipped, wanted[i].skipped);
		assert_int_equal(line->quoted, wanted[i].quoted);
		assert_string_equal(line->name, wanted[i].name);
	}
	subject_scan_free(&scan);
	subject_source_free(&source);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(scan_of_a_piece_finds_its_items),
		cmocka_unit_test(scan_of_branches_keeps_them_apart),
		cmocka_unit_test(scan_of_malformed_text_is_refused_at_its_place),
		cmocka_unit_test(source_with_a_nul_is_refused),
		cmocka_unit_test(source_of_an_absurd_size_is_refused),
		cmocka_unit_test(source_that_is_not_there_is_refused),
		cmocka_unit_test(scan_of_too_much_of_something_is_refused),
		cmocka_unit_test(directives_are_told_with_their_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
