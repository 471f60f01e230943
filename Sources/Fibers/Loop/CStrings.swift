// SPDX-License-Identifier: MIT

/// Strings as C programs get them: each ends with a NUL, and a null pointer ends them all.
struct CStrings: ~Copyable {
    private let bytes: UnsafeMutableBufferPointer<CChar>
    private let array: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

    /// - Parameter strings: Without NUL.
    init(_ strings: [[UInt8]]) {
        bytes = .allocate(capacity: strings.reduce(0) { $0 + $1.count + 1 })
        array = .allocate(capacity: strings.count + 1)
        var end = 0
        for (index, string) in strings.enumerated() {
            array.initializeElement(at: index, to: bytes.baseAddress.map { $0 + end })
            end = bytes[end...].initialize(fromContentsOf: string.map(CChar.init(bitPattern:)))
            bytes.initializeElement(at: end, to: 0)
            end += 1
        }
        array.initializeElement(at: strings.count, to: nil)
    }

    deinit {
        bytes.deallocate()
        array.deallocate()
    }

    /// Valid as long as this is.
    var pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? { array.baseAddress }
}
