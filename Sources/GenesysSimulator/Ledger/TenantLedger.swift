/// The running account of one tenant.
struct TenantLedger {
    private static let connectionCountMax = 1_000

    var upgradeAttempts = 0
    var tokenRequests = 0
    var tokensIssued = 0
    var pingsReceived = 0
    var pongsReceived = 0
    var expiriesOnStream = 0
    /// One more than the highest sequence number sent.
    private(set) var offered = 0
    private(set) var upgradesAccepted = 0
    private(set) var firstSequence: Int?
    /// Events that no connection will ever send: a connection without a position began behind them. Pairs of first and end.
    private(set) var skipped: [[Int]] = []
    private(set) var eventsSent = 0
    private(set) var faultsFired: [FaultKind: Int] = [:]
    private(set) var violations: [ClientViolation: Int] = [:]
    /// Oldest first, numbers ascending.
    private(set) var connections: [ConnectionSnapshot] = []

    mutating func fired(_ kind: FaultKind) {
        self.faultsFired[kind, default: 0] += 1
    }

    mutating func violated(_ violation: ClientViolation) {
        self.violations[violation, default: 0] += 1
    }

    mutating func opened(_ number: Int, resumedAt: Int?, start: Int) {
        self.upgradesAccepted += 1
        if resumedAt == nil, self.firstSequence != nil, start > self.offered,
            self.skipped.count < Self.connectionCountMax
        {
            self.skipped.append([self.offered, start])
        }
        self.firstSequence = self.firstSequence ?? start
        if self.connections.count == Self.connectionCountMax { self.connections.removeFirst() }
        self.connections.append(
            ConnectionSnapshot(
                number: number,
                isOpen: true,
                resumedAt: resumedAt,
                firstSequence: start,
                nextSequence: start
            )
        )
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

    mutating func clientClosed(_ number: Int, code: UInt16) {
        self.update(number) { $0.clientCloseCode = code }
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
