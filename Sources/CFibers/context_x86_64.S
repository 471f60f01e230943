// SPDX-License-Identifier: MIT
#if defined(__x86_64__)

// Stack switch for the System V AMD64 ABI (Linux, macOS). Reached from fibers_switch in fibers_context.h.
//
// Contract
//   fibers_switch_jump(rdi = from, rsi = to, rax = where `from` resumes), reached by a jump, not by a call.
//   *rdi receives the stack pointer, *rsi supplies the next one.
//   Saved: rbx, rbp, r12-r15 (callee-saved), the control bits of MXCSR and the x87 control word.
//   Not saved: everything the ABI lets a call destroy, and the status flags of both floating-point units.
//
// The processor predicts a `ret` by the last `call`. A `ret` that leaves for another stack never matches one and is
// mispredicted (10 ns against 3.5), so we resume by an indirect jump. A `call` that no `ret` answers would spoil the
// prediction for the caller of our caller just the same (12 ns), so we are reached by a jump as well.
//
// Frame, from the saved stack pointer upwards:
//   +0 MXCSR (4)   +4 x87 control word (2)   +8 r15   +16 r14   +24 r13   +32 r12   +40 rbx   +48 rbp   +56 resume at
//   +64 red zone of the function that was left (128)

// Hidden: a jump through a lazily bound table of a shared library would write into the red zone.
#if defined(__APPLE__)
#define SYMBOL(name) _##name
#define BEGIN(name) .globl SYMBOL(name); .private_extern SYMBOL(name); .p2align 4; SYMBOL(name):
#define END(name)
#else
#define SYMBOL(name) name
#define BEGIN(name) .globl name; .hidden name; .type name, @function; .p2align 4; name:
#define END(name) .size name, .-name
#endif

    .text

BEGIN(fibers_switch_jump)
    .cfi_startproc
    .cfi_def_cfa_offset 0           // nobody called: there is no return address on the stack
    .cfi_register rip, rax          // it stands in rax
    leaq    -128(%rsp), %rsp        // step over the red zone of the function that jumped here
    .cfi_adjust_cfa_offset 128
    pushq   %rax                    // save where to resume
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rip, 0
    pushq   %rbp                    // save the callee-saved registers
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbp, 0
    pushq   %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbx, 0
    pushq   %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r12, 0
    pushq   %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r13, 0
    pushq   %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r14, 0
    pushq   %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r15, 0
    subq    $8, %rsp                // room for the floating-point control words
    .cfi_adjust_cfa_offset 8
    stmxcsr (%rsp)                  // save rounding, masks and flush mode of SSE
    fnstcw  4(%rsp)                 // save precision, rounding and masks of the x87 unit
    movq    %rsp, %rdx              // remember the old frame for the comparison below
    movq    %rsp, (%rdi)            // from->stack_pointer
    movq    (%rsi), %rsp            // to->stack_pointer: from here on we are on the other stack, whose frame looks alike
    movl    (%rdx), %eax            // MXCSR as it is now
    xorl    (%rsp), %eax            // which bits differ from the one wanted
    testl   $0xffc0, %eax           // bits 0-5 are status flags, which are nobody's
    jne     2f                      // loading it costs more than comparing it
    movzwl  4(%rdx), %eax           // x87 control word as it is now
    cmpw    4(%rsp), %ax            // is it the one wanted?
    jne     2f                      // rarely not
    .cfi_remember_state
1:  popq    %rcx                    // drop the control words
    .cfi_adjust_cfa_offset -8
    popq    %r15                    // restore the callee-saved registers
    .cfi_adjust_cfa_offset -8
    .cfi_restore r15
    popq    %r14
    .cfi_adjust_cfa_offset -8
    .cfi_restore r14
    popq    %r13
    .cfi_adjust_cfa_offset -8
    .cfi_restore r13
    popq    %r12
    .cfi_adjust_cfa_offset -8
    .cfi_restore r12
    popq    %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbx
    popq    %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbp
    popq    %rcx                    // where this stack was left
    .cfi_adjust_cfa_offset -8
    .cfi_register rip, rcx
    leaq    128(%rsp), %rsp         // step back over the red zone
    .cfi_adjust_cfa_offset -128
    jmpq    *%rcx                   // resume there
    .cfi_restore_state
2:  ldmxcsr (%rsp)                  // install the SSE control word wanted
    fldcw   4(%rsp)                 // install the x87 control word wanted
    jmp     1b                      // and go on
    .cfi_endproc
END(fibers_switch_jump)

// First code on a new stack: rbx holds the argument, r12 the function. Marked as the outermost frame for unwinders.
BEGIN(fibers_context_entry)
    .cfi_startproc
    .cfi_undefined rip              // there is no caller
    xorl    %ebp, %ebp              // and no frame above this one
    movq    %rbx, %rdi              // the argument
    callq   *%r12                   // entry(argument)
    ud2                             // an entry never returns
    .cfi_endproc
END(fibers_context_entry)

// void *fibers_context_prepare(rdi = top, rsi = entry, rdx = argument)
BEGIN(fibers_context_prepare)
    .cfi_startproc
    leaq    -208(%rdi), %rax        // a frame of 192 bytes, above it 16 bytes of zero
    xorl    %ecx, %ecx              // zero
    stmxcsr (%rax)                  // the new stack starts with the creator's SSE control word
    fnstcw  4(%rax)                 // and x87 control word
    movq    %rcx, 8(%rax)           // r15
    movq    %rcx, 16(%rax)          // r14
    movq    %rcx, 24(%rax)          // r13
    movq    %rsi, 32(%rax)          // r12 = entry
    movq    %rdx, 40(%rax)          // rbx = argument
    movq    %rcx, 48(%rax)          // rbp = 0 ends the chain of frames
    leaq    SYMBOL(fibers_context_entry)(%rip), %rdx // the first code to run
    movq    %rdx, 56(%rax)          // is where the first switch resumes
    movq    %rcx, 192(%rax)         // a null return address ends the stack
    movq    %rcx, 200(%rax)         // and keeps it 16-byte aligned
    ret                             // rax = stack pointer
    .cfi_endproc
END(fibers_context_prepare)

#endif

#if defined(__ELF__)
    .section .note.GNU-stack,"",@progbits // the stack need not be executable
#endif
