// SPDX-License-Identifier: MIT

/** A tree of async functions, ten to a branch, that sum their numbers. Each lets the others run before it begins. */
export async function skynet(leaves) {
  const start = process.hrtime.bigint();
  const result = await sum(0, leaves);
  const nanoseconds = Number(process.hrtime.bigint() - start);
  if (result !== (leaves * (leaves - 1)) / 2) throw new Error("the sum is wrong");
  console.log(nanoseconds / leaves, (process.resourceUsage().maxRSS * 1024) / leaves);
}

async function sum(first, leaves) {
  await null;
  if (leaves === 1) return first;
  const branches = Array.from({ length: 10 }, (_, branch) => sum(first + (branch * leaves) / 10, leaves / 10));
  return (await Promise.all(branches)).reduce((total, part) => total + part, 0);
}
