// SPDX-License-Identifier: MIT
// Child processes: starting a program, and seeing it end. Not libuv's: it forks, which takes the longer the more memory the
// parent has, and it knows neither process groups nor limits nor terminals.
#ifndef FIBERS_PROCESS_H
#define FIBERS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a child does before it becomes the program, in this order.
typedef enum fibers_spawn_step {
    FIBERS_SPAWN_FORK,
    FIBERS_SPAWN_GROUP,
    FIBERS_SPAWN_TERMINAL,
    FIBERS_SPAWN_LIMITS,
    FIBERS_SPAWN_IDENTITY,
    FIBERS_SPAWN_DIRECTORY,
    FIBERS_SPAWN_STREAMS,
    FIBERS_SPAWN_EXECUTE,
} fibers_spawn_step;

typedef enum fibers_spawn_group {
    FIBERS_SPAWN_SAME_GROUP,
    FIBERS_SPAWN_NEW_GROUP,
    FIBERS_SPAWN_NEW_SESSION,
} fibers_spawn_group;

/// A soft and hard limit of `RLIMIT_…` to `most`; of processor time, the hard one is a second more.
typedef struct fibers_spawn_limit {
    int resource;
    uint64_t most;
} fibers_spawn_limit;

extern const int fibers_limit_cpu_time;
extern const int fibers_limit_address_space;
extern const int fibers_limit_file_size;
extern const int fibers_limit_core_size;
extern const int fibers_limit_open_files;
extern const int fibers_limit_processes;
extern const int fibers_limit_stack_size;

/// Ids to take on. Supplementary groups of ours are dropped with any of them.
typedef struct fibers_spawn_identity {
    bool changes_user;
    bool changes_group;
    bool names_groups;
    uid_t user;
    gid_t group;
    const gid_t *groups;
    size_t group_count;
} fibers_spawn_identity;

/// In place of a descriptor: the child has ours of that number, unless that is close-on-exec, so no standard stream.
extern const int fibers_spawn_inherited;

typedef struct fibers_spawn_plan {
    /// Paths of the program, tried in turn; null ends them.
    char *const *candidates;
    char *const *arguments;
    /// Null inherits.
    char *const *environment;
    /// Null inherits.
    const char *directory;
    /// Become 0, 1 and 2 of the child, which gets no other.
    int streams[3];
    fibers_spawn_group group;
    /// Becomes the terminal that controls the new session; negative for none.
    int terminal;
    /// Negative inherits.
    int mode_mask;
    const fibers_spawn_limit *limits;
    size_t limit_count;
    fibers_spawn_identity identity;
} fibers_spawn_plan;

typedef struct fibers_spawn_outcome {
    pid_t id;
    /// Readable once the process has ended. Negative where the system has no such thing.
    int descriptor;
    /// 0, or a negative errno of the step that failed: then there is no process.
    int error;
    fibers_spawn_step step;
} fibers_spawn_outcome;

/// Starts a program. Blocks the thread until the child has become it, or has failed to.
fibers_spawn_outcome fibers_spawn(const fibers_spawn_plan *plan);

typedef struct fibers_process_end {
    /// What the program returned, unless it was ended by a signal.
    int status;
    /// 0 if it returned.
    int signal;
    uint64_t user_nanoseconds;
    uint64_t system_nanoseconds;
    /// The most memory that it had at once.
    uint64_t peak_bytes;
} fibers_process_end;

/// Reaps a process that has ended: 1. 0 if it has not. A negative errno if it is no child of ours any more: ECHILD.
int fibers_process_reap(pid_t id, int descriptor, fibers_process_end *end);
/// Sends a signal to a process that was not reaped, or to its group.
int fibers_process_kill(pid_t id, int descriptor, bool whole_group, int signal);
/// Kills a process that was not reaped, with its group if it has one of its own, and blocks the thread until it is reaped.
/// Leaves it if we may not kill it.
void fibers_process_destroy(pid_t id, int descriptor, bool has_group);

/// Opens a pseudo-terminal: its two sides, close-on-exec, ours non-blocking.
int fibers_terminal_open(int *ours, int *theirs);
int fibers_terminal_resize(int terminal, uint16_t columns, uint16_t rows);

/// Both ends of a pipe, close-on-exec and blocking.
int fibers_process_pipe(int *read_end, int *write_end);
int fibers_set_blocking(int fd, bool is_blocking);
/// Of this process: `NAME=value` each; null ends them.
char *const *fibers_environment(void);

#endif
