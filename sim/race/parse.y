/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of the .race language.
 *
 * It decides what a file may look like and fills the model; what the names
 * and numbers in it may be is valid_*.c's business, after the whole file has
 * been read, so that an object may be named before it is described.
 *
 * Memory is the race's (build.c): no destructors, an error frees it all.
 */
%define api.pure full
%define api.prefix {race_yy}
%define api.token.prefix {T_}
%define api.location.type {struct race_loc}
%define api.value.type union
%define parse.error custom
%define parse.lac full
%locations
%expect 0

%param {void *scanner}
%parse-param {struct race_build *b}

%code requires {
#include "sim/race/build.h"
}

%code {
#include "sim/race/message.h"

int race_yylex(RACE_YYSTYPE *val, struct race_loc *loc, void *scanner);

#define YYLLOC_DEFAULT(cur, rhs, n)	((cur) = YYRHSLOC(rhs, (n) ? 1 : 0))

static void race_yyerror(struct race_loc *loc, void *scanner,
			 struct race_build *b, const char *msg);

/* Every action that can fail has told race_fail() why. */
#define TRY(ok)	do { if (!(ok)) YYABORT; } while (0)
}

%token END 0		"the end of the file"
%token <struct race_name> NAME "a name"
%token <struct race_num> NUMBER "a number"
%token <struct race_num> ERRNO "an errno"
%token <struct race_name> STRING "a question in double quotes"
%token <struct race_name> FACT "a hazard such as H-03"
%token <struct race_name> VERSION "a kernel version such as 6.12"
%token ARROW "->" DOTDOT ".." OR "||" AND "&&" EQ "==" NE "!="
%token LE "<=" GE ">=" LT "<" GT ">"

%token RACE "race" HAZARDS "hazards" KERNELS "kernels" KERNEL "kernel"
%token CHECKS "checks" ALL "all" BUT "but"
%token MACHINE "machine" CPUS "cpus" ZONE "zone" NORMAL "normal"
%token MOVABLE "movable" CMA "cma" IN "in" AT "at"
%token PROCESS "process" MEMLOCK "memlock" UNLIMITED "unlimited" CAP "cap"
%token IPC_LOCK "ipc_lock" MAP "map" ANON "anon" SHMEM "shmem" POPULATED "populated"
%token VM "vm" SEV "sev" OWNER "owner" GFN "gfn" MAPS "maps"
%token TASK "task" ON "on" OF "of" ROLE "role"
%token CREATE "create" DELETE "delete" WRITE "write" LONGTERM "longterm" TO "to"
%token EXPECT "expect" WITHOUT "without" HOLDS "holds" VIOLATES "violates"
%token ALWAYS "always" SOMETIMES "sometimes" NEVER "never" EXISTS "exists"
%token <enum race_op> TOUCH "touch" READ "read" FAULT "fault"
%token <enum race_op> REGISTER "register" UNREGISTER "unregister"
%token <enum race_op> HOLD "hold" RELEASE "release" PIN "pin" UNPIN "unpin"
%token <enum race_op> MIGRATE "migrate" CMA_ALLOC "cma_alloc"
%token <enum race_op> OFFLINE "offline" SIGNAL "signal" KILL "kill"
%token <enum race_op> ASYNC_PF "async_pf" PUNCH_HOLE "punch_hole"
%token <enum race_op> MUNMAP "munmap" MREMAP "mremap" DONTNEED "dontneed"
%token <enum race_op> DONTFORK "dontfork" FORK "fork" EXIT "exit" SLOT "slot"
%token <enum race_op> DRAIN "drain" FAIL "fail" PAGEOUT "pageout"
%token <enum race_op> LAUNCH_UPDATE "launch_update" COPY_CONTEXT "copy_context"
%token <enum race_op> MOVE_CONTEXT "move_context" CLOSE "close"
%token <enum race_op> SEND_UPDATE "send_update" RECEIVE_UPDATE "receive_update" PREFAULT "prefault"
%token <enum race_op> MAKE_PRIVATE "make_private" MAKE_SHARED "make_shared"
%token REPEAT "repeat" MAY "may"
%token <struct race_name> PAGE "page" PINS "pins" HELD "held" MOVED "moved"
%token <struct race_name> GUEST "guest" LOCKED "locked" COUNT "count"
%token <struct race_name> REFCOUNT "refcount" MAPCOUNT "mapcount"
%token <struct race_name> NONE "none" INTACT "intact" GARBAGE "garbage"
%token <struct race_name> LOST "lost" MOVE "move" FLAGS "flags"
%token <struct race_name> READONLY "readonly" LOG "log"
%token <struct race_name> NTH "nth" TIMES "times" SWAP "swap"
%token <struct race_name> UNCHECKED "unchecked" VCPUS "vcpus"

%left "||"
%left "&&"
%precedence '!'

%type <struct race_name> name soft of_opt owner_opt
%type <struct race_num> size result times_opt
%type <enum race_zone> zone zone_opt
%type <enum race_zone> page_zone
%type <enum race_guest> guest_state
%type <bool> access populated_opt sev_opt shmem
%type <struct race_range> range one_page page_ref
%type <enum race_op> range_op name_op gfn_op result_op
%type <uint32_t> repeat_from slot_flag slot_flags slot_flags_opt
%type <enum race_cmp> cmp eq
%type <enum race_verdict> quantifier
%type <struct race_term> result_term int_term page_term
%type <struct race_cond *> cond
%type <int32_t> nth_opt

%%

file:
	RACE name STRING	{
		b->race->name = $2;
		b->race->question = $3;
	}
	items
	;

items:
	%empty
|	items item
	;

item:
	hazards
|	kernels
|	checks
|	machine
|	process
|	vm
|	task
|	expect
|	EXISTS '(' cond ')'	{
		TRY(race_once(b, @1, b->race->exists, "exists"));
		b->race->exists = $3;
		b->race->exists_loc = @1;
	}
|	ALWAYS '(' cond ')'	{
		TRY(race_once(b, @1, b->race->always, "always"));
		b->race->always = $3;
		b->race->always_loc = @1;
	}
	;

/* ---- what the race is about ---- */

hazards:
	HAZARDS facts	{
		TRY(race_once(b, @1, b->race->nr_hazards, "hazards"));
		race_take_names(b, &b->race->hazards, &b->race->nr_hazards);
	}
	;

facts:
	FACT		{ TRY(race_push_name(b, $1)); }
|	facts ',' FACT	{ TRY(race_push_name(b, $3)); }
	;

kernels:
	KERNELS		{ TRY(race_once(b, @1, b->race->kernels, "kernels")); }
	versions
	;

versions:
	VERSION		{ TRY(race_add_kernel(b, $1, &b->race->kernels)); }
|	versions VERSION	{ TRY(race_add_kernel(b, $2, &b->race->kernels)); }
	;

checks:
	CHECKS ALL BUT ids	{
		TRY(race_once(b, @1, b->race->nr_left_out, "checks"));
		race_take_names(b, &b->race->left_out, &b->race->nr_left_out);
	}
	;

ids:
	name		{ TRY(race_push_name(b, $1)); }
|	ids ',' name	{ TRY(race_push_name(b, $3)); }
	;

/* ---- the machine ---- */

machine:
	MACHINE '{'	{
		TRY(race_once(b, @1, b->race->machine_loc.line, "machine"));
		b->race->machine_loc = @1;
	}
	machine_items '}'
	;

machine_items:
	%empty
|	machine_items machine_item ';'
	;

machine_item:
	CPUS NUMBER	{
		TRY(race_set_once(b, @1, &b->race->machine.cpus, $2, "cpus"));
	}
|	ZONE NORMAL size	{
		TRY(race_set_once(b, @1, &b->race->machine.normal, $3, "zone normal"));
	}
|	ZONE MOVABLE size	{
		TRY(race_set_once(b, @1, &b->race->machine.movable, $3, "zone movable"));
	}
|	CMA size zone_opt	{
		TRY(race_once(b, @1, b->race->machine.cma.loc.line, "cma"));
		if ($3 == RACE_ZONE_CMA) {
			race_fail(b, @3,
				  "cma in itself, expected 'normal' or 'movable'");
			YYABORT;
		}
		b->race->machine.cma = $2;
		if ($3 != RACE_ZONE_NONE)
			b->race->machine.cma_in = $3;
	}
|	SWAP size	{
		TRY(race_set_once(b, @1, &b->race->machine.swap, $2, "swap"));
	}
	;

size:
	NUMBER
	;

zone_opt:
	%empty		{ $$ = RACE_ZONE_NONE; }
|	IN zone		{ $$ = $2; @$ = @2; }
	;

zone:
	NORMAL		{ $$ = RACE_ZONE_NORMAL; }
|	MOVABLE		{ $$ = RACE_ZONE_MOVABLE; }
|	CMA		{ $$ = RACE_ZONE_CMA; }
	;

/* ---- processes ---- */

process:
	PROCESS name	{ TRY(race_process_new(b, $2)); }
	'{' process_items '}'
|	PROCESS name OF name ';'	{
		TRY(race_process_new(b, $2));
		race_process_last(b)->parent_name = $4;
	}
	;

process_items:
	%empty
|	process_items process_item ';'
	;

process_item:
	MEMLOCK size	{ TRY(race_set_memlock(b, @1, $2)); }
|	MEMLOCK UNLIMITED	{
		struct race_num v = { RACE_UNLIMITED, @2 };

		TRY(race_set_memlock(b, @1, v));
	}
|	CAP IPC_LOCK	{ TRY(race_set_cap(b, @1)); }
|	MAP name size shmem	{ TRY(race_region_new(b, $2, $3, $4)); }
	map_at zone_opt populated_opt	{
		struct race_region *r;

		r = &b->race->regions[b->race->nr_regions - 1];
		r->placement = $7;
		r->populated = $8;
	}
	;

shmem:
	ANON		{ $$ = false; }
|	SHMEM		{ $$ = true; }
	;

map_at:
	%empty
|	AT NUMBER	{
		struct race_region *r;

		r = &b->race->regions[b->race->nr_regions - 1];
		r->addr = $2;
		r->addr_given = true;
	}
	;

populated_opt:
	%empty		{ $$ = false; }
|	POPULATED	{ $$ = true; }
	;

/* ---- virtual machines ---- */

vm:
	VM name sev_opt owner_opt	{ TRY(race_vm_new(b, $2, $3, $4)); }
	'{' vm_items '}'
	;

sev_opt:
	%empty		{ $$ = false; }
|	SEV		{ $$ = true; }
	;

owner_opt:
	%empty		{ $$ = (struct race_name){ NULL, @$ }; }
|	OWNER name	{ $$ = $2; }
	;

vm_items:
	%empty
|	vm_items vm_item ';'
	;

vm_item:
	SLOT NUMBER GFN NUMBER MAPS range slot_flags_opt	{
		TRY(race_slot_new(b, $2, $4, &$6, $7));
	}
|	SEV		{ TRY(race_set_sev(b, @1)); }
|	COPY_CONTEXT name	{ TRY(race_set_mirror(b, @1, $2)); }
|	REGISTER range	{ TRY(race_registered_new(b, &$2)); }
|	VCPUS NONE	{ TRY(race_set_no_vcpus(b, @1)); }
	;

slot_flags_opt:
	%empty		{ $$ = 0; }
|	slot_flags
	;

slot_flags:
	slot_flag
|	slot_flags slot_flag	{
		TRY(race_once(b, @2, $1 & $2, $2 == RACE_SLOT_LOG ? "log" : "readonly"));
		$$ = $1 | $2;
	}
	;

slot_flag:
	READONLY	{ $$ = RACE_SLOT_READONLY; }
|	LOG		{ $$ = RACE_SLOT_LOG; }
	;

/* ---- tasks ---- */

task:
	TASK name ON NUMBER of_opt	{ TRY(race_task_new(b, $2, $4, $5)); }
	role_opt '{' stmts '}'
	;

of_opt:
	%empty		{ $$ = (struct race_name){ NULL, @$ }; }
|	OF name		{ $$ = $2; }
	;

role_opt:
	%empty
|	ROLE NUMBER	{
		b->task->role = $2;
		b->task->role_given = true;
	}
	;

stmts:
	%empty
|	stmts stmt results ';'	{ TRY(race_take_results(b)); }
|	stmts failure ';'
|	stmts REPEAT NUMBER '{' repeat_from stmts '}'	{ TRY(race_stmts_repeat(b, $3, $5)); }
	;

failure:
	FAIL name NTH NUMBER times_opt	{ TRY(race_failure_new(b, @1, $2, &$4, $5)); }
|	MAY FAIL name times_opt	{ TRY(race_failure_new(b, @1, $3, NULL, $4)); }
	;

times_opt:
	%empty		{ $$ = (struct race_num){ 1, @$ }; }
|	TIMES NUMBER	{ $$ = $2; }
|	TIMES ALL	{ $$ = (struct race_num){ RACE_UNLIMITED, @2 }; }
	;

repeat_from:
	%empty		{ $$ = b->task->nr_stmts; }
	;

results:
	%empty
|	ARROW result_list
	;

result_list:
	result		{ TRY(race_push_result(b, $1)); }
|	result_list '|' result	{ TRY(race_push_result(b, $3)); }
	;

result:
	NUMBER
|	ERRNO
	;

stmt:
	range_op range	{ TRY(race_stmt_range(b, $1, @1, &$2)); }
|	PIN range	{ TRY(race_stmt_range(b, RACE_OP_PIN, @1, &$2)); }
	pin_flags
|	HOLD range	{ TRY(race_stmt_range(b, RACE_OP_HOLD, @1, &$2)); }
	hold_times
|	MREMAP range TO range	{
		TRY(race_stmt_new(b, RACE_OP_MREMAP, @1));
		race_stmt_last(b)->range = $2;
		race_stmt_last(b)->to = $4;
	}
|	name_op name	{ TRY(race_stmt_name(b, $1, @1, $2)); }
|	EXIT		{ TRY(race_stmt_new(b, RACE_OP_EXIT, @1)); }
|	MIGRATE range	{ TRY(race_stmt_range(b, RACE_OP_MIGRATE, @1, &$2)); }
	migrate_to
|	FAULT GFN NUMBER access	{ TRY(race_stmt_gfn(b, RACE_OP_FAULT, @1, $3, $4)); }
|	gfn_op GFN NUMBER	{ TRY(race_stmt_gfn(b, $1, @1, $3, false)); }
|	CMA_ALLOC NUMBER	{
		TRY(race_stmt_new(b, RACE_OP_CMA_ALLOC, @1));
		race_stmt_last(b)->count = $2;
	}
|	SLOT CREATE NUMBER GFN NUMBER MAPS range slot_flags_opt	{
		TRY(race_stmt_slot(b, @1, RACE_SLOT_CREATE, $3));
		race_stmt_last(b)->gfn = $5;
		race_stmt_last(b)->range = $7;
		race_stmt_last(b)->slot_flags = $8;
	}
|	SLOT DELETE NUMBER	{ TRY(race_stmt_slot(b, @1, RACE_SLOT_DELETE, $3)); }
|	SLOT MOVE NUMBER TO GFN NUMBER	{
		TRY(race_stmt_slot(b, @1, RACE_SLOT_MOVE, $3));
		race_stmt_last(b)->gfn = $6;
	}
|	SLOT FLAGS NUMBER	{ TRY(race_stmt_slot(b, @1, RACE_SLOT_FLAGS, $3)); }
	new_flags
|	DRAIN		{ TRY(race_stmt_new(b, RACE_OP_DRAIN, @1)); }
	;

new_flags:
	NONE
|	slot_flags	{ race_stmt_last(b)->slot_flags = $1; }
	;

/* A word that starts a statement is its operation. */
range_op:
	TOUCH | READ | REGISTER | UNREGISTER | RELEASE | UNPIN | MUNMAP
|	DONTNEED | DONTFORK | OFFLINE | PAGEOUT | LAUNCH_UPDATE | SEND_UPDATE | RECEIVE_UPDATE
	;

name_op:
	FORK | SIGNAL | KILL | ASYNC_PF | COPY_CONTEXT | MOVE_CONTEXT | CLOSE
	;

gfn_op:
	PREFAULT | PUNCH_HOLE | MAKE_PRIVATE | MAKE_SHARED
	;

pin_flags:
	%empty
|	pin_flags LONGTERM	{
		TRY(race_once(b, @2, race_stmt_last(b)->longterm, "longterm"));
		race_stmt_last(b)->longterm = true;
	}
|	pin_flags WRITE	{
		TRY(race_once(b, @2, race_stmt_last(b)->write, "write"));
		race_stmt_last(b)->write = true;
	}
	;

hold_times:
	%empty
|	TIMES NUMBER	{ race_stmt_last(b)->count = $2; }
|	TIMES NUMBER UNCHECKED	{
		race_stmt_last(b)->count = $2;
		race_stmt_last(b)->unchecked = true;
	}
	;

migrate_to:
	%empty
|	TO zone		{ race_stmt_last(b)->zone = $2; }
	;

access:
	READ		{ $$ = false; }
|	WRITE		{ $$ = true; }
	;

range:
	one_page
|	name '[' NUMBER DOTDOT NUMBER ']'	{
		$$ = (struct race_range){ .name = $1, .first = $3.v,
					  .last = $5.v };
		if ($3.v > $5.v) {
			race_fail(b, $5.loc,
				  "range ends at page %llu before it begins, expected %llu or more",
				  (unsigned long long)$5.v,
				  (unsigned long long)$3.v);
			YYABORT;
		}
	}
|	name '[' DOTDOT ']'	{
		$$ = (struct race_range){ .name = $1, .whole = true };
	}
	;

one_page:
	name		{ $$ = (struct race_range){ .name = $1 }; }
|	name '[' NUMBER ']'	{
		$$ = (struct race_range){ .name = $1, .first = $3.v,
					  .last = $3.v };
	}
	;

/* ---- expectations ---- */

expect:
	EXPECT name	{ TRY(race_expect_new(b, $2)); }
	options		{
		race_take_names(b, &b->expect->options, &b->expect->nr_options);
	}
	kernel_opt without_opt verdict
	;

options:
	%empty
|	options ':' name	{ TRY(race_push_name(b, $3)); }
|	options ':' WRITE	{ TRY(race_push_name(b, (struct race_name){ "write", @3 })); }
	;

kernel_opt:
	%empty
|	KERNEL VERSION	{
		TRY(race_add_kernel(b, $2, &b->expect->kernels));
		b->expect->kernel_given = true;
		b->expect->kernel_loc = @2;
	}
	;

without_opt:
	%empty
|	WITHOUT ids	{
		race_take_names(b, &b->expect->without, &b->expect->nr_without);
	}
	;

verdict:
	HOLDS		{ b->expect->verdict = RACE_HOLDS; }
|	VIOLATES ids	{
		b->expect->verdict = RACE_VIOLATES;
		race_take_names(b, &b->expect->checks, &b->expect->nr_checks);
	}
|	quantifier '(' cond ')'	{
		b->expect->verdict = $1;
		b->expect->cond = $3;
	}
|	quantifier EXISTS	{ b->expect->verdict = $1; }
	;

quantifier:
	ALWAYS		{ $$ = RACE_ALWAYS; }
|	SOMETIMES	{ $$ = RACE_SOMETIMES; }
|	NEVER		{ $$ = RACE_NEVER; }
	;

/* ---- conditions ---- */

cond:
	cond OR cond	{ TRY($$ = race_cond_new(b, RACE_COND_OR, @2, $1, $3)); }
|	cond AND cond	{ TRY($$ = race_cond_new(b, RACE_COND_AND, @2, $1, $3)); }
|	'!' cond	{ TRY($$ = race_cond_new(b, RACE_COND_NOT, @1, $2, NULL)); }
|	'(' cond ')'	{ $$ = $2; @$ = @2; }
|	result_term cmp result	{ TRY($$ = race_cond_cmp(b, &$1, $2, (int64_t)$3.v)); }
|	int_term cmp NUMBER	{ TRY($$ = race_cond_cmp(b, &$1, $2, (int64_t)$3.v)); }
|	page_ref '.' ZONE eq page_zone	{
		struct race_term t = race_term_page(RACE_TERM_ZONE, @1, &$1);

		TRY($$ = race_cond_cmp(b, &t, $4, $5));
	}
|	GUEST '(' name ',' NUMBER ')' eq guest_state	{
		struct race_term t = race_term_new(RACE_TERM_GUEST, @1);

		t.name = $3;
		t.gfn = $5;
		TRY($$ = race_cond_cmp(b, &t, $7, $8));
	}
|	MOVED '(' page_ref ')'	{
		struct race_term t = race_term_page(RACE_TERM_MOVED, @1, &$3);

		TRY($$ = race_cond_cmp(b, &t, RACE_CMP_NE, 0));
	}
	;

result_term:
	name '.' result_op nth_opt	{
		$$ = race_term_new(RACE_TERM_RESULT, @1);
		$$.name = $1;
		$$.op = $3;
		$$.nth = $4;
	}
	;

nth_opt:
	%empty		{ $$ = RACE_LAST; }
|	'[' NUMBER ']'	{
		if ($2.v >= RACE_MAX_STMTS) {
			race_fail(b, @2, "result %llu, expected less than %d",
				  (unsigned long long)$2.v, RACE_MAX_STMTS);
			YYABORT;
		}
		$$ = (int32_t)$2.v;
	}
	;

result_op:
	range_op | name_op | gfn_op
|	HOLD | PIN | MIGRATE | MREMAP | EXIT | FAULT | CMA_ALLOC | SLOT | DRAIN
	;

int_term:
	page_term
|	LOCKED '(' name ')'	{
		$$ = race_term_new(RACE_TERM_LOCKED, @1);
		$$.name = $3;
	}
|	COUNT '(' name ')'	{
		$$ = race_term_new(RACE_TERM_COUNT, @1);
		$$.name = $3;
	}
	;

page_term:
	page_ref '.' REFCOUNT	{ $$ = race_term_page(RACE_TERM_REFCOUNT, @1, &$1); }
|	page_ref '.' MAPCOUNT	{ $$ = race_term_page(RACE_TERM_MAPCOUNT, @1, &$1); }
|	PINS '(' page_ref ')'	{ $$ = race_term_page(RACE_TERM_PINS, @1, &$3); }
|	HELD '(' page_ref ')'	{ $$ = race_term_page(RACE_TERM_HELD, @1, &$3); }
	;

page_ref:
	PAGE '(' one_page ')'	{ $$ = $3; }
	;

cmp:
	eq
|	LT		{ $$ = RACE_CMP_LT; }
|	LE		{ $$ = RACE_CMP_LE; }
|	GT		{ $$ = RACE_CMP_GT; }
|	GE		{ $$ = RACE_CMP_GE; }
	;

eq:
	EQ		{ $$ = RACE_CMP_EQ; }
|	NE		{ $$ = RACE_CMP_NE; }
	;

page_zone:
	zone
|	NONE		{ $$ = RACE_ZONE_NONE; }
	;

guest_state:
	INTACT		{ $$ = RACE_GUEST_INTACT; }
|	GARBAGE		{ $$ = RACE_GUEST_GARBAGE; }
|	LOST		{ $$ = RACE_GUEST_LOST; }
	;

/* ---- names: words that only conditions know may be names ---- */

name:
	NAME
|	soft
	;

soft:
	PAGE | PINS | HELD | MOVED | GUEST | LOCKED | COUNT | REFCOUNT
|	MAPCOUNT | NONE | INTACT | GARBAGE | LOST | MOVE | FLAGS | READONLY
|	LOG | NTH | TIMES | SWAP | UNCHECKED | VCPUS
	;

%%

/* Only for a parser stack that malloc() refuses: lex.l bounds nesting. */
static void race_yyerror(struct race_loc *loc, void *scanner,
			 struct race_build *b, const char *msg)
{
	(void)scanner;
	race_fail(b, *loc, "%s", msg);
}

static int yyreport_syntax_error(const yypcontext_t *ctx, void *scanner,
				 struct race_build *b)
{
	yysymbol_kind_t kinds[YYNTOKENS];
	struct race_expected list = { 0 };
	int i, n;

	(void)scanner;
	n = yypcontext_expected_tokens(ctx, kinds, YYNTOKENS);
	if (n < 0)
		return n;
	for (i = 0; i < n; i++)
		race_expected_add(&list, yysymbol_name(kinds[i]));
	race_expected_fail(b, *yypcontext_location(ctx),
			   yypcontext_token(ctx) == YYSYMBOL_YYEOF, &list);
	return 0;
}
