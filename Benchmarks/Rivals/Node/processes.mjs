// SPDX-License-Identifier: MIT
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

// Children that run to their end, so many at once.
export async function run(count, atOnce, path) {
  await measure(count, async () => {
    let left = Number(count);
    const worker = async () => {
      while (left-- > 0) {
        const [status] = await once(spawn(path, { stdio: "inherit" }), "exit");
        if (status !== 0) throw new Error(`status ${status}`);
      }
    };
    await Promise.all(Array.from({ length: Number(atOnce) }, worker));
  });
}

// Children whose output is read.
export async function capture(count, path) {
  await measure(count, async () => {
    for (let i = 0; i < count; i += 1) await promisify(execFile)(path);
  });
}

async function measure(operations, body) {
  const start = process.hrtime.bigint();
  await body();
  console.log(Number(process.hrtime.bigint() - start) / operations);
}
