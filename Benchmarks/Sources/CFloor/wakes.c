// SPDX-License-Identifier: MIT
// Two threads that wake each other: an epoll loop and an eventfd each, and nothing else.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "floor.h"

#include <stdlib.h>

#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

const bool floor_has_wakes = true;

typedef struct side {
    int epoll;
    int event;
} side;

typedef struct pair {
    side sides[2];
    size_t trips;
} pair;

static bool open_side(side *side) {
    side->epoll = epoll_create1(EPOLL_CLOEXEC);
    side->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event interest = {.events = EPOLLIN};
    return side->epoll >= 0 && side->event >= 0 && epoll_ctl(side->epoll, EPOLL_CTL_ADD, side->event, &interest) == 0;
}

static void await(const side *side) {
    struct epoll_event event;
    uint64_t count;
    while (epoll_wait(side->epoll, &event, 1, -1) < 1) {}
    while (read(side->event, &count, sizeof(count)) < 0) {}
}

static void wake(const side *side) {
    const uint64_t one = 1;
    while (write(side->event, &one, sizeof(one)) < 0) {}
}

static void *answer(void *argument) {
    const pair *pair = argument;
    for (size_t i = 0; i < pair->trips; i += 1) {
        await(&pair->sides[1]);
        wake(&pair->sides[0]);
    }
    return NULL;
}

bool floor_wakes_run(size_t trips) {
    pair pair = {.trips = trips};
    pthread_t thread;
    if (!open_side(&pair.sides[0]) || !open_side(&pair.sides[1])) return false;
    if (pthread_create(&thread, NULL, answer, &pair) != 0) return false;
    for (size_t i = 0; i < trips; i += 1) {
        wake(&pair.sides[1]);
        await(&pair.sides[0]);
    }
    pthread_join(thread, NULL);
    for (int i = 0; i < 2; i += 1) {
        close(pair.sides[i].epoll);
        close(pair.sides[i].event);
    }
    return true;
}

static cpu_set_t all_cores;

static bool use_cores(size_t first, size_t count) {
    if (CPU_COUNT(&all_cores) == 0 && sched_getaffinity(0, sizeof(all_cores), &all_cores) != 0) return false;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    size_t number = 0;
    for (int core = 0; core < CPU_SETSIZE; core += 1) {
        if (!CPU_ISSET(core, &all_cores)) continue;
        if (number >= first && number < first + count) CPU_SET(core, &cores);
        number += 1;
    }
    return (size_t)CPU_COUNT(&cores) == count && sched_setaffinity(0, sizeof(cores), &cores) == 0;
}

bool floor_use_cores(size_t count) { return use_cores(0, count); }

bool floor_use_core(size_t number) { return use_cores(number, 1); }

void floor_use_all_cores(void) {
    if (CPU_COUNT(&all_cores) > 0) sched_setaffinity(0, sizeof(all_cores), &all_cores);
}
#else
const bool floor_has_wakes = false;
bool floor_wakes_run(size_t trips) { (void)trips; return false; }
bool floor_use_cores(size_t count) { (void)count; return false; }
bool floor_use_core(size_t number) { (void)number; return false; }
void floor_use_all_cores(void) {}
#endif
