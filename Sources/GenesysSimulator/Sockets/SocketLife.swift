import NIOCore

/// The life of one client's socket, in either dialect: whether it may send, and how it ends.
struct SocketLife: Equatable {
    private enum State: Equatable {
        /// Messages and pongs go out. Next: `silent`, `closing` or `closed`.
        case open
        /// Nothing goes out until then, or ever. Next: `open` or `closed`.
        case silent(until: NIODeadline?)
        /// A close frame went out; the client's is awaited. Next: `closed`.
        case closing
        /// The connection is gone or going: nothing may be written. Terminal.
        case closed
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

    /// How long the client's close frame is awaited.
    static let closeTimeout = TimeAmount.seconds(5)

    private var state = State.open

    /// Whether messages, pings and pongs may go out.
    var maySend: Bool { self.state == .open }

    /// Whether nothing goes out for a while, or ever, on a connection that lives.
    var isSilent: Bool {
        switch self.state {
        case .silent: true
        case .open, .closing, .closed: false
        }
    }

    /// Whether the client still gets something by this socket, now or when a silence ends.
    var isCovering: Bool {
        switch self.state {
        case .open, .silent(.some): true
        case .silent(nil), .closing, .closed: false
        }
    }

    /// This side closes. False when it is silent or ending already.
    mutating func close() -> Bool {
        guard self.state == .open else { return false }
        self.state = .closing
        return true
    }

    /// This side resets the connection. False when it has ended already.
    mutating func reset() -> Bool {
        guard self.state != .closed else { return false }
        self.state = .closed
        return true
    }

    /// False when it is silent or ending already.
    mutating func fallSilent(until: NIODeadline?) -> Bool {
        guard self.state == .open else { return false }
        self.state = .silent(until: until)
        return true
    }

    /// True when the silence is over by now.
    mutating func wake(now: NIODeadline) -> Bool {
        guard case .silent(let until?) = self.state, now >= until else { return false }
        self.state = .open
        return true
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
