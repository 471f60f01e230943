// SPDX-License-Identifier: MIT
// The stack switch. In assembly, because neither C nor Swift can exchange stack pointers: see context_<abi>.S.
#ifndef FIBERS_CONTEXT_H
#define FIBERS_CONTEXT_H

struct fibers_stack;

/// Where a stack was left. The assembly reads and writes the first field only.
typedef struct fibers_context {
    /// Top of the saved registers; null while nothing has run here.
    void *stack_pointer;
    /// The stack that `stack_pointer` points into; null until one was attached.
    struct fibers_stack *stack;
} fibers_context;

/// Saves the callee-saved state of the caller in `from` and continues where `to` was left. Returns when somebody
/// switches back to `from`. A sanitized build replaces this weak symbol by one that announces the switch.
void fibers_switch(fibers_context *from, fibers_context *to);

/// The bare switch of the assembly file.
void fibers_switch_bare(fibers_context *from, fibers_context *to);

/// Lays out a first frame below `top` (16-byte aligned) so that switching to it calls `entry(argument)`, which must
/// never return. Returns the stack pointer to store in a context.
void *fibers_context_prepare(void *top, void (*entry)(void *), void *argument);

#endif
