/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM's interface to user space, as far as slots and encrypted regions go
 * (include/uapi/linux/kvm.h and arch/x86/include/uapi/asm/kvm.h, v6.12).
 */
#ifndef _UAPI_LINUX_KVM_H
#define _UAPI_LINUX_KVM_H

#include <linux/types.h>

/* VM types: what kvm_create_vm() is asked for. */
#define KVM_X86_DEFAULT_VM	0
#define KVM_X86_SW_PROTECTED_VM	1
#define KVM_X86_SEV_VM		2
#define KVM_X86_SEV_ES_VM	3
#define KVM_X86_SNP_VM		4

/* Low 16 bits of @slot: its number; high 16 bits: its address space. */
struct kvm_userspace_memory_region {
	__u32 slot;
	__u32 flags;
	__u64 guest_phys_addr;
	__u64 memory_size;	/* bytes; 0 deletes the slot */
	__u64 userspace_addr;
};

struct kvm_userspace_memory_region2 {
	__u32 slot;
	__u32 flags;
	__u64 guest_phys_addr;
	__u64 memory_size;
	__u64 userspace_addr;
	__u64 guest_memfd_offset;
	__u32 guest_memfd;
	__u32 pad1;
	__u64 pad2[14];
};

struct kvm_create_guest_memfd {
	__u64 size;
	__u64 flags;
	__u64 reserved[6];
};

struct kvm_memory_attributes {
	__u64 address;
	__u64 size;
	__u64 attributes;
	__u64 flags;
};

#define KVM_MEMORY_ATTRIBUTE_PRIVATE	(1ULL << 3)

#define KVM_MEM_LOG_DIRTY_PAGES	(1UL << 0)
#define KVM_MEM_READONLY	(1UL << 1)
#define KVM_MEM_GUEST_MEMFD	(1UL << 2)

/* KVM_MEMORY_ENCRYPT_REG_REGION and _UNREG_REGION. */
struct kvm_enc_region {
	__u64 addr;
	__u64 size;
};

struct kvm_sev_launch_update_data {
	__u64 uaddr;
	__u32 len;
	__u32 pad0;
};

/*
 * KVM_SEV_SEND_UPDATE_DATA and KVM_SEV_RECEIVE_UPDATE_DATA. The kernel's structs are
 * two, and have the packet's header and buffer before this.
 */
struct kvm_sev_transport_data {
	__u64 guest_uaddr;
	__u32 guest_len;
	__u32 pad0;
};

#endif
