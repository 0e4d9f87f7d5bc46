/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two VMs at once, for what goes from one to another.  Stands for
 * sev_lock_two_vms(), sev_unlock_two_vms(), sev_lock_vcpus_for_migration() and
 * sev_unlock_vcpus_for_migration() of arch/x86/kvm/svm/sev.c, v6.1 and v6.12
 * (contract I.9, I.10).
 *
 * kvm->lock of both is taken, the destination's first, whichever that is; so two
 * VMs that go for each other at the same time would never end. A flag of each
 * that is taken before any lock refuses the second one.
 */
#include <linux/errno.h>
#include <linux/mutex.h>

#include "fakes/sev/internal.h"

/* A step each: others see whether it is set. */
static bool begin(struct kvm *kvm)
{
	atomic_t *busy = &to_kvm_sev_info(kvm)->migration_in_progress;
	bool won;

	sim_step(SIM_CMPXCHG, OBJ_OF_KVM(kvm), "sev_lock_two_vms");
	won = !atomic_cmpxchg(busy, 0, 1);
	sim_note(SIM_CMPXCHG, OBJ_OF_KVM(kvm), won, 0, "sev_lock_two_vms");
	return won;
}

static void end(struct kvm *kvm)
{
	sim_step(SIM_WRITE, OBJ_OF_KVM(kvm), "sev_unlock_two_vms");
	atomic_set(&to_kvm_sev_info(kvm)->migration_in_progress, 0);
}

static int lock_both(struct kvm *dst, struct kvm *src)
{
	if (mutex_lock_killable(&dst->lock))
		return -EINTR;
	if (mutex_lock_killable_nested(&src->lock, SINGLE_DEPTH_NESTING)) {
		mutex_unlock(&dst->lock);
		return -EINTR;
	}
	return 0;
}

int sev_lock_two_vms(struct kvm *dst, struct kvm *src)
{
	int r = -EBUSY;

	if (dst == src)
		return -EINVAL;
	if (!begin(dst))
		return -EBUSY;
	if (!begin(src))
		goto end_dst;
	r = lock_both(dst, src);
	if (!r)
		return 0;
	end(src);
end_dst:
	end(dst);
	return r;
}

void sev_unlock_two_vms(struct kvm *dst, struct kvm *src)
{
	mutex_unlock(&dst->lock);
	mutex_unlock(&src->lock);
	end(dst);
	end(src);
}

int sev_lock_vcpus_for_migration(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	int i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (!mutex_lock_killable_nested(&vcpu->mutex, i))
			continue;
		while (i-- > 0)
			mutex_unlock(&kvm_get_vcpu(kvm, i)->mutex);
		return -EINTR;
	}
	return 0;
}

void sev_unlock_vcpus_for_migration(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	int i;

	kvm_for_each_vcpu(i, vcpu, kvm)
		mutex_unlock(&vcpu->mutex);
}
