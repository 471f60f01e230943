// SPDX-License-Identifier: MIT
// Names of hosts, as libuv asks the system for them. These calls block, for many seconds where no server answers, hence
// each belongs on a thread that has nothing else to do. Results: 0 or libuv's code.
#ifndef FIBERS_NAMES_H
#define FIBERS_NAMES_H

#include "fibers_socket.h"

/// The addresses of a host, in the order in which they should be tried; to be freed, if there are any.
int fibers_names_find(const char *host, struct addrinfo **list);
void fibers_names_free(struct addrinfo *list);
/// Writes the name of the host that has an address; an error if it has none.
int fibers_names_of(fibers_ip ip, char *buffer, size_t size);

#endif
