// SPDX-License-Identifier: MIT

extension Threads {
    /// A fiber that some thread of a pool runs, as all threads may use it: see ``Threads/spawn(on:name:stackSize:file:line:_:)``.
    public final class Fiber<Result: Sendable>: Sendable, CustomStringConvertible {
        let job: Job

        init(_ fiber: Fibers.Fiber<Result>) { job = Job(fiber) }

        /// The name given at creation.
        public var name: String? { job.fiber.name }

        /// Where the fiber was made.
        public var site: SpawnSite { job.site }

        /// Whether the fiber has finished, by returning or by throwing.
        public var isDone: Bool { job.isFinished }

        /// Whether the fiber has finished by throwing.
        public var isFailed: Bool { isDone && job.fiber.isFailed }

        /// Parks the calling fiber, on whatever thread, until this one has finished; returns at once, as often as asked,
        /// if it has.
        ///
        /// - Throws: ``FiberFailedError`` if the body threw; `CancellationError` if the calling fiber is cancelled
        ///   meanwhile.
        @available(*, noasync)
        public func wait() throws {
            try job.wait()
            guard let failure = job.fiber.failure else { return }
            job.observe()
            throw FiberFailedError(fiber: job.fiber, error: failure)
        }

        /// What the body returned. Parks as ``wait()`` does.
        ///
        /// - Throws: As ``wait()``.
        @available(*, noasync)
        public func fetch() throws -> Result {
            try wait()
            return finished.value
        }

        /// Makes every present and later park of the fiber throw `CancellationError`, as ``AnyFiber/cancel()``, once its
        /// thread comes to know. A fiber that has not started fails without running. Does nothing if the fiber has
        /// finished. Never parks.
        public func cancel() { job.request(.cancel) }

        /// Ends the fiber's present ``Fibers/Fiber/park()`` once its thread comes to know, or its next one if it is not
        /// parked there then: so a wake-up needs no agreement on who comes first.
        ///
        /// Calls before the fiber parks, or even starts, are remembered in order, and each ends one park: nothing is lost
        /// as long as the fiber lives, also if it is cancelled meanwhile. Does nothing if the fiber has finished.
        /// Never parks.
        ///
        /// - Parameter value: What the park returns.
        public func schedule(passing value: (any Sendable)? = nil) { job.request(.pass(value)) }

        /// Throws `error` out of the call in which the fiber is parked, or out of its next park, as
        /// ``AnyFiber/schedule(throwing:)``, once its thread comes to know. A fiber that has not started fails with the
        /// error without running. Does nothing if the fiber has finished. Never parks.
        ///
        /// - Parameter error: What is thrown.
        public func schedule(throwing error: any Error) { job.request(.fail(error)) }

        /// The fiber's name and whether it has finished.
        public var description: String {
            "Threads.Fiber" + (name.map { " \"\($0)\"" } ?? "") + (isDone ? isFailed ? " (failed)" : " (done)" : "")
        }

        /// The fiber, which has finished.
        private var finished: Fibers.Fiber<Result> { unsafeDowncast(job.fiber, to: Fibers.Fiber<Result>.self) }
    }
}
