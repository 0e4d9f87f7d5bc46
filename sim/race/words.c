/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the .race language. Object model: constant tables, searched
 * linearly; the longest has some seventy entries and is read once a token.
 *
 * Checks and designs are the plan's complete lists, not what this build can
 * run: a race may say what is expected of a design before the design is there.
 */
#include "sim/race/words.h"

#include <errno.h>
#include <string.h>

#include "fakes/fault.h"
#include "sim/race/build.h"
#include "parse.tab.h"

#define HARD(text, token)	{ text, token, RACE_WORD_HARD }
#define STMT(text, token)	{ text, token, RACE_WORD_STMT }
#define SOFT(text, token)	{ text, token, RACE_WORD_SOFT }

static const struct race_word words[] = {
	HARD("race", T_RACE),
	HARD("hazards", T_HAZARDS),
	HARD("kernels", T_KERNELS),
	HARD("kernel", T_KERNEL),
	HARD("checks", T_CHECKS),
	HARD("all", T_ALL),
	HARD("but", T_BUT),
	HARD("machine", T_MACHINE),
	HARD("cpus", T_CPUS),
	HARD("zone", T_ZONE),
	HARD("normal", T_NORMAL),
	HARD("movable", T_MOVABLE),
	HARD("cma", T_CMA),
	HARD("in", T_IN),
	HARD("at", T_AT),
	HARD("process", T_PROCESS),
	HARD("memlock", T_MEMLOCK),
	HARD("unlimited", T_UNLIMITED),
	HARD("cap", T_CAP),
	HARD("ipc_lock", T_IPC_LOCK),
	HARD("map", T_MAP),
	HARD("anon", T_ANON),
	HARD("shmem", T_SHMEM),
	HARD("populated", T_POPULATED),
	HARD("vm", T_VM),
	HARD("sev", T_SEV),
	HARD("owner", T_OWNER),
	HARD("gfn", T_GFN),
	HARD("maps", T_MAPS),
	HARD("task", T_TASK),
	HARD("on", T_ON),
	HARD("of", T_OF),
	HARD("role", T_ROLE),
	HARD("create", T_CREATE),
	HARD("delete", T_DELETE),
	HARD("write", T_WRITE),
	HARD("longterm", T_LONGTERM),
	HARD("to", T_TO),
	HARD("expect", T_EXPECT),
	HARD("without", T_WITHOUT),
	HARD("holds", T_HOLDS),
	HARD("violates", T_VIOLATES),
	HARD("always", T_ALWAYS),
	HARD("sometimes", T_SOMETIMES),
	HARD("never", T_NEVER),
	HARD("exists", T_EXISTS),
	STMT("touch", T_TOUCH),
	STMT("read", T_READ),
	STMT("fault", T_FAULT),
	STMT("register", T_REGISTER),
	STMT("unregister", T_UNREGISTER),
	STMT("launch_update", T_LAUNCH_UPDATE),
	STMT("send_update", T_SEND_UPDATE),
	STMT("receive_update", T_RECEIVE_UPDATE),
	STMT("prefault", T_PREFAULT),
	STMT("copy_context", T_COPY_CONTEXT),
	STMT("move_context", T_MOVE_CONTEXT),
	STMT("close", T_CLOSE),
	STMT("hold", T_HOLD),
	STMT("release", T_RELEASE),
	STMT("pin", T_PIN),
	STMT("unpin", T_UNPIN),
	STMT("migrate", T_MIGRATE),
	STMT("cma_alloc", T_CMA_ALLOC),
	STMT("offline", T_OFFLINE),
	STMT("signal", T_SIGNAL),
	STMT("kill", T_KILL),
	STMT("async_pf", T_ASYNC_PF),
	STMT("munmap", T_MUNMAP),
	STMT("mremap", T_MREMAP),
	STMT("dontneed", T_DONTNEED),
	STMT("pageout", T_PAGEOUT),
	STMT("dontfork", T_DONTFORK),
	STMT("fork", T_FORK),
	STMT("exit", T_EXIT),
	STMT("slot", T_SLOT),
	STMT("punch_hole", T_PUNCH_HOLE),
	STMT("make_private", T_MAKE_PRIVATE),
	STMT("make_shared", T_MAKE_SHARED),
	STMT("drain", T_DRAIN),
	STMT("repeat", T_REPEAT),
	STMT("fail", T_FAIL),
	STMT("may", T_MAY),
	SOFT("page", T_PAGE),
	SOFT("pins", T_PINS),
	SOFT("held", T_HELD),
	SOFT("moved", T_MOVED),
	SOFT("guest", T_GUEST),
	SOFT("locked", T_LOCKED),
	SOFT("count", T_COUNT),
	SOFT("refcount", T_REFCOUNT),
	SOFT("mapcount", T_MAPCOUNT),
	SOFT("none", T_NONE),
	SOFT("intact", T_INTACT),
	SOFT("garbage", T_GARBAGE),
	SOFT("lost", T_LOST),
	SOFT("move", T_MOVE),
	SOFT("flags", T_FLAGS),
	SOFT("readonly", T_READONLY),
	SOFT("log", T_LOG),
	SOFT("nth", T_NTH),
	SOFT("times", T_TIMES),
	SOFT("unchecked", T_UNCHECKED),
	SOFT("swap", T_SWAP),
	SOFT("vcpus", T_VCPUS),
};

static const struct {
	const char *name;
	int value;
} errnos[] = {
	{ "-EPERM", -EPERM },
	{ "-ENOENT", -ENOENT },
	{ "-EINTR", -EINTR },
	{ "-EIO", -EIO },
	{ "-E2BIG", -E2BIG },
	{ "-EBADF", -EBADF },
	{ "-EAGAIN", -EAGAIN },
	{ "-ENOMEM", -ENOMEM },
	{ "-EACCES", -EACCES },
	{ "-EFAULT", -EFAULT },
	{ "-EBUSY", -EBUSY },
	{ "-EEXIST", -EEXIST },
	{ "-ENODEV", -ENODEV },
	{ "-EINVAL", -EINVAL },
	{ "-ENOTTY", -ENOTTY },
	{ "-ENOSPC", -ENOSPC },
	{ "-ENOSYS", -ENOSYS },
	{ "-EOVERFLOW", -EOVERFLOW },
	{ "-EOPNOTSUPP", -EOPNOTSUPP },
	{ "-EREMOTEIO", -EREMOTEIO },
	{ "-EHWPOISON", -EHWPOISON },
};

static const struct {
	const char *name;
	uint32_t bit;
} kernels[] = {
	{ "5.17", RACE_KERNEL_5_17 },
	{ "6.1", RACE_KERNEL_6_1 },
	{ "6.12", RACE_KERNEL_6_12 },
};

static const char * const checks[] = {
	"ref-leak", "ref-underflow", "double-unpin", "owner-mismatch",
	"refcount-overflow", "use-after-free", "metadata-bounds", "memory-leak",
	"longterm-placement", "guest-corruption", "mapped-unpinned",
	"record-mismatch", "memlock-exceeded", "memlock-drift", "stale-spte",
	"cache-stale", "sleep-in-atomic", "lock-order", "deadlock", "livelock",
	"no-progress", "cma-blocked", "offline-blocked", "data-race",
	"kernel-warn", "kernel-bug",
};

static const struct {
	const char *name;
	const char *option;
} designs[] = {
	{ "pinned-spte", NULL },
	{ "eager", NULL },
	{ "eager-longterm", "write" },
	{ "demand-ref", NULL },
	{ "demand-late", "in-map" },
	{ "demand-takeover", NULL },
	{ "demand-double", NULL },
	{ "gmem", NULL },
	{ "demand-sound", NULL },
};

#define NR(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * race_word_find - look a keyword up
 * @text: need not be terminated
 * @len: bytes
 *
 * Return: the keyword, or NULL if @text is a name.
 */
const struct race_word *race_word_find(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < NR(words); i++)
		if (!strncmp(words[i].text, text, len) && !words[i].text[len])
			return &words[i];
	return NULL;
}

/**
 * race_word_at - walk the keywords
 * @index: from 0
 *
 * Return: the keyword, or NULL past the last one.
 */
const struct race_word *race_word_at(size_t index)
{
	return index < NR(words) ? &words[index] : NULL;
}

/**
 * race_errno_value - the number of an errno
 * @text: with its minus sign, "-EFAULT"; need not be terminated
 * @len: bytes
 *
 * Return: the negative errno, or 0 if no modelled call returns it.
 */
int race_errno_value(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < NR(errnos); i++)
		if (!strncmp(errnos[i].name, text, len) && !errnos[i].name[len])
			return errnos[i].value;
	return 0;
}

/**
 * race_errno_name - the spelling of an errno
 * @value: negative
 *
 * Return: "-EFAULT", or NULL if no modelled call returns it.
 */
const char *race_errno_name(int value)
{
	size_t i;

	for (i = 0; i < NR(errnos); i++)
		if (errnos[i].value == value)
			return errnos[i].name;
	return NULL;
}

/**
 * race_errno_at - walk the errnos
 * @index: from 0
 *
 * Return: its spelling, or NULL past the last one.
 */
const char *race_errno_at(size_t index)
{
	return index < NR(errnos) ? errnos[index].name : NULL;
}

/**
 * race_kernel_bit - look a kernel profile up
 * @text: "6.12"
 *
 * Return: its RACE_KERNEL_* bit, or 0 if it is not modelled.
 */
uint32_t race_kernel_bit(const char *text)
{
	size_t i;

	for (i = 0; i < NR(kernels); i++)
		if (!strcmp(kernels[i].name, text))
			return kernels[i].bit;
	return 0;
}

/**
 * race_kernel_name - the spelling of a kernel profile
 * @bit: one RACE_KERNEL_* bit
 *
 * Return: "6.12", or NULL if there is no such bit.
 */
const char *race_kernel_name(uint32_t bit)
{
	size_t i;

	for (i = 0; i < NR(kernels); i++)
		if (kernels[i].bit == bit)
			return kernels[i].name;
	return NULL;
}

/**
 * race_check_known - is this a check's id?
 * @id: "ref-leak"
 *
 * Return: true if the plan has such a check.
 */
bool race_check_known(const char *id)
{
	size_t i;

	for (i = 0; i < NR(checks); i++)
		if (!strcmp(checks[i], id))
			return true;
	return false;
}

/**
 * race_check_at - walk the checks
 * @index: from 0
 *
 * Return: its id, or NULL past the last one.
 */
const char *race_check_at(size_t index)
{
	return index < NR(checks) ? checks[index] : NULL;
}

/**
 * race_design_known - is this a design's name?
 * @name: without options
 *
 * Return: true if the plan has such a design.
 */
bool race_design_known(const char *name)
{
	size_t i;

	for (i = 0; i < NR(designs); i++)
		if (!strcmp(designs[i].name, name))
			return true;
	return false;
}

/**
 * race_design_option_known - does this design have this option?
 * @name: the design, without options
 * @option: "in-map"
 *
 * Return: true if it does.
 */
bool race_design_option_known(const char *name, const char *option)
{
	size_t i;

	for (i = 0; i < NR(designs); i++)
		if (!strcmp(designs[i].name, name))
			return designs[i].option &&
			       !strcmp(designs[i].option, option);
	return false;
}

/**
 * race_design_at - walk the designs
 * @index: from 0
 *
 * Return: its name, or NULL past the last one.
 */
const char *race_design_at(size_t index)
{
	return index < NR(designs) ? designs[index].name : NULL;
}

/**
 * race_op_find - the statement that a word starts
 * @text: "cma_alloc"
 *
 * Return: the statement; RACE_NR_OPS for a word that starts none by itself.
 */
enum race_op race_op_find(const char *text)
{
	enum race_op op;

	for (op = 0; op < RACE_NR_OPS; op++)
		if (!strcmp(race_op_name(op), text))
			break;
	return op;
}

/**
 * race_op_name - the word that starts a statement
 * @op: the statement
 *
 * Return: "cma_alloc"; also what follows the dot in "vcpu0.fault".
 */
const char *race_op_name(enum race_op op)
{
	static const char * const names[RACE_NR_OPS] = {
		[RACE_OP_TOUCH] = "touch",
		[RACE_OP_READ] = "read",
		[RACE_OP_FAULT] = "fault",
		[RACE_OP_REGISTER] = "register",
		[RACE_OP_UNREGISTER] = "unregister",
		[RACE_OP_LAUNCH_UPDATE] = "launch_update",
		[RACE_OP_SEND_UPDATE] = "send_update",
		[RACE_OP_RECEIVE_UPDATE] = "receive_update",
		[RACE_OP_PREFAULT] = "prefault",
		[RACE_OP_COPY_CONTEXT] = "copy_context",
		[RACE_OP_MOVE_CONTEXT] = "move_context",
		[RACE_OP_CLOSE] = "close",
		[RACE_OP_HOLD] = "hold",
		[RACE_OP_RELEASE] = "release",
		[RACE_OP_PIN] = "pin",
		[RACE_OP_UNPIN] = "unpin",
		[RACE_OP_MIGRATE] = "migrate",
		[RACE_OP_CMA_ALLOC] = "cma_alloc",
		[RACE_OP_OFFLINE] = "offline",
		[RACE_OP_SIGNAL] = "signal",
		[RACE_OP_KILL] = "kill",
		[RACE_OP_ASYNC_PF] = "async_pf",
		[RACE_OP_MUNMAP] = "munmap",
		[RACE_OP_MREMAP] = "mremap",
		[RACE_OP_DONTNEED] = "dontneed",
		[RACE_OP_PAGEOUT] = "pageout",
		[RACE_OP_DONTFORK] = "dontfork",
		[RACE_OP_FORK] = "fork",
		[RACE_OP_EXIT] = "exit",
		[RACE_OP_SLOT] = "slot",
		[RACE_OP_PUNCH_HOLE] = "punch_hole",
		[RACE_OP_MAKE_PRIVATE] = "make_private",
		[RACE_OP_MAKE_SHARED] = "make_shared",
		[RACE_OP_DRAIN] = "drain",
		[RACE_OP_FAIL] = "fail",
	};

	return names[op];
}

/**
 * race_fault_name - the spelling of a primitive that may be made to fail
 * @fault: enum fault_point
 *
 * Return: "slab", "any"; NULL past the last one.
 */
const char *race_fault_name(uint32_t fault)
{
	static const char * const names[NR_FAULT_POINTS] = {
#define FAULT_POINT(name, word, function, result, contract) word,
#include "fakes/fault.def"
#undef FAULT_POINT
		[FAULT_ANY] = "any",
	};

	return fault < NR_FAULT_POINTS ? names[fault] : NULL;
}

/**
 * race_fault_find - look a primitive up
 * @name: "slab"
 *
 * Return: its enum fault_point, or -1.
 */
int race_fault_find(const char *name)
{
	int i;

	for (i = 0; i < NR_FAULT_POINTS; i++)
		if (!strcmp(race_fault_name(i), name))
			return i;
	return -1;
}

/**
 * race_zone_name - the spelling of a placement
 * @zone: the placement
 *
 * Return: "movable"; "none" for RACE_ZONE_NONE.
 */
const char *race_zone_name(enum race_zone zone)
{
	static const char * const names[] = {
		[RACE_ZONE_NONE] = "none",
		[RACE_ZONE_NORMAL] = "normal",
		[RACE_ZONE_MOVABLE] = "movable",
		[RACE_ZONE_CMA] = "cma",
	};

	return names[zone];
}

/**
 * race_guest_name - the spelling of a guest page's state
 * @guest: the state
 *
 * Return: "garbage".
 */
const char *race_guest_name(enum race_guest guest)
{
	static const char * const names[] = {
		[RACE_GUEST_INTACT] = "intact",
		[RACE_GUEST_GARBAGE] = "garbage",
		[RACE_GUEST_LOST] = "lost",
	};

	return names[guest];
}

/**
 * race_cmp_name - the spelling of a comparison
 * @cmp: the comparison
 *
 * Return: "<=".
 */
const char *race_cmp_name(enum race_cmp cmp)
{
	static const char * const names[] = {
		[RACE_CMP_EQ] = "==", [RACE_CMP_NE] = "!=",
		[RACE_CMP_LT] = "<", [RACE_CMP_LE] = "<=",
		[RACE_CMP_GT] = ">", [RACE_CMP_GE] = ">=",
	};

	return names[cmp];
}

/**
 * race_counter_name - the spelling of a counter
 * @counter: the counter
 *
 * Return: "refchecks"; NULL past the last one.
 */
const char *race_counter_name(enum race_counter counter)
{
	static const char * const names[RACE_NR_COUNTERS] = {
		[RACE_COUNT_REFCHECKS] = "refchecks",
		[RACE_COUNT_UNMAPS] = "unmaps",
		[RACE_COUNT_INVALIDATIONS] = "invalidations",
		[RACE_COUNT_RETRIES] = "retries",
		[RACE_COUNT_FAILURES] = "failures",
		[RACE_COUNT_FLUSHES] = "flushes",
	};

	return counter < RACE_NR_COUNTERS ? names[counter] : NULL;
}

/**
 * race_counter_find - look a counter up
 * @name: "refchecks"
 *
 * Return: its enum race_counter, or -1.
 */
int race_counter_find(const char *name)
{
	int i;

	for (i = 0; i < RACE_NR_COUNTERS; i++)
		if (!strcmp(race_counter_name(i), name))
			return i;
	return -1;
}
