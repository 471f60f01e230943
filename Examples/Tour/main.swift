// SPDX-License-Identifier: MIT
import Fibers

print(try Fiber.spawn { "hello from a fiber" }.fetch())
