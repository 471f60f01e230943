// SPDX-License-Identifier: MIT
// Child processes by posix_spawn and waitpid, as a C program would run them.
#if defined(__linux__)
#define _GNU_SOURCE // pipe2
#endif
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "floor.h"

extern char **environ;

#if defined(__linux__) && defined(__x86_64__)
#include <elf.h>

/// exit_group(0).
static const unsigned char program[] = {0x31, 0xff, 0xb8, 231, 0, 0, 0, 0x0f, 0x05};

bool floor_write_program(const char *path) {
    struct {
        Elf64_Ehdr header;
        Elf64_Phdr segment;
        unsigned char code[sizeof(program)];
    } __attribute__((packed)) file = {
        .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_EXEC, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
                   .e_entry = 0x400000 + sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr), .e_phoff = sizeof(Elf64_Ehdr),
                   .e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1},
        .segment = {.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x400000, .p_align = 4096,
                    .p_filesz = sizeof(file), .p_memsz = sizeof(file)},
    };
    memcpy(file.code, program, sizeof(program));
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    if (fd < 0) return false;
    const bool is_written = write(fd, &file, sizeof(file)) == (ssize_t)sizeof(file);
    return close(fd) == 0 && is_written;
}
#else
bool floor_write_program(const char *path) { return symlink("/bin/true", path) == 0; }
#endif

static pid_t start(const char *path, const posix_spawn_file_actions_t *actions) {
    char *arguments[] = {(char *)path, NULL};
    pid_t id = -1;
    return posix_spawn(&id, path, actions, NULL, arguments, environ) == 0 ? id : -1;
}

static bool reap(void) {
    int status = 0;
    pid_t id;
    do id = waitpid(-1, &status, 0);
    while (id < 0 && errno == EINTR);
    return id > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool floor_run_processes(const char *path, size_t count, size_t at_once) {
    size_t running = 0;
    for (; count > 0; count -= 1) {
        if (running == at_once) {
            if (!reap()) return false;
            running -= 1;
        }
        if (start(path, NULL) < 0) return false;
        running += 1;
    }
    for (; running > 0; running -= 1) {
        if (!reap()) return false;
    }
    return true;
}

static bool capture(const char *path) {
    int ends[2];
    char bytes[4096];
#if defined(__linux__)
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
#else
    if (pipe(ends) != 0) return false;
    for (int i = 0; i < 2; i += 1) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
#endif
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    const pid_t id = start(path, &actions);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    while (id > 0 && read(ends[0], bytes, sizeof(bytes)) > 0) {}
    close(ends[0]);
    return id > 0 && reap();
}

bool floor_capture_processes(const char *path, size_t count) {
    while (count > 0 && capture(path)) count -= 1;
    return count == 0;
}

void *floor_hold_memory(size_t bytes) {
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    memset(memory, 1, bytes);
    return memory;
}

void floor_release_memory(void *memory, size_t bytes) { munmap(memory, bytes); }
