// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // clone
#endif
#include "fibers_process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#endif

extern char **environ;

/// The child shares our memory, and looks to a sanitizer like the thread that waits for it. Nothing it calls may allocate,
/// lock, or be something else than a system call: other threads may have been anywhere.
#define IN_CHILD __attribute__((no_sanitize("address", "thread", "undefined"))) static

/// A writer of the file may have been forked a moment ago by another thread, and have it open until it becomes its program.
#define BUSY_ATTEMPTS 20
#define BUSY_PAUSE 1000000

const int fibers_spawn_inherited = -1;
const int fibers_limit_cpu_time = RLIMIT_CPU;
const int fibers_limit_address_space = RLIMIT_AS;
const int fibers_limit_file_size = RLIMIT_FSIZE;
const int fibers_limit_core_size = RLIMIT_CORE;
const int fibers_limit_open_files = RLIMIT_NOFILE;
const int fibers_limit_processes = RLIMIT_NPROC;
const int fibers_limit_stack_size = RLIMIT_STACK;

// MARK: In the child

#if defined(__linux__)
IN_CHILD void restore_signals(void) {
    static const long default_action[4]; // of the kernel's layout: all zero is SIG_DFL, without flags and mask
    static const long no_signals;
    for (int number = 1; number <= 64; number += 1) syscall(SYS_rt_sigaction, number, &default_action, NULL, sizeof(long));
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &no_signals, NULL, sizeof(long));
}

IN_CHILD int set_groups(size_t count, const gid_t *groups) { return (int)syscall(SYS_setgroups, count, groups); }
IN_CHILD int set_group(gid_t group) { return (int)syscall(SYS_setresgid, group, group, group); }
IN_CHILD int set_user(uid_t user) { return (int)syscall(SYS_setresuid, user, user, user); }

/// Linux 5.11.
IN_CHILD bool close_all_on_exec(unsigned first) {
    const long close_range_call = 436, on_exec = 4;
    return syscall(close_range_call, first, ~0U, on_exec) == 0;
}
#else
IN_CHILD void restore_signals(void) {
    const struct sigaction default_action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number += 1) sigaction(number, &default_action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

IN_CHILD int set_groups(size_t count, const gid_t *groups) { return setgroups((int)count, groups); }
IN_CHILD int set_group(gid_t group) { return setgid(group); }
IN_CHILD int set_user(uid_t user) { return setuid(user); }

IN_CHILD bool close_all_on_exec(unsigned first) {
    (void)first;
    return false;
}
#endif

IN_CHILD int join_group(const fibers_spawn_plan *plan) {
    switch (plan->group) {
    case FIBERS_SPAWN_NEW_GROUP: return setpgid(0, 0);
    case FIBERS_SPAWN_NEW_SESSION: return setsid() < 0 ? -1 : 0;
    default: return 0;
    }
}

IN_CHILD int take_terminal(const fibers_spawn_plan *plan) {
    return plan->terminal < 0 ? 0 : ioctl(plan->terminal, TIOCSCTTY, 0);
}

IN_CHILD int set_limits(const fibers_spawn_plan *plan) {
    if (plan->mode_mask >= 0) umask((mode_t)plan->mode_mask);
    for (size_t i = 0; i < plan->limit_count; i += 1) {
        const bool warns_first = plan->limits[i].resource == RLIMIT_CPU; // SIGXCPU at the soft limit, SIGKILL at the hard one
        const rlim_t most = plan->limits[i].most;
        const struct rlimit limit = {.rlim_cur = most, .rlim_max = warns_first ? most + 1 : most};
        if (setrlimit(plan->limits[i].resource, &limit) != 0) return -1;
    }
    return 0;
}

/// With system calls of our own: the C library's would change the ids of all threads, which are the parent's. Who may not
/// drop groups can take on no ids but those it has, so keeps nothing that it had not.
IN_CHILD int take_identity(const fibers_spawn_plan *plan) {
    const fibers_spawn_identity *identity = &plan->identity;
    if (!identity->changes_user && !identity->changes_group && !identity->names_groups) return 0;
    if (set_groups(identity->group_count, identity->groups) != 0 && (errno != EPERM || identity->names_groups)) return -1;
    if (identity->changes_group && set_group(identity->group) != 0) return -1;
    if (identity->changes_user && set_user(identity->user) != 0) return -1;
    return 0;
}

IN_CHILD int enter_directory(const fibers_spawn_plan *plan) {
    return plan->directory == NULL ? 0 : chdir(plan->directory);
}

/// Of whatever else was opened without close-on-exec, nothing is for the program.
IN_CHILD void keep_from_program(int first) {
    if (close_all_on_exec((unsigned)first)) return;
    struct rlimit limit;
    const bool is_known = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 1 << 20;
    const int end = is_known ? (int)limit.rlim_cur : 1 << 20;
    for (int fd = first; fd < end; fd += 1) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/// One that lies where another is to be goes out of the way first.
IN_CHILD int place_streams(const fibers_spawn_plan *plan) {
    int streams[3];
    for (int i = 0; i < 3; i += 1) {
        const int fd = plan->streams[i];
        streams[i] = fd >= 0 && fd < 3 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : fd;
        if (fd != fibers_spawn_inherited && streams[i] < 0) return -1;
    }
    for (int i = 0; i < 3; i += 1) {
        if (streams[i] != fibers_spawn_inherited && dup2(streams[i], i) < 0) return -1;
    }
    keep_from_program(3);
    return 0;
}

IN_CHILD void execute_one(const char *path, const fibers_spawn_plan *plan) {
    char *const *environment = plan->environment == NULL ? environ : plan->environment;
    const struct timespec pause = {.tv_nsec = BUSY_PAUSE};
    for (int attempt = 0; attempt < BUSY_ATTEMPTS; attempt += 1) {
        execve(path, plan->arguments, environment);
        if (errno != ETXTBSY) return;
        nanosleep(&pause, NULL);
    }
}

/// Tries each path, as a shell does. That one may not be executed counts only if there is no other.
IN_CHILD int execute(const fibers_spawn_plan *plan) {
    restore_signals();
    bool is_forbidden = false;
    int error = ENOENT;
    for (char *const *path = plan->candidates; *path != NULL; path += 1) {
        execute_one(*path, plan);
        error = errno;
        is_forbidden = is_forbidden || error == EACCES;
        if (error != EACCES && error != ENOENT && error != ENOTDIR) break;
    }
    const bool is_missing = error == ENOENT || error == ENOTDIR;
    errno = is_missing && is_forbidden ? EACCES : error;
    return -1;
}

/// Returns if a step fails.
IN_CHILD void become_program(const fibers_spawn_plan *plan, volatile fibers_spawn_outcome *outcome) {
    static int (*const steps[])(const fibers_spawn_plan *) = {
        [FIBERS_SPAWN_GROUP] = join_group,          [FIBERS_SPAWN_TERMINAL] = take_terminal,
        [FIBERS_SPAWN_LIMITS] = set_limits,         [FIBERS_SPAWN_IDENTITY] = take_identity,
        [FIBERS_SPAWN_DIRECTORY] = enter_directory, [FIBERS_SPAWN_STREAMS] = place_streams,
        [FIBERS_SPAWN_EXECUTE] = execute,
    };
    int step = FIBERS_SPAWN_GROUP;
    while (steps[step](plan) == 0) step += 1;
    outcome->step = (fibers_spawn_step)step;
    outcome->error = -errno;
}

// MARK: In the parent

/// Keeps signal handlers from running in the child, on our memory.
static void block_signals(sigset_t *old) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, old);
}

static fibers_spawn_outcome failure(int error) { return (fibers_spawn_outcome){.error = -error, .descriptor = -1}; }

static void reap_failed(pid_t id) {
    while (waitpid(id, NULL, 0) < 0 && errno == EINTR) {}
}

#if defined(__linux__)
#if !defined(CLONE_PIDFD)
#define CLONE_PIDFD 0x1000 // Linux 5.2
#endif
#define CHILD_STACK 65536

typedef struct workspace {
    const fibers_spawn_plan *plan;
    fibers_spawn_outcome outcome;
    char stack[CHILD_STACK] __attribute__((aligned(16)));
} workspace;

IN_CHILD int run_child(void *argument) {
    workspace *space = argument;
    become_program(space->plan, &space->outcome);
    _exit(127);
}

/// As posix_spawn does it: the child runs on our memory while we wait, whose size so does not matter. But who takes on other
/// ids gets a copy, as their owner may look into it.
static fibers_spawn_outcome start(workspace *space, bool shares_memory) {
    int descriptor = -1;
    sigset_t mask;
    block_signals(&mask);
    const int flags = CLONE_VFORK | CLONE_PIDFD | SIGCHLD | (shares_memory ? CLONE_VM : 0);
    const pid_t id = clone(run_child, space->stack + CHILD_STACK, flags, space, &descriptor);
    const int error = errno;
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    if (id < 0) return failure(error);
    if (space->outcome.error == 0) return (fibers_spawn_outcome){.id = id, .descriptor = descriptor};
    reap_failed(id);
    close(descriptor);
    return (fibers_spawn_outcome){.descriptor = -1, .error = space->outcome.error, .step = space->outcome.step};
}

fibers_spawn_outcome fibers_spawn(const fibers_spawn_plan *plan) {
    const bool shares_memory = !plan->identity.changes_user && !plan->identity.changes_group;
    const int flags = MAP_ANONYMOUS | MAP_STACK | (shares_memory ? MAP_PRIVATE : MAP_SHARED);
    workspace *space = mmap(NULL, sizeof(workspace), PROT_READ | PROT_WRITE, flags, -1, 0);
    if (space == MAP_FAILED) return failure(errno);
    space->plan = plan;
    const fibers_spawn_outcome outcome = start(space, shares_memory);
    munmap(space, sizeof(workspace));
    return outcome;
}
#else
static _Noreturn void run_child(const fibers_spawn_plan *plan, int report) {
    fibers_spawn_outcome outcome = {.descriptor = -1};
    become_program(plan, &outcome);
    write(report, &outcome, sizeof(outcome));
    _exit(127);
}

/// The pipe closes when the child becomes the program; before that, it tells what failed.
fibers_spawn_outcome fibers_spawn(const fibers_spawn_plan *plan) {
    int report[2];
    if (fibers_process_pipe(&report[0], &report[1]) != 0) return failure(errno);
    sigset_t mask;
    block_signals(&mask);
    const pid_t id = fork();
    if (id == 0) run_child(plan, report[1]);
    const int error = errno;
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    close(report[1]);
    fibers_spawn_outcome outcome = {.id = id, .descriptor = -1, .error = id < 0 ? -error : 0};
    while (id > 0 && read(report[0], &outcome, sizeof(outcome)) < 0 && errno == EINTR) {}
    close(report[0]);
    if (id > 0 && outcome.error != 0) reap_failed(id);
    return outcome;
}
#endif
