// SPDX-License-Identifier: MIT
// Folders as they change. In C, because events of inotify have a variable size, and because their bits are macros.
// Results: a value, or a negative errno.
#ifndef FIBERS_WATCH_H
#define FIBERS_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__linux__)

// What an event says, in its bits.
extern const uint32_t fibers_inotify_created, fibers_inotify_removed, fibers_inotify_modified;
extern const uint32_t fibers_inotify_moved_from, fibers_inotify_moved_to;
/// What is watched itself was removed, unmounted or moved.
extern const uint32_t fibers_inotify_left;
/// The watch is no more.
extern const uint32_t fibers_inotify_ended;
/// Events were lost.
extern const uint32_t fibers_inotify_overflow;
/// It is about a folder.
extern const uint32_t fibers_inotify_folder;

typedef struct fibers_inotify_event {
    int watch;
    uint32_t bits;
    /// The same in both halves of a move.
    uint32_t cookie;
    /// Null if it is about what is watched itself. Points into the bytes that were read.
    const char *name;
} fibers_inotify_event;

/// A descriptor, non-blocking and close-on-exec.
int fibers_inotify_open(void);
/// A number for what is at the path, the same as before if it is watched already. `is_folder` refuses what is none, and
/// does not follow a link. With `only_names`, tells what comes and goes in the folder, and nothing else.
int fibers_inotify_add(int fd, const char *path, bool is_folder, bool only_names);
int fibers_inotify_remove(int fd, int watch);
/// Takes one event out of what was read, and moves `offset` behind it. False at the end.
bool fibers_inotify_next(const void *bytes, size_t count, size_t *offset, fibers_inotify_event *event);

#endif

#endif
