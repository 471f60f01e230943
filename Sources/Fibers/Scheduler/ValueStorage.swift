// SPDX-License-Identifier: MIT

/// Room for one value of a type that only its user knows: in place if it fits, else in memory of its own.
///
/// Generic code that is not specialised looks the metadata of `Value?` up by hash: that were 600 of the 2,000 instructions
/// of a spawn, and half of a wait. The layout of `Value` itself is at hand. Used through a pointer.
protocol ValueStorage: BitwiseCopyable {}

/// As much as is free in the control block of a fiber that has finished.
struct ThreeWords: ValueStorage {
    private var words: (UInt, UInt, UInt) = (0, 0, 0)
}

/// Room for an `Any`.
struct FourWords: ValueStorage {
    private var words: (UInt, UInt, UInt, UInt) = (0, 0, 0, 0)
}

extension UnsafeMutablePointer where Pointee: ValueStorage {
    /// Stores a value where there is none.
    @inline(__always)
    func store<Value>(_ value: Value) {
        if !fits(Value.self) {
            box.initialize(to: UnsafeMutableRawPointer(UnsafeMutablePointer<Value>.allocate(capacity: 1)))
        }
        address(of: Value.self).initialize(to: value)
    }

    /// A copy of the value stored.
    @inline(__always)
    func load<Value>(as type: Value.Type) -> Value { address(of: type).pointee }

    /// Moves the value out.
    @inline(__always)
    func take<Value>(as type: Value.Type) -> Value {
        defer { freeBox(of: type) }
        return address(of: type).move()
    }

    /// Destroys the value stored.
    @inline(__always)
    func destroy<Value>(_ type: Value.Type) { _ = take(as: type) }

    @inline(__always)
    private func fits<Value>(_ type: Value.Type) -> Bool {
        MemoryLayout<Value>.size <= MemoryLayout<Pointee>.size
            && MemoryLayout<Value>.alignment <= MemoryLayout<Pointee>.alignment
    }

    @inline(__always)
    private func address<Value>(of type: Value.Type) -> UnsafeMutablePointer<Value> {
        let inPlace = UnsafeMutableRawPointer(self)
        return (fits(type) ? inPlace : box.pointee).assumingMemoryBound(to: type)
    }

    @inline(__always)
    private func freeBox<Value>(of type: Value.Type) {
        if !fits(type) { box.pointee.deallocate() }
    }

    /// Where a value that does not fit lies.
    private var box: UnsafeMutablePointer<UnsafeMutableRawPointer> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: UnsafeMutableRawPointer.self)
    }
}
