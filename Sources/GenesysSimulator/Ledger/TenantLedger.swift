import NIOCore

/// The running account of one tenant.
struct TenantLedger {
    private static let connectionCountMax = 1_000
    private static let skippedCountMax = 1_000

    var upgradeAttempts = 0
    var attempts: AttemptHistogram
    var coverage: CoverageAccount
    /// By HTTP status, or `close` and the code of a stream that was refused so.
    var upgradeAnswers: [String: Int] = [:]
    var tokenRequests = 0
    var tokensIssued = 0
    /// By the name of the route.
    var restCalls: [String: Int] = [:]
    var restCallsLimited = 0
    var pingsReceived = 0
    var pingsSent = 0
    var pongsReceived = 0
    var pongsMatched = 0
    var expiriesOnStream = 0
    /// One more than the highest sequence number sent.
    private(set) var offered = 0
    private(set) var upgradesAccepted = 0
    private(set) var firstSequence: Int?
    /// Events that no connection will ever send, or that the client may pass over. Pairs of first and end.
    private(set) var skipped: [[Int]] = []
    private(set) var eventsSent = 0
    private(set) var faultsFired: [FaultKind: Int] = [:]
    private(set) var violations: [ClientViolation: Int] = [:]
    /// Oldest first, numbers ascending.
    private(set) var connections: [ConnectionSnapshot] = []
    /// By the index of the resource.
    private(set) var resources: [ResourceAccount] = []
    /// Events in messages that were unreadable, the newest thousand.
    private(set) var unreadable: [[Int]] = []
    /// The last unreadable message, and whose it was.
    private var lastUnreadable: (connection: Int, sequences: Range<Int>)?
    /// The lowest position that was refused since the last stream that resumed.
    private var lostPosition: Int?

    /// - Parameter start: when the simulator began.
    init(start: NIODeadline) {
        self.attempts = AttemptHistogram(start: start)
        self.coverage = CoverageAccount(start: start)
    }

    mutating func fired(_ kind: FaultKind) {
        self.faultsFired[kind, default: 0] += 1
    }

    mutating func violated(_ violation: ClientViolation) {
        self.violations[violation, default: 0] += 1
    }

    // MARK: Streams

    /// A client that had everything before `sequence` was told that this position is gone.
    mutating func positionRefused(_ sequence: Int) {
        self.lostPosition = min(self.lostPosition ?? .max, sequence)
    }

    /// - Parameter resources: the indexes of those that the stream covers.
    /// - Returns: what the client has: everything before this sequence number.
    mutating func opened(_ connection: ConnectionSnapshot, resources: [Int]) -> Int {
        self.upgradesAccepted += 1
        self.judgeTrials(connection, resources: resources)
        let start = connection.firstSequence
        // A client without a position has nothing that it could go on from.
        let lost = connection.resumedAt == nil ? self.lostPosition ?? self.firstSequence : nil
        if connection.resumedAt != nil { self.lostPosition = nil }
        let others = Set(self.connections.filter(\.isOpen).map(\.number))
        let trial = others.isEmpty ? nil : ResourceAccount.Trial(connection: connection.number, others: others)
        let skippedFrom = self.cover(resources, from: start, lost: lost, trial: trial)
        if resources.count >= self.resources.count(where: { $0.first != nil }) {
            // What this stream offers again is not skipped.
            self.skipped = self.skipped.filter { $0[0] < start }.map { [$0[0], min($0[1], start)] }
        }
        if connection.resumedAt == nil, let skippedFrom { self.skip(skippedFrom..<start) }
        self.firstSequence = self.firstSequence ?? start
        if self.connections.count == Self.connectionCountMax { self.connections.removeFirst() }
        self.connections.append(connection)
        return min(start, lost ?? start)
    }

    /// Where a client goes on tells what it has read: of a stream that was followed by one that begins no further than others came, nothing.
    private mutating func judgeTrials(_ connection: ConnectionSnapshot, resources: [Int]) {
        let covered = Set(resources)
        for index in self.resources.indices {
            guard let trial = self.resources[index].trial else { continue }
            guard covered.contains(index) else {
                self.resources[index].passedOver(by: connection.number)
                continue
            }
            let first = self.connections.last { $0.number == trial.connection }
            guard first?.isOpen != true else { continue }
            let end = self.connections.filter { trial.others.contains($0.number) }.map(\.nextSequence).max() ?? 0
            self.resources[index].judged(wasRead: connection.resumedAt ?? 0 > end)
        }
    }

    /// A client that closes one stream of its own accord, while another one brings something, reads the other.
    private mutating func judgeTrials(closed number: Int) {
        for index in self.resources.indices {
            guard let trial = self.resources[index].trial, trial.others.contains(number),
                let first = self.connections.last(where: { $0.number == trial.connection }), first.isOpen,
                first.batchesSent > 0, first.clientCloseCode == nil
            else { continue }
            self.resources[index].judged(wasRead: true)
        }
    }

    /// An open stream covers more resources from `start` on.
    mutating func refiltered(start: Int, resources: [Int]) {
        _ = self.cover(resources, from: start, lost: nil, trial: nil)
    }

    /// - Returns: the first event that is skipped by it.
    private mutating func cover(
        _ resources: [Int],
        from start: Int,
        lost: Int?,
        trial: ResourceAccount.Trial?
    ) -> Int? {
        var skippedFrom: Int?
        for resource in resources {
            while self.resources.count <= resource { self.resources.append(ResourceAccount()) }
            guard let range = self.resources[resource].opened(start: start, lost: lost, trial: trial) else { continue }
            skippedFrom = min(skippedFrom ?? .max, range.lowerBound)
        }
        return skippedFrom
    }

    /// A stream has come to `sequence`.
    mutating func offered(to sequence: Int, resources: [Int]) {
        for resource in resources where resource < self.resources.count {
            self.resources[resource].offered(to: sequence)
        }
    }

    /// The client has everything before `sequence`, and goes on without this resource.
    mutating func abandoned(_ resource: Int, at sequence: Int) {
        if resource < self.resources.count { self.resources[resource].abandoned(at: sequence) }
    }

    mutating func sent(_ number: Int, events: Int, nextSequence: Int) {
        self.offered = max(self.offered, nextSequence)
        self.eventsSent += events
        self.update(number) { connection in
            connection.nextSequence = nextSequence
            connection.eventsSent += events
            connection.batchesSent += 1
        }
    }

    /// A message went out that cannot be read. When events come unreadable on a second connection the client may pass over
    /// them (S2.7).
    mutating func unreadable(_ number: Int, sequences: Range<Int>, resources: [Int]) {
        if self.unreadable.count == Self.skippedCountMax { self.unreadable.removeFirst() }
        self.unreadable.append([sequences.lowerBound, sequences.upperBound])
        if let last = self.lastUnreadable, last.connection != number, last.sequences.overlaps(sequences) {
            self.skip(sequences)
            for resource in resources where resource < self.resources.count { self.resources[resource].skip(sequences) }
        }
        self.lastUnreadable = (number, sequences)
    }

    private mutating func skip(_ range: Range<Int>) {
        if self.skipped.count < Self.skippedCountMax { self.skipped.append([range.lowerBound, range.upperBound]) }
    }

    mutating func clientClosed(_ number: Int, code: UInt16) {
        self.update(number) { $0.clientCloseCode = code }
        if code == 1000 { self.judgeTrials(closed: number) }
    }

    mutating func serverClosed(_ number: Int, code: UInt16) {
        self.update(number) { $0.serverCloseCode = code }
    }

    mutating func closed(_ number: Int) {
        self.update(number) { $0.isOpen = false }
    }

    private mutating func update(_ number: Int, _ change: (inout ConnectionSnapshot) -> Void) {
        // The living ones are the newest ones: the search from the end is short.
        guard let index = self.connections.lastIndex(where: { $0.number == number }) else { return }
        change(&self.connections[index])
    }
}
