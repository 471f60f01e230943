// SPDX-License-Identifier: MIT
// API page, "Channels": the ways to make one, with a task that fills or empties it.

import Fibers

/// Without a buffer, unlimited, and of a size.
func makeChannels() throws {
    print(Channel<Any>())
    print(Channel<Any>(capacity: .unbounded))
    print(Channel<Any>(capacity: 8))
}

/// With a task that fills it.
func fillChannelFromTask() throws {
    let channel = Channel<Any>.producing { channel in
        for number in 1...4 { try channel.put(number) }
    }
    print(type(of: channel))
    for i in channel { print("i =", i) }
}

/// With a task that is of interest itself. The REPL lets tasks run between inputs, which is what the yields are for.
func keepReferenceToTask() throws {
    let channel = Channel<String>.producing { channel in print(try channel.take()) }
    guard let task = channel.producer else { return }
    try Fiber.yield()
    print(task.isDone)
    try channel.put("Hello")
    try Fiber.yield()
    print(task.isDone)
}

/// With elements of one type and a buffer of one. The page's task runs on another thread, which is for later.
func collectCharacters() throws {
    let channel = Channel<Character>.producing(capacity: 1) { channel in
        for character in "hello world" { try channel.put(character) }
    }
    try Fiber.yield()
    print(channel)
    debugPrint(String(try channel.collect()))
}
