/// The dialect that a tenant's notifications come in.
enum StreamProtocol: String, CaseIterable, Sendable {
    /// Resumable batches at `/api/v2/notifications/stream`.
    case stream
    /// The public API's notification channels: nothing can be asked for again.
    case channels
}
