/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preemption and interrupts off: the task is atomic, its CPU runs no other. */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <linux/types.h>

#include "sim/core/task.h"

#define preempt_disable()	sim_preempt_disable()
#define preempt_enable()	sim_preempt_enable()
#define in_atomic()		sim_in_atomic()
#define local_irq_save(flags)	do { (flags) = 0; sim_preempt_disable(); } while (0)
#define local_irq_restore(flags) do { (void)(flags); sim_preempt_enable(); } while (0)
#define local_irq_disable()	sim_preempt_disable()
#define local_irq_enable()	sim_preempt_enable()

#define irqs_disabled()		sim_in_atomic()

#define smp_processor_id()	((int)sim_cpu())
#define raw_smp_processor_id()	((int)sim_cpu())
#define get_cpu()		(sim_preempt_disable(), smp_processor_id())
#define put_cpu()		sim_preempt_enable()

unsigned int sim_nr_cpus(void);
#define num_online_cpus()	sim_nr_cpus()
#define nr_cpu_ids		sim_nr_cpus()
#define for_each_online_cpu(cpu)					\
	for ((cpu) = 0; (cpu) < sim_nr_cpus(); (cpu)++)

#endif
