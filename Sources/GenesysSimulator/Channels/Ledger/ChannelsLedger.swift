/// The running account of one tenant's channels.
struct ChannelsLedger {
    private static let connectionCountMax = 1_000

    var channelsCreated = 0
    var channelsEvicted = 0
    var channelsExpired = 0
    var connectAnswers: [String: Int] = [:]
    var connectionsDisplaced = 0
    var connectionsOverrun = 0
    var pingsAnswered = 0
    private(set) var eventsSent = 0
    private(set) var faultsFired: [ChannelFaultKind: Int] = [:]
    private(set) var violations: [ClientViolation: Int] = [:]
    /// Oldest first.
    private(set) var connections: [ChannelConnectionSnapshot] = []

    mutating func fired(_ kind: ChannelFaultKind) {
        self.faultsFired[kind, default: 0] += 1
    }

    mutating func violated(_ violation: ClientViolation) {
        self.violations[violation, default: 0] += 1
    }

    mutating func opened(_ connection: ChannelConnectionSnapshot) {
        if self.connections.count == Self.connectionCountMax { self.connections.removeFirst() }
        self.connections.append(connection)
    }

    mutating func eventSent(_ number: Int) {
        self.eventsSent += 1
        self.update(number) { $0.eventsSent += 1 }
    }

    mutating func update(_ number: Int, _ change: (inout ChannelConnectionSnapshot) -> Void) {
        // The living ones are the newest ones: the search from the end is short.
        guard let index = self.connections.lastIndex(where: { $0.number == number }) else { return }
        change(&self.connections[index])
    }
}
