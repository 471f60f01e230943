// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct EchoServerTests {
}
