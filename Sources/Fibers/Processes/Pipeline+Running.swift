// SPDX-License-Identifier: MIT

extension Pipeline {
    /// Runs all commands to their end while fibers move bytes in and out.
    ///
    /// - Parameter didStart: Called when the commands run.
    /// - Returns: How each ended, and whether somebody still had a stream open for which nobody waited any longer.
    func runMovingBytes(
        from input: (any ByteStream)?, to output: (any ByteSink)?, errorsTo errors: (any ByteSink)?,
        didStart: (ProcessChain) -> Void = { _ in }
    ) throws -> (results: [ProcessResult], isCutOff: Bool) {
        try checkForLoosePipes()
        let pipes = try RunPipes(input: input != nil, output: output != nil, errors: errors != nil, of: self)
        let chain = try pipes.start(self)
        didStart(chain)
        return try chain.endingOnError {
            var pumps: [Pump] = []
            if let output, let source = pipes.output { pumps.append(Pump(from: source, to: output)) }
            if let errors, let source = pipes.errors { pumps.append(Pump(from: source, to: errors)) }
            return try chain.finish(feeding: pipes.input, from: input, pumps, patience: patience)
        }
    }

    var patience: Duration { commands.map(\.patience).max() ?? .zero }

    private func checkForLoosePipes() throws(ArgumentError) {
        let loose = commands.first {
            $0.standardInput == .pipe || $0.standardOutput == .pipe || $0.standardError == .pipe || $0.terminal != nil
        }
        guard let loose else { return }
        throw ArgumentError("\(loose) is to have a pipe or terminal that nobody would use: call spawn() instead")
    }
}

/// Our ends of the pipes around a pipeline.
struct RunPipes {
    private(set) var input: DescriptorStream?
    private(set) var output: DescriptorStream?
    private(set) var errors: DescriptorStream?
    private var streams = StreamTriple()
    private let theirs = DescriptorsOfChild()

    init(input: Bool, output: Bool, errors: Bool, of pipeline: Pipeline) throws {
        if input { (streams.input, self.input) = try theirs.pipe(to: .reading, "input of \(pipeline)") }
        if output { (streams.output, self.output) = try theirs.pipe(to: .writing, "output of \(pipeline)") }
        if errors { (streams.error, self.errors) = try theirs.pipe(to: .writing, "errors of \(pipeline)") }
    }

    /// Starts the commands, which alone have the other ends from then on.
    func start(_ pipeline: Pipeline) throws -> ProcessChain {
        defer { theirs.close() }
        return try pipeline.start(streams)
    }
}
