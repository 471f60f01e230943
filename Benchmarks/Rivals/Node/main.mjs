// SPDX-License-Identifier: MIT
import { echo } from "./echo.mjs";
import { capture, run } from "./processes.mjs";
import { skynet } from "./skynet.mjs";
import { sleepers } from "./sleepers.mjs";
import { condition, spawn, switches } from "./tasks.mjs";

const workloads = {
  echo, switch: switches, spawn, condition, skynet, sleepers, processes: run, "processes-captured": capture,
};
const [name, ...args] = process.argv.slice(2);
await workloads[name](...args.map((text) => (isNaN(text) ? text : Number(text))));
