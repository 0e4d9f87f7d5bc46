/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the language means: each construct gives the model that the manual
 * promises, defaults included.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/fault.h"
#include "sim/race/race.h"
#include "sim/race/words.h"
#include "tests/race/equal.h"

#define HEAD	"race x\n\"q\"\n"
#define PROC	"process p { map r 16K anon; }\n"
#define GUEST	"vm g sev { slot 0 gfn 0x10 maps r[..]; }\n"
#define TASK	"task t on 0 { touch r; }\n"

/* Parses, checks the round trip, fails the test with the message if not. */
static struct race *parsed(const char *text)
{
	struct race_error err;
	char why[1200];
	struct race *race;

	race = race_parse_text("x.race", text, strlen(text), &err);
	if (!race)
		fail_msg("%s", err.text);
	if (!race_round_trip(race, why, sizeof(why))) {
		race_free(race);
		fail_msg("%s", why);
	}
	return race;
}

static void machine_left_out_is_default(void **state)
{
	struct race *race = parsed(HEAD PROC TASK);

	(void)state;
	assert_int_equal(race->machine.cpus.v, 2);
	assert_int_equal(race->machine.normal.v, 64 << 20);
	assert_int_equal(race->machine.movable.v, 64 << 20);
	assert_int_equal(race->machine.cma.v, 16 << 20);
	assert_int_equal(race->machine.cma_in, RACE_ZONE_NORMAL);
	assert_int_equal(race->kernels, RACE_KERNEL_6_12);
	race_free(race);
}

static void machine_item_left_out_is_default(void **state)
{
	struct race *race = parsed(HEAD "machine { zone normal 1G; cma 4M in movable; }"
				   PROC TASK);

	(void)state;
	assert_int_equal(race->machine.cpus.v, 2);
	assert_int_equal(race->machine.normal.v, 1 << 30);
	assert_int_equal(race->machine.movable.v, 64 << 20);
	assert_int_equal(race->machine.cma.v, 4 << 20);
	assert_int_equal(race->machine.cma_in, RACE_ZONE_MOVABLE);
	race_free(race);
}

static void machine_small_has_no_default_cma(void **state)
{
	struct race *race = parsed(HEAD "machine { zone normal 8M; }" PROC TASK);

	(void)state;
	assert_int_equal(race->machine.cma.v, 0);
	race_free(race);
}

static void machine_largest_is_accepted(void **state)
{
	struct race *race = parsed(HEAD
		"machine { cpus 64; zone normal 512G; zone movable 512G; }"
		"process p { map r 512G anon in movable; }"
		"vm g sev { slot 0 gfn 0 maps r[..]; }" TASK);

	(void)state;
	assert_int_equal(race->vms[0].slots[0].range.last, (512ULL << 18) - 1);
	race_free(race);
}

static void process_items_reach_the_model(void **state)
{
	struct race *race = parsed(HEAD
		"process p { memlock 65535; cap ipc_lock;\n"
		"map r 12K anon at 0x40000000 in cma populated; }" TASK);
	const struct race_region *r = &race->regions[0];

	(void)state;
	assert_int_equal(race->processes[0].memlock.v, 65535);
	assert_true(race->processes[0].cap_ipc_lock);
	assert_int_equal(r->bytes.v, 12288);
	assert_int_equal(r->addr.v, 0x40000000);
	assert_int_equal(r->placement, RACE_ZONE_CMA);
	assert_true(r->populated);
	race_free(race);
}

static void process_bare_is_unlimited(void **state)
{
	struct race *race = parsed(HEAD PROC TASK);

	(void)state;
	assert_true(race->processes[0].memlock.v == RACE_UNLIMITED);
	assert_false(race->processes[0].cap_ipc_lock);
	assert_int_equal(race->regions[0].placement, RACE_ZONE_NONE);
	assert_false(race->regions[0].populated);
	race_free(race);
}

/* Chosen addresses avoid given ones, whichever stands first in the file. */
static void map_without_address_gets_a_free_one(void **state)
{
	struct race *race = parsed(HEAD
		"process p { map r 16K anon; map s 4K anon at 0x10001000;"
		" map u 4M anon; }\n"
		"process q { map v 4K anon; }\n"
		"task t on 0 of p { touch r; }");
	const struct race_region *a, *z;
	uint32_t i, j;

	(void)state;
	for (i = 0; i < race->nr_regions; i++) {
		a = &race->regions[i];
		assert_int_equal(a->addr.v % RACE_PAGE_SIZE, 0);
		for (j = 0; j < i; j++) {
			z = &race->regions[j];
			if (a->process != z->process)
				continue;
			assert_true(a->addr.v >= z->addr.v + z->bytes.v ||
				    z->addr.v >= a->addr.v + a->bytes.v);
		}
	}
	assert_int_equal(race->regions[3].process, 1);
	race_free(race);
}

static void vm_owner_is_inferred(void **state)
{
	struct race *race = parsed(HEAD PROC GUEST
				   "task t on 1 role 3 { fault gfn 0x10 write; }");

	(void)state;
	assert_int_equal(race->vms[0].owner, 0);
	assert_true(race->vms[0].sev);
	assert_int_equal(race->vms[0].slots[0].gfn.v, 16);
	assert_int_equal(race->vms[0].slots[0].range.last, 3);
	assert_int_equal(race->tasks[0].vm, 0);
	assert_int_equal(race->tasks[0].process, 0);
	assert_int_equal(race->tasks[0].cpu.v, 1);
	assert_int_equal(race->tasks[0].role.v, 3);
	race_free(race);
}

static void task_of_process_gets_its_only_vm(void **state)
{
	struct race *race = parsed(HEAD
		"process p { map r 16K anon; }\n"
		"process q { map s 16K anon; }\n"
		"vm g owner p { }\nvm h sev owner q { register s[1..2]; }\n"
		"task t on 0 of q { touch s; fault gfn 1 read; }\n"
		"task u on 1 of g { touch r; migrate s; }");

	(void)state;
	assert_int_equal(race->tasks[0].vm, 1);
	assert_int_equal(race->tasks[0].process, 1);
	assert_int_equal(race->tasks[1].vm, 0);
	assert_int_equal(race->vms[1].registered[0].first, 1);
	assert_int_equal(race->vms[1].registered[0].last, 2);
	race_free(race);
}

static void task_without_vm_has_none(void **state)
{
	struct race *race = parsed(HEAD PROC TASK);

	(void)state;
	assert_true(race->tasks[0].vm == RACE_NO_VM);
	race_free(race);
}

static void map_is_private_or_shared(void **state)
{
	struct race *race = parsed(HEAD "process p { map r 16K anon;\n"
		"map s 4K shmem in normal populated; }\n" TASK);

	(void)state;
	assert_false(race->regions[0].shmem);
	assert_true(race->regions[1].shmem && race->regions[1].populated);
	race_free(race);
}

static void every_statement_reaches_the_model(void **state)
{
	struct race *race = parsed(HEAD "machine { swap 1M; }" PROC GUEST "task t on 0 {\n"
		"touch r; read r[1]; fault gfn 0x10 write; fault gfn 17 read;\n"
		"register r[0..3]; unregister r[..]; hold r; release r;\n"
		"pin r longterm write; unpin r; pin r[2]; migrate r to normal;\n"
		"cma_alloc 512; munmap r[3]; mremap r[0..1] to r[2..3];\n"
		"dontneed r; pageout r; dontfork r[1]; slot create 1 gfn 0x40 maps r[2..3];\n"
		"slot delete 1; drain; offline r[2]; signal t; kill t;\n"
		"launch_update r[0..1]; copy_context g; move_context g; close g;\n"
		"hold r[1] times 7; hold r[2] times 9 unchecked;\n"
		"send_update r[1]; receive_update r[2]; prefault gfn 18;\n"
		"punch_hole gfn 0x11; make_shared gfn 18; make_private gfn 0x13; }");
	static const enum race_op ops[] = {
		RACE_OP_TOUCH, RACE_OP_READ, RACE_OP_FAULT, RACE_OP_FAULT,
		RACE_OP_REGISTER, RACE_OP_UNREGISTER, RACE_OP_HOLD,
		RACE_OP_RELEASE, RACE_OP_PIN, RACE_OP_UNPIN, RACE_OP_PIN,
		RACE_OP_MIGRATE, RACE_OP_CMA_ALLOC, RACE_OP_MUNMAP,
		RACE_OP_MREMAP, RACE_OP_DONTNEED, RACE_OP_PAGEOUT,
		RACE_OP_DONTFORK,
		RACE_OP_SLOT, RACE_OP_SLOT, RACE_OP_DRAIN, RACE_OP_OFFLINE,
		RACE_OP_SIGNAL, RACE_OP_KILL, RACE_OP_LAUNCH_UPDATE,
		RACE_OP_COPY_CONTEXT, RACE_OP_MOVE_CONTEXT, RACE_OP_CLOSE,
		RACE_OP_HOLD, RACE_OP_HOLD,
		RACE_OP_SEND_UPDATE, RACE_OP_RECEIVE_UPDATE, RACE_OP_PREFAULT,
		RACE_OP_PUNCH_HOLE, RACE_OP_MAKE_SHARED, RACE_OP_MAKE_PRIVATE,
	};
	const struct race_stmt *s = race->tasks[0].stmts;
	size_t i;

	(void)state;
	assert_int_equal(race->tasks[0].nr_stmts, sizeof(ops) / sizeof(ops[0]));
	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		assert_int_equal(s[i].op, ops[i]);
	assert_true(s[2].write && !s[3].write);
	assert_int_equal(s[3].gfn.v, 17);
	assert_true(s[8].longterm && s[8].write);
	assert_false(s[10].longterm || s[10].write);
	assert_int_equal(s[11].zone, RACE_ZONE_NORMAL);
	assert_int_equal(s[12].count.v, 512);
	assert_true(!s[6].count.v && s[28].count.v == 7 && s[29].count.v == 9);
	assert_true(!s[28].unchecked && s[29].unchecked);
	assert_true(s[14].to.first == 2 && s[14].to.last == 3);
	assert_int_equal(s[18].gfn.v, 0x40);
	assert_true(s[33].gfn.v == 0x11 && s[34].gfn.v == 18 && s[35].gfn.v == 0x13);
	assert_int_equal(s[18].change, RACE_SLOT_CREATE);
	assert_int_equal(s[19].change, RACE_SLOT_DELETE);
	race_free(race);
}

static void kworker_has_the_task_that_it_serves(void **state)
{
	struct race *race = parsed(HEAD PROC GUEST "task t on 0 { fault gfn 0x10 write; }\n"
				   "task k on 0 { async_pf t -> 0; }");

	(void)state;
	assert_int_equal(race->tasks[1].stmts[0].op, RACE_OP_ASYNC_PF);
	assert_int_equal(race->tasks[1].stmts[0].target, 0);
	race_free(race);
}

static void forked_process_has_its_parents_maps(void **state)
{
	struct race *race = parsed(HEAD PROC
		"process c of p;\nprocess d of c;\n"
		"task t on 0 of p { fork c; }\n"
		"task u on 1 of c { touch r; fork d -> 0 | -ENOMEM; }\n"
		"task v on 1 of d { mremap r to r[1]; exit; }");

	(void)state;
	assert_int_equal(race->nr_processes, 3);
	assert_true(race->processes[0].parent == RACE_NO_PROCESS);
	assert_int_equal(race->processes[1].parent, 0);
	assert_int_equal(race->processes[2].parent, 1);
	assert_int_equal(race->tasks[0].stmts[0].process, 1);
	assert_int_equal(race->tasks[1].stmts[1].process, 2);
	assert_int_equal(race->tasks[1].stmts[1].nr_results, 2);
	assert_int_equal(race->tasks[2].process, 2);
	assert_int_equal(race->tasks[2].stmts[0].range.region, 0);
	assert_int_equal(race->tasks[2].stmts[1].op, RACE_OP_EXIT);
	race_free(race);
}

static void moved_slot_keeps_what_the_task_told_of_it(void **state)
{
	struct race *race = parsed(HEAD PROC
		"vm g sev { slot 0 gfn 0x10 maps r[0..1] readonly; }\n"
		"task t on 0 { slot move 0 to gfn 0x20; slot flags 0 readonly log;\n"
		"slot move 0 to gfn 0x30; slot flags 0 none;\n"
		"slot create 1 gfn 0x40 maps r[2] log; slot move 1 to gfn 0x50; }");
	static const struct {
		enum race_slot_change change;
		uint64_t gfn, first, last;
		uint32_t flags;
	} want[] = {
		{ RACE_SLOT_MOVE, 0x20, 0, 1, RACE_SLOT_READONLY },
		{ RACE_SLOT_FLAGS, 0x20, 0, 1, RACE_SLOT_READONLY | RACE_SLOT_LOG },
		{ RACE_SLOT_MOVE, 0x30, 0, 1, RACE_SLOT_READONLY | RACE_SLOT_LOG },
		{ RACE_SLOT_FLAGS, 0x30, 0, 1, 0 },
		{ RACE_SLOT_CREATE, 0x40, 2, 2, RACE_SLOT_LOG },
		{ RACE_SLOT_MOVE, 0x50, 2, 2, RACE_SLOT_LOG },
	};
	const struct race_stmt *s = race->tasks[0].stmts;
	size_t i;

	(void)state;
	assert_int_equal(race->vms[0].slots[0].flags, RACE_SLOT_READONLY);
	assert_int_equal(race->tasks[0].nr_stmts, sizeof(want) / sizeof(want[0]));
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(s[i].op, RACE_OP_SLOT);
		assert_int_equal(s[i].change, want[i].change);
		assert_int_equal(s[i].gfn.v, want[i].gfn);
		assert_int_equal(s[i].range.first, want[i].first);
		assert_int_equal(s[i].range.last, want[i].last);
		assert_int_equal(s[i].slot_flags, want[i].flags);
	}
	race_free(race);
}

static void sev_among_the_items_is_younger_than_slots_before_it(void **state)
{
	struct race *race = parsed(HEAD PROC
		"vm g { slot 0 gfn 0x10 maps r; sev; slot 1 gfn 0x20 maps r[1]; }\n" TASK);

	(void)state;
	assert_true(race->vms[0].sev);
	assert_int_equal(race->vms[0].sev_after, 1);
	race_free(race);
	race = parsed(HEAD PROC "vm g { sev; slot 0 gfn 0x10 maps r; }\n" TASK);
	assert_true(race->vms[0].sev);
	assert_int_equal(race->vms[0].sev_after, 0);
	race_free(race);
}

static void failures_reach_the_model(void **state)
{
	struct race *race = parsed(HEAD PROC "task nth on 0 {\n"
		"fail slab nth 2; fail any nth 1 times 3; fail page_alloc nth 4 times all;\n"
		"may fail folio_trylock; may fail any times 2; touch r; }");
	const struct race_stmt *s = race->tasks[0].stmts;
	size_t i;

	(void)state;
	assert_int_equal(race->tasks[0].nr_stmts, 6);
	for (i = 0; i < 5; i++) {
		assert_int_equal(s[i].op, RACE_OP_FAIL);
		assert_int_equal(s[i].may, i >= 3);
		assert_string_equal(race_fault_name(s[i].fault), s[i].point.s);
	}
	assert_true(s[0].fault == FAULT_SLAB && s[0].nth.v == 2 && s[0].times.v == 1);
	assert_true(s[1].fault == FAULT_ANY && s[1].nth.v == 1 && s[1].times.v == 3);
	assert_true(s[2].nth.v == 4 && s[2].times.v == RACE_UNLIMITED);
	assert_true(s[3].fault == FAULT_FOLIO_TRYLOCK && s[3].times.v == 1);
	assert_true(s[4].times.v == 2);
	race_free(race);
}

static void bare_region_is_its_first_page(void **state)
{
	struct race *race = parsed(HEAD PROC TASK);

	(void)state;
	assert_int_equal(race->tasks[0].stmts[0].range.first, 0);
	assert_int_equal(race->tasks[0].stmts[0].range.last, 0);
	race_free(race);
}

static void results_reach_the_statement(void **state)
{
	struct race *race = parsed(HEAD PROC
		"task t on 0 { migrate r -> 0 | 1 | -ENOMEM; touch r; }");
	const struct race_stmt *s = race->tasks[0].stmts;

	(void)state;
	assert_int_equal(s[0].nr_results, 3);
	assert_int_equal(s[0].results[1].v, 1);
	assert_int_equal(s[0].results[2].v, -ENOMEM);
	assert_int_equal(s[1].nr_results, 0);
	race_free(race);
}

static void repeat_is_unrolled(void **state)
{
	struct race *race = parsed(HEAD PROC
		"task t on 0 { touch r; repeat 2 { drain; repeat 3 { read r; } } }");
	static const enum race_op ops[] = {
		RACE_OP_TOUCH, RACE_OP_DRAIN, RACE_OP_READ, RACE_OP_READ,
		RACE_OP_READ, RACE_OP_DRAIN, RACE_OP_READ, RACE_OP_READ,
		RACE_OP_READ,
	};
	size_t i;

	(void)state;
	assert_int_equal(race->tasks[0].nr_stmts, 9);
	for (i = 0; i < 9; i++)
		assert_int_equal(race->tasks[0].stmts[i].op, ops[i]);
	race_free(race);
}

static void expectations_reach_the_model(void **state)
{
	struct race *race = parsed(HEAD
		"hazards H-03, K.5, R-02b\nkernels 6.12 6.1\n"
		"checks all but lock-order\n" PROC TASK
		"expect eager kernel 6.1 violates ref-leak, deadlock\n"
		"expect eager kernel 6.12 holds\n"
		"expect demand-late:in-map without sleep-in-atomic holds\n"
		"expect demand-late:in-map violates sleep-in-atomic\n"
		"expect demand-ref sometimes exists\n"
		"expect demand-ref never (t.touch != 0)\n"
		"always (t.touch == 0)\nexists (t.touch[0] == -ENOMEM)");
	const struct race_expect *e = race->expects;

	(void)state;
	assert_int_equal(race->nr_hazards, 3);
	assert_string_equal(race->left_out[0].s, "lock-order");
	assert_int_equal(race->kernels, RACE_KERNEL_6_1 | RACE_KERNEL_6_12);
	assert_int_equal(e[0].kernels, RACE_KERNEL_6_1);
	assert_int_equal(e[0].nr_checks, 2);
	assert_int_equal(e[1].verdict, RACE_HOLDS);
	assert_string_equal(e[2].options[0].s, "in-map");
	assert_string_equal(e[2].without[0].s, "sleep-in-atomic");
	assert_int_equal(e[3].kernels, race->kernels);
	assert_int_equal(e[4].verdict, RACE_SOMETIMES);
	assert_null(e[4].cond);
	assert_int_equal(e[5].cond->cmp, RACE_CMP_NE);
	assert_int_equal(race->always->term.nth, RACE_LAST);
	assert_int_equal(race->exists->term.nth, 0);
	assert_int_equal(race->exists->value, -ENOMEM);
	race_free(race);
}

static void condition_binds_as_in_c(void **state)
{
	struct race *race = parsed(HEAD PROC TASK
		"exists (t.touch == 0 || t.touch == 1 && !(t.touch == 2) && t.touch == 3)");
	const struct race_cond *c = race->exists;

	(void)state;
	assert_int_equal(c->kind, RACE_COND_OR);
	assert_int_equal(c->left->value, 0);
	assert_int_equal(c->right->kind, RACE_COND_AND);
	assert_int_equal(c->right->right->value, 3);
	assert_int_equal(c->right->left->kind, RACE_COND_AND);
	assert_int_equal(c->right->left->right->kind, RACE_COND_NOT);
	race_free(race);
}

static void parentheses_survive_printing(void **state)
{
	struct race *race = parsed(HEAD PROC TASK
		"exists ((t.touch == 0 || t.touch == 1) &&"
		" (t.touch == 2 && (t.touch == 3 || !!(t.touch == 4))))");

	(void)state;
	assert_int_equal(race->exists->kind, RACE_COND_AND);
	assert_int_equal(race->exists->left->kind, RACE_COND_OR);
	assert_int_equal(race->exists->right->right->right->kind,
			 RACE_COND_NOT);
	race_free(race);
}

static void every_term_reaches_the_model(void **state)
{
	static const enum race_term_kind kinds[] = {
		RACE_TERM_ZONE, RACE_TERM_REFCOUNT, RACE_TERM_MAPCOUNT,
		RACE_TERM_PINS, RACE_TERM_HELD, RACE_TERM_MOVED,
		RACE_TERM_GUEST, RACE_TERM_LOCKED, RACE_TERM_COUNT,
		RACE_TERM_RESULT,
	};
	struct race *race = parsed(HEAD PROC GUEST
		"task t on 0 { slot delete 0; fault gfn 1 read; }\n"
		"exists (page(r[1]).zone == none || page(r).refcount < 2 ||"
		" page(r).mapcount <= 1 || pins(page(r[3])) > 0 ||"
		" held(page(r)) >= 1 || moved(page(r)) ||"
		" guest(g, 0x10) != lost || locked(p) == 1 ||"
		" count(unmaps) == 2 || t.slot == -EINVAL)");
	const struct race_cond *c = race->exists;
	int i;

	(void)state;
	for (i = 9; i >= 0; i--) {
		const struct race_cond *cmp = i ? c->right : c;

		assert_int_equal(cmp->kind, RACE_COND_CMP);
		assert_int_equal(cmp->term.kind, kinds[i]);
		c = c->left;
	}
	assert_true(race_cond_reads_history(race->exists));
	assert_false(race_cond_reads_history(race->exists->right));
	race_free(race);
}

/* Words of conditions are names elsewhere: "vm guest" is what people write. */
static void soft_words_are_names(void **state)
{
	struct race *race = parsed(HEAD
		"process none { map page 4K anon; map vcpus 4K anon; map unchecked 4K anon; }\n"
		"vm guest sev { slot 0 gfn 1 maps page; }\n"
		"task count on 0 { touch page; }\n"
		"exists (count.touch == 0 && page(page).refcount == 1 &&"
		" guest(guest, 1) == intact && locked(none) == 0)");

	(void)state;
	assert_string_equal(race->vms[0].name.s, "guest");
	assert_string_equal(race->regions[1].name.s, "vcpus");
	assert_string_equal(race->regions[2].name.s, "unchecked");
	race_free(race);
}

static void hash_of(const char *text, uint64_t *ret_hash)
{
	struct race *race = parsed(text);

	assert_int_equal(race_hash(race, ret_hash), 0);
	race_free(race);
}

static void hash_ignores_what_is_not_the_world(void **state)
{
	uint64_t a, z;

	(void)state;
	hash_of(HEAD PROC GUEST TASK, &a);
	hash_of("# why\nrace y \"other\" hazards H-03\n"
		"machine { cma 16384K; }\n"
		"process p{map r 0x4000 anon;}" GUEST
		"task t on 0 { touch r[0]; }\n"
		"expect eager holds exists (t.touch == 0)", &z);
	assert_true(a == z);
}

static void hash_sees_the_world(void **state)
{
	static const char * const other[] = {
		HEAD "machine { cpus 3; }" PROC GUEST TASK,
		HEAD "process p { map r 20K anon; }" GUEST TASK,
		HEAD "process p { map r 16K anon populated; }" GUEST TASK,
		HEAD PROC "vm g { slot 0 gfn 0x10 maps r[..]; }" TASK,
		HEAD PROC GUEST "task t on 1 { touch r; }",
		HEAD PROC GUEST "task t on 0 { touch r -> 0; }",
		HEAD PROC GUEST "task t on 0 { read r; }",
	};
	uint64_t a, z;
	size_t i;

	(void)state;
	hash_of(HEAD PROC GUEST TASK, &a);
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		hash_of(other[i], &z);
		assert_true(a != z);
	}
}

/* The hash is in schedules that people keep: it must not change by accident. */
static void hash_is_stable(void **state)
{
	uint64_t hash;

	(void)state;
	hash_of(HEAD PROC GUEST TASK, &hash);
	assert_int_equal(hash, 0xe8985b5c4a318007);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machine_left_out_is_default),
		cmocka_unit_test(machine_item_left_out_is_default),
		cmocka_unit_test(machine_small_has_no_default_cma),
		cmocka_unit_test(machine_largest_is_accepted),
		cmocka_unit_test(process_items_reach_the_model),
		cmocka_unit_test(process_bare_is_unlimited),
		cmocka_unit_test(map_without_address_gets_a_free_one),
		cmocka_unit_test(vm_owner_is_inferred),
		cmocka_unit_test(task_of_process_gets_its_only_vm),
		cmocka_unit_test(task_without_vm_has_none),
		cmocka_unit_test(map_is_private_or_shared),
		cmocka_unit_test(every_statement_reaches_the_model),
		cmocka_unit_test(kworker_has_the_task_that_it_serves),
		cmocka_unit_test(forked_process_has_its_parents_maps),
		cmocka_unit_test(moved_slot_keeps_what_the_task_told_of_it),
		cmocka_unit_test(sev_among_the_items_is_younger_than_slots_before_it),
		cmocka_unit_test(failures_reach_the_model),
		cmocka_unit_test(bare_region_is_its_first_page),
		cmocka_unit_test(results_reach_the_statement),
		cmocka_unit_test(repeat_is_unrolled),
		cmocka_unit_test(expectations_reach_the_model),
		cmocka_unit_test(condition_binds_as_in_c),
		cmocka_unit_test(parentheses_survive_printing),
		cmocka_unit_test(every_term_reaches_the_model),
		cmocka_unit_test(soft_words_are_names),
		cmocka_unit_test(hash_ignores_what_is_not_the_world),
		cmocka_unit_test(hash_sees_the_world),
		cmocka_unit_test(hash_is_stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
