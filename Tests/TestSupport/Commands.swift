// SPDX-License-Identifier: MIT
package import Fibers

/// What a program writes. Parks until it has ended.
package func text(of command: Command) throws -> String {
    String(decoding: try command.output(), as: UTF8.self)
}
