/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names and signatures of items, and what a slice tells of a source that was
 * cut off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/subject/slice.h"

/**
 * struct text - a text and what was found in it
 * @source: the text
 * @scan: its items
 * @names: their names
 */
struct text {
	struct subject_source source;
	struct subject_scan scan;
	struct subject_names names;
};

static void take(struct text *t, const char *text)
{
	struct subject_error err;

	if (subject_source_from(&t->source, "t.c", text, strlen(text), &err) ||
	    subject_scan(&t->scan, &t->source, &err))
		fail_msg("%s", err.text);
	subject_names_of(&t->names, &t->scan);
}

static void drop(struct text *t)
{
	subject_names_free(&t->names);
	subject_scan_free(&t->scan);
	subject_source_free(&t->source);
}

/* Every name of a space, with a '?' if it is only declared, '#' for macros. */
static void check_names(const char *text, enum subject_space space,
			const char *wanted)
{
	struct subject_text got = { 0 };
	struct text t;
	size_t i;

	take(&t, text);
	subject_text_puts(&got, "");
	for (i = 0; i < t.names.nr; i++) {
		const struct subject_name *name = &t.names.name[i];

		if (name->space == space)
			subject_text_printf(&got, "%s%s%.*s%s",
					    got.len ? " " : "",
					    name->is_macro ? "#" : "",
					    (int)name->len, name->name,
					    name->defines ? "" : "?");
	}
	assert_string_equal(got.at, wanted);
	subject_text_free(&got);
	drop(&t);
}

static void names_of_declarations_are_all_there(void **state)
{
	check_names("int a, *b = &a, c[2] = { 1, 2 }, d(int x); extern int e;\n"
		    "extern int f = 1; typedef int g, *h;", SUBJECT_ORDINARY,
		    "a b c d? e? f g h");
	check_names("int (*a)(int b), (*c[2])(void) = { d };", SUBJECT_ORDINARY,
		    "a c");
	check_names("int f(int a) { int b; }\nint f(int a);", SUBJECT_ORDINARY,
		    "f f?");
	check_names("enum { A, B = C, D = E(F, G) }; enum x { H } y;",
		    SUBJECT_ORDINARY, "A B D H y");
	check_names("#define A 1\n#define B(x) x\n#undef A\nint B;\n#if 0\n"
		    "#define C\n#endif", SUBJECT_ORDINARY, "#A #B B");
	check_names("DEFINE_FREE(kfree, void *, f(x))\nSYSCALL_DEFINE0(a)\n{\n}\n"
		    "DECLARE_PER_CPU(int, b);\nmodule_init(c);",
		    SUBJECT_ORDINARY, "a b? kfree");
}

static void tags_are_a_space_of_their_own(void **state)
{
	check_names("struct a { struct b { enum c { D } e; } f; struct g *h; };\n"
		    "struct i; struct j *k; typedef struct l { int m; } l;",
		    SUBJECT_TAG, "a b c i? l");
	check_names("struct __aligned(8) a { int b; };\n"
		    "enum __packed c : u8 { D };", SUBJECT_TAG, "a c");
}

static void fields_are_a_space_of_their_own(void **state)
{
	check_names("struct a { int b, *c; struct { int d : 3; } e;\n"
		    "union { void (*f)(int g); u8 h[4]; };\n"
		    "DECLARE_BITMAP(i, 8); struct_group(j, int k; int l;);\n"
		    "#ifdef X\nint m;\n#else\nint n;\n#endif\n} o;",
		    SUBJECT_FIELD, "b c d e f h i j k l m n");
}

static void names_that_macros_make_are_there(void **state)
{
	check_names("#define FLAG(U, l) \\\nint Page##U(void) { return l; } \\\n"
		    "int test_##l##_flag(void);\n#define BOTH(U, l) FLAG(U, l) "
		    "static int U##_l;\n#define ONE(x) BOTH(Z##x, y)\n"
		    "FLAG(A, b)\nBOTH(C, d);\nUNKNOWN(e)\nstatic ONE(f);\n",
		    SUBJECT_ORDINARY,
		    "#BOTH C_l #FLAG #ONE PageA PageC PageZf Zf_l test_b_flag? "
		    "test_d_flag? test_y_flag?");
	check_names("#define LOOP(x) LOOP(x) LOOP(x) int loop_##x;\nLOOP(a)\n",
		    SUBJECT_ORDINARY, "#LOOP loop_a loop_a loop_a loop_a loop_a "
		    "loop_a loop_a loop_a loop_a loop_a loop_a loop_a loop_a "
		    "loop_a loop_a");
	check_names("#define STRUCT(x, ...) struct x##_s { int a; } __VA_ARGS__;\n"
		    "STRUCT(b, c, d)\n", SUBJECT_TAG, "b_s");
	check_names("#define BAD(x) int x##_a { (;\nBAD(a)\n#define NONE\n"
		    "NONE(b)\n#define NOTHING(x)\nNOTHING(b)\nBAD(\n)\n",
		    SUBJECT_ORDINARY, "#BAD #NONE #NOTHING");
}

static void names_are_found_with_all_that_share_them(void **state)
{
	const struct subject_name *name;
	struct text t;

	take(&t, "struct f;\nint f(void);\n#define f(x) x\nint f(void)\n{\n}\n"
	     "int fo;");
	name = subject_names_find(&t.names, SUBJECT_ORDINARY, "f", 1);
	assert_non_null(name);
	assert_true(name->is_macro);
	name = subject_names_next(&t.names, name);
	assert_non_null(name);
	assert_int_equal(name->kind, SUBJECT_PROTOTYPE);
	name = subject_names_next(&t.names, name);
	assert_non_null(name);
	assert_int_equal(name->kind, SUBJECT_FUNCTION);
	assert_null(subject_names_next(&t.names, name));
	assert_non_null(subject_names_find(&t.names, SUBJECT_TAG, "f", 1));
	assert_null(subject_names_find(&t.names, SUBJECT_ORDINARY, "g", 1));
	assert_null(subject_names_find(&t.names, SUBJECT_ORDINARY, "foo", 3));
	assert_int_equal(subject_function(&t.scan, "f")->line, 4);
	assert_null(subject_function(&t.scan, "fo"));
	drop(&t);
}

static void check_signature(const char *text, const char *wanted)
{
	struct subject_text got = { 0 };
	struct text t;

	take(&t, text);
	subject_signature(&got, &t.scan, &t.scan.item[0]);
	assert_string_equal(got.at, wanted);
	subject_text_free(&got);
	drop(&t);
}

static void signature_is_a_prototype(void **state)
{
	check_signature("static inline struct x *\nf(int a, /* which */\n"
			"\t\tint b)\n\t__must_hold(a)\n{\n}",
			"struct x * f(int a, int b) __must_hold(a)");
	check_signature("static __always_inline void f(void);", "void f(void)");
	check_signature("#if 0\n#endif\nint f(int a\n#ifdef X\n\t, int b\n#endif\n"
			")\n{\n}", "int f(int a\n#ifdef X\n, int b\n#endif\n)");
}

static void quotes_and_what_cannot_be_seen_are_escaped(void **state)
{
	struct subject_text t = { 0 };

	subject_text_quote(&t, "a \"b\"\\\n\x7f");
	assert_string_equal(t.at, "\"a \\\"b\\\"\\\\\\012\\177\"");
	subject_text_free(&t);
}

static void lines_are_found_by_their_bytes(void **state)
{
	struct text t;

	take(&t, "\n\nint a;\n");
	assert_int_equal(t.source.nr_lines, 4);
	assert_int_equal(subject_source_line(&t.source, 0), 1);
	assert_int_equal(subject_source_line(&t.source, 1), 2);
	assert_int_equal(subject_source_line(&t.source, 8), 3);
	assert_int_equal(subject_source_line(&t.source, 9), 4);
	drop(&t);
}

static void check_truncated(const char *name, uint32_t nr, uint32_t line)
{
	const struct subject_wanted wanted = { .named = &name, .nr_named = 1 };
	const struct subject_slice_options options = { .prologue = "p.h" };
	struct subject_closure closure;
	struct subject_slice slice;
	struct subject_error err;
	struct text t;

	take(&t, "int f(void)\n{\n\tif (a) {\n\t}\n}\nint g(void)\n{\n}\n");
	subject_source_cut(&t.source, 3, 2);
	if (subject_close(&closure, &t.scan, &wanted, &err))
		fail_msg("%s", err.text);
	subject_slice(&slice, &closure, &options);
	assert_int_equal(slice.first_line, 2);
	assert_int_equal(slice.nr_truncated, nr);
	if (nr) {
		assert_int_equal(slice.truncated[0].line, line);
		assert_int_equal(slice.truncated[0].braces, 2);
	}
	subject_slice_free(&slice);
	subject_closure_free(&closure);
	drop(&t);
}

static void truncation_is_told_of_what_is_in_the_slice(void **state)
{
	check_truncated("f", 1, 3);
	check_truncated("g", 0, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_declarations_are_all_there),
		cmocka_unit_test(tags_are_a_space_of_their_own),
		cmocka_unit_test(fields_are_a_space_of_their_own),
		cmocka_unit_test(names_that_macros_make_are_there),
		cmocka_unit_test(names_are_found_with_all_that_share_them),
		cmocka_unit_test(signature_is_a_prototype),
		cmocka_unit_test(quotes_and_what_cannot_be_seen_are_escaped),
		cmocka_unit_test(lines_are_found_by_their_bytes),
		cmocka_unit_test(truncation_is_told_of_what_is_in_the_slice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
