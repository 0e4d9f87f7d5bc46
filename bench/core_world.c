/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * World side of bench/core.
 */
#include "bench/core_world.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/core/world.h"
#include "sim/engine/fiber.h"

#define NR_WORDS 4096

void bench_yield(void *arg)
{
	uint64_t n = (uint64_t)arg;

	while (n--)
		sim_fiber_yield(SIM_YIELD_STEP);
}

void bench_step(void *arg)
{
	uint64_t n = (uint64_t)arg;

	while (n--)
		sim_step(SIM_READ, SIM_OBJ(SIM_CLASS_ROOMS, n), __func__);
}

void bench_build_steps(uint64_t n)
{
	struct sim_params params = { .nr_cpus = 1 };

	sim_world_init(&params);
	sim_task_create("bench", 0, bench_step, (void *)n);
}

void bench_build_two(uint64_t n)
{
	struct sim_params params = { .nr_cpus = 2 };

	sim_world_init(&params);
	sim_task_create("one", 0, bench_step, (void *)n);
	sim_task_create("two", 1, bench_step, (void *)n);
}

void bench_build_words(void)
{
	struct sim_params params = { .nr_cpus = 1 };

	sim_world_init(&params);
	sim_room_create(SIM_ROOM_TEST, NR_WORDS * sizeof(uint64_t));
}

void bench_store(uint64_t n)
{
	uint64_t *words = sim_room(SIM_ROOM_TEST);

	while (n--)
		words[n % NR_WORDS] = n;
}
