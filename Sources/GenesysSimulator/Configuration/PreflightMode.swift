/// How `GET /api/v2/notifications/stream/subscriptions` answers (S5.2, S5.4).
public enum PreflightMode: String, Sendable, Equatable, CaseIterable, Codable {
    /// With the truth.
    case correct
    /// With 404: there is no such thing.
    case missing
    /// Every subscription is valid, it says.
    case lying
    /// With 503.
    case serverError
    /// Not at all.
    case hanging
}
