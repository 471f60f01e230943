// SPDX-License-Identifier: MIT
import { measure } from "./measure.mjs";

/** Async functions that let the others run again and again. */
export async function switches(count) {
  await measure(2e6, async (operations) => {
    const yields = async () => {
      for (let lap = 0; lap < operations / count; lap += 1) await null;
    };
    await Promise.all(Array.from({ length: count }, yields));
  });
}

/** Async functions that return a number, so many before the first is waited for. */
export async function spawn(count) {
  await measure(2e6, async (operations) => {
    const one = async () => 1;
    for (let batch = 0; batch < operations / count; batch += 1) {
      await Promise.all(Array.from({ length: count }, one));
    }
  });
}

/** Two async functions that resolve what the other waits for. */
export async function condition() {
  await measure(1e6, async (operations) => {
    let call, answer;
    let called = new Promise((resolve) => (call = resolve));
    const partner = (async () => {
      for (let trip = 0; trip < operations; trip += 1) {
        await called;
        called = new Promise((resolve) => (call = resolve));
        answer();
      }
    })();
    for (let trip = 0; trip < operations; trip += 1) {
      const answered = new Promise((resolve) => (answer = resolve));
      call();
      await answered;
    }
    await partner;
  });
}
