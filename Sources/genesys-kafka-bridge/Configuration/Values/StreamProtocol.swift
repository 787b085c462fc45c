/// The dialect that a tenant's notifications come in.
enum StreamProtocol: String, CaseIterable, Sendable {
    /// Resumable batches at `/api/v2/notifications/stream`.
    case stream
}
