/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory accesses of user space: a race's touch and read statements. */
#ifndef FAKES_MM_ACCESS_H
#define FAKES_MM_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * user_access() - the running task's process touches a page of its memory.
 * @addr: user address
 * @write: for writing
 * @act: what happens to the page, in the same step as the look at the PTE
 * @arg: for @act
 *
 * Faults are handled as often as it takes. Context: sleepable.
 * Return: 0; -EFAULT where nothing is mapped; -ENOMEM.
 */
int user_access(uint64_t addr, bool write, void (*act)(uint64_t pfn, void *arg), void *arg);

/* Plain forms: store or load the page's tag. */
int user_write_tag(uint64_t addr, uint64_t tag);
int user_read_tag(uint64_t addr, uint64_t *ret_tag);

#endif
