// SPDX-License-Identifier: MIT
// The stack switch. In assembly, because neither C nor Swift can exchange stack pointers: see context_<abi>.S.
#ifndef FIBERS_CONTEXT_H
#define FIBERS_CONTEXT_H

#include <stdbool.h>

struct fibers_stack;

#if defined(__APPLE__)
#define FIBERS_SYMBOL(name) "_" #name
#else
#define FIBERS_SYMBOL(name) #name
#endif

/// Where a stack was left. The assembly reads and writes the first field only.
typedef struct fibers_context {
    /// Top of the saved registers; null while nothing has run here.
    void *stack_pointer;
    /// The stack that `stack_pointer` points into; null until one was attached.
    struct fibers_stack *stack;
} fibers_context;

#if !defined(__x86_64__)
void fibers_switch_call(fibers_context *from, fibers_context *to);
#endif

/// Set in a sanitized build: switches must be announced.
extern const bool fibers_announces_switches;
void fibers_switch_announced(fibers_context *from, fibers_context *to);

/// The bare switch. Inline on x86-64, so that no `call` is left without its `ret`: see context_x86_64.S.
static inline __attribute__((always_inline)) void fibers_switch_bare(fibers_context *from, fibers_context *to) {
#if defined(__x86_64__)
    __asm__ volatile("leaq 1f(%%rip), %%rax\n\t" // where to resume
                     "jmp " FIBERS_SYMBOL(fibers_switch_jump) "\n"
                     "1:"
                     : "+D"(from), "+S"(to)
                     :
                     : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3",
                       "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
                       "xmm15", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)"
#if defined(__AVX512F__)
                       , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25",
                       "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"
#endif
    );
#else
    fibers_switch_call(from, to);
#endif
}

/// Saves the callee-saved state of the caller in `from` and continues where `to` was left. Returns when somebody
/// switches back to `from`.
static inline __attribute__((always_inline)) void fibers_switch(fibers_context *from, fibers_context *to) {
    if (__builtin_expect(fibers_announces_switches, 0)) {
        fibers_switch_announced(from, to);
    } else {
        fibers_switch_bare(from, to);
    }
}

/// Lays out a first frame below `top` (16-byte aligned) so that switching to it calls `entry(argument)`, which must
/// never return. Returns the stack pointer to store in a context.
void *fibers_context_prepare(void *top, void (*entry)(void *), void *argument);

#endif
