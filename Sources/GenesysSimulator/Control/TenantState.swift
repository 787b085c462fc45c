/// One tenant as it is now. Belongs to the simulator's event loop.
final class TenantState {
    let index: Int
    let settings: SimulatedTenant
    var writer: EventWriter
    var pace: ProductionPace
    var armed = ArmedFaults()
    var ledger = TenantLedger()
    /// The event that makes its messages unreadable, and how many times it still does.
    var poison: (sequence: Int, timesLeft: Int)?
    /// The open streams by connection number.
    var streams: [Int: StreamHandler] = [:]

    init(index: Int, settings: SimulatedTenant, writer: EventWriter, pace: ProductionPace) {
        self.index = index
        self.settings = settings
        self.writer = writer
        self.pace = pace
    }

    /// Whether a message with these events is to be unreadable; counts it.
    func spendsPoison(on sequences: Range<Int>) -> Bool {
        guard let poison = self.poison, sequences.contains(poison.sequence) else { return false }
        self.poison = poison.timesLeft > 1 ? (poison.sequence, poison.timesLeft - 1) : nil
        return true
    }

    func snapshot(end: Int) -> TenantSnapshot {
        let ledger = self.ledger
        var keySequences: [String: Int] = [:]
        for (index, resource) in self.settings.resources.enumerated() {
            keySequences[resource.resourceId] = self.writer.series.keySequenceEnd(of: index, before: ledger.offered)
        }
        return TenantSnapshot(
            name: self.settings.name,
            eventsOffered: ledger.offered,
            eventsProduced: end == .max ? ledger.offered : max(end, ledger.offered),
            firstSequence: ledger.firstSequence,
            skipped: ledger.skipped,
            eventsSent: ledger.eventsSent,
            keySequences: keySequences,
            connectionsOpen: self.streams.count,
            connections: ledger.connections,
            upgradeAttempts: ledger.upgradeAttempts,
            upgradesAccepted: ledger.upgradesAccepted,
            tokenRequests: ledger.tokenRequests,
            tokensIssued: ledger.tokensIssued,
            pingsReceived: ledger.pingsReceived,
            pongsReceived: ledger.pongsReceived,
            expiriesOnStream: ledger.expiriesOnStream,
            faultsFired: ledger.faultsFired.named,
            violations: ledger.violations.named
        )
    }
}
