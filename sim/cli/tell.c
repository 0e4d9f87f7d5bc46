/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling an execution: see tell.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sim/cli/design.h"
#include "sim/cli/tell.h"

bool cli_color(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no && *no);
}

#define PAGE_LEAST	40
#define PAGE_MOST	160

/* On a terminal as wide as that is, or as COLUMNS says. */
static unsigned int page_width(void)
{
	struct winsize w = { .ws_col = 0 };
	const char *columns = getenv("COLUMNS");
	unsigned long n = columns ? strtoul(columns, NULL, 10) : 0;

	if (!isatty(STDOUT_FILENO))
		return 100;
	if (!n && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &w))
		n = w.ws_col;
	/* A terminal that does not say is one of old. */
	if (!n)
		n = 80;
	return n < PAGE_LEAST ? PAGE_LEAST : n > PAGE_MOST ? PAGE_MOST : n;
}

int cli_story_run(struct story *s, const struct cli_verb *verb,
		  const struct search_config *config, const struct expect_case *c)
{
	char error[256] = "";
	int err = story_run(s, config, c, error, sizeof(error));

	return cli_search_failed(verb, config, err, error);
}

int cli_story_print(const struct story *s, const struct cli_verb *verb, bool steps)
{
	const struct report_style style = { .width = page_width(), .colour = cli_color() };

	return story_print(s, &style, steps, stdout) ? cli_no_memory(verb) : CLI_OK;
}

/* Whose condition it is. */
static const char *whose(const struct race *race, const struct race_cond *cond)
{
	return cond == race->exists ? "exists" : cond == race->always ? "always" : "expect";
}

static int conditions_json(const struct story *s, FILE *out)
{
	const struct race *race = s->config->race;
	unsigned int i;

	report_json_list(out, "conditions");
	for (i = 0; i < s->result.nr_conds; i++) {
		const struct search_cond *cond = &s->result.conds[i];
		char *text = cli_cond_text(race, cond->cond);

		if (!text)
			return -ENOMEM;
		report_json_item(out, i + 1);
		report_json_string(out, "of", whose(race, cond->cond));
		report_json_string(out, "text", text);
		/* Not judged: null. */
		if (cond->positive || cond->negative)
			report_json_truth(out, "value", cond->positive);
		else
			report_json_string(out, "value", NULL);
		report_json_item_end(out);
		free(text);
	}
	report_json_list_end(out);
	return 0;
}

int cli_story_json(const struct story *s, const struct cli_verb *verb, bool met, FILE *out)
{
	static const char *const ends[] = {
		[SIM_END_DONE] = "done",
		[SIM_END_VIOLATION] = "violation",
		[SIM_END_DEADLOCK] = "deadlock",
		[SIM_END_LIVELOCK] = "livelock",
		[SIM_END_BOUND] = "bound",
		[SIM_END_FATAL] = "fatal",
		[SIM_END_PRUNED] = "pruned",
	};
	char *schedule = strdup(s->replay), *end, *cut;

	if (!schedule)
		return cli_no_memory(verb);
	/* The line's last field but one. */
	end = strrchr(schedule, '/');
	*end = '\0';
	report_json_string(out, "design", s->c->design);
	report_json_string(out, "kernel", s->c->kernel);
	report_json_string(out, "checks", s->c->left_out);
	report_json_string(out, "schedule", strrchr(schedule, '/') + 1);
	report_json_string(out, "replay", s->replay);
	report_json_string(out, "end", ends[s->result.end]);
	report_json_truth(out, "met", met);
	report_json_string(out, "unexpected", s->result.unexpected ? s->result.unexpected_text :
			   NULL);
	cut = cli_design_cut_text(s->c->design);
	if (cut)
		report_json_string(out, "not_tested", cut);
	free(cut);
	free(schedule);
	/* A stream that takes no more is told of when it is closed. */
	if (conditions_json(s, out) || (report_json_story(out, &s->report) && !ferror(out)))
		return cli_no_memory(verb);
	return CLI_OK;
}
