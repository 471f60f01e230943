// SPDX-License-Identifier: MIT
import { echo } from "./echo.mjs";
import { skynet } from "./skynet.mjs";
import { sleepers } from "./sleepers.mjs";
import { condition, spawn, switches } from "./tasks.mjs";

const workloads = { echo, switch: switches, spawn, condition, skynet, sleepers };
const [name, ...numbers] = process.argv.slice(2);
await workloads[name](...numbers.map(Number));
