/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VM's life: the order of its end (G.14, H.35), vCPUs, ioctl front ends
 * (G.1, I.2), and whose a hook's references are.
 */
#include "fakes/fault.h"
#include "sim/core/alloc.h"
#include "tests/fakes/kvm_tests.h"

static void create_vm_calls_vm_init(void **state)
{
	build_told(&(struct kw_machine){ .profile = "6.12" });
	assert_events(KW_VM_INIT);
	assert_false(vm().sev);
	assert_string_equal(vm().design, "events");
}

static void destroy_vm_zaps_then_design_then_slots(const char *profile, bool vcpus_first)
{
	build_slot(profile);
	assert_int_equal(kw_vcpu_create(0), 0);
	assert_int_equal(kw_slot(1, KW_GFN + 64, 1, 0), 0);
	kw_forget();
	kw_put_vm();
	if (vcpus_first)
		assert_events(KW_FLUSH_ALL, KW_RECLAIMED, KW_VCPU_DESTROYED, KW_VM_DESTROY,
			      KW_FREE, KW_FREE);
	else
		assert_events(KW_FLUSH_ALL, KW_RECLAIMED, KW_VM_DESTROY, KW_VCPU_DESTROYED,
			      KW_FREE, KW_FREE);
	assert_true(vm().destroyed);
	assert_true(vm().sev);
	assert_int_equal(vm().nr_slots, 0);
}

static void destroy_vm_order_61_vm_destroy_before_vcpus(void **state)
{
	destroy_vm_zaps_then_design_then_slots("6.1", false);
}

static void destroy_vm_order_612_vcpus_before_vm_destroy(void **state)
{
	destroy_vm_zaps_then_design_then_slots("6.12", true);
}

static void exit_of_mm_zaps_once_and_destroy_not_again(void **state)
{
	build_slot("6.12");
	kw_exit_mm();
	assert_events(KW_FLUSH_ALL, KW_RECLAIMED);
	kw_put_vm();
	assert_events(KW_VM_DESTROY, KW_FREE);
}

/* G.14: KVM's own slots go first, if the process is there; as any that is deleted. */
static void destroy_vm_deletes_private_slots_of_living_process(void **state)
{
	build_slot("6.12");
	assert_int_equal(kw_private_slot(0, KW_GFN + 64), 0);
	assert_int_equal(kw_private_slot(2, KW_GFN + 66), 0);
	kw_forget();
	kw_put_vm();
	assert_events(KW_FLUSH_ALL, KW_RECLAIMED,
		      KW_PUBLISHED, KW_FLUSH_SLOT, KW_RECLAIMED, KW_PUBLISHED, KW_FREE,
		      KW_PUBLISHED, KW_FLUSH_SLOT, KW_RECLAIMED, KW_PUBLISHED, KW_FREE,
		      KW_VM_DESTROY, KW_FREE);

	build_slot("6.12");
	assert_int_equal(kw_private_slot(0, KW_GFN + 64), 0);
	kw_forget();
	kw_put_vm_by_other();
	assert_events(KW_FLUSH_ALL, KW_RECLAIMED, KW_VM_DESTROY, KW_FREE, KW_FREE);
}

static void create_vcpu_bad_number_or_twice_is_refused(void **state)
{
	build();
	assert_int_equal(kw_vcpu_create(16), -EINVAL);
	assert_int_equal(kw_vcpu_create(3), 0);
	assert_int_equal(kw_vcpu_create(3), -EEXIST);
	assert_int_equal(kw_vcpu_create(0), 0);
	assert_int_equal(vm().nr_vcpus, 2);
	kw_kill();
	assert_int_equal(kw_vcpu_create(1), -EIO);
}

static void create_vcpu_failing_allocation_enomem(void **state)
{
	build();
	kw_fail_alloc_after(0);
	assert_int_equal(kw_vcpu_create(0), -ENOMEM);
	kw_fail_alloc_after(-1);
	assert_int_equal(vm().nr_vcpus, 0);
	assert_int_equal(kw_vcpu_create(0), 0);
}

/* The tables that its MMU begins with: however many were had, all are given back. */
static void create_vcpu_failing_table_leaves_nothing(void **state)
{
	uint64_t left;
	int n, r;

	build();
	left = sim_alloc_left(NULL);
	for (n = 1; n < 100; n++) {
		const struct fault_order order = {
			.point = FAULT_PAGE_ALLOC,
			.nth = n,
			.times = 1,
		};

		fault_inject(&order);
		r = kw_vcpu_create(0);
		fault_inject_off();
		if (!r)
			break;
		assert_int_equal(r, -ENOMEM);
		assert_int_equal(sim_alloc_left(NULL), left);
	}
	assert_in_range(n, 2, 20);
}

static void sev_init_only_once_and_before_vcpus(void **state)
{
	build_as(&(struct kw_machine){ .profile = "6.12" });
	assert_int_equal(kw_sev_init(), 0);
	assert_int_equal(kw_asid(), 1);
	assert_int_equal(kw_sev_init(), -EINVAL);

	build_as(&(struct kw_machine){ .profile = "6.12" });
	assert_int_equal(kw_vcpu_create(0), 0);
	assert_int_equal(kw_sev_init(), -EINVAL);
	assert_false(vm().sev);
}

/* --- I.2, M.3 --- */

static void region_ioctls_eio_then_efault_then_hook(void **state)
{
	build();
	assert_int_equal(kw_null_ioctl(KW_NULL_REGISTER), -EFAULT);
	assert_int_equal(kw_null_ioctl(KW_NULL_UNREGISTER), -EFAULT);
	assert_no_events();
	assert_int_equal(kw_register(KW_ADDR, 0), -EINVAL);
	assert_int_equal(kw_register(KW_ADDR, 4096), 0);
	assert_int_equal(kw_unregister(KW_ADDR, 4096), 0);
	assert_events(KW_REGISTER, KW_REGISTER, KW_UNREGISTER);
	kw_kill();
	assert_int_equal(kw_null_ioctl(KW_NULL_REGISTER), -EIO);
	assert_int_equal(kw_null_ioctl(KW_NULL_UNREGISTER), -EIO);
}

static void region_ioctls_without_hook_enotty_after_efault(void **state)
{
	build_as(&(struct kw_machine){ .profile = "6.12", .plain = true });
	assert_int_equal(kw_null_ioctl(KW_NULL_REGISTER), -EFAULT);
	assert_int_equal(kw_register(KW_ADDR, 4096), -ENOTTY);
	assert_int_equal(kw_unregister(KW_ADDR, 4096), -ENOTTY);
	assert_null(vm().design);
}

static void launch_update_needs_sev_guest(void **state)
{
	build_as(&(struct kw_machine){ .profile = "6.12" });
	assert_int_equal(kw_launch(KW_ADDR, 4096), -ENOTTY);
	assert_int_equal(kw_sev_init(), 0);
	assert_int_equal(kw_null_ioctl(KW_NULL_LAUNCH), -EFAULT);
	assert_int_equal(kw_launch(KW_ADDR, 0), -EINVAL);
	assert_int_equal(kw_launch(KW_ADDR, 4096), 0);
	assert_events(KW_LAUNCH, KW_LAUNCH);
	kw_kill();
	assert_int_equal(kw_launch(KW_ADDR, 4096), -EIO);
}

/* The other two that are about memory ask for the same. */
static void transport_needs_sev_guest(void **state)
{
	static int (*const command[])(uint64_t addr, uint32_t bytes) = { kw_send, kw_receive };
	static const enum kw_null none[] = { KW_NULL_SEND, KW_NULL_RECEIVE };
	unsigned int i;

	build_as(&(struct kw_machine){ .profile = "6.12" });
	assert_int_equal(kw_send(KW_ADDR, 4096), -ENOTTY);
	assert_int_equal(kw_receive(KW_ADDR, 4096), -ENOTTY);
	assert_int_equal(kw_sev_init(), 0);
	for (i = 0; i < 2; i++) {
		assert_int_equal(kw_null_ioctl(none[i]), -EFAULT);
		assert_int_equal(command[i](KW_ADDR, 0), -EINVAL);
		assert_int_equal(command[i](KW_ADDR, 4096), 0);
	}
	assert_events(KW_SEND, KW_SEND, KW_RECEIVE, KW_RECEIVE);
	kw_kill();
	assert_int_equal(kw_send(KW_ADDR, 4096), -EIO);
	assert_int_equal(kw_receive(KW_ADDR, 4096), -EIO);
}

/* --- hooks and the ledger --- */

static uint64_t faultin(enum kw_hold also)
{
	uint64_t pfn;

	build_slot("6.12");
	assert_int_equal(kw_vcpu_create(0), 0);
	assert_int_equal(kw_hook_faultin(KW_GFN, also, &pfn), 0);
	kw_drain();
	return pfn;
}

static void faultin_hook_reference_is_kvms_and_short_lived(void **state)
{
	uint64_t pfn = faultin(KW_HOLD_NOTHING);

	assert_int_equal(page(pfn).refcount, 2);
	assert_int_equal(page(pfn).held, 0);
	assert_int_equal(kw_owner_of_ref(pfn, PAGE_REF_GET), OWNER_FAULT);
	kw_release(pfn);
	assert_int_equal(page(pfn).gets, 0);
}

static void faultin_hook_pin_stays_with_slot(void **state)
{
	uint64_t pfn = faultin(KW_HOLD_PIN);

	assert_int_equal(page(pfn).refcount, 1026);
	assert_int_equal(page(pfn).held, 1);
	assert_int_equal(kw_owner_of_ref(pfn, PAGE_REF_PIN), OWNER_SLOT);
	assert_int_equal(kw_owner_of_ref(pfn, PAGE_REF_GET), OWNER_FAULT);
	kw_release(pfn);
	assert_int_equal(page(pfn).pins, 1);
	kw_hook_drop(pfn, KW_HOLD_PIN);
	assert_int_equal(page(pfn).held, 0);
}

static void faultin_hook_second_reference_is_held_by_slot(void **state)
{
	uint64_t pfn = faultin(KW_HOLD_GET);

	assert_int_equal(page(pfn).gets, 2);
	assert_int_equal(page(pfn).held, 1);
	kw_release(pfn);
	assert_int_equal(page(pfn).gets, 1);
}

static void faultin_hook_that_fails_leaves_nothing(void **state)
{
	uint64_t pfn = 1;

	build();
	assert_int_equal(kw_vcpu_create(0), 0);
	assert_int_equal(kw_slot(0, KW_GFN, 1, KW_PAGES + 8), 0);
	assert_int_equal(kw_hook_faultin(KW_GFN, KW_HOLD_NOTHING, &pfn), -EFAULT);
	assert_int_equal(pfn, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROLLED(create_vm_calls_vm_init),
		ROLLED(destroy_vm_order_61_vm_destroy_before_vcpus),
		ROLLED(destroy_vm_order_612_vcpus_before_vm_destroy),
		ROLLED(destroy_vm_deletes_private_slots_of_living_process),
		ROLLED(exit_of_mm_zaps_once_and_destroy_not_again),
		ROLLED(create_vcpu_bad_number_or_twice_is_refused),
		ROLLED(create_vcpu_failing_allocation_enomem),
		ROLLED(create_vcpu_failing_table_leaves_nothing),
		ROLLED(sev_init_only_once_and_before_vcpus),
		ROLLED(region_ioctls_eio_then_efault_then_hook),
		ROLLED(region_ioctls_without_hook_enotty_after_efault),
		ROLLED(launch_update_needs_sev_guest),
		ROLLED(transport_needs_sev_guest),
		ROLLED(faultin_hook_reference_is_kvms_and_short_lived),
		ROLLED(faultin_hook_pin_stays_with_slot),
		ROLLED(faultin_hook_second_reference_is_held_by_slot),
		ROLLED(faultin_hook_that_fails_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
