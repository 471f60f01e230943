// SPDX-License-Identifier: MIT
#include "fibers_watch.h"

#if defined(__linux__)

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>

const uint32_t fibers_inotify_created = IN_CREATE;
const uint32_t fibers_inotify_removed = IN_DELETE;
const uint32_t fibers_inotify_modified = IN_MODIFY | IN_ATTRIB;
const uint32_t fibers_inotify_moved_from = IN_MOVED_FROM;
const uint32_t fibers_inotify_moved_to = IN_MOVED_TO;
const uint32_t fibers_inotify_left = IN_DELETE_SELF | IN_UNMOUNT | IN_MOVE_SELF;
const uint32_t fibers_inotify_ended = IN_IGNORED;
const uint32_t fibers_inotify_overflow = IN_Q_OVERFLOW;
const uint32_t fibers_inotify_folder = IN_ISDIR;

static int checked(int result) { return result < 0 ? -errno : result; }

int fibers_inotify_open(void) { return checked(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)); }

int fibers_inotify_add(int fd, const char *path, bool is_folder, bool only_names) {
    const uint32_t names = IN_CREATE | IN_DELETE | IN_MOVE;
    const uint32_t bits = only_names ? names : names | IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
    return checked(inotify_add_watch(fd, path, bits | (is_folder ? IN_ONLYDIR | IN_DONT_FOLLOW : 0)));
}

int fibers_inotify_remove(int fd, int watch) { return checked(inotify_rm_watch(fd, watch)); }

bool fibers_inotify_next(const void *bytes, size_t count, size_t *offset, fibers_inotify_event *event) {
    struct inotify_event head;
    if (*offset + sizeof(head) > count) return false;
    const char *start = (const char *)bytes + *offset;
    memcpy(&head, start, sizeof(head));
    *event = (fibers_inotify_event){
        .watch = head.wd,
        .bits = head.mask,
        .cookie = head.cookie,
        .name = head.len == 0 ? NULL : start + sizeof(head),
    };
    *offset += sizeof(head) + head.len;
    return true;
}

#endif
