// SPDX-License-Identifier: MIT
// Who needs guards. The main thread does not, as long as it is the only one that uses what threads may share. It says by a
// plain store that it is in a section, and then looks whether it is still alone. The first other thread that takes a guard
// stores that it is not, lets the kernel run a full memory barrier on every thread of the process, and looks whether the
// main thread is in a section. Thanks to that barrier, one of the two sees what the other has stored.
#include "fibers_guard.h"

#include <pthread.h>
#include <sched.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FIBERS_ALWAYS_GUARDED // that sanitizer knows nothing of barriers on other threads
#endif
#endif

_Thread_local fibers_sections fibers_thread_sections;

/// Orders changes of who goes without guards.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
/// Of the main thread while it goes without guards; else null.
static fibers_sections *without_guards;
/// Everybody takes guards, and nobody is in a section without.
static bool is_shared;

static bool can_go_without_guards(void) {
#if defined(__linux__) && !defined(FIBERS_ALWAYS_GUARDED)
    return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
#else
    return false;
#endif
}

static void run_barrier_on_every_thread(void) {
#if defined(__linux__)
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
#endif
}

static void go_without_guards(bool does) {
    without_guards = does ? &fibers_thread_sections : NULL;
    __atomic_store_n(&fibers_thread_sections.goes_without_guards, does, __ATOMIC_RELAXED);
}

void fibers_guard_add_thread(void) {
    pthread_mutex_lock(&mutex);
    if (!is_shared && fibers_is_main_thread() && can_go_without_guards()) go_without_guards(true);
    pthread_mutex_unlock(&mutex);
}

void fibers_guard_remove_thread(void) {
    pthread_mutex_lock(&mutex);
    if (without_guards == &fibers_thread_sections) go_without_guards(false);
    pthread_mutex_unlock(&mutex);
}

/// The main thread while it has no scheduler: nobody goes without guards then, and it may again when it has one.
static bool is_idle_main_thread(void) { return fibers_scheduler_current() == NULL && fibers_is_main_thread(); }

static void make_everybody_guard(void) {
    pthread_mutex_lock(&mutex);
    if (without_guards != NULL) {
        __atomic_store_n(&without_guards->goes_without_guards, false, __ATOMIC_SEQ_CST);
        run_barrier_on_every_thread();
        while (__atomic_load_n(&without_guards->is_inside, __ATOMIC_ACQUIRE)) sched_yield();
        without_guards = NULL;
    }
    __atomic_store_n(&is_shared, true, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&mutex);
}

// MARK: The lock

/// Looks at a guard that is taken before the thread sleeps: who holds it leaves soon, unless its thread was taken off.
enum { SPINS = 100 };

static void sleep_while(uint32_t *state, uint32_t value) {
#if defined(__linux__)
    syscall(SYS_futex, state, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
#else
    (void)state, (void)value;
    sched_yield();
#endif
}

static void wake_one(uint32_t *state) {
#if defined(__linux__)
    syscall(SYS_futex, state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
#else
    (void)state;
#endif
}

static inline bool try_to_take(uint32_t *state) {
    uint32_t free = 0;
    return __atomic_compare_exchange_n(state, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static __attribute__((noinline)) void wait_for(uint32_t *state) {
    for (int i = 0; i < SPINS; i += 1) {
        if (__atomic_load_n(state, __ATOMIC_RELAXED) == 0 && try_to_take(state)) return;
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }
    while (__atomic_exchange_n(state, 2, __ATOMIC_ACQUIRE) != 0) sleep_while(state, 2);
}

void fibers_guard_lock(fibers_guard *guard) {
    __atomic_store_n(&fibers_thread_sections.is_inside, false, __ATOMIC_RELEASE);
    if (!__atomic_load_n(&is_shared, __ATOMIC_ACQUIRE) && !is_idle_main_thread()) make_everybody_guard();
    if (!try_to_take(&guard->state)) wait_for(&guard->state);
}

// MARK: Fibers of other threads

/// The inbox may outlive its scheduler by this call: the fiber may run, and be the last, before it returns.
static void send(fibers_message *message) {
    fibers_inbox *inbox = fibers_fiber_of_message(message)->scheduler->inbox;
    fibers_inbox_retain(inbox);
    fibers_inbox_send(inbox, message);
    fibers_inbox_release(inbox);
}

void fibers_guard_send(fibers_guard *guard, fibers_fiber *fiber, void (*deliver)(fibers_message *)) {
    fibers_message *message = fibers_fiber_message(fiber);
    *message = (fibers_message){.deliver = deliver};
    if (guard->first_woken == NULL) {
        guard->first_woken = message;
    } else {
        guard->last_woken->next = message;
    }
    guard->last_woken = message;
}

void fibers_guard_unlock(fibers_guard *guard) {
    fibers_message *message = guard->first_woken;
    guard->first_woken = NULL;
    if (__atomic_exchange_n(&guard->state, 0, __ATOMIC_RELEASE) == 2) wake_one(&guard->state);
    while (message != NULL) {
        fibers_message *next = message->next; // sending gives it away
        send(message);
        message = next;
    }
}
