// SPDX-License-Identifier: MIT
import { echo } from "./echo.mjs";
import { capture, run } from "./processes.mjs";

const workloads = { echo, processes: run, "processes-captured": capture };
const [name, ...args] = process.argv.slice(2);
workloads[name](...args);
