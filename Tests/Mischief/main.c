// SPDX-License-Identifier: MIT
// A child that misbehaves as its first argument says, or tells what it finds around itself. For the tests of processes.
#include "mischief.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int argument_count;
char **arguments;

long number(int index, long otherwise) {
    return index < argument_count ? strtol(arguments[index], NULL, 10) : otherwise;
}

void pass(long milliseconds) {
    struct timespec rest = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {}
}

int write_all(int fd, const void *bytes, size_t count) {
    for (size_t written = 0; written < count;) {
        const ssize_t more = write(fd, (const char *)bytes + written, count - written);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return -1;
        written += (size_t)more;
    }
    return 0;
}

static const struct {
    const char *name;
    int (*run)(void);
} mischiefs[] = {
    {"alternate", alternate},
    {"arguments", print_arguments},
    {"clean-up", clean_up},
    {"close-input", close_input},
    {"copy", copy},
    {"descriptors", print_descriptors},
    {"die", die},
    {"directory", print_directory},
    {"environment", print_environment},
    {"exit", exit_later},
    {"flood", flood},
    {"hold", hold},
    {"ids", print_ids},
    {"ignore-term", ignore_term},
    {"reopen", reopen},
    {"signals", print_signals},
    {"spin", spin},
    {"touch", touch},
    {"tree", tree},
    {"tty", tty},
};

int main(int count, char **words) {
    for (size_t i = 0; count > 1 && i < sizeof(mischiefs) / sizeof(mischiefs[0]); i += 1) {
        if (strcmp(mischiefs[i].name, words[1]) != 0) continue;
        argument_count = count - 2;
        arguments = words + 2;
        return mischiefs[i].run();
    }
    fprintf(stderr, "no such mischief\n");
    return 99;
}
