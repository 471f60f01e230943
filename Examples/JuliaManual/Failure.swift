// SPDX-License-Identifier: MIT

/// An error with a sentence, as Julia's `error("…")` throws.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
