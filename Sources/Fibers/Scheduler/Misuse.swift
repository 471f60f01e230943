// SPDX-License-Identifier: MIT

/// Ends the program with a sentence if the caller did what can never be right. Unlike `precondition`, it says so in
/// optimised builds as well.
@inline(__always)
package func require(_ condition: Bool, _ sentence: @autoclosure () -> String) {
    if !condition { fatalError(sentence()) }
}
