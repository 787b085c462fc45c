public import BridgeCore

/// One of a tenant's streams as its tenant sees it, whatever its dialect: from sockets to committed positions.
public protocol TenantStream: Sendable {
    /// The stream's counters.
    var telemetry: StreamTelemetry { get }

    /// The stream brings these from now on. New ones may have had events since `missedSince` already, where that is given: their resources were
    /// looked for then, and were not there.
    func subscribe(_ topics: [SubscriptionTopic], missedSince: Instant?)

    /// Holds so much at most from now on.
    func setInFlight(_ limits: BoundedQueue<NotificationBatch>.Limits)

    /// Lives until `stop()` has drained, or until cancelled.
    func run() async

    /// Asks `run()` to drain, commit, close and return.
    func stop()
}
