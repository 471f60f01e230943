# SPDX-License-Identifier: MIT
import asyncio
import sys

import uvloop

import echo
import tasks

workloads = {
    "echo": echo.serve,
    "switch": tasks.switch,
    "spawn": tasks.spawn,
    "channel-0:Queue-1": tasks.round_trip,
    "channel-32": tasks.stream,
}
uvloop.install()
asyncio.run(workloads[sys.argv[1]](*map(int, sys.argv[2:])))
