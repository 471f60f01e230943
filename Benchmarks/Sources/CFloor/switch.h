// SPDX-License-Identifier: MIT
// The stack switch of the library, once more: the same state is saved in the same way, so that a ratio shows what the
// scheduler adds. Why it looks like this: Sources/CFibers/context_x86_64.S.
#ifndef FLOOR_SWITCH_H
#define FLOOR_SWITCH_H

#if defined(__x86_64__)
#define FLOOR_HAS_SWITCH 1

#if defined(__APPLE__)
#define FLOOR_SYMBOL(name) "_" #name
#else
#define FLOOR_SYMBOL(name) #name
#endif

typedef struct floor_context {
    void *stack_pointer;
    struct floor_context *next;
} floor_context;

/// A first frame below `top` from which a switch enters `entry(argument)`.
void *floor_switch_prepare(void *top, void (*entry)(void *), void *argument);

static inline __attribute__((always_inline)) void floor_switch(floor_context *from, floor_context *to) {
    __asm__ volatile("leaq 1f(%%rip), %%rax\n\t"
                     "jmp " FLOOR_SYMBOL(floor_switch_jump) "\n"
                     "1:"
                     : "+D"(from), "+S"(to)
                     :
                     : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3",
                       "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
                       "xmm15");
}

#else
#define FLOOR_HAS_SWITCH 0
#endif

#endif
