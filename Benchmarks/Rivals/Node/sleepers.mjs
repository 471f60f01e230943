// SPDX-License-Identifier: MIT
import { setTimeout } from "node:timers/promises";

import { processTime } from "./measure.mjs";

/** Async functions that are asleep all at once, and wake within the second that begins so many seconds from now. */
export async function sleepers(count, headStart) {
  const before = process.memoryUsage.rss();
  const start = performance.now() + headStart * 1000;
  const tasks = Array.from({ length: count }, (_, index) => sleepUntil(start + (Math.imul(index, 2654435761) >>> 0) / 2 ** 32 * 1000));
  const growth = process.memoryUsage.rss() - before;
  if (performance.now() > start) throw new Error("too many to be asleep all at once");
  await Promise.all(tasks);
  console.log(processTime() / count, growth / count);
}

async function sleepUntil(time) {
  await setTimeout(time - performance.now());
}
