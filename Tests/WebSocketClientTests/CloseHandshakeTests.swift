import Testing

@testable import WebSocketClient

@Suite("The closing handshake", .timeLimit(.minutes(2)))
struct CloseHandshakeTests {
    private static let violation = FrameViolation.protocolError("wrong")
    private static let report = CloseHandshake.Action.report(.protocolError(code: 1002, description: "wrong"))

    @Test("the peer's close is answered and reported, then the transport is awaited (S3.4)")
    func peerCloses() {
        var handshake = CloseHandshake()
        #expect(
            handshake.receivedClose(PeerClose(code: 429, reason: "slow down")) == [
                .sendClose(code: 1002, reason: ""), .report(.peerClosed(code: 429, reason: "slow down")), .armDeadline,
            ]
        )
        #expect(!handshake.isOpen && !handshake.allowsSending && !handshake.readsFrames)
        #expect(handshake.close(code: .normalClosure, reason: "") == [])
        #expect(handshake.transportEnded(description: "end") == [])
        #expect(handshake.deadlinePassed() == [])
    }

    @Test("a violation is reported at once and answered when the consumer has got there")
    func violation() {
        var handshake = CloseHandshake()
        #expect(handshake.received(Self.violation) == [Self.report, .armDeadline])
        #expect(handshake.allowsSending && !handshake.isOpen && !handshake.readsFrames)
        #expect(handshake.consumerReachedEnd() == [.sendClose(code: 1002, reason: "wrong"), .armDeadline])
        #expect(handshake.consumerReachedEnd() == [])
        #expect(handshake.deadlinePassed() == [.dropTransport(reset: false)])
    }

    @Test("a violation is answered in time even when the consumer never gets there")
    func violationDeadline() {
        var handshake = CloseHandshake()
        _ = handshake.received(Self.violation)
        #expect(handshake.deadlinePassed() == [.sendClose(code: 1002, reason: "wrong"), .armDeadline])
        #expect(handshake.deadlinePassed() == [.dropTransport(reset: false)])
        #expect(handshake.deadlinePassed() == [])
    }

    @Test("our close is sent once, and ends with the answer, a violation, the transport or the time-out")
    func weClose() {
        var opened = CloseHandshake()
        #expect(
            opened.close(code: .goingAway, reason: "bye") == [
                .sendClose(code: 1001, reason: "bye"), .report(.closedByUs(code: 1001)), .armDeadline,
            ]
        )
        #expect(opened.close(code: .normalClosure, reason: "") == [])
        #expect(!opened.isOpen && !opened.allowsSending && opened.readsFrames)
        var answered = opened
        #expect(answered.receivedClose(PeerClose(code: 1001, reason: "")) == [])
        #expect(answered.deadlinePassed() == [.dropTransport(reset: false)])
        var violated = opened
        #expect(violated.received(Self.violation) == [])
        #expect(!violated.readsFrames)
        var ended = opened
        #expect(ended.transportEnded(description: "end") == [])
        #expect(ended.deadlinePassed() == [])
        #expect(opened.deadlinePassed() == [.dropTransport(reset: false)])
    }

    @Test("the end of the transport is reported when nothing else was")
    func transportEnds() {
        var handshake = CloseHandshake()
        #expect(handshake.transportEnded(description: "reset") == [.report(.transport(description: "reset"))])
        #expect(handshake.transportEnded(description: "again") == [])
        #expect(handshake.abort() == [])
    }

    @Test("abort resets in every state, and reports only when nothing was reported")
    func abort() {
        var open = CloseHandshake()
        #expect(
            open.abort() == [.report(.transport(description: "aborted by us")), .dropTransport(reset: true)]
        )
        #expect(open.abort() == [])
        var closing = CloseHandshake()
        _ = closing.close(code: .normalClosure, reason: "")
        #expect(closing.abort() == [.dropTransport(reset: true)])
        var failing = CloseHandshake()
        _ = failing.received(Self.violation)
        #expect(failing.abort() == [.dropTransport(reset: true)])
    }
}
