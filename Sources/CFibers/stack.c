// SPDX-License-Identifier: MIT
// Stacks are carved out of slabs of one size class. A slab only reserves addresses; a stack costs the pages it touched.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // pthread_getattr_np
#endif
#include "fibers_stack.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sanitizer.h"

#if defined(__linux__) && !defined(MADV_GUARD_INSTALL)
#define MADV_GUARD_INSTALL 102 // Linux 6.13
#endif

/// Idle stacks of a class that keep their pages.
#define HIGH_WATER 256
/// Stack tops differ by this many cache lines at most: 1000 fibers that all start at the same offset of a page would
/// fight for one cache set. Half a page, so that a fiber with a shallow stack still touches one page.
#define COLOURS 32
#define COLOUR_STEP 64

typedef struct fibers_stack_slab {
    struct fibers_stack_slab *next;
    char *mapping;
    size_t bytes;
    size_t count;
    fibers_stack stacks[];
} slab;

typedef struct size_class {
    /// Idle stacks that kept their pages, the last released first.
    fibers_stack *warm;
    size_t warm_count;
    /// The least that `warm_count` has been in the present period.
    size_t fewest_warm;
    /// Stacks that were idle for all of the last period, beyond those that keep their pages in any case.
    size_t surplus;
    /// Idle stacks whose pages were given back.
    fibers_stack *cold;
    size_t cold_count;
    slab *slabs;
    /// Stacks already carved out of the newest slab.
    size_t used;
    size_t made;
} size_class;

struct fibers_stack_pool {
    void (*entry)(void *);
    size_class classes[FIBERS_STACK_CLASSES];
    /// Guards of this pool that cost a mapping.
    size_t mapping_guards;
};

// MARK: Guards

static atomic_bool old_kernel;
static atomic_size_t mapping_guards;
static atomic_size_t map_count_limit;

static size_t read_map_limit(void) {
    size_t limit = 65530;
#if defined(__linux__)
    FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
    if (file != NULL) {
        if (fscanf(file, "%zu", &limit) != 1) limit = 65530;
        fclose(file);
    }
#endif
    return limit;
}

size_t fibers_stack_limit(void) {
#if defined(__linux__)
    if (!atomic_load(&old_kernel)) return PTRDIFF_MAX;
    size_t limit = atomic_load(&map_count_limit);
    if (limit == 0) {
        limit = read_map_limit();
        atomic_store(&map_count_limit, limit);
    }
    // A guard splits a mapping in two; 45 % leaves a tenth of the limit to the rest of the process.
    return limit / 100 * 45;
#else
    return PTRDIFF_MAX;
#endif
}

void fibers_stack_pretend_old_kernel(bool pretend, size_t max_map_count) {
    atomic_store(&old_kernel, pretend);
    atomic_store(&map_count_limit, max_map_count);
}

static bool guard_by_mapping(fibers_stack_pool *pool, char *base) {
    if (atomic_fetch_add(&mapping_guards, 1) >= fibers_stack_limit()
        || mprotect(base, FIBERS_STACK_GUARD, PROT_NONE) != 0) {
        atomic_fetch_sub(&mapping_guards, 1);
        return false;
    }
    pool->mapping_guards += 1;
    return true;
}

static bool install_guard(fibers_stack_pool *pool, char *base) {
#if defined(__linux__)
    if (!atomic_load(&old_kernel)) {
        // A marker in the page table: unlike a protected page it costs no memory mapping.
        if (madvise(base, FIBERS_STACK_GUARD, MADV_GUARD_INSTALL) == 0) return true;
        atomic_store(&old_kernel, true);
    }
#endif
    return guard_by_mapping(pool, base);
}

// MARK: A thread's own stack

fibers_stack *fibers_stack_of_thread(void) {
    fibers_stack *stack = calloc(1, sizeof(fibers_stack));
    if (stack == NULL) return NULL;
#if defined(__linux__)
    pthread_attr_t attributes;
    void *base = NULL;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &base, &stack->size);
        pthread_attr_destroy(&attributes);
    }
    stack->base = base;
#else
    stack->size = pthread_get_stacksize_np(pthread_self());
    stack->base = (char *)pthread_get_stackaddr_np(pthread_self()) - stack->size;
#endif
    stack->top = stack->base + stack->size;
    fibers_sanitizer_thread_stack_made(stack);
    return stack;
}

void fibers_stack_of_thread_free(fibers_stack *stack) {
    fibers_sanitizer_thread_stack_ended(stack);
    free(stack);
}

// MARK: Size classes

uint32_t fibers_stack_class(size_t size) {
    uint32_t index = 0;
    while (index + 1 < FIBERS_STACK_CLASSES && fibers_stack_class_size(index) < size) index += 1;
    return index;
}

size_t fibers_stack_class_size(uint32_t index) { return FIBERS_STACK_SMALLEST << index; }

// MARK: Slabs

/// Stacks lie a page further apart than they are large: at a power of two, all tops would compete for the same sets of the
/// second-level cache as well.
static size_t stride_of(size_t size) { return size + (size_t)sysconf(_SC_PAGESIZE); }

static size_t next_slab_count(const size_class *class, size_t size) {
    const size_t largest = ((size_t)256 << 20) / size;
    size_t count = class->slabs == NULL ? 16 : class->slabs->count * 2;
    if (count > largest) count = largest;
    return count == 0 ? 1 : count;
}

static slab *add_slab(size_class *class, size_t size) {
    const size_t count = next_slab_count(class, size);
    const size_t bytes = count * stride_of(size);
    slab *new_slab = calloc(1, sizeof(slab) + count * sizeof(fibers_stack));
    if (new_slab == NULL) return NULL;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#if defined(MAP_NORESERVE)
    flags |= MAP_NORESERVE;
#endif
    char *mapping = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (mapping == MAP_FAILED) {
        free(new_slab);
        return NULL;
    }
#if defined(MADV_NOHUGEPAGE)
    madvise(mapping, bytes, MADV_NOHUGEPAGE); // one touched byte must not cost 2 MiB
#endif
    *new_slab = (slab){.next = class->slabs, .mapping = mapping, .bytes = bytes, .count = count};
    class->slabs = new_slab;
    class->used = 0;
    return new_slab;
}

static fibers_stack *carve(fibers_stack_pool *pool, uint32_t index) {
    size_class *class = &pool->classes[index];
    const size_t size = fibers_stack_class_size(index);
    slab *newest = class->slabs;
    if (newest == NULL || class->used == newest->count) newest = add_slab(class, size);
    if (newest == NULL) return NULL;
    char *base = newest->mapping + class->used * stride_of(size);
    if (!install_guard(pool, base)) return NULL;
    fibers_stack *stack = &newest->stacks[class->used];
    class->used += 1;
    stack->pool = pool;
    stack->base = base;
    stack->top = base + size - (class->made % COLOURS) * COLOUR_STEP;
    stack->size = size;
    stack->size_class = index;
    fibers_sanitizer_stack_made(stack);
    class->made += 1;
    return stack;
}

// MARK: The pool

fibers_stack_pool *fibers_stack_pool_create(void (*entry)(void *)) {
    fibers_stack_pool *pool = calloc(1, sizeof(fibers_stack_pool));
    if (pool != NULL) pool->entry = entry;
    return pool;
}

void fibers_stack_pool_destroy(fibers_stack_pool *pool) {
    for (size_t index = 0; index < FIBERS_STACK_CLASSES; index += 1) {
        size_class *class = &pool->classes[index];
        slab *next;
        for (slab *current = class->slabs; current != NULL; current = next) {
            next = current->next;
            const size_t carved = current == class->slabs ? class->used : current->count;
            for (size_t i = 0; i < carved; i += 1) fibers_sanitizer_stack_ended(&current->stacks[i]);
            munmap(current->mapping, current->bytes);
            free(current);
        }
    }
    atomic_fetch_sub(&mapping_guards, pool->mapping_guards);
    free(pool);
}

static void enter(void *argument) {
    fibers_stack *stack = argument;
    fibers_sanitizer_stack_entered(stack);
    stack->pool->entry(stack);
}

static fibers_stack *prepare(fibers_stack *stack) {
    if (stack == NULL) return NULL;
    stack->idle.stack = stack;
    stack->idle.stack_pointer = fibers_context_prepare(stack->top, enter, stack);
    return stack;
}

static fibers_stack *pop(fibers_stack **list, size_t *count) {
    fibers_stack *stack = *list;
    *list = stack->next;
    *count -= 1;
    return stack;
}

fibers_stack *fibers_stack_acquire(fibers_stack_pool *pool, uint32_t index) {
    size_class *class = &pool->classes[index];
    if (class->warm != NULL) {
        fibers_stack *stack = pop(&class->warm, &class->warm_count);
        if (class->warm_count < class->fewest_warm) class->fewest_warm = class->warm_count;
        return stack;
    }
    if (class->cold != NULL) return prepare(pop(&class->cold, &class->cold_count));
    return prepare(carve(pool, index));
}

static void push(fibers_stack **list, size_t *count, fibers_stack *stack) {
    stack->next = *list;
    *list = stack;
    *count += 1;
}

void fibers_stack_release(fibers_stack_pool *pool, fibers_stack *stack) {
    stack->fiber = NULL;
    size_class *class = &pool->classes[stack->size_class];
    push(&class->warm, &class->warm_count, stack);
}

static void trim_class(size_class *class, size_t batch) {
    fibers_stack *last_kept = class->warm;
    for (size_t kept = 1; kept < HIGH_WATER; kept += 1) last_kept = last_kept->next;
    for (; class->warm_count > HIGH_WATER && class->surplus > 0 && batch > 0; batch -= 1, class->surplus -= 1) {
        fibers_stack *stack = pop(&last_kept->next, &class->warm_count);
        madvise(stack->base + FIBERS_STACK_GUARD, stack->size - FIBERS_STACK_GUARD, MADV_DONTNEED);
        fibers_sanitizer_stack_reset(stack);
        push(&class->cold, &class->cold_count, stack);
    }
}

fibers_stack_idleness fibers_stack_trim(fibers_stack_pool *pool, size_t batch) {
    fibers_stack_idleness idleness = FIBERS_STACKS_IN_USE;
    for (size_t index = 0; index < FIBERS_STACK_CLASSES; index += 1) {
        size_class *class = &pool->classes[index];
        if (class->warm_count <= HIGH_WATER) continue;
        if (class->surplus > 0) trim_class(class, batch);
        if (class->surplus > 0) return FIBERS_STACKS_TO_TRIM;
        if (class->warm_count > HIGH_WATER) idleness = FIBERS_STACKS_IDLE;
    }
    return idleness;
}

void fibers_stack_begin_period(fibers_stack_pool *pool) {
    for (size_t index = 0; index < FIBERS_STACK_CLASSES; index += 1) {
        size_class *class = &pool->classes[index];
        class->surplus = class->fewest_warm > HIGH_WATER ? class->fewest_warm - HIGH_WATER : 0;
        class->fewest_warm = class->warm_count;
    }
}

fibers_stack_counts fibers_stack_pool_counts(const fibers_stack_pool *pool) {
    fibers_stack_counts counts = {0};
    for (size_t index = 0; index < FIBERS_STACK_CLASSES; index += 1) {
        const size_class *class = &pool->classes[index];
        counts.made += class->made;
        counts.idle += class->warm_count + class->cold_count;
        counts.trimmed += class->cold_count;
    }
    return counts;
}

static struct fibers_fiber *next_fiber_of_slabs(fibers_stack_cursor *cursor) {
    for (; cursor->slab != NULL; cursor->slab = cursor->slab->next, cursor->index = 0) {
        while (cursor->index < cursor->slab->count) {
            const fibers_stack *stack = &cursor->slab->stacks[cursor->index];
            cursor->index += 1;
            if (stack->fiber != NULL) return stack->fiber;
        }
    }
    return NULL;
}

struct fibers_fiber *fibers_stack_pool_next_fiber(const fibers_stack_pool *pool, fibers_stack_cursor *cursor) {
    struct fibers_fiber *fiber = next_fiber_of_slabs(cursor);
    for (; fiber == NULL && cursor->size_class < FIBERS_STACK_CLASSES; cursor->size_class += 1) {
        cursor->slab = pool->classes[cursor->size_class].slabs;
        fiber = next_fiber_of_slabs(cursor);
    }
    return fiber;
}
