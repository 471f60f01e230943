// SPDX-License-Identifier: MIT
#include "fibers_names.h"

#include <stdio.h>
#include <uv.h>

// A request without a callback is carried out at once, by the calling thread. It only counts in its loop, which therefore
// must not be one that another thread uses.

int fibers_names_find(const char *host, struct addrinfo **list) {
    *list = NULL;
    uv_loop_t loop;
    int result = uv_loop_init(&loop);
    if (result != 0) return result;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    uv_getaddrinfo_t request;
    result = uv_getaddrinfo(&loop, &request, NULL, host, NULL, &hints);
    if (result == 0) *list = request.addrinfo;
    uv_loop_close(&loop);
    return result;
}

void fibers_names_free(struct addrinfo *list) { uv_freeaddrinfo(list); }

int fibers_names_of(fibers_ip ip, char *buffer, size_t size) {
    const fibers_address address = fibers_ip_address(ip);
    uv_loop_t loop;
    int result = uv_loop_init(&loop);
    if (result != 0) return result;
    uv_getnameinfo_t request;
    result = uv_getnameinfo(&loop, &request, NULL, (const struct sockaddr *)&address.storage, NI_NAMEREQD);
    if (result == 0) snprintf(buffer, size, "%s", request.host);
    uv_loop_close(&loop);
    return result;
}
