/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up programs: world side. See fuzz.h. */
#include "sim/core/lock.h"
#include "sim/core/step.h"
#include "sim/core/task.h"
#include "sim/core/wait.h"
#include "sim/core/world.h"
#include "sim/engine/footprint.h"
#include "tests/explore/fuzz.h"

struct fuzz {
	struct fuzz_program program;
	/* Some share a word. */
	uint8_t var[FUZZ_VARS];
	uint8_t reg[FUZZ_TASKS];
	struct sim_lock lock[FUZZ_LOCKS];
	struct sim_waitq wait[FUZZ_VARS];
};

static struct fuzz *fuzz(void)
{
	return sim_room(SIM_ROOM_TEST);
}

static void point(const struct fuzz_op *op, enum sim_verb verb)
{
	if (!op->merged)
		sim_step2(verb, SIM_OBJ(SIM_CLASS_ROOMS, op->var), op->a, op->b, __func__);
}

static void add(const struct fuzz_op *op, uint8_t *var)
{
	const void *words[] = { var };
	uint8_t a = op->a;

	point(op, SIM_WRITE);
	sim_declare_begin(words, 1);
	*var += a;
	sim_declare_end();
}

static int lock_op(struct fuzz *f, const struct fuzz_op *op, uint32_t *held, uint32_t *shared)
{
	struct sim_lock *l = &f->lock[op->var];
	uint32_t bit = 1u << op->var;

	switch (op->what) {
	case FUZZ_LOCK:
		sim_lock(l, __func__);
		*held |= bit;
		break;
	case FUZZ_LOCK_SHARED:
		sim_lock_shared(l, __func__);
		*shared |= bit;
		break;
	case FUZZ_TRYLOCK:
		if (!sim_trylock(l, __func__))
			return op->b;
		*held |= bit;
		break;
	case FUZZ_TRYLOCK_SHARED:
		if (!sim_trylock_shared(l, __func__))
			return op->b;
		*shared |= bit;
		break;
	case FUZZ_UNLOCK_OF:
		if (sim_lock_is_locked(l))
			sim_unlock(l, __func__);
		*held &= ~bit;
		break;
	default:
		if (*held & bit)
			sim_unlock(l, __func__);
		else if (*shared & bit)
			sim_unlock_shared(l, __func__);
		*held &= ~bit;
		*shared &= ~bit;
	}
	return 0;
}

/* Return: how many operations to skip. */
static int do_op(struct fuzz *f, const struct fuzz_op *op, uint8_t *reg)
{
	uint8_t *var = &f->var[op->var];

	switch (op->what) {
	case FUZZ_READ:
		point(op, SIM_READ);
		*reg = *var;
		break;
	case FUZZ_WRITE:
		point(op, SIM_WRITE);
		*var = op->a;
		break;
	case FUZZ_PUT:
		point(op, SIM_WRITE);
		*var = *reg;
		break;
	case FUZZ_FETCH_ADD:
		point(op, SIM_WRITE);
		*reg = *var;
		*var = *reg + op->a;
		break;
	case FUZZ_ADD:
		add(op, var);
		break;
	case FUZZ_SKIP_IF:
		point(op, SIM_READ);
		return *var == op->a ? op->b : 0;
	case FUZZ_SKIP_IF_REG:
		return *reg == op->a ? op->b : 0;
	case FUZZ_WAIT:
		point(op, SIM_READ);
		while (!*var)
			sim_wait(&f->wait[op->var], __func__);
		break;
	case FUZZ_SPIN:
		do
			point(op, SIM_READ);
		while (!*var);
		break;
	case FUZZ_AGAIN_IF:
		point(op, SIM_READ);
		return *var == op->a ? -op->b - 1 : 0;
	case FUZZ_WAKE:
		point(op, SIM_WRITE);
		*var = 1;
		sim_wake_all(&f->wait[op->var], __func__);
		break;
	case FUZZ_CHOOSE:
		*reg = sim_choose(op->a + 1, __func__);
		break;
	case FUZZ_WARN_IF:
		point(op, SIM_READ);
		if (*var == op->a)
			sim_note(SIM_X_WARN, SIM_OBJ(SIM_CLASS_ROOMS, 0), op->b, 0, __func__);
		break;
	}
	return 0;
}

static void run(void *arg)
{
	int me = (long)arg, i;
	struct fuzz *f = fuzz();
	uint32_t held = 0, shared = 0, atomic = 0;
	uint8_t reg = 0;

	for (i = 0; i < f->program.nr_ops[me]; i++) {
		const struct fuzz_op *op = &f->program.op[me][i];

		if (op->what >= FUZZ_LOCK && op->what <= FUZZ_UNLOCK_OF) {
			i += lock_op(f, op, &held, &shared);
		} else if (op->what == FUZZ_ATOMIC) {
			sim_preempt_disable();
			atomic++;
		} else if (op->what == FUZZ_NOT_ATOMIC) {
			if (atomic) {
				atomic--;
				sim_preempt_enable();
			}
		} else {
			i += do_op(f, op, &reg);
			if (i < -1)
				i = -1;
		}
	}
	while (atomic--)
		sim_preempt_enable();
	f->reg[me] = reg + 1;
}

void fuzz_build(const struct fuzz_program *p)
{
	struct sim_params params = { .nr_cpus = FUZZ_TASKS };
	struct fuzz *f;
	int i;

	sim_world_init(&params);
	f = sim_room_create(SIM_ROOM_TEST, sizeof(*f));
	for (i = 0; i < sizeof(*p); i++)
		((uint8_t *)&f->program)[i] = ((const uint8_t *)p)[i];
	for (i = 0; i < FUZZ_LOCKS; i++)
		sim_lock_init(&f->lock[i], p->lock_type[i], "fuzz",
			      SIM_OBJ(SIM_CLASS_LOCK, i));
	for (i = 0; i < FUZZ_VARS; i++)
		sim_waitq_init(&f->wait[i], SIM_OBJ(SIM_CLASS_WAITQ, i));
	for (i = 0; i < p->nr_tasks; i++)
		sim_task_create("fuzz", p->cpu[i], run, (void *)(long)i);
}

int fuzz_peek(int var)
{
	return fuzz()->var[var];
}

uint64_t fuzz_result(void)
{
	struct fuzz *f = fuzz();
	uint64_t r = 0;
	int i;

	for (i = 0; i < FUZZ_VARS; i++)
		r = r << 6 | (f->var[i] & 0x3f);
	for (i = 0; i < FUZZ_TASKS; i++)
		r = r << 6 | (f->reg[i] & 0x3f);
	return r;
}
