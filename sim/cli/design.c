/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --design FILE: see design.h. */
#include <stdlib.h>
#include <string.h>

#include "pin/probe.h"
#include "sim/cli/design.h"
#include "sim/subject/subject.h"

int cli_design(const struct cli_verb *verb, struct cli_common *common)
{
	const struct subject_info *info;
	struct subject_error err;

	if (!common->design || !subject_is_file(common->design))
		return CLI_OK;
	info = subject_design(common->design, common->kernel, &err);
	if (!info)
		return cli_refuse(verb, "--design: %s", err.text);
	common->design = info->design;
	if (!common->kernel)
		common->kernel = info->kernel;
	return CLI_OK;
}

void cli_design_cuts(const char *design, const char *lead, FILE *out)
{
	const struct subject_info *info = subject_of(design);
	uint32_t i;

	for (i = 0; info && i < info->nr_cuts; i++)
		fprintf(out, "%s%s:%u: the code is cut off here; what followed was NOT tested\n",
			lead, info->path, info->cut[i]);
}

char *cli_design_cut_text(const char *design)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	cli_design_cuts(design, "", out);
	if (fclose(out) || !*text) {
		free(text);
		return NULL;
	}
	text[strcspn(text, "\n")] = '\0';
	return text;
}

int cli_same_design(const struct cli_verb *verb, const char *design, const char *given)
{
	if (given && strcmp(design, given))
		return cli_refuse(verb, "--design is %.100s, but the string replays %.100s: "
				  "it was made with another source", given, design);
	if (pin_design_exists(design))
		return CLI_OK;
	if (strchr(design, '@'))
		return cli_refuse(verb, "replay string: design %.100s is a user's own code; "
				  "name its file with --design", design);
	return cli_refuse(verb, "replay string: no design is called '%.80s'", design);
}
