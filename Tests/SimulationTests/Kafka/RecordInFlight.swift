import BridgeCore

/// A record on its way into its partition.
struct RecordInFlight {
    enum Content {
        case event(sequence: Int, key: UInt16)
        case gap(RecordedGap)
        case deadLetter(sequences: [Int])
    }

    var tenant: Int
    var content: Content
    let batch: BatchInFlight
}

/// A batch whose records are not all reported.
final class BatchInFlight {
    let sequence: UInt64
    let inbox: ReportInbox
    var unreported: Int
    var outcome = DeliveryReport.Outcome.acknowledged

    init(sequence: UInt64, recordCount: Int, inbox: ReportInbox) {
        self.sequence = sequence
        self.unreported = recordCount
        self.inbox = inbox
    }
}
