internal import BridgeCore

extension GapRecord {
    /// The gap record of events that a spool does not have.
    init(_ loss: SpoolLoss, of stream: StreamID, subscriptions: [String], nowMilliseconds: Int64) {
        func position(_ milliseconds: Int64?) -> Position? {
            milliseconds.map { Position(kind: .timestamp, value: TimestampText.text(ofMilliseconds: $0)) }
        }
        let cause: Cause =
            switch loss.cause {
            case .full, .diskFailed: .spoolFull
            case .damaged: .positionLost
            }
        self.init(
            stream: stream,
            subscriptions: subscriptions,
            from: position(loss.fromMilliseconds),
            to: position(loss.toMilliseconds),
            cause: cause,
            certainty: .certain,
            resolution: loss.toMilliseconds == nil ? .open : .unrecoverable,
            noticedAtMilliseconds: loss.toMilliseconds ?? nowMilliseconds
        )
    }
}
