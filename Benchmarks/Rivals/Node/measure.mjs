// SPDX-License-Identifier: MIT

/** Nanoseconds of CPU that the process has used. */
export function processTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1e3;
}

/** Prints what an operation takes, after a tenth of them to warm up. */
export async function measure(operations, body) {
  await body(operations / 10);
  const start = processTime();
  await body(operations);
  console.log((processTime() - start) / operations);
}
