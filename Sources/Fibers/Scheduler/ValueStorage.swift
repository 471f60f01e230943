// SPDX-License-Identifier: MIT

/// Room for one value of a type that only its user knows: four words in place, memory of its own for anything larger.
///
/// Generic code that is not specialised looks the metadata of `Value?` up by hash: that were 600 of the 2,000 instructions
/// of a spawn, and half of a wait. The layout of `Value` itself is at hand. Four words hold an `Any`. Used through a pointer.
struct ValueStorage {
    private var words: (UInt, UInt, UInt, UInt) = (0, 0, 0, 0)
}

extension UnsafeMutablePointer where Pointee == ValueStorage {
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
        fits(type) ? address(of: type).move() : takeOutOfBox(type)
    }

    @inline(never)
    private func takeOutOfBox<Value>(_ type: Value.Type) -> Value {
        defer { box.pointee.deallocate() }
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

    /// Where a value that does not fit lies.
    private var box: UnsafeMutablePointer<UnsafeMutableRawPointer> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: UnsafeMutableRawPointer.self)
    }
}
