// SPDX-License-Identifier: MIT
// Manual, "Asynchronous Programming": four tasks share the jobs of one channel and answer in another.

import Fibers

private typealias Outcome = (job: Int, worker: Int, seconds: Double)

/// The simulation with 12 jobs, each of which takes a random time. Unlike the manual's, the outcomes say who did the
/// job, and the jobs end, so that the workers do.
func shareJobs() throws {
    let jobs = Channel<Int>(capacity: 32)
    let results = Channel<Outcome>(capacity: 32)

    func doWork(_ worker: Int) throws {
        for job in jobs {
            let seconds = Double.random(in: 0.001...0.02)
            try Fiber.sleep(for: .seconds(seconds))  // as if it worked
            try results.put((job, worker, seconds))
        }
    }
    func makeJobs(_ count: Int) throws {
        for job in 1...count { try jobs.put(job) }
        jobs.close()
    }

    Fiber.spawn { try makeJobs(12) }.monitorErrors()
    for worker in 1...4 { Fiber.spawn { try doWork(worker) }.monitorErrors() }
    let elapsed = try ContinuousClock().measure {
        for _ in 1...12 {
            let result = try results.take()
            print("\(result.job) finished in \(rounded(result.seconds)) seconds by worker \(result.worker)")
        }
    }
    print(rounded(elapsed / .seconds(1)))
}

/// To three digits.
private func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

/// What the manual advises instead of a monitor: results bound to a worker close when it fails, with its error. Whoever
/// waits for them is told.
func bindResultsToWorker() throws {
    let jobs = Channel<Int>.producing { jobs in for job in 1...3 { try jobs.put(job) } }
    let results = Channel<Int>()
    let worker = Fiber.spawn {
        for job in jobs {
            guard job < 3 else { throw Failure("job \(job) is too hard") }
            try results.put(job * job)
        }
    }
    results.bind(to: worker)
    do {
        while true { print(try results.take()) }
    } catch let error as FiberFailedError {
        print("no more results:", error.rootCause)
    }
}
