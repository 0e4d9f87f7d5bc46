/* SPDX-License-Identifier: GPL-2.0-or-later */
/* World side of the test of asynchronous page faults. */
#include <linux/kvm_host.h>
#include <linux/mm.h>

#include "fakes/mm/internal.h"
#include "sim/core/alloc.h"
#include "tests/fakes/async_pf_world.h"
#include "tests/fakes/kvm_world.h"

void __wrap_kvm_arch_async_page_ready(struct kvm_vcpu *vcpu, struct kvm_async_pf *work);

/* Made by apf_build(). */
static struct apf_repeated *repeated;

void __wrap_kvm_arch_async_page_ready(struct kvm_vcpu *vcpu, struct kvm_async_pf *work)
{
	repeated->nr++;
	repeated->gpa = work->cr2_or_gpa;
	repeated->error_code = work->arch.error_code;
}

struct apf_repeated apf_repeated(void)
{
	return *repeated;
}

static struct kvm_vcpu *apf_vcpu(void)
{
	return kvm_get_vcpu(kw_kvm(), 0);
}

void apf_build(void)
{
	BUG_ON(kw_vcpu_create(0));
	kvm_async_pf_enable(apf_vcpu());
	repeated = sim_alloc(sizeof(*repeated));
}

bool apf_setup(uint64_t gfn, uint64_t addr, uint64_t error_code)
{
	const struct kvm_arch_async_pf arch = { .gfn = gfn, .error_code = error_code };

	return kvm_setup_async_pf(apf_vcpu(), gfn << PAGE_SHIFT, addr, &arch);
}

bool apf_outstanding(uint64_t gfn)
{
	return kvm_find_async_pf_gfn(apf_vcpu(), gfn);
}

bool apf_halted(void)
{
	return apf_vcpu()->arch.apf_halted;
}

void apf_serve(void)
{
	/* Nobody else runs: it would wait for ever. */
	kvm_async_pf_over(apf_vcpu());
	kvm_async_pf_serve(apf_vcpu());
}

void apf_check(void)
{
	kvm_vcpu_halt(apf_vcpu());
	kvm_check_async_pf_completion(apf_vcpu());
}

int apf_mm_users(void)
{
	return atomic_read(&process_mm(0)->mm_users);
}
