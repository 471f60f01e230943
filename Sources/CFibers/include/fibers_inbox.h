// SPDX-License-Identifier: MIT
// What other threads leave for a scheduler. In C, because its atomics and the sleep of libuv must agree on one order.
#ifndef FIBERS_INBOX_H
#define FIBERS_INBOX_H

#include <stdbool.h>

/// Lies in what it is about, maybe in the place of something else. Belongs to the inbox from sending to delivery.
typedef struct __attribute__((may_alias)) fibers_message {
    struct fibers_message *next;
    /// Called on the scheduler's thread, in its loop fiber.
    void (*deliver)(struct fibers_message *message);
} fibers_message;

/// Counted by references, because senders may outlive the scheduler.
typedef struct fibers_inbox fibers_inbox;

/// Null and a libuv code in `*error` on failure.
fibers_inbox *fibers_inbox_create(int *error);
void fibers_inbox_retain(fibers_inbox *inbox);
void fibers_inbox_release(fibers_inbox *inbox);

// MARK: Any thread

/// Appends a message, and wakes the scheduler's thread if it sleeps: one system call at most for each sleep, none if it
/// is awake. False if the inbox is closed: the message is the caller's again. Lock-free.
bool fibers_inbox_send(fibers_inbox *inbox, fibers_message *message);
bool fibers_inbox_is_closed(const fibers_inbox *inbox);

// MARK: The scheduler's thread

/// Whether there is nothing to deliver. Any thread may ask.
bool fibers_inbox_is_empty(const fibers_inbox *inbox);
/// Delivers everything that has arrived, in the order in which it was sent.
void fibers_inbox_deliver(fibers_inbox *inbox);
/// From now on a sender makes the descriptor readable. False, and it does not, if something has arrived already.
bool fibers_inbox_fall_asleep(fibers_inbox *inbox);
/// The thread is awake.
void fibers_inbox_wake_up(fibers_inbox *inbox);
/// For the event loop to watch; readable when somebody woke the thread.
int fibers_inbox_descriptor(const fibers_inbox *inbox);
/// The descriptor is no longer readable.
void fibers_inbox_clear(fibers_inbox *inbox);
/// Takes no more, and delivers what has arrived.
void fibers_inbox_close(fibers_inbox *inbox);

// MARK: Notes

/// A message that may be sent again and again: several sends before its delivery are one.
typedef struct fibers_note {
    /// First, so that a message of this kind is a note.
    fibers_message message;
    /// It is in the inbox. Atomic; not declared so, because Swift cannot import that.
    bool is_sent;
    void *owner;
} fibers_note;

/// Whether this call is the one that must send the note.
static inline bool fibers_note_claim(fibers_note *note) {
    return !__atomic_exchange_n(&note->is_sent, true, __ATOMIC_ACQ_REL);
}

/// From now on the note may be sent again.
static inline void fibers_note_reset(fibers_note *note) { __atomic_store_n(&note->is_sent, false, __ATOMIC_RELEASE); }

static inline fibers_note *fibers_note_of(fibers_message *message) { return (fibers_note *)message; }

#endif
