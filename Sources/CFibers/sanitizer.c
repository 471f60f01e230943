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
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#if defined(FIBERS_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

void fibers_sanitizer_slab_made(void *mapping, size_t bytes) {
#if defined(FIBERS_ASAN)
    __lsan_register_root_region(mapping, bytes); // a parked stack holds references
#else
    (void)mapping, (void)bytes;
#endif
}

void fibers_sanitizer_slab_ended(void *mapping, size_t bytes) {
#if defined(FIBERS_ASAN)
    __lsan_unregister_root_region(mapping, bytes);
#else
    (void)mapping, (void)bytes;
#endif
}

void fibers_sanitizer_stack_made(fibers_stack *stack) {
#if defined(FIBERS_TSAN)
    stack->tsan_fiber = __tsan_create_fiber(0);
#endif
#if defined(FIBERS_VALGRIND)
    (void)VALGRIND_STACK_REGISTER(stack->base, stack->base + stack->size);
#endif
    (void)stack;
}

void fibers_sanitizer_thread_stack(fibers_stack *stack) {
#if defined(FIBERS_TSAN)
    stack->tsan_fiber = __tsan_get_current_fiber();
#endif
    (void)stack;
}

void fibers_sanitizer_stack_entered(void) {
#if defined(FIBERS_ASAN)
    __sanitizer_finish_switch_fiber(0, 0, 0);
#endif
}

void fibers_sanitizer_stack_ended(fibers_stack *stack) {
#if defined(FIBERS_TSAN)
    __tsan_destroy_fiber(stack->tsan_fiber);
#endif
    (void)stack;
}

// Not instrumented: these frames are entered on one stack and left on it again only after others ran.
#if defined(FIBERS_ASAN)
const bool fibers_announces_switches = true;
__attribute__((no_sanitize("address"))) void fibers_switch_announced(fibers_context *from, fibers_context *to) {
    fibers_stack *next = to->stack;
    __sanitizer_start_switch_fiber(&from->stack->asan_fake_stack, next->base, next->size);
    fibers_switch_bare(from, to);
    __sanitizer_finish_switch_fiber(from->stack->asan_fake_stack, 0, 0);
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
