import NIOCore

/// The life of one stream: whether it may send, and how it ends.
struct StreamSession {
    private enum State: Equatable {
        /// Batches and pongs go out. Next: `silent`, `closing` or `closed`.
        case open
        /// Nothing goes out until then, or ever. Next: `open` or `closed`.
        case silent(until: NIODeadline?)
        /// A close frame went out; the client's is awaited. Next: `closed`.
        case closing
        /// The connection is gone or going: nothing may be written. Terminal.
        case closed
    }

    /// What a fault asks of the driver at once.
    enum Action: Equatable {
        case none
        /// Send a close frame with this code and reason.
        case close(code: UInt16, reason: String)
        /// Reset the TCP connection.
        case reset
        /// Send nothing; ask again at this time.
        case silence(until: NIODeadline?)
        /// Send nothing and read nothing, until the connection dies.
        case deafness
        /// Send the bytes drop by drop, until then or for ever.
        case writeSlowly(SlowPace)
        /// Read the bytes drop by drop, until then or for ever.
        case readSlowly(SlowPace)
        /// Send so many pings of so many bytes.
        case pings(count: Int, bytes: Int)
        /// Reset the TCP connection when it was idle for so long.
        case watchIdle(TimeAmount)
    }

    /// What a client's close frame is answered with.
    enum CloseAnswer: Equatable {
        /// A close frame, and then the end of the connection.
        case closeFrame
        /// The end of the connection: the close frames are exchanged.
        case closeConnection
        /// Nothing: a stalled server does not answer.
        case nothing
    }

    private var state = State.open

    /// Whether batches, pings and pongs may go out.
    var maySend: Bool { self.state == .open }

    /// Whether the client still gets something by this stream, now or when a stall ends.
    var isCovering: Bool {
        switch self.state {
        case .open, .silent(.some): true
        case .silent(nil), .closing, .closed: false
        }
    }

    /// Takes up a fault of a stream. `none` for the others, for what waits for the next message, for any fault on a stream
    /// that is ending, and on a silent stream for all but a reset and the watch for idleness.
    mutating func begin(_ fault: Fault, now: NIODeadline) -> Action {
        switch self.state {
        case .closing, .closed: return .none
        case .silent where !Self.reachesSilent(fault): return .none
        case .open, .silent: break
        }
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
        case .reset:
            self.state = .closed
            return .reset
        case .idleTimeout(let milliseconds): return .watchIdle(.milliseconds(Int64(milliseconds)))
        case .stall(let milliseconds):
            let until = milliseconds.map { now + .milliseconds(Int64($0)) }
            self.state = .silent(until: until)
            return .silence(until: until)
        case .halfOpen(let reads):
            self.state = .silent(until: nil)
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

    /// True when the silence is over by now.
    mutating func wake(now: NIODeadline) -> Bool {
        guard case .silent(let until?) = self.state, now >= until else { return false }
        self.state = .open
        return true
    }

    /// This side closes. `none` when the stream is silent or already ending.
    mutating func close(code: UInt16, reason: String) -> Action {
        switch self.state {
        case .silent, .closing, .closed: return .none
        case .open:
            self.state = .closing
            return .close(code: code, reason: reason)
        }
    }

    /// The client's close frame came.
    mutating func clientClosed() -> CloseAnswer {
        switch self.state {
        case .open:
            self.state = .closed
            return .closeFrame
        case .closing:
            self.state = .closed
            return .closeConnection
        case .silent, .closed: return .nothing
        }
    }

    mutating func connectionLost() {
        self.state = .closed
    }
}
