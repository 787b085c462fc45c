import NIOCore

// How a stream's socket takes up faults.

extension SocketLife {
    /// Takes up a fault of a stream. `none` for the others, for what waits for the next message, for any fault on a stream
    /// that is ending, and on a silent stream for all but a reset and the watch for idleness.
    mutating func begin(_ fault: Fault, now: NIODeadline) -> StreamAction {
        guard self.maySend || self.isSilent && Self.reachesSilent(fault) else { return .none }
        switch fault {
        case .tokenExpired: return self.close(code: 4001, reason: "token_expired")
        case .goingAway: return self.close(code: 1001, reason: "going away")
        case .drain(let code, _):
            return self.close(code: code, reason: code == 1012 ? "service restart" : "going away")
        case .rateLimited(let code, let seconds, _):
            let suffix = seconds.map { "; retry-after: \($0)" } ?? ""
            return self.close(code: code, reason: "rate limit exceeded\(suffix)")
        case .resourceDeleted, .resourceForbidden:
            return self.close(code: 400, reason: UpgradeGate.invalidSubscriptionMessage)
        case .reset: return self.reset() ? .reset : .none
        case .idleTimeout(let milliseconds): return .watchIdle(.milliseconds(Int64(milliseconds)))
        case .stall(let milliseconds):
            let until = milliseconds.map { now + .milliseconds(Int64($0)) }
            return self.fallSilent(until: until) ? .silence(until: until) : .none
        case .halfOpen(let reads):
            guard self.fallSilent(until: nil) else { return .none }
            return reads ? .silence(until: nil) : .deafness
        case .slowWrite(let bytes, let interval, let duration):
            return .writeSlowly(SlowPace(bytes: bytes, milliseconds: interval, duration: duration, now: now))
        case .slowRead(let bytes, let interval, let duration):
            return .readSlowly(SlowPace(bytes: bytes, milliseconds: interval, duration: duration, now: now))
        case .serverPing(let count, let bytes): return .pings(count: count, bytes: bytes)
        case .fragmentation, .invalidJSON, .invalidUTF8, .oversizedMessage, .poison, .duplicateBatch,
            .unsubscribedEvent,
            .eventWithoutName, .eventWithoutResource, .eventWithoutIdentifier, .rejectUpgrade, .upgradeHang,
            .rateLimitedUpgrade, .scopeRemoved, .invalidSubscription, .inclusiveReplay, .positionLost, .tokenRefused,
            .tokenServerError, .tokenHang, .restServerError, .restHang:
            return .none
        }
    }

    private static func reachesSilent(_ fault: Fault) -> Bool {
        switch fault.kind {
        case .reset, .idleTimeout: true
        case _: false
        }
    }

    /// This side closes. `none` when the stream is silent or already ending.
    mutating func close(code: UInt16, reason: String) -> StreamAction {
        self.close() ? .close(code: code, reason: reason) : .none
    }
}
