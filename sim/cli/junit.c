/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdicts of a search as JUnit XML: see results.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/design.h"
#include "sim/cli/results.h"
#include "sim/race/race.h"
#include "sim/subject/subject.h"

/* What the verdict is and stands on; then whatever was found, to be run again. */
static void put_text(const struct cli_results *r, const struct cli_verdict *v, FILE *out)
{
	char search[200];
	unsigned int i;

	report_search_words(&v->line.search, search, sizeof(search));
	fprintf(out, "%s; %s\n", v->verdict, search);
	if (*v->expected)
		fprintf(out, "expected: %s\n", v->expected);
	if (*v->covered)
		fprintf(out, "covered: %s\n", v->covered);
	subject_print_cuts(v->plain, "", out);
	for (i = 0; i < r->nr_found; i++) {
		const struct cli_found *f = &r->found[i];

		if (cli_found_is_of(f, v))
			fprintf(out, "%s: %s\npinsim replay '%s'\n", f->check, f->text,
				f->replay);
	}
}

static int put_case(const struct cli_results *r, const struct cli_verdict *v,
		    struct report_junit *j)
{
	char name[600], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err;

	if (!out)
		return -ENOMEM;
	put_text(r, v, out);
	err = fclose(out) ? -ENOMEM : 0;
	snprintf(name, sizeof(name), "%s:%s", v->design, v->line.kernel);
	if (!err)
		report_junit_case(j, v->met ? REPORT_OK : REPORT_NOT_OK, name, v->why, text);
	free(text);
	return err;
}

int cli_results_junit(const struct cli_results *r, const struct race *race, FILE *out)
{
	struct report_junit j;
	int ended, err = report_junit_begin(&j, race->name.s);
	unsigned int i;

	if (err)
		return err;
	for (i = 0; !err && i < r->nr_verdicts; i++)
		err = put_case(r, &r->verdict[i], &j);
	ended = report_junit_end(&j, err ? NULL : out);
	return err ? err : ended;
}
