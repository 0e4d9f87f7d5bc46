/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An encrypted guest and the calls about it, over the whole simulated kernel:
 * launch update, mirrors, moving to another VM, the end of a VM. One schedule,
 * the default one, and what is true at its end.
 */
#include "tests/explore/searching.h"

#include <stdio.h>
#include <string.h>

#define HEAD								\
	"race t \"What is true then?\"\n"				\
	"machine { cpus 2; zone normal 64M; zone movable 0; cma 0; }\n"	\
	"process vmm { memlock 16K; map ram 16K anon in normal populated; }\n"
#define GUEST		"vm g sev { slot 0 gfn 0x100 maps ram[..]; }\n"
#define TWO		"vm g sev owner vmm { slot 0 gfn 0x100 maps ram[..]; register ram; }\n" \
			"vm h owner vmm { slot 0 gfn 0x100 maps ram[..]; }\n"

static const char *const kernels[] = { "5.17", "6.1", "6.12" };
#define NR_KERNELS	(sizeof(kernels) / sizeof(kernels[0]))

/* Nothing is violated but @ids, and @cond is true. */
static void ends(const char *kernel, const char *design, const char *world, const char *ids,
		 const char *cond)
{
	struct searching s;
	char text[1500];

	snprintf(text, sizeof(text), "%sexists (%s)\n", world, cond);
	searching_open(&s, "t", text, design);
	s.config.trace = false;
	searching_kernel(&s, kernel);
	searching_run(&s);
	assert_string_equal(searching_violated(&s), ids);
	if (!*ids && s.result.conds[0].positive != 1)
		fail_msg("%s, %s: (%s) is false", kernel, design, cond);
	searching_close(&s);
}

static void everywhere(const char *design, const char *world, const char *cond)
{
	size_t i;

	for (i = 0; i < NR_KERNELS; i++)
		ends(kernels[i], design, world, "", cond);
}

/*
 * All interleavings of a world whose condition is true at some ends and not at
 * others, or never; nothing is violated.
 *
 * Return: of how many ends it is.
 */
static uint64_t some_ends(const char *kernel, const char *design, const char *text)
{
	struct searching s;
	uint64_t ends;

	searching_open(&s, "t", text, design);
	s.config.kind = SEARCH_DFS;
	s.config.reduce = true;
	s.config.states = true;
	s.config.trace = false;
	searching_kernel(&s, kernel);
	searching_run(&s);
	assert_string_equal(searching_violated(&s), "");
	assert_true(s.result.complete);
	assert_true(s.result.conds[0].negative > 1);
	ends = s.result.conds[0].positive;
	searching_close(&s);
	return ends;
}

/* A world, and what is true of it in the end. */
struct refused {
	const char *text, *cond;
};

static void all_everywhere(const struct refused *r, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		everywhere("eager", r[i].text, r[i].cond);
}
#define ALL_EVERYWHERE(r)	all_everywhere(r, sizeof(r) / sizeof((r)[0]))

/* --- launch update ---------------------------------------------------------------- */

/* I.7: encrypted where it lies; the pins and their charge are gone again. */
static void launch_update_encrypts_in_place(void **state)
{
	static const char text[] = HEAD GUEST
		"task a on 0 { launch_update ram[0..2]; fault gfn 0x101 read; }\n";

	everywhere("eager", text, "a.launch_update == 0 && guest(g, 0x101) == intact &&"
		   " pins(page(ram[1])) == 0 && !moved(page(ram[1]))");
}

/* O.10: what was encrypted may not move; where nothing holds it, it does. */
static void launched_page_that_moves_is_garbage(void **state)
{
	static const char moved[] = HEAD GUEST
		"task a on 0 { launch_update ram[0..1]; migrate ram[0..1]; }\n";
	static const char held[] = HEAD GUEST
		"task a on 0 { register ram[0..1]; launch_update ram[0..1];\n"
		"	migrate ram[0..1]; }\n";

	ends("6.12", "eager", moved, "guest-corruption", "a.migrate == 0");
	everywhere("eager", held, "guest(g, 0x100) == intact && a.migrate == 2 &&"
		   " pins(page(ram[0])) == 1");
}

/* I.7, F.5: in this order; a mirror comes before the rest. */
static void launch_update_refuses(void **state)
{
	static const struct refused refused[] = {
		{ HEAD "vm h { slot 0 gfn 0x100 maps ram[..]; }\n"
		  "task a on 0 { launch_update ram; }\n",
		  "a.launch_update == -ENOTTY" },
		{ HEAD GUEST
		  "task a on 0 { register ram[0..2]; launch_update ram[0..1];\n"
		  "	launch_update ram; }\n",
		  "a.launch_update[0] == -ENOMEM && a.launch_update == 0 &&"
		  " locked(vmm) == 3" },
		{ HEAD GUEST
		  "task a on 0 { munmap ram[1]; launch_update ram[0..1]; }\n",
		  "a.launch_update == -ENOMEM && pins(page(ram[0])) == 0" },
		{ HEAD GUEST
		  "task a on 0 { fail sev_cmd nth 1; launch_update ram[0..1]; }\n",
		  "a.launch_update == -EIO && pins(page(ram[0])) == 0" },
		{ HEAD "vm g sev { slot 0 gfn 0x100 maps ram; }\n"
		  "vm h { copy_context g; slot 0 gfn 0x100 maps ram; }\n"
		  "task a on 0 of h { fail usercopy nth 1; launch_update ram; }\n",
		  "a.launch_update == -EINVAL" },
	};

	ALL_EVERYWHERE(refused);
}

/* --- mirrors ---------------------------------------------------------------------- */

/* I.9: one guest, two VMs: each reads what the other wrote; regions are the owner's. */
static void mirror_reads_what_its_owner_wrote(void **state)
{
	static const char text[] = HEAD TWO
		"task a on 0 of g { fault gfn 0x100 write -> 0; }\n"
		"task b on 1 of h { copy_context g -> 0; register ram -> -EINVAL;\n"
		"	unregister ram -> -EINVAL; fault gfn 0x100 read;\n"
		"	fault gfn 0x100 write; }\n";

	everywhere("eager", text, "b.register == -EINVAL && b.unregister == -EINVAL &&"
		   " b.fault == 0 && guest(g, 0x100) == intact && pins(page(ram)) == 1");
}

/* I.9: who may not be a mirror, or have one. */
static void mirror_refuses(void **state)
{
	static const struct refused refused[] = {
		{ HEAD GUEST "task a on 0 { copy_context g; }\n",
		  "a.copy_context == -EINVAL" },
		{ HEAD
		  "vm g sev owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		  "vm h sev owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		  "task a on 0 of h { copy_context g; }\n",
		  "a.copy_context == -EINVAL" },
		{ HEAD TWO
		  "vm i owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		  "task a on 0 of h { copy_context i; }\n",
		  "a.copy_context == -EINVAL" },
		{ HEAD TWO
		  "vm i owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		  "task a on 0 of h { copy_context g; }\n"
		  "task b on 1 of i { copy_context h; }\n",
		  "a.copy_context == 0 && b.copy_context == -EINVAL" },
		{ HEAD TWO
		  "task a on 0 of h { fault gfn 0x100 read; copy_context g; }\n",
		  "a.copy_context == -EINVAL" },
		{ HEAD TWO
		  "task a on 0 of h { close g; copy_context g; }\n",
		  "a.copy_context == -EBADF" },
	};

	ALL_EVERYWHERE(refused);
}

/*
 * H-63: what demand-sound pinned for an owner it does not unpin while a mirror may
 * still reach it; and there is nothing to register where there is no SEV guest.
 */
static void sound_pins_last_as_long_as_a_mirror(void **state)
{
	static const char kept[] = HEAD TWO
		"task a on 0 of g { fault gfn 0x100 write -> 0; }\n"
		"task b on 1 of h { copy_context g -> 0; register ram; unregister ram; }\n"
		"task c on 0 of g { slot delete 0 -> 0; unregister ram -> 0; }\n";
	static const char plain[] = HEAD "vm h { slot 0 gfn 0x100 maps ram; }\n"
		"task a on 0 { register ram; unregister ram; launch_update ram; }\n";

	everywhere("demand-sound", kept, "b.register == -EINVAL && b.unregister == -EINVAL &&"
		   " pins(page(ram)) == 1");
	everywhere("demand-sound", plain, "a.register == -ENOTTY && a.unregister == -ENOTTY &&"
		   " a.launch_update == -ENOTTY");
}

/* I.4: a mirror holds its owner; the owner's regions last as long. */
static void owner_lives_as_long_as_its_mirror(void **state)
{
	static const char text[] = HEAD TWO
		"task a on 0 of h { copy_context g; close g; fault gfn 0x100 write;\n"
		"	migrate ram; }\n";

	everywhere("eager", text, "a.close == 0 && a.fault == 0 && a.migrate == 1 &&"
		   " pins(page(ram)) == 1");
}

/* --- intra-host migration ----------------------------------------------------------- */

/* I.10: pins and charge move, no limit is asked again; the source is dead. */
static void move_takes_regions_along(void **state)
{
	static const char text[] = HEAD TWO
		"task b on 1 of h { move_context g; unregister ram; register ram[0..3]; }\n"
		"task c on 1 of g { repeat 20 { drain; } launch_update ram; fault gfn 0x100 read;\n"
		"	slot delete 0; unregister ram; }\n";

	everywhere("eager", text, "b.move_context == 0 && b.unregister == 0 && b.register == 0 &&"
		   " c.launch_update == -EIO && c.fault == -EIO &&"
		   " c.slot == -EIO && c.unregister == -EIO && locked(vmm) == 4");
}

/* I.10, K.22: the guest finds in the new VM what it wrote in the old one. */
static void moved_guest_finds_what_it_wrote(void **state)
{
	static const char text[] = HEAD TWO
		"task a on 0 of g { fault gfn 0x100 write -> 0; }\n"
		"task b on 1 of h { move_context g; close g; fault gfn 0x100 read;\n"
		"	migrate ram; }\n";

	everywhere("eager", text, "b.fault == 0 && b.migrate == 1 && guest(h, 0x100) == intact");
}

/*
 * G.1, I.10: a vCPU that waits for its turn while its guest moves away finds its VM
 * dead, and does not enter the guest: whatever it mapped would be pinned by nobody.
 */
static void vcpu_that_waited_for_the_move_ends(void **state)
{
	static const char text[] = HEAD
		"vm g sev owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		"vm h owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		"task a on 0 of g { fault gfn 0x100 write; }\n"
		"task b on 1 of h { move_context g -> 0; }\n"
		"exists (a.fault == 0 && pins(page(ram)) == 0)\n";
	size_t i;

	for (i = 0; i < NR_KERNELS; i++)
		assert_int_equal(some_ends(kernels[i], "demand-sound", text), 0);
}

/* I.10: in the kernel's order. */
static void move_refuses(void **state)
{
	static const struct refused refused[] = {
		{ HEAD GUEST "task a on 0 { move_context g; }\n",
		  "a.move_context == -EINVAL" },
		{ HEAD TWO
		  "vm i owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		  "task a on 0 of h { move_context g; }\n"
		  "task b on 1 of i { move_context g; }\n",
		  "a.move_context == 0 && b.move_context == -EINVAL" },
		{ HEAD TWO "task a on 0 of h { close g; move_context g; }\n",
		  "a.move_context == -EBADF" },
	};

	ALL_EVERYWHERE(refused);
}

/* E.11: who is killed while another has the lock of one of the VMs gives up. */
static void killed_while_waiting_is_eintr(void **state)
{
	static const char *const texts[] = {
		HEAD TWO "task a on 0 of h { copy_context g; }\n"
		"task b on 1 of g { launch_update ram; }\ntask k on 0 of g { kill a; }\n"
		"exists (a.copy_context == -EINTR)\n",
		HEAD TWO "task a on 0 of h { move_context g; }\n"
		"task b on 1 of g { launch_update ram; }\ntask k on 0 of g { kill a; }\n"
		"exists (a.move_context == -EINTR)\n",
	};
	size_t i, k;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (k = 0; k < NR_KERNELS; k++)
			assert_true(some_ends(kernels[k], "eager", texts[i]) > 0);
	}
}

/* I.10: mirrors go along, but on 5.17 they keep their owner where it is. */
static void move_of_mirrored_guest(void **state)
{
	static const char text[] = HEAD TWO
		"vm i owner vmm { slot 0 gfn 0x100 maps ram; }\n"
		"task a on 0 of h { copy_context g; }\n"
		"task b on 1 of i { move_context g; close g; migrate ram; }\n";

	ends("5.17", "eager", text, "", "b.move_context == -EBUSY && b.migrate == 1");
	ends("6.1", "eager", text, "", "b.move_context == 0 && b.migrate == 1");
	ends("6.12", "eager", text, "", "b.move_context == 0 && b.migrate == 1");
}

/* --- the end of a VM ----------------------------------------------------------------- */

/* K.21: with the VMM's mapping gone a slot's pins are the last references, and
 * caches were written back before they go (5.17 flushes at no other time). */
static void end_of_vm_frees_what_only_it_holds(void **state)
{
	static const char text[] = HEAD
		"vm g sev { slot 0 gfn 0x100 maps ram[..]; register ram; }\n"
		"task a on 0 { fault gfn 0x100 write; munmap ram; close g; drain; }\n";
	static const char *const designs[] = {
		"eager", "eager-longterm", "demand-ref", "demand-late", "demand-takeover",
	};
	size_t i;

	for (i = 0; i < sizeof(designs) / sizeof(designs[0]); i++)
		everywhere(designs[i], text, "a.close == 0 && page(ram).zone == none");
}

/* Nothing comes after the end; and it is no end twice. */
static void closed_vm_is_no_vm(void **state)
{
	static const char text[] = HEAD GUEST
		"task a on 0 { close g; fault gfn 0x100 read; register ram; close g; }\n";

	everywhere("eager", text, "a.fault == -EBADF && a.register == -EBADF &&"
		   " a.close[0] == 0 && a.close == -EBADF");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(launch_update_encrypts_in_place),
		cmocka_unit_test(launched_page_that_moves_is_garbage),
		cmocka_unit_test(launch_update_refuses),
		cmocka_unit_test(mirror_reads_what_its_owner_wrote),
		cmocka_unit_test(mirror_refuses),
		cmocka_unit_test(sound_pins_last_as_long_as_a_mirror),
		cmocka_unit_test(owner_lives_as_long_as_its_mirror),
		cmocka_unit_test(move_takes_regions_along),
		cmocka_unit_test(moved_guest_finds_what_it_wrote),
		cmocka_unit_test(vcpu_that_waited_for_the_move_ends),
		cmocka_unit_test(move_refuses),
		cmocka_unit_test(killed_while_waiting_is_eintr),
		cmocka_unit_test(move_of_mirrored_guest),
		cmocka_unit_test(end_of_vm_frees_what_only_it_holds),
		cmocka_unit_test(closed_vm_is_no_vm),
	};

	return cmocka_run_group_tests(tests, rolled_map, rolled_unmap) ? 1 : 0;
}
