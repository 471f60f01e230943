// SPDX-License-Identifier: MIT
import { echo } from "./echo.mjs";

const workloads = { echo };
const [name, ...numbers] = process.argv.slice(2);
workloads[name](...numbers.map(Number));
