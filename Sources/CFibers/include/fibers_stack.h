// SPDX-License-Identifier: MIT
// Stack memory: reserved generously, paid for by touched pages, guarded, recycled last in first out.
#ifndef FIBERS_STACK_H
#define FIBERS_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fibers_context.h"

/// Bytes at the low end of every stack that fault when touched.
#define FIBERS_STACK_GUARD ((size_t)16 << 10)
#define FIBERS_STACK_SMALLEST ((size_t)32 << 10)
/// Classes are powers of two: 32 KiB, 64 KiB, ... 1 GiB.
#define FIBERS_STACK_CLASSES 16
/// 256 KiB.
#define FIBERS_STACK_DEFAULT_CLASS 3

typedef struct fibers_stack_pool fibers_stack_pool;

typedef struct fibers_stack {
    /// Where the stack was left when it became idle. First, so that a stack can be switched to like a fiber.
    fibers_context idle;
    /// Next idle stack of the pool.
    struct fibers_stack *next;
    /// Where it belongs; null for a thread's own stack.
    fibers_stack_pool *pool;
    /// The fiber that has this stack; null while it is idle.
    struct fibers_fiber *fiber;
    /// The innermost `CancelScope` around what runs here; null if there is none, and between two fibers.
    void *innermost_scope;
    /// Lowest address; the guard is [base, base + FIBERS_STACK_GUARD).
    char *base;
    /// Highest address in use, lowered by the stack's colour.
    char *top;
    /// Bytes from `base`, guard included: a power of two.
    size_t size;
    /// Index of the size class.
    uint32_t size_class;
    /// What valgrind knows this stack as.
    uint32_t valgrind_id;
    /// What the thread sanitizer knows this stack as.
    void *tsan_fiber;
    /// What the address sanitizer hands over from one switch to the next.
    void *asan_fake_stack;
} fibers_stack;

/// What a pool holds at the moment.
typedef struct fibers_stack_counts {
    /// Stacks ever carved out of slabs.
    size_t made;
    /// Stacks waiting for a fiber.
    size_t idle;
    /// Idle stacks whose pages were given back.
    size_t trimmed;
} fibers_stack_counts;

/// A pool for one thread. Every stack of it starts in `entry(stack)`. Null when memory is short.
fibers_stack_pool *fibers_stack_pool_create(void (*entry)(void *));
/// Unmaps all stacks. None may be in use.
void fibers_stack_pool_destroy(fibers_stack_pool *pool);

/// The class whose stacks hold at least `size` bytes, guard included; the largest class if none does.
uint32_t fibers_stack_class(size_t size);
/// Bytes a stack of this class reserves, guard included.
size_t fibers_stack_class_size(uint32_t size_class);

/// An idle stack, recycled or new, ready to be switched to; null when no more can be made safely: see
/// `fibers_stack_limit`. Constant time, but for a system call when the stack is new.
fibers_stack *fibers_stack_acquire(fibers_stack_pool *pool, uint32_t size_class);
/// Describes the calling thread's own stack. Null when memory is short.
fibers_stack *fibers_stack_of_thread(void);
void fibers_stack_of_thread_free(fibers_stack *stack);
/// Puts a stack back. The caller may still be running on it until its next switch.
void fibers_stack_release(fibers_stack_pool *pool, fibers_stack *stack);
/// What a pool has beyond the idle stacks that keep their pages in any case.
typedef enum fibers_stack_idleness {
    FIBERS_STACKS_IN_USE,
    /// Idle stacks that were in use during the last period.
    FIBERS_STACKS_IDLE,
    /// Idle stacks that were idle during all of it: `fibers_stack_trim` has more to do.
    FIBERS_STACKS_TO_TRIM,
} fibers_stack_idleness;

/// Gives back the pages of up to `batch` stacks of each class that were idle for all of the last period, beyond the
/// high-water mark. Never call it from a released stack.
fibers_stack_idleness fibers_stack_trim(fibers_stack_pool *pool, size_t batch);
/// A period ends and another begins.
void fibers_stack_begin_period(fibers_stack_pool *pool);
fibers_stack_counts fibers_stack_pool_counts(const fibers_stack_pool *pool);

/// A position in a walk over all stacks; start with zeros.
typedef struct fibers_stack_cursor {
    size_t size_class;
    struct fibers_stack_slab *slab;
    size_t index;
} fibers_stack_cursor;

/// The next fiber that has a stack of the pool, in no particular order; null after the last.
struct fibers_fiber *fibers_stack_pool_next_fiber(const fibers_stack_pool *pool, fibers_stack_cursor *cursor);

/// Guards that cost a memory mapping each may exist this often in the process; PTRDIFF_MAX when guards cost none.
size_t fibers_stack_limit(void);
/// For tests: pretend that the kernel has no guard markers, and that the map limit is `max_map_count` (0: the real one).
void fibers_stack_pretend_old_kernel(bool old_kernel, size_t max_map_count);

#endif
