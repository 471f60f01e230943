// SPDX-License-Identifier: MIT
#include "mischief.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

int print_arguments(void) {
    for (int i = 0; i < argument_count; i += 1) write_all(1, arguments[i], strlen(arguments[i]) + 1);
    return 0;
}

int print_environment(void) {
    for (char **entry = environ; *entry != NULL; entry += 1) write_all(1, *entry, strlen(*entry) + 1);
    return 0;
}

int print_directory(void) {
    char path[4096];
    puts(getcwd(path, sizeof(path)) == NULL ? "" : path);
    return 0;
}

int print_descriptors(void) {
    for (int fd = 0; fd < 65536; fd += 1) {
        if (fcntl(fd, F_GETFD) >= 0) printf("%d\n", fd);
    }
    return 0;
}

static void print_limit(const char *name, int resource) {
    struct rlimit limit;
    getrlimit(resource, &limit);
    printf("%s %llu\n", name, (unsigned long long)limit.rlim_cur);
}

int print_ids(void) {
    gid_t groups[256];
    const int count = getgroups(256, groups);
    const mode_t mask = umask(0);
    printf("user %d %d\ngroup %d %d\ngroups", getuid(), geteuid(), getgid(), getegid());
    for (int i = 0; i < count; i += 1) printf(" %d", groups[i]);
    printf("\nleads-group %d\nleads-session %d\n", getpgrp() == getpid(), getsid(0) == getpid());
    printf("process-group %d\nmode-mask %o\n", getpgrp(), (unsigned)mask);
    print_limit("open-files", RLIMIT_NOFILE);
    print_limit("core-size", RLIMIT_CORE);
    print_limit("file-size", RLIMIT_FSIZE);
    print_limit("address-space", RLIMIT_AS);
    print_limit("processes", RLIMIT_NPROC);
    print_limit("stack-size", RLIMIT_STACK);
    print_limit("cpu-seconds", RLIMIT_CPU);
    return 0;
}

/// The blocked ones, and those that have another than the default action.
int print_signals(void) {
    sigset_t blocked;
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (int number = 1; number < NSIG; number += 1) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) != 0) continue;
        if (sigismember(&blocked, number) == 1) printf("blocked %d\n", number);
        if (action.sa_handler != SIG_DFL) printf("changed %d\n", number);
    }
    return 0;
}

/// Opens its streams by their names, and uses them.
int reopen(void) {
    const int input = open("/dev/stdin", O_RDONLY), output = open("/dev/stdout", O_WRONLY);
    const int errors = open("/dev/stderr", O_WRONLY);
    if (input < 0 || output < 0 || errors < 0) return 1;
    for (int fd = 0; fd < 3; fd += 1) {
        if (lseek(fd, 0, SEEK_CUR) >= 0 || errno != ESPIPE) return 2;
        if ((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0) return 3;
    }
    char text[64];
    const ssize_t count = read(input, text, sizeof(text));
    if (count < 0 || write_all(output, text, (size_t)count) != 0) return 4;
    return write_all(errors, "errors\n", 7);
}
