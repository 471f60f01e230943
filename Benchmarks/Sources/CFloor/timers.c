// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <uv.h>

#include "floor.h"

static size_t fired;

static void on_timer(uv_timer_t *timer) {
    (void)timer;
    fired += 1;
}

bool floor_timers_run(size_t count, uint64_t head_start_ms, uint64_t spread_ms) {
    uv_loop_t loop;
    uv_timer_t *timers = malloc(count * sizeof(uv_timer_t));
    if (timers == NULL || uv_loop_init(&loop) != 0) return false; // the process ends anyway
    fired = 0;
    for (size_t i = 0; i < count; i += 1) {
        uv_timer_init(&loop, &timers[i]);
        uv_timer_start(&timers[i], on_timer, head_start_ms + floor_delay(i, spread_ms), 0);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    return fired == count; // neither closed nor freed: a floor is as low as it can be
}
