/// Which resource and which number event `n` of a tenant has: a pure function, so the log of a tenant needs no storage.
///
/// The log is cut into epochs: a new one begins when a resource is created or deleted. What was before never changes.
struct EventSeries: Equatable {
    private let hash: SeededHash
    /// The epochs that are over, oldest first.
    private var past: [EventEpoch] = []
    private var current: EventEpoch

    /// - Parameter resourceCount: at least 1.
    init(hash: SeededHash, resourceCount: Int) {
        self.hash = hash
        self.current = EventEpoch(
            hash: hash,
            start: 0,
            resources: Array(0..<resourceCount),
            keySequences: Array(repeating: 0, count: resourceCount)
        )
    }

    /// From event `start` on there are events of these resources only.
    ///
    /// - Parameters:
    ///   - resources: indexes, at least one; those that were never there before go on from the highest index.
    ///   - start: no event from here on exists yet.
    mutating func beginEpoch(at start: Int, resources: [Int]) {
        let known = max(self.current.knownResourceCount, (resources.max() ?? 0) + 1)
        let ends = (0..<known).map { self.keySequenceEnd(of: $0, before: start) }
        if start > self.current.start { self.past.append(self.current) }
        self.current = EventEpoch(hash: self.hash, start: start, resources: resources, keySequences: ends)
    }

    /// The index of the resource that event `sequence` is about.
    func resource(of sequence: Int) -> Int {
        if sequence >= self.current.start { return self.current.resource(of: sequence) }
        return self.epoch(of: sequence).resource(of: sequence)
    }

    /// The number of the event among those of its resource.
    func keySequence(of sequence: Int, resource: Int) -> Int {
        if sequence >= self.current.start { return self.current.keySequence(of: sequence, resource: resource) }
        return self.epoch(of: sequence).keySequence(of: sequence, resource: resource)
    }

    /// How many events of `resource` come before event `sequence`: the next `keySequence` of that resource.
    func keySequenceEnd(of resource: Int, before sequence: Int) -> Int {
        self.epoch(of: sequence).keySequenceEnd(of: resource, before: sequence)
    }

    func identifier(of sequence: Int) -> UniqueIdentifier {
        UniqueIdentifier(hash: self.hash, number: sequence)
    }

    private func epoch(of sequence: Int) -> EventEpoch {
        if sequence >= self.current.start { return self.current }
        return self.past.last { $0.start <= sequence } ?? self.past.first ?? self.current
    }
}
