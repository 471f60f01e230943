// SPDX-License-Identifier: MIT
// Tells a stack overflow from other faults. In C, because it runs in a signal handler.
#ifndef FIBERS_OVERFLOW_H
#define FIBERS_OVERFLOW_H

struct fibers_fiber;

/// Installs the handler for the process, once, in front of whatever handler is there. `name_of` gives a fiber's name or
/// null, inside of a signal handler.
void fibers_overflow_install(const char *(*name_of)(const struct fibers_fiber *fiber));
/// Gives the calling thread a stack for signal handlers unless it has one. Returns what `leave` takes back.
void *fibers_overflow_enter_thread(void);
void fibers_overflow_leave_thread(void *signal_stack);

#endif
