// SPDX-License-Identifier: MIT
#include "sanitizer.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBERS_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define FIBERS_TSAN 1
#endif
#endif

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#define FIBERS_VALGRIND 1
#endif
#endif

#if defined(FIBERS_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>

/// Lowest address that may be read. A guard marker does not show in the list of mappings, so that the leak checker
/// would run into it.
static char *readable_base(const fibers_stack *stack) {
    return stack->pool == NULL ? stack->base : stack->base + FIBERS_STACK_GUARD;
}

static size_t readable_size(const fibers_stack *stack) {
    return (size_t)(stack->base + stack->size - readable_base(stack));
}

/// Frees a stack's fake stack, where the address sanitizer keeps variables to detect use after return. It is freed only
/// for a stack that is left for good, so we pretend to go there and to leave it.
__attribute__((no_sanitize("address"))) static void free_fake_stack(fibers_stack *stack) {
    if (stack->asan_fake_stack == NULL) return;
    void *own = NULL;
    const void *bottom = NULL;
    size_t size = 0;
    __sanitizer_start_switch_fiber(&own, readable_base(stack), readable_size(stack));
    __sanitizer_finish_switch_fiber(stack->asan_fake_stack, &bottom, &size);
    __sanitizer_start_switch_fiber(NULL, bottom, size);
    __sanitizer_finish_switch_fiber(own, NULL, NULL);
}
#endif

#if defined(FIBERS_TSAN)
#include <pthread.h>
#include <sanitizer/tsan_interface.h>

/// Fibers of the thread sanitizer that no stack uses. They are never destroyed: __tsan_destroy_fiber was seen to crash when
/// some 300 of them lived at once (it can tell 256 apart), in the runtime of Swift 6.3.1.
static struct {
    pthread_mutex_t lock;
    void *fibers[8192]; // as many as it can make
    size_t count;
} unused_tsan_fibers = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *take_tsan_fiber(void) {
    void *fiber = NULL;
    pthread_mutex_lock(&unused_tsan_fibers.lock);
    if (unused_tsan_fibers.count > 0) fiber = unused_tsan_fibers.fibers[--unused_tsan_fibers.count];
    pthread_mutex_unlock(&unused_tsan_fibers.lock);
    return fiber != NULL ? fiber : __tsan_create_fiber(0);
}

static void give_tsan_fiber(void *fiber) {
    pthread_mutex_lock(&unused_tsan_fibers.lock);
    unused_tsan_fibers.fibers[unused_tsan_fibers.count++] = fiber;
    pthread_mutex_unlock(&unused_tsan_fibers.lock);
}
#endif

void fibers_sanitizer_stack_made(fibers_stack *stack) {
#if defined(FIBERS_ASAN)
    __lsan_register_root_region(readable_base(stack), readable_size(stack)); // a parked stack holds references
#endif
#if defined(FIBERS_TSAN)
    stack->tsan_fiber = take_tsan_fiber();
#endif
#if defined(FIBERS_VALGRIND)
    stack->valgrind_id = VALGRIND_STACK_REGISTER(stack->base, stack->base + stack->size);
#endif
    (void)stack;
}

void fibers_sanitizer_stack_reset(fibers_stack *stack) {
#if defined(FIBERS_ASAN)
    // The frames that stood there never return, so nobody else wipes what they marked. The fake stack is kept.
    __asan_unpoison_memory_region(readable_base(stack), readable_size(stack));
#endif
    (void)stack;
}

#if defined(FIBERS_ASAN)
__attribute__((no_sanitize("address")))
#endif
void fibers_sanitizer_stack_entered(fibers_stack *stack) {
#if defined(FIBERS_ASAN)
    __sanitizer_finish_switch_fiber(stack->asan_fake_stack, NULL, NULL);
#endif
    (void)stack;
}

void fibers_sanitizer_stack_ended(fibers_stack *stack) {
#if defined(FIBERS_ASAN)
    free_fake_stack(stack);
    __asan_unpoison_memory_region(readable_base(stack), readable_size(stack));
    __lsan_unregister_root_region(readable_base(stack), readable_size(stack));
#endif
#if defined(FIBERS_TSAN)
    give_tsan_fiber(stack->tsan_fiber);
#endif
#if defined(FIBERS_VALGRIND)
    VALGRIND_STACK_DEREGISTER(stack->valgrind_id);
#endif
    (void)stack;
}

void fibers_sanitizer_thread_stack_made(fibers_stack *stack) {
#if defined(FIBERS_ASAN)
    // While a fiber runs, the leak checker takes the fiber's stack for the thread's and would not look here.
    __lsan_register_root_region(readable_base(stack), readable_size(stack));
#endif
#if defined(FIBERS_TSAN)
    stack->tsan_fiber = __tsan_get_current_fiber();
#endif
    (void)stack;
}

void fibers_sanitizer_thread_stack_ended(fibers_stack *stack) {
#if defined(FIBERS_ASAN)
    __lsan_unregister_root_region(readable_base(stack), readable_size(stack));
#endif
    (void)stack;
}

// Not instrumented: these frames are entered on one stack and left on it again only after others ran.
#if defined(FIBERS_ASAN)
const bool fibers_announces_switches = true;
__attribute__((no_sanitize("address"))) void fibers_switch_announced(fibers_context *from, fibers_context *to) {
    fibers_stack *next = to->stack;
    __sanitizer_start_switch_fiber(&from->stack->asan_fake_stack, readable_base(next), readable_size(next));
    fibers_switch_bare(from, to);
    __sanitizer_finish_switch_fiber(from->stack->asan_fake_stack, NULL, NULL);
}
#elif defined(FIBERS_TSAN)
const bool fibers_announces_switches = true;
__attribute__((no_sanitize("thread"))) void fibers_switch_announced(fibers_context *from, fibers_context *to) {
    __tsan_switch_to_fiber(to->stack->tsan_fiber, 0);
    fibers_switch_bare(from, to);
}
#else
const bool fibers_announces_switches = false;
void fibers_switch_announced(fibers_context *from, fibers_context *to) { fibers_switch_bare(from, to); }
#endif
