// SPDX-License-Identifier: MIT
import CFibers

/// Something of libuv's that must be closed exactly once: by its owner, or else by its loop.
///
/// The handle points back to this object without retaining it; that is safe because the object closes the handle before
/// it goes away, and a closed handle never calls back.
class LoopHandle {
    /// Null before it is opened and after it is closed.
    private(set) var handle: OpaquePointer?
    unowned let loop: Loop

    init(loop: Loop) { self.loop = loop }

    deinit { closeHandle() }

    var isClosed: Bool { handle == nil }

    /// Makes the handle.
    ///
    /// - Parameter make: Given the loop, the pointer that callbacks get back, and room for a code.
    final func open(
        _ operation: String, _ subject: @autoclosure () -> String? = nil,
        make: (OpaquePointer, UnsafeMutableRawPointer, inout CInt) -> OpaquePointer?
    ) throws(IOError) {
        var code: CInt = 0
        guard let uv = loop.uv, let handle = make(uv, Unmanaged.passUnretained(self).toOpaque(), &code) else {
            throw IOError(operation: operation, subject: subject(), code: code)
        }
        self.handle = handle
        loop.add(self)
    }

    /// Stops the handle; no callback comes any more. Does nothing if it is closed. Subclasses add what else must end.
    func close() { closeHandle() }

    private func closeHandle() {
        guard let handle else { return }
        self.handle = nil
        loop.remove(self)
        fibers_handle_close(handle)
    }
}
