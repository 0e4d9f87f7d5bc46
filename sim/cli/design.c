/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --design FILE: see design.h. */
#include <stdlib.h>
#include <string.h>

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

char *cli_design_cut_text(const char *design)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	subject_print_cuts(design, "", out);
	if (fclose(out) || !*text) {
		free(text);
		return NULL;
	}
	text[strcspn(text, "\n")] = '\0';
	return text;
}
