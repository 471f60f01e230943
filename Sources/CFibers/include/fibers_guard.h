// SPDX-License-Identifier: MIT
// A lock around what fibers of several threads share, held for a few instructions. As long as one scheduler alone uses such
// things, it costs two plain stores and no atomic operation. In C, because that needs memory barriers of two kinds.
#ifndef FIBERS_GUARD_H
#define FIBERS_GUARD_H

#include "fibers_scheduler.h"

/// Lies beside what it guards. All zero at first.
typedef struct fibers_guard {
    /// 0 free, 1 taken, 2 taken and somebody sleeps until it is free. Atomic; not declared so, because Swift cannot import that.
    uint32_t state;
    /// May be read outside of sections, too. Atomic, likewise.
    bool flag;
    /// Fibers of other threads that were woken under the guard: sent to their schedulers when it is left.
    fibers_message *first_woken;
    fibers_message *last_woken;
} fibers_guard;

/// What a thread tells whoever has to know whether it is in a section without guard. Atomic, likewise.
typedef struct fibers_sections {
    /// It is in a section, or just found out that it needs a guard.
    bool is_inside;
    /// No other thread uses what is shared: false but for the main thread, at first. Another thread may change it.
    bool goes_without_guards;
} fibers_sections;
extern _Thread_local fibers_sections fibers_thread_sections FIBERS_FAST_TLS;

/// Takes the guard, and makes sure that nobody goes without guards any more. The thread is then not inside without one.
void fibers_guard_lock(fibers_guard *guard);
/// Frees the guard, then sends the fibers woken under it.
void fibers_guard_unlock(fibers_guard *guard);
/// Lets `deliver` have a parked fiber of another scheduler on that one's thread, once the guard is free. The fiber is in no
/// queue. Its memory, and its scheduler, stay until then: it has not finished.
void fibers_guard_send(fibers_guard *guard, fibers_fiber *fiber, void (*deliver)(fibers_message *));

/// Begins a section that no other thread can be in at the same time. Sections do not nest, and nothing parks in one.
/// Returns the guard; null where it was not needed: the thread has said that it is in a section before it looks.
static inline fibers_guard *fibers_guard_enter(fibers_guard *guard) {
    __atomic_store_n(&fibers_thread_sections.is_inside, true, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (__atomic_load_n(&fibers_thread_sections.goes_without_guards, __ATOMIC_RELAXED)) return NULL;
    fibers_guard_lock(guard);
    return guard;
}

/// Ends a section with what `fibers_guard_enter` returned. Does no harm where none was begun, given null.
static inline void fibers_guard_leave(fibers_guard *entered) {
    if (entered != NULL) return fibers_guard_unlock(entered);
    __atomic_store_n(&fibers_thread_sections.is_inside, false, __ATOMIC_RELEASE);
}

/// Who sees the flag changed sees what happened before.
static inline bool fibers_guard_flag(const fibers_guard *guard) { return __atomic_load_n(&guard->flag, __ATOMIC_ACQUIRE); }
static inline void fibers_guard_set_flag(fibers_guard *guard, bool value) {
    __atomic_store_n(&guard->flag, value, __ATOMIC_RELEASE);
}

/// A scheduler comes up on this thread. The main thread goes without guards, until another thread takes one.
void fibers_guard_add_thread(void);
/// The scheduler of this thread ends.
void fibers_guard_remove_thread(void);

/// A fiber on its way to its scheduler. Its link is free to be a message meanwhile.
static inline fibers_message *fibers_fiber_message(fibers_fiber *fiber) {
    _Static_assert(sizeof(fibers_link) == sizeof(fibers_message), "one takes the place of the other");
    return (fibers_message *)&fiber->link;
}
static inline fibers_fiber *fibers_fiber_of_message(fibers_message *message) {
    return fibers_fiber_of((fibers_link *)message);
}

#endif
