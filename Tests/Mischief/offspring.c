// SPDX-License-Identifier: MIT
#include "mischief.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/// SECONDS [BYTES]: writes "begun", and leaves a grandchild behind which has all streams open for that long, and writes
/// that many bytes.
int hold(void) {
    if (write_all(1, "begun\n", 6) != 0) return 1;
    if (fork() != 0) return 0;
    argument_count -= 1;
    arguments += 1;
    flood();
    pass(1000 * strtol(arguments[-1], NULL, 10));
    return 0;
}

static pid_t fork_sleeper(void) {
    const pid_t id = fork();
    if (id == 0) pass(100000);
    if (id == 0) _exit(0);
    return id;
}

/// Has a child in its group, and one in a session of its own that has a child; writes the numbers of all four.
int tree(void) {
    int ends[2];
    if (pipe(ends) != 0) return 1;
    const pid_t member = fork_sleeper();
    const pid_t leaver = fork();
    if (leaver == 0) {
        setsid();
        const pid_t grandchild = fork_sleeper();
        if (write(ends[1], &grandchild, sizeof(grandchild)) < 0) return 1;
        pass(100000);
        return 0;
    }
    pid_t grandchild;
    if (read(ends[0], &grandchild, sizeof(grandchild)) != sizeof(grandchild)) return 1;
    printf("%d %d %d %d\n", getpid(), member, leaver, grandchild);
    fflush(stdout);
    pass(100000);
    return 0;
}
