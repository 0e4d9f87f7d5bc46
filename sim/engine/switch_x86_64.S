/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The task switch for x86-64: push the callee-saved registers, exchange stack
 * pointers, pop them again.
 *
 * It ends in pop and jmp, not in ret: the return predictor has seen another
 * stack's calls, and each wrong guess costs more than the switch itself.  For
 * the same reason resuming and yielding are whole here, without a C function
 * around them that would have to return.  MXCSR and the x87 control word are
 * not saved, as simulated code has no floating point.
 */
	.text

/* struct sim_fibers; asserted in fiber.c */
#define SCHEDULER	0
#define CTX		8
#define RAN		272
/* struct sim_hot; asserted in fiber.c */
#define OWN_LO		16
#define RUNNING		24
/* sim_stack_lo(0); asserted in fiber.c */
#define STACK0		0x20fc00010000
#define STRIDE_SHIFT	17

	.macro	function name
	.globl	\name
	.type	\name, @function
	.align	16
\name:
	.cfi_startproc
	.endm

	.macro	end name
	.cfi_endproc
	.size	\name, . - \name
	.endm

	.macro	push_all
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	.endm

	.macro	pop_all_and_go
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	popq	%rcx
	jmp	*%rcx
	.endm

#ifdef SIM_FAST_SWITCH

/* enum sim_yield sim_fiber_resume(unsigned int id) */
function sim_fiber_resume
	cmpq	$-1, sim_hot+RUNNING(%rip)
	jne	sim_fiber_misused
	push_all
	movl	%edi, %edi
	leaq	sim_fibers(%rip), %rdx
	movabsq	$STACK0, %rax
	movq	%rdi, %rcx
	shlq	$STRIDE_SHIFT, %rcx
	addq	%rcx, %rax
	movq	%rax, sim_hot+OWN_LO(%rip)
	movq	%rdi, sim_hot+RUNNING(%rip)
	movb	$1, RAN(%rdx,%rdi)
	movq	%rsp, SCHEDULER(%rdx)
	movq	CTX(%rdx,%rdi,8), %rsp
	pop_all_and_go
end sim_fiber_resume

/* void sim_fiber_yield(enum sim_yield why); what resume returns is %eax. */
function sim_fiber_yield
	push_all
	leaq	sim_fibers(%rip), %rdx
	movl	%edi, %eax
	movq	sim_hot+RUNNING(%rip), %rcx
	movq	%rsp, CTX(%rdx,%rcx,8)
	movq	SCHEDULER(%rdx), %rsp
	movq	$-1, sim_hot+RUNNING(%rip)
	movq	$0, sim_hot+OWN_LO(%rip)
	pop_all_and_go
end sim_fiber_yield

#else

/* void sim_context_switch(struct sim_context *from, struct sim_context *to) */
	.hidden	sim_context_switch
function sim_context_switch
	push_all
	movq	%rsp, (%rdi)
	movq	(%rsi), %rsp
	pop_all_and_go
end sim_context_switch

#endif

/* void sim_stack_clean(void): as deep as the calls are that end in a step. */
function sim_stack_clean
	pxor	%xmm0, %xmm0
	.set	at, 16
	.rept	32
	movups	%xmm0, -at(%rsp)
	.set	at, at + 16
	.endr
	ret
end sim_stack_clean

/* First code of every fiber: %r12 holds the entry. Backtraces end here. */
	.type	first_frame, @function
	.align	16
first_frame:
	.cfi_startproc
	.cfi_undefined rip
	.cfi_undefined rbp
	callq	*%r12
	ud2
	.cfi_endproc
	.size	first_frame, . - first_frame

/*
 * void sim_context_init(struct sim_context *ctx, uint64_t lo, uint64_t size,
 *			 void (*entry)(void))
 *
 * Builds what pop_all_and_go pops: r15 r14 r13 r12 rbx rbp and where to go.
 * first_frame has to find the stack aligned to 16 bytes.
 */
	.hidden	sim_context_init
function sim_context_init
	leaq	-72(%rsi, %rdx), %rax
	leaq	first_frame(%rip), %r8
	movq	$0, 0(%rax)
	movq	$0, 8(%rax)
	movq	$0, 16(%rax)
	movq	%rcx, 24(%rax)
	movq	$0, 32(%rax)
	movq	$0, 40(%rax)
	movq	%r8, 48(%rax)
	movq	$0, 56(%rax)
	movq	$0, 64(%rax)
	movq	%rax, (%rdi)
	ret
end sim_context_init

	.section .note.GNU-stack, "", @progbits
