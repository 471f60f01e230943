# SPDX-License-Identifier: MIT
import asyncio
import time


async def measure(operations, body):
    """Prints what an operation takes, in nanoseconds of CPU."""
    start = time.process_time_ns()
    await body(operations)
    print((time.process_time_ns() - start) / operations)


async def switch(count):
    """Tasks that do nothing but yield."""

    async def yields(laps):
        for _ in range(laps):
            await asyncio.sleep(0)

    async def body(operations):
        await asyncio.gather(*(yields(operations // count) for _ in range(count)))

    await measure(200_000, body)


async def spawn(count):
    """Tasks that return a number, so many before the first is waited for."""

    async def one():
        return 1

    async def body(operations):
        for _ in range(operations // count):
            for task in [asyncio.create_task(one()) for _ in range(count)]:
                await task

    await measure(100_000, body)


async def round_trip():
    """An element in each direction. asyncio has no queue without room: these hold one."""

    async def body(operations):
        ping, pong = asyncio.Queue(1), asyncio.Queue(1)

        async def answer():
            for _ in range(operations):
                await pong.put(await ping.get())

        partner = asyncio.create_task(answer())
        for trip in range(operations):
            await ping.put(trip)
            await pong.get()
        await partner

    await measure(50_000, body)


async def stream():
    """An element through a queue with room for 32."""

    async def body(operations):
        elements = asyncio.Queue(32)

        async def produce():
            for number in range(operations):
                await elements.put(number)

        producer = asyncio.create_task(produce())
        for _ in range(operations):
            await elements.get()
        await producer

    await measure(200_000, body)
