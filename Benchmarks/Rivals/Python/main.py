# SPDX-License-Identifier: MIT
import asyncio
import sys

import uvloop

import echo

workloads = {"echo": echo.serve}
uvloop.install()
asyncio.run(workloads[sys.argv[1]](*map(int, sys.argv[2:])))
