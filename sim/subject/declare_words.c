/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of declarations: attributes, and macros that declare things. The
 * names are the kernel's (include/linux/compiler_types.h, mutex.h, list.h and
 * so on, v6.1 to v6.12).
 */
#include <ctype.h>
#include <string.h>

#include "sim/subject/declare_private.h"

bool declare_attribute(const char *at, size_t len)
{
	static const char *const words[] = {
		"__attribute__", "__attribute", "__declspec", "asm", "__asm__",
		"__asm", "_Alignas", "_Noreturn", "typeof", "__typeof__",
		"__typeof", "__typeof_unqual__", "typeof_unqual",
		"__extension__",
		"__acquire", "__acquires", "__acquires_shared", "__alias",
		"__aligned", "__alloc_size", "__always_unused",
		"__assume_aligned", "__bitwise", "__bpf_kfunc",
		"__cacheline_aligned", "__cacheline_aligned_in_smp", "__cold",
		"__compiletime_error", "__compiletime_warning",
		"__cond_acquires", "__cond_releases", "__copy",
		"__counted_by", "__counted_by_be", "__counted_by_le",
		"__cpuidle", "__deprecated", "__designated_init", "__exit",
		"__exitdata", "__flatten", "__force", "__gnu_inline",
		"__guarded_by", "__head", "__hot", "__init", "__init_or_module",
		"__initconst", "__initdata", "__initdata_or_module",
		"__iomem", "__kprobes", "__latent_entropy", "__malloc",
		"__maybe_unused", "__meminit", "__meminitdata", "__mode",
		"__must_check", "__must_hold", "__must_hold_shared",
		"__net_exit", "__net_init", "__net_initdata", "__no_kasan_or_inline",
		"__no_kcsan", "__no_profile", "__no_sanitize_address",
		"__no_sanitize_memory", "__no_sanitize_or_inline",
		"__no_sanitize_thread", "__no_sanitize_undefined",
		"__no_stack_protector", "__nocast", "__noclone", "__noendbr",
		"__noreturn", "__nonstring", "__no_randomize_layout",
		"__nosavedata", "__noscs", "__packed", "__percpu",
		"__pinned_region", "__preserve_most", "__printf", "__private",
		"__pure", "__randomize_layout", "__rcu", "__read_mostly",
		"__ref", "__refconst", "__refdata", "__releases",
		"__releases_shared", "__retain", "__ro_after_init", "__safe",
		"__sched", "__scanf", "__section", "__signal", "__sysv_abi",
		"__unused", "__used", "__user", "__visible", "__weak",
		"____cacheline_aligned", "____cacheline_aligned_in_smp",
		"____cacheline_internodealigned_in_smp",
		NULL
	};

	return subject_word_in(at, len, words);
}

bool declare_looks_attribute(const char *at, size_t len)
{
	/* These run something, they qualify nothing. */
	static const char *const calls[] = {
		"__exitcall", "__initcall", "__setup", "__setup_param", NULL
	};
	size_t n = 0;

	while (n < len && (isalnum((unsigned char)at[n]) || at[n] == '_'))
		n++;
	if (declare_attribute(at, n))
		return true;
	return n > 2 && at[0] == '_' && at[1] == '_' &&
	       islower((unsigned char)at[2]) && !subject_word_in(at, n, calls);
}

bool declare_storage(const char *at, size_t len)
{
	static const char *const words[] = {
		"auto", "const", "extern", "inline", "register", "restrict",
		"static", "typedef", "volatile", "__always_inline", "__const",
		"__inline", "__inline__", "__restrict", "__thread",
		"__volatile__", "_Atomic", "_Thread_local", "asmlinkage",
		"noinline", "noinline_for_stack", "notrace", NULL
	};

	return subject_word_in(at, len, words);
}

bool declare_basic_type(const char *at, size_t len)
{
	static const char *const words[] = {
		"bool", "char", "double", "float", "int", "long", "short",
		"signed", "unsigned", "void", "_Bool", "_Complex", "__int128",
		"__signed__", "__auto_type", NULL
	};

	return subject_word_in(at, len, words);
}

static bool begins(const char *at, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && !memcmp(at, with, n);
}

static bool ends(const char *at, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && !memcmp(at + len - n, with, n);
}

static bool holds(const char *at, size_t len, const char *what)
{
	return memmem(at, len, what, strlen(what));
}

/* DEFINE_x and DECLARE_x: those of which x is an object. */
static bool object(const char *at, size_t len)
{
	static const char *const prefixes[] = {
		"BITMAP", "COMPLETION", "DELAYED_WORK", "HASHTABLE", "IDA",
		"IDR", "KFIFO", "MUTEX", "PER_CPU", "RATELIMIT_STATE",
		"RAW_SPINLOCK", "READ_MOSTLY_HASHTABLE", "RWLOCK", "RWSEM",
		"RB_", "SEMAPHORE", "SEQLOCK", "SPINLOCK", "SRCU",
		"STATIC_KEY", "STATIC_PERCPU_RWSEM", "STATIC_SRCU", "SWAIT",
		"TASKLET", "TIMER", "WAIT", "WORK", "WW_MUTEX", "XARRAY", NULL
	};
	const char *const *p;

	for (p = prefixes; *p; p++)
		if (begins(at, len, *p))
			return true;
	return false;
}

enum declare_macro declare_macro(const char *at, size_t len,
				 int *ret_argument)
{
	size_t prefix = 0;

	*ret_argument = 0;
	if (len > 15 && holds(at, len, "SYSCALL") &&
	    (holds(at, len, "_DEFINE")))
		return DECLARE_SYSCALL;
	if (begins(at, len, "DEFINE_"))
		prefix = 7;
	else if (begins(at, len, "DECLARE_"))
		prefix = 8;
	if (prefix) {
		if (begins(at + prefix, len - prefix, "PER_CPU") ||
		    subject_word_is(at + prefix, len - prefix, "FLEX_ARRAY"))
			*ret_argument = 1;
		if (!object(at + prefix, len - prefix))
			return DECLARE_OTHER;
		/* Of these, DECLARE_ and DEFINE_ are a pair. */
		return prefix == 8 &&
		       (begins(at + prefix, len - prefix, "PER_CPU") ||
			begins(at + prefix, len - prefix, "STATIC_KEY")) ?
		       DECLARE_ELSEWHERE : DECLARE_VARIABLE;
	}
	if (ends(at, len, "_HEAD") || subject_word_is(at, len, "RADIX_TREE"))
		return DECLARE_VARIABLE;
	*ret_argument = -1;
	return DECLARE_OTHER;
}
