import NIOCore

/// The life of one channel's socket: whether it may send, and how it ends.
struct ChannelSession: Equatable {
    private enum State: Equatable {
        /// Messages and pongs go out. Next: `silent`, `closing` or `closed`.
        case open
        /// Nothing goes out until then, or ever. Next: `open` or `closed`.
        case silent(until: NIODeadline?)
        /// A close frame went out; the client's is awaited. Next: `closed`.
        case closing
        /// The connection is gone or going. Terminal.
        case closed
    }

    /// What a client's close frame is answered with.
    enum CloseAnswer: Equatable {
        /// A close frame, and then the end of the connection.
        case closeFrame
        /// The end of the connection: the close frames are exchanged.
        case closeConnection
        case nothing
    }

    private var state = State.open

    var maySend: Bool { self.state == .open }

    /// False when it is silent or ending already.
    mutating func close() -> Bool {
        guard self.state == .open else { return false }
        self.state = .closing
        return true
    }

    /// False when it has ended already.
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
