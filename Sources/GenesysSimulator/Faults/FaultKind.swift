/// The names that faults are counted under, and that `POST /simulator/faults` takes.
public enum FaultKind: String, Sendable, Hashable, CaseIterable, Codable {
    case tokenExpired, goingAway, reset, fragmentation, stall, rateLimited, invalidSubscription, rejectUpgrade
    case tokenRefusal, halfOpen, invalidJSON, invalidUTF8, oversizedMessage, inclusiveReplay, positionLost, poison
}
