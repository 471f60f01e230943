// SPDX-License-Identifier: MIT
#include "mischief.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static void say(const char *text) { write_all(1, text, strlen(text)); }

static void say_size(int signal) {
    (void)signal;
    struct winsize size = {0};
    ioctl(0, TIOCGWINSZ, &size);
    char text[64];
    snprintf(text, sizeof(text), "size %dx%d\n", size.ws_col, size.ws_row);
    say(text);
}

static void say_interrupted(int signal) {
    (void)signal;
    say("interrupted\n");
}

/// Tells what it knows of its terminal, and what happens to it, until the input ends; then writes BYTES more.
int tty(void) {
    signal(SIGWINCH, say_size);
    signal(SIGINT, say_interrupted);
    struct termios mode;
    tcgetattr(0, &mode);
    mode.c_lflag &= ~(tcflag_t)ECHO;
    mode.c_oflag &= ~(tcflag_t)OPOST;
    tcsetattr(0, TCSANOW, &mode);
    const int controlling = open("/dev/tty", O_RDWR);
    say(isatty(0) && isatty(1) && isatty(2) ? "terminals\n" : "no terminals\n");
    say(controlling >= 0 && tcgetpgrp(0) == getpgrp() ? "controlling\n" : "not controlling\n");
    say_size(0);
    char line[256];
    while (1) {
        const ssize_t count = read(0, line, sizeof(line));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        say("line ");
        write_all(1, line, (size_t)count);
    }
    say("end of input\n");
    return flood();
}
