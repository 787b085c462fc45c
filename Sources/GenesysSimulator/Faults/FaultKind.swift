/// The names that faults are counted under, and that `POST /simulator/faults` takes.
public enum FaultKind: String, Sendable, Hashable, CaseIterable, Codable {
    // The end of streams.
    case tokenExpired, goingAway, drain, reset, rateLimited, idleTimeout
    // What streams do.
    case stall, halfOpen, slowWrite, slowRead, serverPing
    // Messages.
    case fragmentation, invalidJSON, invalidUTF8, oversizedMessage, poison, duplicateBatch
    // Events.
    case unsubscribedEvent, eventWithoutName, eventWithoutResource, eventWithoutIdentifier
    // Resources.
    case resourceDeleted, resourceForbidden
    // Upgrades.
    case rejectUpgrade, upgradeHang, rateLimitedUpgrade, scopeRemoved, invalidSubscription, inclusiveReplay,
        positionLost
    // Requests.
    case tokenRefused, tokenServerError, tokenHang, restServerError, restHang
}
