// SPDX-License-Identifier: MIT
// The records that the hot path reads and writes. C structs, because touching them through typed pointers costs neither
// reference counting nor exclusivity checks.
#ifndef FIBERS_SCHEDULER_H
#define FIBERS_SCHEDULER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fibers_context.h"
#include "fibers_list.h"
#include "fibers_stack.h"

struct fibers_scheduler;

/// A fiber's place in a wait queue. Lives in the frame of the parked call.
typedef struct fibers_waiter {
    /// First, so that a link of a wait queue is a waiter.
    fibers_link link;
    /// Who waits.
    struct fibers_fiber *fiber;
    /// Where the waker stores what the wait returns; null if it returns nothing.
    void *slot;
    /// The Swift object waited for, for reports; null if there is none.
    void *subject;
} fibers_waiter;

static inline fibers_waiter *fibers_waiter_of(fibers_link *link) { return (fibers_waiter *)link; }

/// The control block of a fiber, which lies in its Swift object. What switching touches comes first.
typedef struct fibers_fiber {
    /// First, so that a fiber can be switched to.
    fibers_context context;
    /// Place in the run queue. This and the next are where the result lies once nothing can queue the fiber any more.
    fibers_link link;
    /// The wait queue entry while parked in one; else null.
    fibers_waiter *waiter;
    /// Where the fiber is: a `FiberRecord.Phase`.
    uint8_t phase;
    /// What it is parked for: a `WaitReason`.
    uint8_t reason;
    /// Why the next park must throw: a set of `Interruption` bits, 0 nearly always.
    uint8_t interruption;
    /// The wait was decided by a waker, so that a later interruption is kept for the next park.
    bool is_delivered;
    /// `cancel` was called. Becomes an interruption outside of `shield` scopes.
    bool is_cancelled;
    /// How many `shield` scopes the fiber is in.
    uint8_t shield_depth;
    /// How many of the time limits around the fiber's present call have passed.
    uint8_t expired_limits;
    /// Of its stack.
    uint8_t size_class;
    /// Where it was scheduled; null before.
    struct fibers_scheduler *scheduler;
    /// Fibers that wait for this one to finish.
    fibers_link joiners;
    /// Null or a copy owned by this record.
    char *name;
    /// Where the fiber was made: a static string.
    const char *file;
    uint64_t line : 24;
    /// Number of the fiber on its thread, from 1; 0 until it is scheduled.
    uint64_t id : 40;
} fibers_fiber;

/// One thread's scheduler as the hot path sees it.
typedef struct fibers_scheduler {
    /// Who runs.
    fibers_fiber *current;
    /// Fibers that can run, first in first out.
    fibers_link ready;
    /// Switches left until somebody asks whether the event loop is due.
    int32_t budget;
    /// The scheduler is ending: fibers scheduled from now on are cancelled before they run.
    bool is_ending;
    /// When libuv last ran, in nanoseconds.
    uint64_t last_turn;
    /// The fiber in which libuv runs, with a stack of its own. Never in the run queue.
    fibers_fiber *loop_fiber;
    /// The fiber of the code that brought the scheduler up.
    fibers_fiber *root;
    /// Parked fibers that an event from outside will wake. With none and an empty run queue, nothing can ever run.
    size_t external_waits;
    fibers_stack_pool *stacks;
    /// The Swift object of this scheduler.
    void *owner;
    /// Number of the newest fiber.
    uint64_t newest_id;
    /// Fibers scheduled and not yet finished.
    size_t live;
} fibers_scheduler;

#if defined(__ELF__)
/// One load instead of a call, also in position-independent code.
#define FIBERS_FAST_TLS __attribute__((tls_model("initial-exec")))
#else
#define FIBERS_FAST_TLS
#endif

/// The calling thread's scheduler or null.
extern _Thread_local fibers_scheduler *fibers_thread_scheduler FIBERS_FAST_TLS;

static inline fibers_scheduler *fibers_scheduler_current(void) { return fibers_thread_scheduler; }
static inline void fibers_scheduler_set_current(fibers_scheduler *scheduler) { fibers_thread_scheduler = scheduler; }

/// The fiber at the head of the run queue, taken out of it; null if none is ready.
static inline fibers_fiber *fibers_scheduler_take_ready(fibers_scheduler *scheduler) {
    fibers_link *link = scheduler->ready.next;
    if (link == &scheduler->ready) return NULL;
    fibers_list_remove(link);
    return (fibers_fiber *)((char *)link - offsetof(fibers_fiber, link));
}

fibers_scheduler *fibers_scheduler_create(void (*entry)(void *));
/// Frees the scheduler and its stacks. Every fiber has finished.
void fibers_scheduler_destroy(fibers_scheduler *scheduler);

static inline fibers_link *fibers_fiber_joiners(fibers_fiber *fiber) { return &fiber->joiners; }

/// Three words for what the fiber returned.
static inline void *fibers_fiber_result(fibers_fiber *fiber) {
    _Static_assert(offsetof(fibers_fiber, waiter) == offsetof(fibers_fiber, link) + 16, "the two are one block");
    return &fiber->link;
}

/// Fills the control block of a new fiber. The name, if there is one, is copied.
static inline void fibers_fiber_init(
    fibers_fiber *fiber, const char *name, const char *file, uint32_t line, uint8_t size_class) {
    *fiber = (fibers_fiber){.file = file, .line = line, .size_class = size_class};
    fibers_list_init(&fiber->joiners);
    if (name != NULL) fiber->name = strdup(name);
}

static inline void fibers_fiber_destroy(fibers_fiber *fiber) {
    if (fiber->name != NULL) free(fiber->name);
}

/// Who comes after `fiber` in the run queue, or first if it is null; null at the end.
static inline fibers_fiber *fibers_scheduler_next_ready(const fibers_scheduler *scheduler, const fibers_fiber *fiber) {
    fibers_link *next = (fiber == NULL ? &scheduler->ready : &fiber->link)->next;
    return next == &scheduler->ready ? NULL : (fibers_fiber *)((char *)next - offsetof(fibers_fiber, link));
}

/// Whether the calling thread is the one that runs `main`.
bool fibers_is_main_thread(void);
/// Nanoseconds of the monotonic clock.
uint64_t fibers_monotonic_time(void);

#endif
