import BridgeCore

/// A record on its way into its partition.
struct RecordInFlight {
    enum Content {
        case event(sequence: Int, key: UInt16)
        case gap(RecordedGap)
        case deadLetter(sequences: [Int])
        case position(PositionWrite)
    }

    var tenant: Int
    var content: Content
    /// Its place in its batch.
    var index: Int
    let batch: BatchInFlight
}

/// A record of the checkpoint topic: like no other.
struct PositionWrite: Hashable {
    var serial: Int
    var checkpoint: Checkpoint
}

/// A batch whose records are not all reported.
final class BatchInFlight {
    let sequence: UInt64
    let inbox: ReportInbox
    var unreported: Int
    var outcome = DeliveryReport.Outcome.acknowledged
    var refusals: [RecordRefusal] = []

    init(sequence: UInt64, recordCount: Int, inbox: ReportInbox) {
        self.sequence = sequence
        self.unreported = recordCount
        self.inbox = inbox
    }
}
