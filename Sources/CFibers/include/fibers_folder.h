// SPDX-License-Identifier: MIT
// Folders, entry by entry: `struct dirent` differs between platforms. Each call may block its thread. Descriptors are
// close-on-exec. Results: a value, or a negative errno.
#ifndef FIBERS_FOLDER_H
#define FIBERS_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

#include "fibers_unix.h"

/// A folder that is being read.
typedef struct fibers_folder fibers_folder;

typedef struct fibers_entry {
    /// Valid until the next call.
    const char *name;
    /// The type bits of a mode.
    mode_t type;
} fibers_entry;

/// Takes the descriptor of a folder over, unless it fails. Null and a code in `*error` on failure.
fibers_folder *fibers_folder_adopt(int fd, int *error);
void fibers_folder_close(fibers_folder *folder);
/// 1 and the next entry, or 0 if there is none. Leaves the folder itself and its parent out. A link is an entry, too.
int fibers_folder_next(fibers_folder *folder, fibers_entry *entry);
/// Begins anew.
void fibers_folder_rewind(fibers_folder *folder);
/// A descriptor of the folder with this name in it, or of its parent: "..". A link is refused.
int fibers_folder_open(const fibers_folder *folder, const char *name);
int fibers_folder_identify(const fibers_folder *folder, fibers_file_identity *identity);
int fibers_folder_remove(const fibers_folder *folder, const char *name, bool is_folder);

#endif
