// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // pipe2, posix_openpt
#endif
#include "fibers_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#endif

extern char **environ;

// MARK: Ending

static uint64_t nanoseconds(struct timeval time) {
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_usec * 1000;
}

static void note_usage(fibers_process_end *end, const struct rusage *usage) {
    end->user_nanoseconds = nanoseconds(usage->ru_utime);
    end->system_nanoseconds = nanoseconds(usage->ru_stime);
#if defined(__linux__)
    end->peak_bytes = (uint64_t)usage->ru_maxrss * 1024;
#else
    end->peak_bytes = (uint64_t)usage->ru_maxrss;
#endif
}

#if defined(__linux__)
// By its descriptor a process is known even if somebody else has reaped it, and another has got its number.
#define BY_DESCRIPTOR 3 // P_PIDFD, Linux 5.4

int fibers_process_reap(pid_t id, int descriptor, fibers_process_end *end) {
    (void)id;
    siginfo_t info = {0};
    struct rusage usage;
    if (syscall(SYS_waitid, BY_DESCRIPTOR, descriptor, &info, WEXITED | WNOHANG, &usage) != 0) return -errno;
    if (info.si_pid == 0) return 0;
    const bool has_returned = info.si_code == CLD_EXITED;
    *end = (fibers_process_end){
        .status = has_returned ? info.si_status : 0, .signal = has_returned ? 0 : info.si_status};
    note_usage(end, &usage);
    return 1;
}

static int kill_one(pid_t id, int descriptor, int signal) {
    (void)id;
    const long pidfd_send_signal = 424; // Linux 5.1
    return (int)syscall(pidfd_send_signal, descriptor, signal, NULL, 0);
}
#else
int fibers_process_reap(pid_t id, int descriptor, fibers_process_end *end) {
    (void)descriptor;
    int status = 0;
    struct rusage usage;
    const pid_t reaped = wait4(id, &status, WNOHANG, &usage);
    if (reaped <= 0) return reaped < 0 ? -errno : 0;
    *end = (fibers_process_end){
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
        .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
    };
    note_usage(end, &usage);
    return 1;
}

static int kill_one(pid_t id, int descriptor, int signal) {
    (void)descriptor;
    return kill(id, signal);
}
#endif

/// While the process is ours to reap, its group cannot be another's.
int fibers_process_kill(pid_t id, int descriptor, bool whole_group, int signal) {
    int result = kill_one(id, descriptor, whole_group ? 0 : signal);
    if (result == 0 && whole_group) result = kill(-id, signal);
    return result == 0 ? 0 : -errno;
}

void fibers_process_destroy(pid_t id, int descriptor, bool has_group) {
    if (has_group) fibers_process_kill(id, descriptor, true, SIGKILL);
    if (fibers_process_kill(id, descriptor, false, SIGKILL) != 0) return;
    while (waitpid(id, NULL, 0) < 0 && errno == EINTR) {}
}

// MARK: Descriptors

int fibers_process_pipe(int *read_end, int *write_end) {
    int ends[2];
#if defined(__linux__)
    if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
#else
    if (pipe(ends) != 0) return -errno;
    for (int i = 0; i < 2; i += 1) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
#endif
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

int fibers_set_blocking(int fd, bool is_blocking) {
    const int flags = fcntl(fd, F_GETFL);
    const int wanted = is_blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
    return flags < 0 || fcntl(fd, F_SETFL, wanted) < 0 ? -errno : 0;
}

char *const *fibers_environment(void) { return environ; }

// MARK: Terminals

static int open_other_side(int ours) {
    char name[128];
#if defined(__linux__)
    if (ptsname_r(ours, name, sizeof(name)) != 0) return -1;
#else
    const char *path = ptsname(ours); // of the main thread, as the rest of a process's start
    if (path == NULL || strlcpy(name, path, sizeof(name)) >= sizeof(name)) return -1;
#endif
    return open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static int open_our_side(void) {
#if defined(__linux__)
    return posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
#else
    const int ours = posix_openpt(O_RDWR | O_NOCTTY);
    if (ours >= 0) fcntl(ours, F_SETFD, FD_CLOEXEC);
    return ours;
#endif
}

int fibers_terminal_open(int *ours, int *theirs) {
    *ours = open_our_side();
    if (*ours < 0) return -errno;
    fibers_set_blocking(*ours, false);
    *theirs = grantpt(*ours) == 0 && unlockpt(*ours) == 0 ? open_other_side(*ours) : -1;
    if (*theirs >= 0) return 0;
    const int error = errno;
    close(*ours);
    return -error;
}

int fibers_terminal_resize(int terminal, uint16_t columns, uint16_t rows) {
    const struct winsize size = {.ws_col = columns, .ws_row = rows};
    return ioctl(terminal, TIOCSWINSZ, &size) == 0 ? 0 : -errno;
}
