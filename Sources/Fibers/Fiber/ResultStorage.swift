// SPDX-License-Identifier: MIT

/// Room for one value of a type that only its user knows: three words in place, memory of its own for anything larger.
///
/// A `Result?` in a generic class would look its metadata up by hash whenever a fiber is made, runs and ends: 600 of the
/// 2,000 instructions of a spawn. The layout of `Result` itself is at hand.
struct ResultStorage {
    private var words: (UInt, UInt, UInt) = (0, 0, 0)

    @inline(__always)
    private static func fits<Value>(_ type: Value.Type) -> Bool {
        MemoryLayout<Value>.size <= MemoryLayout<(UInt, UInt, UInt)>.size
            && MemoryLayout<Value>.alignment <= MemoryLayout<UInt>.alignment
    }

    /// Stores a value where there is none.
    @inline(__always)
    mutating func store<Value>(_ value: Value) {
        guard ResultStorage.fits(Value.self) else {
            let memory = UnsafeMutablePointer<Value>.allocate(capacity: 1)
            memory.initialize(to: value)
            words.0 = UInt(bitPattern: memory)
            return
        }
        withUnsafeMutableBytes(of: &words) { bytes in
            bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Value.self).initialize(to: value)
        }
    }

    /// A copy of the value stored.
    @inline(__always)
    mutating func load<Value>(as type: Value.Type) -> Value {
        withValue(type) { $0.pointee }
    }

    /// Destroys the value stored.
    @inline(__always)
    mutating func destroy<Value>(_ type: Value.Type) {
        _ = withValue(type) { $0.deinitialize(count: 1) }
        if !ResultStorage.fits(type) { UnsafeMutablePointer<Value>(bitPattern: words.0)?.deallocate() }
    }

    @inline(__always)
    private mutating func withValue<Value, Result>(
        _ type: Value.Type, _ body: (UnsafeMutablePointer<Value>) -> Result
    ) -> Result {
        if !ResultStorage.fits(type), let memory = UnsafeMutablePointer<Value>(bitPattern: words.0) {
            return body(memory)
        }
        return withUnsafeMutableBytes(of: &words) { bytes in
            body(bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Value.self))
        }
    }
}
