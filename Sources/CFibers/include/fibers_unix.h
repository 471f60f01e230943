// SPDX-License-Identifier: MIT
// Unix sockets: addresses, files, credentials and descriptors in messages, all of which are macros and unions in C. Every
// descriptor they return is close-on-exec. Results: a value, or a negative errno.
#ifndef FIBERS_UNIX_H
#define FIBERS_UNIX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "fibers_socket.h"

/// How many bytes a name may have.
extern const size_t fibers_unix_name_limit;
/// False if the system has no abstract names.
extern const bool fibers_unix_has_abstract_names;
/// The name is no longer than allowed.
void fibers_unix_address(const void *name, size_t length, bool is_abstract, fibers_address *address);

/// Non-blocking.
int fibers_unix_socket(void);
int fibers_unix_pair(int *one, int *other);
/// The file of a path gets this mode or, for want of bits that the umask takes away, less, from its first moment on.
int fibers_unix_bind(int fd, const fibers_address *address, mode_t mode);
int fibers_unix_listen(int fd, int backlog);
int fibers_unix_connect(int fd, const fibers_address *address);
/// Non-blocking.
int fibers_unix_accept(int fd);

// MARK: Files

typedef struct fibers_file_identity {
    dev_t device;
    ino_t number;
    bool is_socket;
} fibers_file_identity;

/// What is at a path itself: links are not followed.
int fibers_file_identify(const char *path, fibers_file_identity *identity);
/// Links are not followed.
int fibers_file_set_mode(const char *path, mode_t mode);
int fibers_file_remove(const char *path);
/// Locks a folder against others who use this function. A descriptor to unlock it with; would-block if somebody has it.
int fibers_folder_lock(const char *path);
void fibers_folder_unlock(int fd);

// MARK: Messages

typedef struct fibers_credentials {
    pid_t process;
    uid_t user;
    gid_t group;
} fibers_credentials;

int fibers_unix_peer(int fd, fibers_credentials *credentials);

/// As many descriptors fit into one message.
enum { fibers_unix_most_descriptors = 253 };
/// Never raises SIGPIPE.
ssize_t fibers_unix_send(int fd, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count);
/// `descriptors` has room for the most. `lost` tells whether some could not be taken over.
ssize_t fibers_unix_receive(int fd, void *bytes, size_t count, int *descriptors, size_t *descriptor_count, bool *lost);

#endif
