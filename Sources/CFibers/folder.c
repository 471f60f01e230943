// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // DTTOIF
#endif
#include "fibers_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fibers_folder {
    DIR *stream;
};

static int checked(int result) { return result < 0 ? -errno : result; }

fibers_folder *fibers_folder_adopt(int fd, int *error) {
    fibers_folder *folder = malloc(sizeof(fibers_folder));
    if (folder != NULL) folder->stream = fdopendir(fd);
    if (folder != NULL && folder->stream != NULL) return folder;
    *error = folder == NULL ? -ENOMEM : -errno;
    free(folder);
    return NULL;
}

void fibers_folder_close(fibers_folder *folder) {
    closedir(folder->stream);
    free(folder);
}

/// Not every file system tells the type with the name.
static int find_type(const fibers_folder *folder, const struct dirent *found, mode_t *type) {
    if (found->d_type != DT_UNKNOWN) {
        *type = DTTOIF(found->d_type);
        return 0;
    }
    struct stat status;
    const int result = fstatat(dirfd(folder->stream), found->d_name, &status, AT_SYMLINK_NOFOLLOW);
    if (result == 0) *type = status.st_mode & S_IFMT;
    return checked(result);
}

static bool is_folder_itself(const char *name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

int fibers_folder_next(fibers_folder *folder, fibers_entry *entry) {
    while (true) {
        errno = 0;
        const struct dirent *found = readdir(folder->stream);
        if (found == NULL) return -errno;
        if (is_folder_itself(found->d_name)) continue;
        entry->name = found->d_name;
        const int result = find_type(folder, found, &entry->type);
        if (result != -ENOENT) return result < 0 ? result : 1; // it was there a moment ago
    }
}

void fibers_folder_rewind(fibers_folder *folder) { rewinddir(folder->stream); }

int fibers_folder_open(const fibers_folder *folder, const char *name) {
    return checked(openat(dirfd(folder->stream), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

int fibers_folder_identify(const fibers_folder *folder, fibers_file_identity *identity) {
    struct stat status;
    if (fstat(dirfd(folder->stream), &status) != 0) return -errno;
    *identity = (fibers_file_identity){.device = status.st_dev, .number = status.st_ino};
    return 0;
}

int fibers_folder_remove(const fibers_folder *folder, const char *name, bool is_folder) {
    return checked(unlinkat(dirfd(folder->stream), name, is_folder ? AT_REMOVEDIR : 0));
}
