/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A vCPU whose page faults are asynchronous, beside kvm_world.h. */
#ifndef TESTS_FAKES_ASYNC_PF_WORLD_H
#define TESTS_FAKES_ASYNC_PF_WORLD_H

#include <stdbool.h>
#include <stdint.h>

/* The VM gets its vCPU, which has a kworker. */
void apf_build(void);
/* A fault of the vCPU leaves the page to the kworker. Return: whether it could. */
bool apf_setup(uint64_t gfn, uint64_t addr, uint64_t error_code);
bool apf_outstanding(uint64_t gfn);
bool apf_halted(void);
/* The kworker does all that was left to it. */
void apf_serve(void);
/* The vCPU wakes, and faults on what is there. */
void apf_check(void);
/* How many use the process's address space. */
int apf_mm_users(void);

/* The faults that were repeated: how many, and the last. */
struct apf_repeated {
	unsigned int nr;
	uint64_t gpa, error_code;
};
struct apf_repeated apf_repeated(void);

#endif
