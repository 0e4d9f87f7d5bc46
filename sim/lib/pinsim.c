/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libpinsim: a simulator, its race, its design, its options: see pinsim/pinsim.h. */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pin/probe.h"
#include "sim/engine/arena.h"
#include "sim/engine/fault.h"
#include "sim/lib/pinsim_private.h"
#include "sim/subject/subject.h"

/*
 * What the process has one of: the thread that may call, which mapped the arena,
 * and whose execution the world stands at the end of.
 */
static struct {
	bool mapped;
	pthread_t thread;
	const struct pinsim *standing;
} process;

static const struct pinsim_options defaults = {
	.executions = 100000,
	.max_steps = 1000000,
	.preemptions = UINT64_MAX,
	.unroll = 3,
};

const char *pinsim_version(void)
{
	return PINSIM_VERSION;
}

int lib_fail(struct pinsim *sim, int err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(sim->error, sizeof(sim->error), format, ap);
	va_end(ap);
	return err;
}

int lib_enter(struct pinsim *sim, bool keep)
{
	int err;

	if (process.mapped && !pthread_equal(process.thread, pthread_self()))
		return lib_fail(sim, -EPERM, "called from another thread than the first");
	err = process.mapped ? sim_guard_install() : sim_arena_map();
	if (err)
		return lib_fail(sim, err, "cannot reserve 1 TiB of addresses: %s (is there a "
				   "limit on virtual memory? see 'ulimit -v')", strerror(-err));
	process.mapped = true;
	process.thread = pthread_self();
	if (!keep)
		process.standing = NULL;
	return 0;
}

void lib_leave(void)
{
	sim_guard_remove();
}

bool lib_stands(const struct pinsim *sim)
{
	return process.standing == sim;
}

void lib_set_standing(const struct pinsim *sim)
{
	process.standing = sim;
}

void lib_drop_results(struct pinsim *sim)
{
	if (lib_stands(sim))
		lib_set_standing(NULL);
	if (sim->ran)
		search_result_free(&sim->result);
	sim->ran = false;
	free(sim->joined_expects);
	sim->joined_expects = NULL;
	race_free(sim->failing);
	sim->failing = NULL;
	free(sim->line);
	sim->line = NULL;
	sim->at = NULL;
	sim->at_cycle = false;
	sim->verdict[0] = '\0';
}

struct pinsim *pinsim_new(void)
{
	struct pinsim *sim = calloc(1, sizeof(*sim));

	if (sim)
		sim->options = defaults;
	return sim;
}

static void drop_race(struct pinsim *sim)
{
	unsigned int i;

	lib_drop_results(sim);
	for (i = 0; i < sim->nr_watch; i++)
		race_free(sim->watch[i]);
	sim->nr_watch = 0;
	race_free(sim->race);
	sim->race = NULL;
	free(sim->path);
	free(sim->text);
	sim->path = NULL;
	sim->text = NULL;
}

void pinsim_free(struct pinsim *sim)
{
	if (!sim)
		return;
	drop_race(sim);
	free(sim->options.check);
	free(sim->options.kernel);
	free(sim->options.fail);
	free(sim);
}

const char *pinsim_error(const struct pinsim *sim)
{
	return sim->error;
}

/* ---- race ---- */

struct race *lib_parse(const struct pinsim *sim, struct race_error *err)
{
	return sim->path ? race_parse_file(sim->path, err) :
	       race_parse_text("race", sim->text, strlen(sim->text), err);
}

/* From one of the two. */
static int take_race(struct pinsim *sim, const char *path, const char *text)
{
	struct race_error err;

	drop_race(sim);
	sim->path = path ? strdup(path) : NULL;
	sim->text = text ? strdup(text) : NULL;
	if (!sim->path && !sim->text)
		return lib_fail(sim, -ENOMEM, "out of memory");
	sim->race = lib_parse(sim, &err);
	return sim->race ? 0 : lib_fail(sim, -EINVAL, "%s", err.text);
}

int pinsim_race_file(struct pinsim *sim, const char *path)
{
	return take_race(sim, path, NULL);
}

int pinsim_race_text(struct pinsim *sim, const char *text)
{
	return take_race(sim, NULL, text);
}

int lib_condition(struct pinsim *sim, const char *text, const char *rest, struct race **ret)
{
	struct race_error err;
	char *whole = NULL;
	size_t size, i;
	FILE *out;
	const char *why = err.text;

	if (!sim->race)
		return lib_fail(sim, -EINVAL, "'%.200s': there is no race yet", text);
	out = open_memstream(&whole, &size);
	if (!out)
		return lib_fail(sim, -ENOMEM, "out of memory");
	fprintf(out, "race %s \"?\"\n", sim->race->name.s);
	race_print_world(sim->race, out);
	fprintf(out, "exists (%s%s)\n", text, rest);
	if (fclose(out)) {
		free(whole);
		return lib_fail(sim, -ENOMEM, "out of memory");
	}
	*ret = race_parse_text("condition", whole, size, &err);
	free(whole);
	if (*ret)
		return 0;
	/* Its place is in a text that nobody has seen: "condition:LINE:COLUMN: ". */
	for (i = 0; i < 3 && why && err.loc.line; i++)
		why = strchr(why, ':') ? strchr(why, ':') + 1 : why;
	return lib_fail(sim, -EINVAL, "'%.200s':%s", text, why);
}

int pinsim_watch(struct pinsim *sim, const char *condition)
{
	int err;

	if (sim->nr_watch == WATCH_MAX)
		return lib_fail(sim, -E2BIG, "more than %d watched conditions", WATCH_MAX);
	err = lib_condition(sim, condition, "", &sim->watch[sim->nr_watch]);
	if (err)
		return err;
	lib_drop_results(sim);
	return sim->nr_watch++;
}

/* ---- design ---- */

static int take_subject(struct pinsim *sim, const struct subject_info *info)
{
	snprintf(sim->design, sizeof(sim->design), "%s", info->design);
	snprintf(sim->design_kernel, sizeof(sim->design_kernel), "%s", info->kernel);
	return 0;
}

int pinsim_design(struct pinsim *sim, const char *design)
{
	const struct subject_info *info;
	struct subject_error err;
	int r;

	lib_drop_results(sim);
	if (!subject_is_file(design)) {
		if (!pin_design_exists(design) || strlen(design) >= sizeof(sim->design))
			return lib_fail(sim, -EINVAL, "no design is called '%.60s'; 'pinsim "
					   "list --designs' names them", design);
		snprintf(sim->design, sizeof(sim->design), "%s", design);
		sim->design_kernel[0] = '\0';
		return 0;
	}
	r = lib_enter(sim, false);
	if (r)
		return r;
	/* Nothing of a run may be rolled back under the code that comes. */
	sim_arena_reset();
	info = subject_design(design, sim->options.kernel, &err);
	r = info ? take_subject(sim, info) : lib_fail(sim, -EINVAL, "%s", err.text);
	lib_leave();
	return r;
}
