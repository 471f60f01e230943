// SPDX-License-Identifier: MIT
// Servers that are measured from outside: each a process on a core of its own, which ends when the measuring does.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "floor.h"

#if defined(__linux__)
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// Only what may be called between fork and exec.
static void become(size_t core, char *const *arguments, int output) {
    const int input = open("/dev/null", O_RDONLY);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 && floor_use_core(core))
        execvp(arguments[0], arguments);
    _exit(127);
}

int floor_start_on_core(size_t core, char *const *arguments, int *output) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    const pid_t process = fork();
    if (process == 0) become(core, arguments, ends[1]);
    close(ends[1]);
    *output = ends[0];
    if (process < 0) close(ends[0]);
    return (int)process;
}

long floor_read_number(int output, int seconds) {
    char text[32] = "";
    size_t count = 0;
    struct pollfd readable = {.fd = output, .events = POLLIN};
    while (count < sizeof(text) - 1 && poll(&readable, 1, seconds * 1000) == 1) {
        if (read(output, text + count, 1) != 1) return -1;
        if (text[count] == '\n') return atol(text);
        count += 1;
    }
    return -1;
}

uint64_t floor_process_time_of(int process) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void floor_end_process(int process, int output) {
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
    close(output);
}
#else
int floor_start_on_core(size_t core, char *const *arguments, int *output) {
    (void)core; (void)arguments; (void)output;
    return -1;
}
long floor_read_number(int output, int seconds) { (void)output; (void)seconds; return -1; }
uint64_t floor_process_time_of(int process) { (void)process; return 0; }
void floor_end_process(int process, int output) { (void)process; (void)output; }
#endif
