/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The task switch for x86-64: push the callee-saved registers, exchange stack
 * pointers, pop them again.
 *
 * It ends in pop and jmp, not in ret: the return predictor has seen another
 * stack's calls, and a wrong guess costs twice the whole switch.  MXCSR and
 * the x87 control word are not saved, as simulated code has no floating point.
 */
	.text

/* void sim_context_switch(struct sim_context *from, struct sim_context *to) */
	.globl	sim_context_switch
	.hidden	sim_context_switch
	.type	sim_context_switch, @function
	.align	16
sim_context_switch:
	.cfi_startproc
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	(%rsi), %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	popq	%rcx
	jmp	*%rcx
	.cfi_endproc
	.size	sim_context_switch, . - sim_context_switch

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
 * Builds what sim_context_switch() pops: r15 r14 r13 r12 rbx rbp and where to
 * jump. first_frame has to find the stack aligned to 16 bytes.
 */
	.globl	sim_context_init
	.hidden	sim_context_init
	.type	sim_context_init, @function
	.align	16
sim_context_init:
	.cfi_startproc
	leaq	-80(%rsi, %rdx), %rax
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
	movq	$0, 72(%rax)
	movq	%rax, (%rdi)
	ret
	.cfi_endproc
	.size	sim_context_init, . - sim_context_init

	.section .note.GNU-stack, "", @progbits
