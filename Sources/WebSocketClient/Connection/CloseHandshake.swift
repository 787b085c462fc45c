/// Decides how a connection ends (RFC 6455 section 7): who sends which close frame, what is reported, and when the
/// transport goes. Pure; `WebSocketHandler` carries out the actions.
struct CloseHandshake: Equatable, Sendable {
    private enum State: Equatable {
        /// Frames flow. Followed by `.awaitingAnswer`, `.failing`, `.lingering`, `.gone`.
        case open
        /// The peer broke the protocol, and the consumer is still busy with what came before and may be answering it:
        /// our close frame waits for it, with a deadline. Followed by `.lingering`, `.gone`.
        case failing(FrameViolation)
        /// Our close frame is out first; the peer's answer is awaited, with a deadline. Followed by `.lingering`, `.gone`.
        case awaitingAnswer
        /// Both have said what they had to, or the peer broke the protocol. The server closes the transport first
        /// (section 7.1.1): unread bytes would turn our own close into a reset, which can destroy our close frame on
        /// its way. With a deadline. Followed by `.gone`.
        case lingering
        /// The transport is gone, or was told to go. Terminal.
        case gone
    }

    /// What to do, in this order.
    enum Action: Equatable {
        /// Send a close frame; after it, nothing.
        case sendClose(code: UInt16?, reason: String)
        /// Tell the consumer; comes exactly once in a connection's life.
        case report(WebSocketClose)
        /// Call `deadlinePassed` after the close time-out, counted from now.
        case armDeadline
        /// End the transport now; with `reset`, also what is not sent yet is given up.
        case dropTransport(reset: Bool)
    }

    private var state = State.open

    /// Whether what is received is still delivered and answered.
    var isOpen: Bool { self.state == .open }

    /// Whether frames may still be sent: no close frame has passed either way.
    var allowsSending: Bool {
        switch self.state {
        case .open, .failing: true
        case .awaitingAnswer, .lingering, .gone: false
        }
    }

    /// Whether received bytes are still looked at: for messages, or for the peer's close frame.
    var readsFrames: Bool {
        switch self.state {
        case .open, .awaitingAnswer: true
        case .failing, .lingering, .gone: false
        }
    }

    /// The peer's close frame arrived.
    mutating func receivedClose(_ close: PeerClose) -> [Action] {
        switch self.state {
        case .open:
            self.state = .lingering
            return [
                .sendClose(code: close.answerCode, reason: ""),
                .report(.peerClosed(code: close.code, reason: close.reason)),
                .armDeadline,
            ]
        case .awaitingAnswer:
            self.state = .lingering
            return []
        case .failing, .lingering, .gone:
            return []
        }
    }

    /// The peer broke the protocol.
    mutating func received(_ violation: FrameViolation) -> [Action] {
        switch self.state {
        case .open:
            self.state = .failing(violation)
            return [.report(.protocolError(code: violation.code, description: violation.reason)), .armDeadline]
        case .awaitingAnswer:
            self.state = .lingering
            return []
        case .failing, .lingering, .gone:
            return []
        }
    }

    /// The consumer has taken everything up to the report.
    mutating func consumerReachedEnd() -> [Action] {
        switch self.state {
        case .failing(let violation):
            self.state = .lingering
            return [.sendClose(code: violation.code, reason: violation.reason), .armDeadline]
        case .open, .awaitingAnswer, .lingering, .gone:
            return []
        }
    }

    /// We want to close.
    mutating func close(code: WebSocketCloseCode, reason: String) -> [Action] {
        switch self.state {
        case .open:
            self.state = .awaitingAnswer
            return [
                .sendClose(code: code.rawValue, reason: reason),
                .report(.closedByUs(code: code.rawValue)),
                .armDeadline,
            ]
        case .failing:
            return self.consumerReachedEnd()
        case .awaitingAnswer, .lingering, .gone:
            return []
        }
    }

    /// We want to be gone at once.
    mutating func abort() -> [Action] {
        switch self.state {
        case .open:
            self.state = .gone
            return [.report(.transport(description: "aborted by us")), .dropTransport(reset: true)]
        case .awaitingAnswer, .failing, .lingering:
            self.state = .gone
            return [.dropTransport(reset: true)]
        case .gone:
            return []
        }
    }

    /// The transport ended by itself.
    mutating func transportEnded(description: String) -> [Action] {
        switch self.state {
        case .open:
            self.state = .gone
            return [.report(.transport(description: description))]
        case .awaitingAnswer, .failing, .lingering:
            self.state = .gone
            return []
        case .gone:
            return []
        }
    }

    /// The close time-out has passed.
    mutating func deadlinePassed() -> [Action] {
        switch self.state {
        case .failing:
            return self.consumerReachedEnd()
        case .awaitingAnswer, .lingering:
            self.state = .gone
            return [.dropTransport(reset: false)]
        case .open, .gone:
            return []
        }
    }
}
