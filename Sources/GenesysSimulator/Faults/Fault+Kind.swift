extension Fault {
    /// The name that it is counted under.
    public var kind: FaultKind {
        switch self {
        case .tokenExpired: .tokenExpired
        case .goingAway: .goingAway
        case .drain: .drain
        case .reset: .reset
        case .rateLimited: .rateLimited
        case .idleTimeout: .idleTimeout
        case .stall: .stall
        case .halfOpen: .halfOpen
        case .slowWrite: .slowWrite
        case .slowRead: .slowRead
        case .serverPing: .serverPing
        case .fragmentation: .fragmentation
        case .invalidJSON: .invalidJSON
        case .invalidUTF8: .invalidUTF8
        case .oversizedMessage: .oversizedMessage
        case .poison: .poison
        case .duplicateBatch: .duplicateBatch
        case .unsubscribedEvent: .unsubscribedEvent
        case .eventWithoutName: .eventWithoutName
        case .eventWithoutResource: .eventWithoutResource
        case .eventWithoutIdentifier: .eventWithoutIdentifier
        case .resourceDeleted: .resourceDeleted
        case .resourceForbidden: .resourceForbidden
        case .rejectUpgrade: .rejectUpgrade
        case .upgradeHang: .upgradeHang
        case .rateLimitedUpgrade: .rateLimitedUpgrade
        case .scopeRemoved: .scopeRemoved
        case .invalidSubscription: .invalidSubscription
        case .inclusiveReplay: .inclusiveReplay
        case .positionLost: .positionLost
        case .tokenRefused: .tokenRefused
        case .tokenServerError: .tokenServerError
        case .tokenHang: .tokenHang
        case .restServerError: .restServerError
        case .restHang: .restHang
        }
    }
}
