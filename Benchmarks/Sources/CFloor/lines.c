// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "floor.h"

enum { buffer_size = 65536 };

/// Lines do not cross from one read to the next: the file's lines divide the buffer.
size_t floor_count_lines(const char *path) {
    const int fd = open(path, O_RDONLY);
    char *buffer = malloc(buffer_size);
    size_t lines = 0;
    ssize_t count;
    while (fd >= 0 && buffer != NULL && (count = read(fd, buffer, buffer_size)) > 0) {
        const char *place = buffer, *const end = buffer + count;
        while ((place = memchr(place, '\n', (size_t)(end - place))) != NULL) {
            place += 1;
            lines += 1;
        }
    }
    free(buffer);
    if (fd >= 0) close(fd);
    return lines;
}
