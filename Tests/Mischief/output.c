// SPDX-License-Identifier: MIT
#include "mischief.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// BYTES [err]: repeats the digits.
int flood(void) {
    char block[8192];
    for (size_t i = 0; i < sizeof(block); i += 1) block[i] = (char)('0' + i % 8);
    const int fd = argument_count > 1 ? 2 : 1;
    for (long left = number(0, 0); left > 0; left -= (long)sizeof(block)) {
        const size_t count = left < (long)sizeof(block) ? (size_t)left : sizeof(block);
        if (write_all(fd, block, count) != 0) return 1;
    }
    return 0;
}

/// BYTES: as many to output and to errors, in turn; then all of its input to output.
int alternate(void) {
    char block[1024];
    memset(block, '.', sizeof(block));
    for (long left = number(0, 0); left > 0; left -= (long)sizeof(block)) {
        const size_t count = left < (long)sizeof(block) ? (size_t)left : sizeof(block);
        if (write_all(1, block, count) != 0 || write_all(2, block, count) != 0) return 1;
    }
    return copy();
}

int copy(void) {
    char block[65536];
    ssize_t count;
    while ((count = read(0, block, sizeof(block))) > 0) {
        if (write_all(1, block, (size_t)count) != 0) return 1;
    }
    return count == 0 ? 0 : 1;
}

/// MS: closes its input and lives on.
int close_input(void) {
    close(0);
    printf("closed\n");
    fflush(stdout);
    pass(number(0, 0));
    return 0;
}
