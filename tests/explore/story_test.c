/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The story that the project begins with, from a race's text to its end, number
 * for number: K.5 (a long-term pin behind KVM's reference), K.6 (the same where
 * the page may stay) and K.9 (the other order).
 *
 * usage: story LATE-LONGTERM-PIN.race
 */
#include "tests/explore/searching.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/mm/probe.h"
#include "fakes/sev/probe.h"

#define RACE	"late-longterm-pin"
#define VCPU0	0
#define MOVER	1
#define GFN	0x100

static const char *race_path;

/* Run the race, or with @from replaced by @to in its text. */
static void tell(struct searching *s, const char *design, const char *kernel, const char *from,
		 const char *to)
{
	char *text = searching_read(race_path);
	char *at = from ? strstr(text, from) : NULL;

	if (from) {
		assert_non_null(at);
		assert_int_equal(strlen(from), strlen(to));
		memcpy(at, to, strlen(to));
	}
	searching_open(s, RACE, text, design);
	free(text);
	searching_kernel(s, kernel);
	searching_run(s);
	assert_int_equal(s->result.executions, 1);
	assert_string_equal(searching_violated(s), "");
}

/* Primitives whose outcome is a note behind their step. */
#define NOTED	(CHECK_VERB(GET) | CHECK_VERB(PUT) | CHECK_VERB(PIN) | CHECK_VERB(UNPIN) | \
		 CHECK_VERB(REFCHECK) | CHECK_VERB(ISOLATE))

static bool about(const struct sim_record *r, int task, enum sim_verb verb)
{
	return r->task == task && r->verb == verb && !(r->is_step && NOTED >> verb & 1);
}

/* How many records of @task say that. */
static unsigned int nr_of(int task, enum sim_verb verb)
{
	const struct sim_record *recs;
	unsigned int found = 0;
	size_t n;

	recs = sim_pulse_all(&n);
	for (size_t i = 0; i < n; i++)
		found += about(&recs[i], task, verb);
	return found;
}

/* The first record of @verb at @site by @task; there must be one. */
static struct sim_record first_of(int task, enum sim_verb verb, const char *site)
{
	const struct sim_record *recs;
	size_t n;

	recs = sim_pulse_all(&n);
	for (size_t i = 0; i < n; i++)
		if (about(&recs[i], task, verb) && (!site || !strcmp(recs[i].site, site)))
			return recs[i];
	fail_msg("no such record");
	return (struct sim_record){ 0 };
}

/* Migration entries that vcpu0 sets: one for each time it unmaps the page. */
static unsigned int nr_unmaps(void)
{
	const struct sim_record *recs;
	unsigned int found = 0;
	size_t n;

	recs = sim_pulse_all(&n);
	for (size_t i = 0; i < n; i++)
		found += about(&recs[i], VCPU0, SIM_MIGRATION) && recs[i].a >= 0;
	return found;
}

static int64_t pin_result(void)
{
	return first_of(VCPU0, SIM_LEAVE, "pin_user_pages_fast").a;
}

static int64_t fault_result(void)
{
	return first_of(VCPU0, SIM_LEAVE, "kvm_mmu_page_fault").a;
}

static uint64_t ram_pfn(void)
{
	struct sim_record rec = first_of(VCPU0, SIM_MAP, NULL);

	return (uint64_t)rec.a;
}

/* --- K.5 ------------------------------------------------------------------ */

/* Ten checks of the count, each one reference too many. */
static void ten_refchecks(void)
{
	const struct sim_record *recs;
	unsigned int seen = 0;
	size_t n;

	recs = sim_pulse_all(&n);
	for (size_t i = 0; i < n; i++) {
		if (!about(&recs[i], VCPU0, SIM_REFCHECK))
			continue;
		seen++;
		assert_true(recs[i].obj == OBJ_PAGE_OF(ram_pfn()));
		assert_int_equal(recs[i].a, 2);
		assert_int_equal(recs[i].b, 1);
	}
	assert_int_equal(seen, 10);
}

static void k5_6_12_ten_refchecks_in_two_unmap_cycles(void **state)
{
	struct searching s;

	tell(&s, "demand-late", "6.12", NULL, NULL);
	ten_refchecks();
	assert_int_equal(nr_unmaps(), 2);
	assert_int_equal(nr_of(VCPU0, SIM_NOTIFY_START), 2);
	assert_int_equal(nr_of(VCPU0, SIM_NOTIFY_END), 2);
	searching_close(&s);
}

static void k5_6_1_ten_refchecks_in_ten_unmap_cycles(void **state)
{
	struct searching s;

	tell(&s, "demand-late", "6.1", NULL, NULL);
	ten_refchecks();
	assert_int_equal(nr_unmaps(), 10);
	assert_int_equal(nr_of(VCPU0, SIM_NOTIFY_START), 10);
	assert_int_equal(nr_of(VCPU0, SIM_NOTIFY_END), 10);
	searching_close(&s);
}

static void k5_pin_is_enomem_fault_is_efault(void **state)
{
	static const char *const kernels[] = { "6.1", "6.12" };

	for (int i = 0; i < 2; i++) {
		struct searching s;

		tell(&s, "demand-late", kernels[i], NULL, NULL);
		assert_int_equal(first_of(VCPU0, SIM_LEAVE, "migrate_pages").a, 1);
		assert_int_equal(pin_result(), -ENOMEM);
		assert_int_equal(fault_result(), -EFAULT);
		/* The race's own words: always (vcpu0.fault == -EFAULT). */
		assert_int_equal(searching_cond(&s, s.race->expects[1].cond)->positive, 1);
		assert_int_equal(s.result.unexpected, 0);
		searching_close(&s);
	}
}

/* The mover, which nobody's reference hinders, moves it afterwards. */
static void k5_page_stays_movable_while_the_vcpu_fails(void **state)
{
	const struct sim_record *recs;
	struct probe_page page;
	struct searching s;
	uint64_t failed_at;
	size_t n;

	tell(&s, "demand-late", "6.12", NULL, NULL);
	assert_true(probe_page(ram_pfn(), &page));
	assert_int_equal(page.zone, PROBE_ZONE_MOVABLE);
	failed_at = first_of(VCPU0, SIM_LEAVE, "kvm_mmu_page_fault").time;
	recs = sim_pulse_all(&n);
	for (size_t i = 0; i < n && recs[i].time <= failed_at; i++) {
		assert_int_not_equal(recs[i].verb, SIM_MOVED);
		if (recs[i].verb == SIM_MAP && SIM_OBJ_CLASS(recs[i].obj) == OBJ_PTE)
			assert_int_equal(recs[i].a, ram_pfn());
	}
	assert_int_equal(nr_of(MOVER, SIM_MOVED), 1);
	searching_close(&s);
}

static void k5_reference_ledger_of_the_failed_pin(void **state)
{
	struct searching s;

	tell(&s, "demand-late", "6.12", NULL, NULL);
	/* PTE, batch and KVM's GET, then the pin's 1024. */
	assert_int_equal(first_of(VCPU0, SIM_PIN, NULL).b, 3 + 1024);
	/* The batch is drained, the page isolated: 1027, and unpinned. */
	assert_int_equal(first_of(VCPU0, SIM_ISOLATE, NULL).b, 1027);
	assert_int_equal(first_of(VCPU0, SIM_UNPIN, NULL).b, 3);
	/* KVM's own put leaves PTE and batch. */
	assert_int_equal(first_of(VCPU0, SIM_PUT, "kvm_release_pfn_clean").b, 2);
	searching_close(&s);
}

/* ref-leak has spoken otherwise; tell() has asked for that. */
static void k5_nothing_leaks_acquired_is_released(void **state)
{
	struct probe_mm_counts counts;
	struct searching s;

	tell(&s, "demand-late", "6.12", NULL, NULL);
	probe_mm_counts(&counts);
	assert_int_equal(counts.foll_pin_acquired, 1);
	assert_int_equal(counts.foll_pin_released, 1);
	assert_int_equal(counts.free_pages + counts.reserved_pages, probe_nr_pages());
	searching_close(&s);
}

/* --- K.6 ------------------------------------------------------------------ */

static void k6_same_order_in_zone_normal_succeeds(void **state)
{
	struct searching s;

	tell(&s, "demand-late", "6.12", "anon in movable", "anon in normal ");
	assert_int_equal(pin_result(), 1);
	assert_int_equal(fault_result() >= 0, 1);
	assert_int_equal(nr_of(VCPU0, SIM_REFCHECK), 0);
	assert_int_equal(nr_unmaps(), 0);
	assert_int_equal(searching_cond(&s, s.race->expects[1].cond)->negative, 1);
	/* The pin is long-lived now, so the mover is in vain. */
	assert_int_equal(nr_of(MOVER, SIM_MOVED), 0);
	searching_close(&s);
}

/* --- K.9 ------------------------------------------------------------------ */

static void k9_takeover_page_leaves_zone_movable(void **state)
{
	struct probe_page page;
	struct searching s;
	struct sim_record moved;

	tell(&s, "demand-takeover", "6.12", NULL, NULL);
	moved = first_of(VCPU0, SIM_MOVED, NULL);
	assert_int_equal(SIM_OBJ_ID(moved.obj), ram_pfn());
	assert_true(probe_page(ram_pfn(), &page));
	assert_int_equal(page.zone, PROBE_ZONE_MOVABLE);
	assert_true(probe_page((uint64_t)moved.a, &page));
	assert_int_equal(page.zone, PROBE_ZONE_NORMAL);
	assert_int_equal(nr_of(VCPU0, SIM_MOVED), 1);
	assert_int_equal(nr_of(MOVER, SIM_MOVED), 0);
	assert_int_equal(nr_of(VCPU0, SIM_NOTIFY_START), 1);
	assert_int_equal(pin_result(), 1);
	searching_close(&s);
}

/*
 * At the end of the tasks, before the tear-down, which the world here is past:
 * probe_guest() is asked by the condition, and by guest-corruption.
 */
static void k9_takeover_guest_data_intact(void **state)
{
	static const char text[] =
		"race t \"Is the guest's page where it wrote it?\"\n"
		"machine { cpus 2; zone normal 64M; zone movable 64M; cma 16M; }\n"
		"process vmm { map ram 4K anon in movable; }\n"
		"vm guest sev { slot 0 gfn 0x100 maps ram; register ram; }\n"
		"task vcpu0 on 0 { touch ram; fault gfn 0x100 write -> 0; }\n"
		"task mover on 1 { migrate ram; }\n"
		"exists (guest(guest, 0x100) == intact && page(ram).zone == normal &&\n"
		"	pins(page(ram)) == 1 && held(page(ram)) == 1 && vcpu0.fault == 0)\n";
	struct searching s;

	searching_open(&s, "t", text, "demand-takeover");
	searching_run(&s);
	assert_string_equal(searching_violated(&s), "");
	assert_int_equal(searching_cond(&s, s.race->exists)->positive, 1);
	assert_int_equal(s.result.unexpected, 0);
	searching_close(&s);
}

/* Everything is gone, so the guest has nothing left to find. */
static void k9_takeover_teardown_returns_both(void **state)
{
	struct probe_mm_counts counts;
	struct searching s;

	tell(&s, "demand-takeover", "6.12", NULL, NULL);
	probe_mm_counts(&counts);
	/*
	 * One that found the page in the wrong place; one on the new page, by a
	 * fault that its own migration had made stale; one by the fault's second
	 * round, for which the record gave back the one before.
	 */
	assert_int_equal(nr_of(VCPU0, SIM_RETRY), 1);
	assert_int_equal(counts.foll_pin_acquired, 3);
	assert_int_equal(counts.foll_pin_released, 3);
	assert_int_equal(probe_guest(0, GFN), PROBE_GUEST_UNTOUCHED);
	searching_close(&s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(k5_6_12_ten_refchecks_in_two_unmap_cycles),
		cmocka_unit_test(k5_6_1_ten_refchecks_in_ten_unmap_cycles),
		cmocka_unit_test(k5_pin_is_enomem_fault_is_efault),
		cmocka_unit_test(k5_page_stays_movable_while_the_vcpu_fails),
		cmocka_unit_test(k5_reference_ledger_of_the_failed_pin),
		cmocka_unit_test(k5_nothing_leaks_acquired_is_released),
		cmocka_unit_test(k6_same_order_in_zone_normal_succeeds),
		cmocka_unit_test(k9_takeover_page_leaves_zone_movable),
		cmocka_unit_test(k9_takeover_guest_data_intact),
		cmocka_unit_test(k9_takeover_teardown_returns_both),
	};

	if (argc != 2)
		return 2;
	race_path = argv[1];
	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
