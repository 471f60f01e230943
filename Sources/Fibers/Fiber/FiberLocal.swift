// SPDX-License-Identifier: MIT

/// A key under which every fiber keeps a value of its own (Julia's `task_local_storage`, rows L1–L3).
///
/// ```swift
/// let requestID = FiberLocal<Int>(name: "request")
///
/// try requestID.withValue(7) { try handle(request) }
/// ```
///
/// A fiber starts without values: it inherits none from the one that spawned it. They go away when it finishes. The main
/// program is a fiber too. Nothing here parks. To be used where fibers run; on any other thread this traps.
///
/// The key is `Sendable` whatever the value is, because it holds none: a value stays with its fiber, and a fiber with its
/// thread.
public final class FiberLocal<Value>: Sendable, CustomStringConvertible {
    private let name: String?
    private let site: SpawnSite

    /// - Parameters:
    ///   - name: Shown where a value is missing; without one, where the key was made is shown.
    ///   - file: Where the key is made.
    ///   - line: Where the key is made.
    public init(name: String? = nil, file: StaticString = #fileID, line: UInt = #line) {
        self.name = name
        site = SpawnSite(file: "\(file)", line: Int(line))
    }

    /// The calling fiber's value; `nil` if it has none. Assigning `nil` removes it.
    ///
    /// - Complexity: O(1). Assigning allocates.
    public var value: Value? {
        get { Fiber.current.local(self).map { unsafeDowncast($0, to: Entry.self).value } }
        set { Fiber.current.replaceLocal(self, with: newValue.map { Entry(key: self, value: $0) }) }
    }

    /// The calling fiber's value.
    ///
    /// - Throws: ``MissingValueError`` if it has none.
    public func get() throws -> Value {
        guard let value else { throw MissingValueError(key: description, fiber: Fiber.current.label) }
        return value
    }

    /// Runs `body` with another value. Then the value from before is restored, or removed if there was none, also if
    /// `body` throws and whatever it assigned.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withValue<Result>(_ value: Value, _ body: () throws -> Result) rethrows -> Result {
        let fiber = Fiber.current
        let previous = fiber.replaceLocal(self, with: Entry(key: self, value: value))
        defer { fiber.replaceLocal(self, with: previous) }
        return try body()
    }

    /// The type, and the name or where the key was made.
    public var description: String {
        "FiberLocal<\(Value.self)> " + (name.map { "\"\($0)\"" } ?? "made at \(site)")
    }

    /// Keeps the key alive, so that no other key can have its address while there is a value for it.
    private final class Entry {
        let key: FiberLocal
        let value: Value

        init(key: FiberLocal, value: Value) {
            self.key = key
            self.value = value
        }
    }
}

/// A fiber has no value for a ``FiberLocal`` (Julia's `KeyError`).
public struct MissingValueError: Error, CustomStringConvertible {
    /// The description of the key, with its name.
    public let key: String
    /// The name or number of the fiber.
    public let fiber: String

    /// Names the key and the fiber.
    public var description: String { "fiber \(fiber) has no value for \(key)" }
}

// MARK: Storage

// Values go away after the access to the dictionary has ended: their deinit may use keys again.

extension AnyFiber {
    fileprivate func local(_ key: AnyObject) -> AnyObject? { extras?.locals?[ObjectIdentifier(key)] }

    /// Returns the entry from before.
    @discardableResult
    fileprivate func replaceLocal(_ key: AnyObject, with entry: AnyObject?) -> AnyObject? {
        guard let entry else { return extras?.locals?.removeValue(forKey: ObjectIdentifier(key)) }
        let extras = madeExtras()
        guard extras.locals != nil else {
            extras.locals = [ObjectIdentifier(key): entry]
            return nil
        }
        return extras.locals?.updateValue(entry, forKey: ObjectIdentifier(key))
    }

    /// When the fiber has finished: nobody can reach its values any more.
    func dropLocals() {
        guard let dropped = extras?.locals else { return }
        extras?.locals = nil
        withExtendedLifetime(dropped) {}
    }
}
