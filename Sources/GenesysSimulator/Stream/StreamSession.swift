import NIOCore

/// The life of one stream: what it may send, how its next message is treated, and how it ends.
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

    /// No fault makes a message longer than this.
    private static let messageByteCountMax = 256 << 20

    private var state = State.open
    private var fragmentations = 0
    private var notJSON = 0
    private var notUTF8 = 0
    private var oversized: Int?
    private var poisonTimes: Int?

    /// Whether batches, pings and pongs may go out.
    var maySend: Bool { self.state == .open }

    /// Takes up a fault of a stream. `none` for the others, for what waits for the next message, for any fault on a stream
    /// that is ending, and on a silent stream for all but a reset.
    mutating func begin(_ fault: Fault, now: NIODeadline) -> Action {
        switch self.state {
        case .closing, .closed: return .none
        case .silent where fault != .reset: return .none
        case .open, .silent: break
        }
        switch fault {
        case .tokenExpired: return self.close(code: 4001, reason: "token_expired")
        case .goingAway: return self.close(code: 1001, reason: "going away")
        case .rateLimited(let code, let seconds):
            return self.close(code: code, reason: "rate limit exceeded; retry-after: \(seconds)")
        case .invalidSubscription:
            return self.close(code: 400, reason: UpgradeGate.invalidSubscriptionMessage)
        case .reset:
            self.state = .closed
            return .reset
        case .stall(let milliseconds):
            let until = milliseconds.map { now + .milliseconds(Int64($0)) }
            self.state = .silent(until: until)
            return .silence(until: until)
        case .halfOpen:
            self.state = .silent(until: nil)
            return .deafness
        case .fragmentation(let messages, _): self.fragmentations += max(0, messages)
        case .invalidJSON(let messages): self.notJSON += max(0, messages)
        case .poison(let times): self.poisonTimes = max(1, times)
        case .invalidUTF8(let messages): self.notUTF8 += max(0, messages)
        case .oversizedMessage(let bytes): self.oversized = min(bytes, Self.messageByteCountMax)
        case .rejectUpgrade, .tokenRefusal, .inclusiveReplay, .positionLost: break
        }
        return .none
    }

    /// How many times the message that goes out now is to be unreadable; nil: it is not to be poisoned.
    mutating func takePoison() -> Int? {
        defer { self.poisonTimes = nil }
        return self.poisonTimes
    }

    /// The treatment of the message that goes out now.
    mutating func nextTreatment() -> MessageTreatment {
        if let bytes = self.oversized {
            self.oversized = nil
            return .oversized(bytes: bytes)
        }
        if self.notJSON > 0 {
            self.notJSON -= 1
            return .notJSON
        }
        if self.notUTF8 > 0 {
            self.notUTF8 -= 1
            return .notUTF8
        }
        guard self.fragmentations > 0 else { return .whole }
        self.fragmentations -= 1
        return .fragmented
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
