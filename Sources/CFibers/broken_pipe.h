// SPDX-License-Identifier: MIT
// A write to what nobody reads any more raises SIGPIPE in the thread that wrote. There it is blocked meanwhile, and
// taken back if this write raised it.
#ifndef BROKEN_PIPE_H
#define BROKEN_PIPE_H

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/types.h>

/// Fills in what the thread blocked before.
static inline void broken_pipe_block(sigset_t *before) {
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, before);
}

/// `result` is what the write gave: a value, or a negative errno.
static inline void broken_pipe_unblock(const sigset_t *before, ssize_t result) {
    if (result == -EPIPE && !sigismember(before, SIGPIPE)) {
        sigset_t broken_pipe, pending;
        sigemptyset(&broken_pipe);
        sigaddset(&broken_pipe, SIGPIPE);
        sigpending(&pending);
        int signal;
        if (sigismember(&pending, SIGPIPE)) sigwait(&broken_pipe, &signal);
    }
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

#endif
