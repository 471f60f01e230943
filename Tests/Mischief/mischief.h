// SPDX-License-Identifier: MIT
// What the parts of the program share.
#ifndef MISCHIEF_H
#define MISCHIEF_H

#include <stddef.h>

/// Those behind the mischief.
extern int argument_count;
extern char **arguments;

long number(int index, long otherwise);
/// Sleeps, whatever arrives.
void pass(long milliseconds);
/// -1 if that fails.
int write_all(int fd, const void *bytes, size_t count);

int alternate(void);
int print_arguments(void);
int clean_up(void);
int close_input(void);
int copy(void);
int print_descriptors(void);
int die(void);
int print_directory(void);
int print_environment(void);
int exit_later(void);
int flood(void);
int hold(void);
int print_ids(void);
int ignore_term(void);
int reopen(void);
int print_signals(void);
int spin(void);
int touch(void);
int tree(void);
int tty(void);

#endif
