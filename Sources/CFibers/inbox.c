// SPDX-License-Identifier: MIT
// A stack that many push to and one empties. Who pushes and who falls asleep each write first and look second, both in the
// one order that all threads agree on: so either the sender sees the sleep, or the sleeper sees the message.
#include "fibers_inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/eventfd.h>
#endif

struct fibers_inbox {
    /// The newest message, or `closed`.
    _Atomic(fibers_message *) newest;
    /// The thread sleeps, or is about to, and nobody has woken it.
    atomic_bool is_asleep;
    atomic_size_t references;
    /// Where the scheduler's thread reads and others write; one and the same with an eventfd.
    int descriptors[2];
};

static fibers_message closed;

static int open_descriptors(int descriptors[2]) {
#if defined(__linux__)
    descriptors[0] = descriptors[1] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptors[0] < 0 ? -errno : 0;
#else
    if (pipe(descriptors) != 0) return -errno;
    for (int i = 0; i < 2; i += 1) {
        fcntl(descriptors[i], F_SETFD, FD_CLOEXEC);
        fcntl(descriptors[i], F_SETFL, O_NONBLOCK);
    }
    return 0;
#endif
}

static void close_descriptors(const int descriptors[2]) {
    close(descriptors[0]);
    if (descriptors[1] != descriptors[0]) close(descriptors[1]);
}

fibers_inbox *fibers_inbox_create(int *error) {
    fibers_inbox *inbox = calloc(1, sizeof(fibers_inbox));
    *error = inbox == NULL ? -ENOMEM : open_descriptors(inbox->descriptors);
    if (*error != 0) {
        free(inbox);
        return NULL;
    }
    atomic_init(&inbox->references, 1);
    return inbox;
}

void fibers_inbox_retain(fibers_inbox *inbox) { atomic_fetch_add(&inbox->references, 1); }

void fibers_inbox_release(fibers_inbox *inbox) {
    if (atomic_fetch_sub(&inbox->references, 1) != 1) return;
    close_descriptors(inbox->descriptors);
    free(inbox);
}

// MARK: Any thread

/// An eventfd takes eight bytes, and a pipe takes them too. Where there is no room the descriptor is readable anyhow. A
/// sender that is slow here may ring when the sleep is over: the next one then ends at once.
static void ring(const fibers_inbox *inbox) {
    const uint64_t one = 1;
    while (write(inbox->descriptors[1], &one, sizeof(one)) < 0 && errno == EINTR) {}
}

bool fibers_inbox_send(fibers_inbox *inbox, fibers_message *message) {
    fibers_message *newest = atomic_load(&inbox->newest);
    do {
        if (newest == &closed) return false;
        message->next = newest;
    } while (!atomic_compare_exchange_weak(&inbox->newest, &newest, message));
    if (atomic_load(&inbox->is_asleep) && atomic_exchange(&inbox->is_asleep, false)) ring(inbox);
    return true;
}

bool fibers_inbox_is_closed(const fibers_inbox *inbox) { return atomic_load(&inbox->newest) == &closed; }

// MARK: The scheduler's thread

bool fibers_inbox_is_empty(const fibers_inbox *inbox) {
    const fibers_message *newest = atomic_load_explicit(&inbox->newest, memory_order_relaxed);
    return newest == NULL || newest == &closed;
}

/// They lie newest first.
static void deliver_reversed(fibers_message *newest) {
    fibers_message *oldest = NULL;
    while (newest != NULL) {
        fibers_message *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest != NULL) {
        fibers_message *message = oldest;
        oldest = message->next; // delivery gives the message back
        message->deliver(message);
    }
}

void fibers_inbox_deliver(fibers_inbox *inbox) {
    if (fibers_inbox_is_empty(inbox)) return;
    deliver_reversed(atomic_exchange(&inbox->newest, NULL));
}

bool fibers_inbox_fall_asleep(fibers_inbox *inbox) {
    atomic_store(&inbox->is_asleep, true);
    if (atomic_load(&inbox->newest) == NULL) return true;
    fibers_inbox_wake_up(inbox);
    return false;
}

void fibers_inbox_wake_up(fibers_inbox *inbox) { atomic_store(&inbox->is_asleep, false); }

void fibers_inbox_clear(fibers_inbox *inbox) {
    uint64_t count;
    while (read(inbox->descriptors[0], &count, sizeof(count)) > 0 && inbox->descriptors[0] != inbox->descriptors[1]) {}
}

int fibers_inbox_descriptor(const fibers_inbox *inbox) { return inbox->descriptors[0]; }

void fibers_inbox_close(fibers_inbox *inbox) { deliver_reversed(atomic_exchange(&inbox->newest, &closed)); }
