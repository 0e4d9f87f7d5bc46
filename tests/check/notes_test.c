/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks that the simulated machine calls itself, the set of checks that
 * are on, and the watcher.
 */
#include <string.h>

#include "tests/check/mock.h"

#define PAGE		OBJ_PAGE_OF(PFN)
#define LOCK		SIM_OBJ(OBJ_VM, 0)
#define MEMORY		SIM_OBJ(SIM_CLASS_MEMORY, 12)

static void notes_each_speaks(void **state)
{
	static const struct {
		const char *id;
		enum sim_verb verb;
		sim_obj_t obj;
		int64_t a, b;
		const char *text;
	} notes[] = {
		{ "ref-underflow", SIM_X_UNDERFLOW, PAGE, 1, 0,
		  "vcpu0 drops a reference on pfn 0x4000 in f() that nobody holds" },
		{ "double-unpin", SIM_X_DOUBLE_UNPIN, PAGE, 1, 0,
		  "vcpu0 unpins pfn 0x4000 in f() though no FOLL_PIN on it is left" },
		{ "owner-mismatch", SIM_X_OWNER, PAGE, 5, 0,
		  "vcpu0 drops a reference on pfn 0x4000 in f() that another owner took,"
		  " or as another kind" },
		{ "use-after-free", SIM_X_UAF, MEMORY, 1, 0,
		  "vcpu0 writes allocation 12 of task 0 after it was freed, in f()" },
		{ "metadata-bounds", SIM_X_BOUNDS, MEMORY, 0, 0,
		  "vcpu0 reads beyond the end of allocation 12 of task 0 in f()" },
		{ "sleep-in-atomic", SIM_X_SLEEP, 0, 1, 0,
		  "vcpu0 may sleep in f() in atomic context; it holds no lock" },
		{ "lock-order", SIM_X_ORDER, LOCK, CLASS_MMU_LOCK, CLASS_MMAP_LOCK,
		  "vcpu0 takes mmap_lock in f() while it holds mmu_lock, which comes after it" },
		{ "kernel-warn", SIM_X_WARN, 0, 0, 0, "a WARN_ON triggers in f() of vcpu0" },
		{ "kernel-bug", SIM_X_BUG, 0, 0, 0, "a BUG_ON or an oops in f() of vcpu0" },
	};

	for (unsigned int i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		/* What comes close: the same of another verb. */
		assert_silent(see_at(notes[i].id, SIM_READ, notes[i].obj, notes[i].a,
				     notes[i].b, "f"));
		assert_says(see_at(notes[i].id, notes[i].verb, notes[i].obj, notes[i].a,
				   notes[i].b, "f"), notes[i].text);
	}
}

static void hold(unsigned int task, unsigned int class, bool shared)
{
	mock.held[mock.nr_held].task = task;
	mock.held[mock.nr_held].held.obj = LOCK;
	mock.held[mock.nr_held].held.class = class;
	mock.held[mock.nr_held++].held.shared = shared;
}

static void sleep_in_atomic_names_locks(void **state)
{
	hold(0, CLASS_MMAP_LOCK, false);
	hold(0, CLASS_MMU_LOCK, true);
	assert_says(see_at("sleep-in-atomic", SIM_X_SLEEP, 0, 1, 0, "down_read"),
		    "vcpu0 may sleep in down_read() in atomic context;"
		    " it holds mmap_lock, mmu_lock (shared)");
}

static void data_race_names_both_sides(void **state)
{
	mock.unordered.first = (struct sim_side){ .time = 7, .pc = 71, .task = 1, .write = true };
	mock.unordered.second = (struct sim_side){ .time = 9, .pc = 80, .marked = true };
	assert_says(see("data-race", SIM_X_RACE, MEMORY, 1, 7),
		    "vcpu0's marked load to allocation 12 of task 0 in f (sev.c:80) is not ordered"
		    " with mover's plain store in f (sev.c:71), step 7");
	assert_silent(see("data-race", SIM_LOAD, MEMORY, 8, 0));
}

static void deadlock_itself_named(void **state)
{
	mock.tasks[0].state = SIM_TASK_BLOCKED;
	mock.tasks[0].waits_for = LOCK;
	hold(0, CLASS_MMU_LOCK, true);
	assert_says(see("deadlock", SIM_X_DEADLOCK, 0, 0, 0),
		    "nothing can run: vcpu0 waits for vm 0 (mmu_lock),"
		    " held shared by vcpu0 itself");
}

static void deadlock_two_named(void **state)
{
	mock.tasks[0].state = SIM_TASK_BLOCKED;
	mock.tasks[0].waits_for = LOCK;
	mock.tasks[1].state = SIM_TASK_BLOCKED;
	mock.tasks[1].waits_for = SIM_OBJ(SIM_CLASS_WAITQ, 4);
	hold(1, CLASS_MMU_LOCK, false);
	assert_says(see("deadlock", SIM_X_DEADLOCK, 0, 0, 0),
		    "nothing can run: vcpu0 waits for vm 0 (mmu_lock), held by mover;"
		    " mover waits for wait queue 4");
	assert_silent(see("deadlock", SIM_WAIT, 0, 0, 0));
}

static void livelock_of_one_and_of_more_named(void **state)
{
	assert_says(see("livelock", SIM_X_LIVELOCK, 0, 3, 14),
		    "vcpu0 and mover go round for ever: each ran, and after 14 steps everything"
		    " is as it was");
	assert_silent(see("livelock", SIM_X_DEADLOCK, 0, 3, 14));
	mock.tasks[1].state = SIM_TASK_BLOCKED;
	mock.tasks[1].waits_for = LOCK;
	assert_says(see("livelock", SIM_X_LIVELOCK, 0, 1, 0),
		    "vcpu0 alone can run, and goes round for ever; mover waits for vm 0");
}

static void deadlock_lock_of_its_own_named_once(void **state)
{
	mock.tasks[0].state = SIM_TASK_BLOCKED;
	mock.tasks[0].waits_for = OBJ_LOCK_OF(CLASS_MMU_LOCK, 0);
	hold(1, CLASS_MMU_LOCK, false);
	mock.held[0].held.obj = mock.tasks[0].waits_for;
	assert_says(see("deadlock", SIM_X_DEADLOCK, 0, 0, 0),
		    "nothing can run: vcpu0 waits for mmu_lock 0, held by mover");
}

static uint64_t parsed(const char *list)
{
	struct check_set set;
	char error[1024] = "";

	if (check_set_parse(&set, list, error, sizeof(error)))
		fail_msg("'%s': %s", list, error);
	return set.on;
}

static void set_lists_parse(void **state)
{
	struct check_set all;

	check_set_all(&all);
	assert_int_equal(parsed("all"), all.on);
	assert_int_equal(parsed("none"), 0);
	assert_int_equal(parsed("ref-leak"), 1);
	assert_int_equal(parsed("ref-leak,ref-underflow"), 3);
	assert_int_equal(parsed("-ref-leak"), all.on & ~1ULL);
	assert_int_equal(parsed("all,-ref-leak,-ref-underflow"), all.on & ~3ULL);
	assert_int_equal(parsed("none,ref-underflow"), 2);
}

static void set_bad_lists_are_refused(void **state)
{
	static const struct { const char *list, *start; } bad[] = {
		{ "", "an empty word in the list of checks" },
		{ "ref-leak,", "an empty word" },
		{ "-", "an empty word" },
		{ "ref-leek", "no check is called 'ref-leek'; there are: ref-leak ref-und" },
		{ "ref-leak ,x", "no check is called 'ref-leak '" },
		{ "--ref-leak", "no check is called '-ref-leak'" },
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct check_set set = { 5 };
		char error[1024] = "";

		assert_int_equal(check_set_parse(&set, bad[i].list, error, sizeof(error)), -1);
		assert_int_equal(set.on, 5);
		assert_memory_equal(error, bad[i].start, strlen(bad[i].start));
		assert_null(strchr(error, '\n'));
	}
}

static void set_error_fits_small_buffer(void **state)
{
	struct check_set set;
	char error[60];

	assert_int_equal(check_set_parse(&set, "x", error, sizeof(error)), -1);
	assert_int_equal(strlen(error), sizeof(error) - 1);
}

static void set_leave_out_removes_one(void **state)
{
	struct check_set set;
	char error[1024];

	check_set_all(&set);
	assert_true(check_set_has(&set, "sleep-in-atomic"));
	assert_int_equal(check_set_leave_out(&set, "sleep-in-atomic", error, sizeof(error)), 0);
	assert_false(check_set_has(&set, "sleep-in-atomic"));
	assert_true(check_set_has(&set, "deadlock"));
	assert_int_equal(check_set_leave_out(&set, "sleepy", error, sizeof(error)), -1);
	assert_false(check_set_verbs(&set) & CHECK_VERB(X_SLEEP));
	assert_true(check_set_verbs(&set) & CHECK_VERB(X_DEADLOCK));
}

static void registry_ids_are_found(void **state)
{
	unsigned int n = 0;

	for (; check_nth(n); n++) {
		assert_ptr_equal(check_find(check_nth(n)->id), check_nth(n));
		assert_true(check_nth(n)->verbs == 0 || check_nth(n)->look);
		assert_true(check_nth(n)->verbs || check_nth(n)->at_end);
		assert_true(strlen(check_nth(n)->never) > 10);
	}
	assert_int_equal(n, 26);
	assert_null(check_find("ref"));
}

static void watch_keeps_all_that_spoke_once(void **state)
{
	struct sim_record recs[] = {
		{ .verb = SIM_X_WARN, .task = -1, .time = 5 },
		{ .verb = SIM_X_WARN, .task = 0, .time = 6 },
		{ .verb = SIM_READ, .task = 0, .time = 6 },
		{ .verb = SIM_X_BUG, .task = 0, .time = 7 },
	};
	struct check_watch watch;
	struct check_set set;

	check_set_all(&set);
	check_watch_init(&watch, &set, NULL);
	assert_true(watch.watcher.look(&watch.watcher, recs, 4));
	assert_int_equal(watch.nr_found, 2);
	assert_string_equal(watch.found[0].check, "kernel-warn");
	assert_int_equal(watch.found[0].time, 5);
	assert_int_equal(watch.found[0].task, -1);
	assert_string_equal(watch.found[1].check, "kernel-bug");
	assert_false(watch.watcher.look(&watch.watcher, recs, 4));
	check_watch_start(&watch);
	assert_int_equal(watch.nr_found, 0);
	assert_true(watch.watcher.look(&watch.watcher, recs, 1));
}

static const char *other_obj(const struct names *self, sim_obj_t obj, char *buf, size_t size)
{
	return obj == PAGE ? "ram[3]" : NULL;
}

static void watch_uses_given_names(void **state)
{
	static const struct names names = { .obj = other_obj };
	struct sim_record rec = { .verb = SIM_X_UNDERFLOW, .obj = PAGE, .site = "f" };
	struct check_watch watch;
	struct check_set set;

	check_set_all(&set);
	check_watch_init(&watch, &set, &names);
	assert_true(watch.watcher.look(&watch.watcher, &rec, 1));
	assert_string_equal(watch.found[0].text,
			    "vcpu0 drops a reference on ram[3] in f() that nobody holds");
}

static void names_plain_say_what_it_is(void **state)
{
	static const struct { sim_obj_t obj; const char *name; } plain[] = {
		{ OBJ_PTE_OF(0, 0x7f0000001000), "address 0x7f0000001000" },
		{ SIM_OBJ(OBJ_MM, 1), "process other" },
		{ SIM_OBJ(OBJ_MM, 7), "process 7" },
		{ SIM_OBJ(OBJ_ZONE, 1), "ZONE_MOVABLE" },
		{ SIM_OBJ(OBJ_PAGEBLOCK, 32), "pageblock 32" },
		{ SIM_OBJ(OBJ_BATCH, 0x102), "LRU batch of CPU 1" },
		{ OBJ_VCPU_OF(1, 2), "vcpu 2 of vm 1" },
		{ OBJ_SLOT_OF(0, 3), "slot 3 of vm 0" },
		{ OBJ_SPTE_OF(0, 1, 0x100), "gfn 0x100 (role 1)" },
		{ SIM_OBJ(OBJ_REGION, 0x7f0000001), "region 0x7f0000001000" },
		{ SIM_OBJ(OBJ_HOOK, HOOK_PIN_SPTE << 16), "pin_spte" },
		{ SIM_OBJ(OBJ_HOOK, 99 << 16), "hook" },
		{ SIM_OBJ(OBJ_CACHELINE, 1), "cache lines of pfn 0x1" },
		{ SIM_OBJ(SIM_CLASS_TASK, 1), "mover" },
		{ SIM_OBJ(SIM_CLASS_TASK, 9), "task 9" },
		{ SIM_OBJ(SIM_CLASS_CPU, 1), "CPU 1" },
		{ SIM_OBJ(SIM_CLASS_LOCK, 1), "lock 1" },
		{ 0, "-" },
		{ SIM_OBJ(9, 1), "object 9:1" },
	};
	char buf[NAME_SIZE];

	for (unsigned int i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		assert_string_equal(name_obj(NULL, plain[i].obj, buf, sizeof(buf)),
				    plain[i].name);
	assert_string_equal(name_task(NULL, -1, buf, sizeof(buf)), "set-up");
	assert_string_equal(name_verb(SIM_GET), "get");
	assert_string_equal(name_verb(SIM_NR_VERBS), "?");
	assert_string_equal(name_errno(-12, buf, sizeof(buf)), "-ENOMEM");
	assert_string_equal(name_errno(3, buf, sizeof(buf)), "3");
}

static void names_owner_in_words(void **state)
{
	static const struct { sim_owner_t owner; const char *name; } owners[] = {
		{ 0, "nobody" },
		{ SIM_OWNER(OWNER_MM, 0), "process vmm" },
		{ SIM_OWNER(OWNER_FAULT, 1), "a fault of vcpu 1 of vm 0" },
		{ SIM_OWNER(OWNER_IOCTL, 1), "an ioctl of vcpu0" },
		{ SIM_OWNER(OWNER_MIGRATION, 2), "a migration by mover" },
		{ SIM_OWNER(OWNER_ACTOR, 2), "a statement of mover" },
		{ SIM_OWNER(OWNER_BATCH, 0x100), "LRU batch of CPU 1" },
		{ SIM_OWNER(OWNER_VM, 0), "vm 0" },
		{ SIM_OWNER(OWNER_SLOT, 2), "slot 2 of vm 0" },
	};
	char buf[NAME_SIZE];

	for (unsigned int i = 0; i < sizeof(owners) / sizeof(*owners); i++)
		assert_string_equal(name_owner(NULL, owners[i].owner, buf, sizeof(buf)),
				    owners[i].name);
}

#define T(name)	cmocka_unit_test_setup(name, mock_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(notes_each_speaks),
		T(sleep_in_atomic_names_locks),
		T(data_race_names_both_sides),
		T(deadlock_itself_named),
		T(deadlock_two_named),
		T(deadlock_lock_of_its_own_named_once),
		T(livelock_of_one_and_of_more_named),
		T(set_lists_parse),
		T(set_bad_lists_are_refused),
		T(set_error_fits_small_buffer),
		T(set_leave_out_removes_one),
		T(registry_ids_are_found),
		T(watch_keeps_all_that_spoke_once),
		T(watch_uses_given_names),
		T(names_plain_say_what_it_is),
		T(names_owner_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
