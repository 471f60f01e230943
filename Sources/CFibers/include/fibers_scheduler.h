// SPDX-License-Identifier: MIT
// The records that the hot path reads and writes. C structs, because touching them through typed pointers costs neither
// reference counting nor exclusivity checks.
#ifndef FIBERS_SCHEDULER_H
#define FIBERS_SCHEDULER_H

#include <stdint.h>
#include <stdlib.h>

#include "fibers_context.h"
#include "fibers_inbox.h"
#include "fibers_list.h"
#include "fibers_stack.h"

struct fibers_scheduler;

/// Four words: room for an existential.
#define FIBERS_SLOT_SIZE 32

/// The control block of a fiber, which lies in its Swift object. What switching touches comes first.
typedef struct fibers_fiber {
    /// First, so that a fiber can be switched to.
    fibers_context context;
    /// Place in the run queue or in a wait queue: a fiber is in one at most. In none, a parked fiber's link is a list of
    /// its own. From here on four words hold the result, once nothing can queue the fiber any more.
    fibers_link link;
    /// Where the waker of a parked fiber stores what the wait returns, or finds what it gives; null if it is neither.
    void *slot;
    /// The Swift object that a parked fiber waits for, for reports; null if there is none.
    void *subject;
    /// Where the fiber is: a `FiberRecord.Phase`.
    uint8_t phase;
    /// What it is parked for: a `WaitReason`.
    uint8_t reason;
    /// Why the next park must throw: a set of `Interruption` bits, 0 nearly always.
    uint8_t interruption;
    /// The wait was decided by a waker, so that a later interruption is kept for the next park.
    bool is_delivered;
    /// `cancel` was called. An interruption where no shield is around the fiber's present call.
    bool is_cancelled;
    /// Of its stack.
    uint8_t size_class;
    /// Other threads passed values to its next parks; the fiber's object has them.
    bool has_passed_values;
    /// Where it was scheduled; null before.
    struct fibers_scheduler *scheduler;
    /// Fibers that wait for this one to finish.
    fibers_link joiners;
    /// Where the fiber was made: a static string.
    const char *file;
    uint64_t line : 24;
    /// Number of the fiber on its thread, from 1; 0 until it is scheduled.
    uint64_t id : 40;
} fibers_fiber;

_Static_assert(sizeof(fibers_fiber) == 96, "there is one for each fiber: think before it grows");

static inline fibers_link *fibers_fiber_joiners(fibers_fiber *fiber) { return &fiber->joiners; }

/// Room for what the fiber returned.
static inline void *fibers_fiber_result(fibers_fiber *fiber) {
    _Static_assert(offsetof(fibers_fiber, subject) - offsetof(fibers_fiber, link) + sizeof(void *) == FIBERS_SLOT_SIZE,
                   "the result has as much room as a slot");
    return &fiber->link;
}

/// Fills the control block of a new fiber.
static inline void fibers_fiber_init(fibers_fiber *fiber, const char *file, uint32_t line, uint8_t size_class) {
    *fiber = (fibers_fiber){.file = file, .line = line, .size_class = size_class};
    fibers_list_init(&fiber->joiners);
}

static inline fibers_fiber *fibers_fiber_of(fibers_link *link) {
    return (fibers_fiber *)((char *)link - offsetof(fibers_fiber, link));
}

/// One thread's scheduler as the hot path sees it.
typedef struct fibers_scheduler {
    /// Who runs.
    fibers_fiber *current;
    /// Fibers that can run, first in first out.
    fibers_link ready;
    /// Switches left until somebody asks whether the event loop is due.
    int32_t budget;
    /// What was done on descriptors since a fiber last parked for one.
    int32_t attempts;
    /// The scheduler is ending: fibers scheduled from now on are cancelled before they run.
    bool is_ending;
    /// Fibers that were woken because a descriptor was ready, and have not run since.
    long polled_fibers;
    /// When libuv last ran, in nanoseconds.
    uint64_t last_turn;
    /// The fiber in which libuv runs, with a stack of its own. Never in the run queue.
    fibers_fiber *loop_fiber;
    /// The fiber of the code that brought the scheduler up.
    fibers_fiber *root;
    /// Parked fibers that an event from outside will wake. With none and an empty run queue, nothing on this thread will.
    long external_waits;
    /// Parked fibers that a fiber of another thread may wake, and what lets another thread interrupt any.
    long shared_waits;
    /// Where other threads leave messages, fibers among them; the event loop's reference.
    fibers_inbox *inbox;
    fibers_stack_pool *stacks;
    /// The Swift object of this scheduler.
    void *owner;
    /// Each holds the address of the next.
    void *free_slots;
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
    return fibers_fiber_of(link);
}

/// Room for a value on its way between two fibers, not initialised. Allocates only if none is free; null if that fails.
static inline void *fibers_scheduler_take_slot(fibers_scheduler *scheduler) {
    void **slot = scheduler->free_slots;
    if (slot == NULL) return malloc(FIBERS_SLOT_SIZE);
    scheduler->free_slots = *slot;
    return slot;
}

static inline void fibers_scheduler_give_back_slot(fibers_scheduler *scheduler, void *slot) {
    *(void **)slot = scheduler->free_slots;
    scheduler->free_slots = slot;
}

fibers_scheduler *fibers_scheduler_create(void (*entry)(void *));
/// Frees the scheduler and its stacks. Every fiber has finished.
void fibers_scheduler_destroy(fibers_scheduler *scheduler);

/// Who comes after `fiber` in the run queue, or first if it is null; null at the end.
static inline fibers_fiber *fibers_scheduler_next_ready(const fibers_scheduler *scheduler, const fibers_fiber *fiber) {
    fibers_link *next = (fiber == NULL ? &scheduler->ready : &fiber->link)->next;
    return next == &scheduler->ready ? NULL : fibers_fiber_of(next);
}

/// Whether the calling thread is the one that runs `main`.
bool fibers_is_main_thread(void);
/// Nanoseconds of the monotonic clock.
uint64_t fibers_monotonic_time(void);

#endif
