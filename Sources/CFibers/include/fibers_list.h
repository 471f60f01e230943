// SPDX-License-Identifier: MIT
// Intrusive, circular, doubly linked lists with a sentinel. In C, because the links lie inside other C structs.
#ifndef FIBERS_LIST_H
#define FIBERS_LIST_H

#include <stdbool.h>
#include <stddef.h>

/// A list's sentinel, or one element's place in a list.
typedef struct fibers_link {
    struct fibers_link *next;
    struct fibers_link *previous;
} fibers_link;

static inline void fibers_list_init(fibers_link *list) {
    list->next = list;
    list->previous = list;
}

static inline bool fibers_list_is_empty(const fibers_link *list) { return list->next == list; }

static inline void fibers_list_insert(fibers_link *previous, fibers_link *link, fibers_link *next) {
    link->previous = previous;
    link->next = next;
    previous->next = link;
    next->previous = link;
}

static inline void fibers_list_append(fibers_link *list, fibers_link *link) {
    fibers_list_insert(list->previous, link, list);
}

static inline void fibers_list_prepend(fibers_link *list, fibers_link *link) {
    fibers_list_insert(list, link, list->next);
}

/// Takes an element out of the list it is in. Its own links are left stale: whoever holds it knows where it is.
static inline void fibers_list_remove(fibers_link *link) {
    link->previous->next = link->next;
    link->next->previous = link->previous;
}

#endif
