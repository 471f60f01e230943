// SPDX-License-Identifier: MIT
#include "mischief.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/// STATUS [MS]
int exit_later(void) {
    pass(number(1, 0));
    return (int)number(0, 0);
}

/// SIGNAL
int die(void) {
    const struct rlimit none = {0};
    setrlimit(RLIMIT_CORE, &none);
    kill(getpid(), (int)number(0, SIGTERM));
    pass(10000);
    return 1;
}

/// Says "ready" and sleeps; TERM does not end it.
int ignore_term(void) {
    signal(SIGTERM, SIG_IGN);
    printf("ready\n");
    fflush(stdout);
    pass(100000);
    return 0;
}

/// Says "ready"; at TERM says "cleaned up" and returns 3.
int clean_up(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    printf("ready\n");
    fflush(stdout);
    int number;
    sigwait(&signals, &number);
    printf("cleaned up\n");
    return 3;
}

/// MS: computes for that much processor time.
int spin(void) {
    while (clock() < number(0, 0) * (CLOCKS_PER_SEC / 1000)) {}
    return 0;
}

/// BYTES of memory are used.
int touch(void) {
    const size_t count = (size_t)number(0, 0);
    volatile char *memory = malloc(count);
    if (memory == NULL) return 1;
    for (size_t i = 0; i < count; i += 4096) memory[i] = 1;
    return memory[count / 2 / 4096 * 4096] == 1 ? 0 : 1;
}
