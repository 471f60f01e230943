// SPDX-License-Identifier: MIT
// What sanitizers and valgrind must be told about stacks. Empty in a plain build.
#ifndef FIBERS_SANITIZER_H
#define FIBERS_SANITIZER_H

#include "fibers_stack.h"

void fibers_sanitizer_slab_made(void *mapping, size_t bytes);
void fibers_sanitizer_slab_ended(void *mapping, size_t bytes);
void fibers_sanitizer_stack_made(fibers_stack *stack);
/// The description of the calling thread's own stack was made.
void fibers_sanitizer_thread_stack(fibers_stack *stack);
/// Called first on a new stack.
void fibers_sanitizer_stack_entered(void);
void fibers_sanitizer_stack_ended(fibers_stack *stack);

#endif
