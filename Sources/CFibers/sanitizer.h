// SPDX-License-Identifier: MIT
// What sanitizers and valgrind must be told about stacks. Empty in a plain build.
#ifndef FIBERS_SANITIZER_H
#define FIBERS_SANITIZER_H

#include "fibers_stack.h"

/// A stack was carved out of a slab.
void fibers_sanitizer_stack_made(fibers_stack *stack);
/// The pages of an idle stack were given back: it will start from its top again.
void fibers_sanitizer_stack_reset(fibers_stack *stack);
/// Called first on a stack that starts from its top.
void fibers_sanitizer_stack_entered(fibers_stack *stack);
/// The memory of an idle stack is about to be unmapped.
void fibers_sanitizer_stack_ended(fibers_stack *stack);

/// The description of the calling thread's own stack was made.
void fibers_sanitizer_thread_stack_made(fibers_stack *stack);
void fibers_sanitizer_thread_stack_ended(fibers_stack *stack);

#endif
