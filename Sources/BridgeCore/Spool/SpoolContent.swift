/// What one entry of a spool holds.
public enum SpoolContent: Sendable {
    /// Events, or a notice, as they were received, and when.
    case batch(NotificationBatch)
    /// Events that are missing here.
    case loss(SpoolLoss)
    /// Everything that was sent until then is in the spool: the readers of all sockets had caught up. Milliseconds since
    /// 1970-01-01T00:00:00Z.
    case mark(milliseconds: Int64)

    /// Whether it is to reach Kafka.
    public var isDeliverable: Bool {
        switch self {
        case .batch, .loss: true
        case .mark: false
        }
    }
}
