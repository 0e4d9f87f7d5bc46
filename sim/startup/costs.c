/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times, by a table of costs: data, of which each number says where it is from.  What
 * comes with pinsim was fitted to published boot times by bench/startup_fit.py.
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "pin/probe.h"
#include "sim/startup/startup.h"

#define FORMAT	1

extern const char startup_costs_json[];

static const char *const column_names[STARTUP_NR_COLUMNS] = {
	[STARTUP_AT_REGISTER] = "register",
	[STARTUP_AT_FAULT] = "fault",
};

static bool number(const json_t *column, const char *key, double *ret)
{
	const json_t *value = json_object_get(column, key);

	*ret = json_number_value(value);
	return json_is_number(value) && isfinite(*ret) && *ret >= 0;
}

/* Return: false with one line in @error. */
static bool take_column(const json_t *root, unsigned int i, struct startup_costs *ret,
			char *error, size_t size)
{
	const json_t *column = json_object_get(json_object_get(root, "columns"), column_names[i]);
	const char *source = json_string_value(json_object_get(column, "source"));

	if (!number(column, "fixed_s", &ret->column[i].fixed_s) ||
	    !number(column, "page_ns", &ret->column[i].page_ns)) {
		snprintf(error, size, "column '%s' has no 'fixed_s' and 'page_ns' of 0 or more",
			 column_names[i]);
		return false;
	}
	if (!source || !*source) {
		snprintf(error, size, "column '%s' has no 'source'", column_names[i]);
		return false;
	}
	snprintf(ret->column[i].source, sizeof(ret->column[i].source), "%s", source);
	return true;
}

/**
 * startup_costs_load() - read a table of costs.
 * @path: file, or NULL for what pinsim brings
 * @ret: result
 * @error: gets one line
 * @size: of @error
 *
 * Return: whether it is one.
 */
bool startup_costs_load(const char *path, struct startup_costs *ret, char *error, size_t size)
{
	json_error_t err;
	json_t *root = path ? json_load_file(path, 0, &err) :
			      json_loads(startup_costs_json, 0, &err);
	bool good = root;
	unsigned int i;

	memset(ret, 0, sizeof(*ret));
	if (!root)
		snprintf(error, size, "line %d: %s", err.line, err.text);
	if (good && json_integer_value(json_object_get(root, "format")) != FORMAT) {
		snprintf(error, size, "'format' is not %d", FORMAT);
		good = false;
	}
	for (i = 0; good && i < STARTUP_NR_COLUMNS; i++)
		good = take_column(root, i, ret, error, size);
	json_decref(root);
	return good;
}

/**
 * startup_column() - by which column a design's launch is told.
 * @design: as in a point
 *
 * Return: the column, or STARTUP_NR_COLUMNS if none was ever published.
 */
enum startup_column startup_column(const char *design)
{
	unsigned int traits = pin_design_traits(design);

	if (traits & PIN_AT_REGISTER)
		return STARTUP_AT_REGISTER;
	if (traits & PIN_AT_FAULT && !(traits & PIN_PRIVATE_MEM))
		return STARTUP_AT_FAULT;
	return STARTUP_NR_COLUMNS;
}

/**
 * startup_seconds() - how long a guest takes to boot.
 * @costs: table
 * @p: which guest
 *
 * Return: seconds, or a negative number if no column is about its design.
 */
double startup_seconds(const struct startup_costs *costs, const struct startup_point *p)
{
	enum startup_column i = startup_column(p->design);

	if (i == STARTUP_NR_COLUMNS)
		return -1;
	return costs->column[i].fixed_s +
	       costs->column[i].page_ns * 1e-9 * (double)(p->memory / STARTUP_PAGE_SIZE);
}
