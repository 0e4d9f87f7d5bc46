/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands that are about memory (launch, send and receive update) under each
 * design: what the firmware leaves in a page, and who holds it when they are over.
 * RFC v0 and v1 have their own, by way of the MMU where there is a vCPU.
 */
#include <errno.h>

#include "tests/mmu/vm_tests.h"

static const char *const kernels[] = { "5.17", "6.1", "6.12" };

static void build(const char *kernel, const char *design, bool no_vcpu, uint64_t memlock)
{
	const struct vm_setup setup = {
		.kernel = kernel, .design = design, .place = BUILD_ZONE_NORMAL,
		.no_vcpu = no_vcpu, .memlock = memlock,
	};

	vm_build(&setup);
	assert_int_equal(vm_touch(0), 0);
	assert_int_equal(vm_touch(1), 0);
	vm_drain();
}

static uint8_t key_of(unsigned int page)
{
	struct probe_contents contents;

	probe_contents(pte_pfn(page), &contents);
	return contents.key;
}

static uint16_t value_of(unsigned int page)
{
	struct probe_contents contents;

	probe_contents(pte_pfn(page), &contents);
	return contents.value;
}

static void assert_held(unsigned int page, unsigned int pins, unsigned int gets)
{
	vm_drain();
	assert_page_counts(pte_pfn(page), 1 + pins * 1024 + gets, pins, pins + gets);
}

/* --- the firmware --- */

/* What came is under the guest's key, and another; what is sent stays what it is. */
static void receive_writes_and_send_reads(void **state)
{
	uint16_t value;

	build("6.12", "eager", false, 0);
	assert_int_equal(vm_launch_update(0, 1), 0);
	assert_int_not_equal(key_of(0), 0);
	assert_int_equal(key_of(1), 0);
	value = value_of(0);
	assert_int_equal(vm_update(ACTOR_SEND_UPDATE, 0, 1), 0);
	assert_int_equal(value_of(0), value);
	assert_int_equal(vm_update(ACTOR_RECEIVE_UPDATE, 0, 1), 0);
	assert_int_not_equal(value_of(0), value);
	assert_int_equal(vm_update(ACTOR_RECEIVE_UPDATE, 1, 1), 0);
	assert_int_equal(key_of(1), key_of(0));
	assert_int_equal(probe_guest(0, VM_GFN + 1), PROBE_GUEST_INTACT);
}

/* I.7: one page at most, and all of it in one. */
static void transport_is_of_one_page(void **state)
{
	const struct pin_design_info *design;
	unsigned int i;

	for (i = 0; (design = pin_design_nth(i)); i++) {
		/* What has private memory has other commands for all of that. */
		int refused = pin_design_traits(design->name) & PIN_PRIVATE_MEM ? -EPERM : -EINVAL;

		build("6.12", design->name, false, 0);
		assert_int_equal(vm_update(ACTOR_SEND_UPDATE, 0, 2), refused);
		assert_int_equal(vm_update(ACTOR_RECEIVE_UPDATE, 0, 2), refused);
		assert_int_equal(vm_update(ACTOR_SEND_UPDATE, 0, 0), refused);
		assert_int_equal(vm_update(ACTOR_RECEIVE_UPDATE, 0, 0), refused);
		assert_int_equal(key_of(0), 0);
		assert_page_counts(pte_pfn(1), 1, 0, 0);
	}
}

/* KVM's own pins last as long as the command. */
static void kernels_own_leave_nothing(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		build(kernels[i], "eager", false, 0);
		assert_int_equal(vm_launch_update(0, 2), 0);
		assert_int_equal(vm_update(ACTOR_SEND_UPDATE, 0, 1), 0);
		assert_int_equal(vm_update(ACTOR_RECEIVE_UPDATE, 1, 1), 0);
		assert_held(0, 0, 0);
		assert_held(1, 0, 0);
		assert_int_equal(nr_sptes(), 0);
	}
}

/* H-60, H-61: received or launched, it is pinned before. */
static void sound_keeps_what_was_received(void **state)
{
	build("6.12", "demand-sound", false, 0);
	assert_int_equal(vm_update(ACTOR_RECEIVE_UPDATE, 0, 1), 0);
	assert_held(0, 1, 0);
	assert_int_equal(vm_update(ACTOR_SEND_UPDATE, 1, 1), 0);
	assert_held(1, 0, 0);
}

/* --- RFC v0 --- */

/* Mapped, and so held by the slot: one reference for each page, whatever is launched again. */
static void v0_launches_by_way_of_the_mmu(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		build(kernels[i], "demand-ref", false, 0);
		assert_int_equal(vm_launch_update(0, 2), 0);
		assert_int_equal(vm_launch_update(0, 1), 0);
		assert_held(0, 0, 1);
		assert_held(1, 0, 1);
		assert_int_equal(spte_pfn(0, VM_GFN), pte_pfn(0));
		assert_int_not_equal(key_of(1), 0);
		assert_int_equal(vm_slot_delete(0), 0);
		assert_held(0, 0, 0);
	}
}

static void v0_without_a_vcpu_pins_as_ever(void **state)
{
	build("6.12", "demand-ref", true, 0);
	assert_int_equal(vm_launch_update(0, 2), 0);
	assert_held(0, 0, 0);
	assert_int_equal(nr_sptes(), 0);
	assert_int_not_equal(key_of(1), 0);
}

/* What is sent or received is not mapped for it. */
static void v0_transport_is_as_ever(void **state)
{
	build("6.12", "demand-ref", false, 0);
	assert_int_equal(vm_update(ACTOR_RECEIVE_UPDATE, 0, 1), 0);
	assert_int_equal(vm_update(ACTOR_SEND_UPDATE, 0, 1), 0);
	assert_held(0, 0, 0);
	assert_int_equal(nr_sptes(), 0);
}

/* It stops where no slot shows the address; what was mapped before is the slot's. */
static void v0_ends_where_the_slot_does(void **state)
{
	build("6.12", "demand-ref", false, 0);
	assert_int_equal(vm_slot_delete(0), 0);
	assert_int_equal(vm_slot_create(0, VM_GFN, 0, 1), 0);
	assert_int_equal(vm_launch_update(0, 2), -EFAULT);
	assert_held(0, 0, 1);
	assert_held(1, 0, 0);
	assert_int_equal(key_of(0), 0);
}

/* --- RFC v1 --- */

static void v1_launches_by_way_of_the_mmu(void **state)
{
	uint64_t pfn;

	build("6.12", "demand-double", false, 0);
	assert_int_equal(vm_launch_update(0, 1), 0);
	assert_int_equal(vm_update(ACTOR_RECEIVE_UPDATE, 0, 1), 0);
	assert_held(0, 1, 0);
	assert_int_equal(nr_records(&pfn), 1);
	assert_int_equal(pfn, pte_pfn(0));
	assert_int_equal(spte_pfn(0, VM_GFN), pfn);
}

/* R-02b, R-31: kept and charged, once for each command, until the VM goes. */
static void v1_keeps_what_it_pins_itself(void **state)
{
	uint64_t pfn;

	build("6.12", "demand-double", true, 4 * 4096);
	pfn = pte_pfn(0);
	assert_int_equal(vm_launch_update(0, 1), 0);
	assert_int_equal(vm_update(ACTOR_SEND_UPDATE, 0, 1), 0);
	assert_int_equal(vm_update(ACTOR_RECEIVE_UPDATE, 0, 1), 0);
	assert_held(0, 3, 0);
	assert_int_equal(vm_launch_update(0, 2), -ENOMEM);
	assert_held(0, 3, 0);
	assert_held(1, 0, 0);
	assert_int_equal(vm_close(), 0);
	vm_drain();
	assert_page_counts(pfn, 1, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(receive_writes_and_send_reads),
		ROLLED(transport_is_of_one_page),
		ROLLED(kernels_own_leave_nothing),
		ROLLED(sound_keeps_what_was_received),
		ROLLED(v0_launches_by_way_of_the_mmu),
		ROLLED(v0_without_a_vcpu_pins_as_ever),
		ROLLED(v0_transport_is_as_ever),
		ROLLED(v0_ends_where_the_slot_does),
		ROLLED(v1_launches_by_way_of_the_mmu),
		ROLLED(v1_keeps_what_it_pins_itself),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
