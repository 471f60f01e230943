// SPDX-License-Identifier: MIT
import CFibers

/// Watches for one signal.
final class SignalWatch: LoopHandle {
    private let didArrive: () -> Void

    /// - Parameters:
    ///   - onlyOnce: From the moment when it has arrived, the signal does again what it does by default: even if the
    ///     loop has no time to look.
    ///   - didArrive: Called in the loop fiber: it may store and wake, nothing else.
    init(_ signal: CInt, onlyOnce: Bool, didArrive: @escaping () -> Void) throws(IOError) {
        self.didArrive = didArrive
        super.init(loop: .current)
        try open("watch signal", "\(signal)") { loop, owner, code in
            fibers_signal_create(loop, signal, onlyOnce, owner, signalDidArrive, &code)
        }
    }

    fileprivate func arrived() { didArrive() }
}

private func signalDidArrive(_ owner: UnsafeMutableRawPointer?, _ signal: CInt) {
    Unmanaged<SignalWatch>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue().arrived()
}
