// SPDX-License-Identifier: MIT
#if defined(__x86_64__)

// floor_switch_jump(rdi = from, rsi = to, rax = where `from` resumes), reached by a jump.
// Saved: rbx, rbp, r12-r15, the control bits of MXCSR and the x87 control word.

#if defined(__APPLE__)
#define SYMBOL(name) _##name
#define BEGIN(name) .globl SYMBOL(name); .p2align 4; SYMBOL(name):
#define END(name)
#else
#define SYMBOL(name) name
#define BEGIN(name) .globl name; .type name, @function; .p2align 4; name:
#define END(name) .size name, .-name
#endif

    .text

BEGIN(floor_switch_jump)
    leaq    -128(%rsp), %rsp        // step over the red zone
    pushq   %rax                    // where to resume
    pushq   %rbp
    pushq   %rbx
    pushq   %r12
    pushq   %r13
    pushq   %r14
    pushq   %r15
    subq    $8, %rsp
    stmxcsr (%rsp)
    fnstcw  4(%rsp)
    movq    %rsp, %rdx
    movq    %rsp, (%rdi)            // leave one stack
    movq    (%rsi), %rsp            // enter the other
    movl    (%rdx), %eax
    xorl    (%rsp), %eax
    testl   $0xffc0, %eax           // control bits of MXCSR
    jne     2f
    movzwl  4(%rdx), %eax
    cmpw    4(%rsp), %ax            // x87 control word
    jne     2f
1:  popq    %rcx
    popq    %r15
    popq    %r14
    popq    %r13
    popq    %r12
    popq    %rbx
    popq    %rbp
    popq    %rcx
    leaq    128(%rsp), %rsp
    jmpq    *%rcx
2:  ldmxcsr (%rsp)
    fldcw   4(%rsp)
    jmp     1b
END(floor_switch_jump)

// First code on a stack: rbx holds the argument, r12 the function.
BEGIN(floor_switch_entry)
    xorl    %ebp, %ebp
    movq    %rbx, %rdi
    callq   *%r12
    ud2
END(floor_switch_entry)

// void *floor_switch_prepare(rdi = top, rsi = entry, rdx = argument)
BEGIN(floor_switch_prepare)
    leaq    -208(%rdi), %rax        // 64 bytes saved, 128 of red zone, 16 of zero
    xorl    %ecx, %ecx
    stmxcsr (%rax)
    fnstcw  4(%rax)
    movq    %rcx, 8(%rax)
    movq    %rcx, 16(%rax)
    movq    %rcx, 24(%rax)
    movq    %rsi, 32(%rax)          // r12 = entry
    movq    %rdx, 40(%rax)          // rbx = argument
    movq    %rcx, 48(%rax)
    leaq    SYMBOL(floor_switch_entry)(%rip), %rdx
    movq    %rdx, 56(%rax)
    movq    %rcx, 192(%rax)
    movq    %rcx, 200(%rax)
    ret
END(floor_switch_prepare)

#endif

#if defined(__ELF__)
    .section .note.GNU-stack,"",@progbits
#endif
