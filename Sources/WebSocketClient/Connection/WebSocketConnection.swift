public import NIOCore

/// An open WebSocket connection, pulled by one consumer.
///
/// `next()` returns what was received, in order, and at last how the connection ended. While the consumer is behind by
/// `WebSocketConfiguration.readAheadBytes` the socket is not read. Pings are answered without the consumer. A
/// connection that is let go without `close` is aborted.
public final class WebSocketConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<WebSocketHandler>
    private let mailbox: Mailbox

    /// The address of the other end of the TCP connection, `address:port`, an IPv6 address in brackets.
    public let peerAddress: String
    /// Whether the server accepted the offer to compress (RFC 7692).
    public let isDeflateAgreed: Bool

    init(
        channel: any Channel,
        handler: NIOLoopBound<WebSocketHandler>,
        mailbox: Mailbox,
        isDeflateAgreed: Bool
    ) {
        self.isDeflateAgreed = isDeflateAgreed
        self.channel = channel
        self.handler = handler
        self.mailbox = mailbox
        let address = channel.remoteAddress?.ipAddress ?? "unknown"
        let host = address.contains(":") ? "[\(address)]" : address
        self.peerAddress = "\(host):\(channel.remoteAddress?.port ?? 0)"
    }

    deinit {
        self.abort()
    }

    /// What has been received so far.
    public var statistics: WebSocketStatistics { self.mailbox.statistics }

    /// Whether the socket is not being read because the consumer is behind. Pings and pongs behind the unread data
    /// cannot be seen meanwhile.
    public var isReadingHeldBack: Bool { self.mailbox.isHeldBack }

    /// Whether everything that was received has been returned, and the socket is being read.
    public var isCaughtUp: Bool { self.mailbox.isEmpty }

    /// The next event. After `.closed` every further call returns the same `.closed`.
    ///
    /// One call at a time: a second one while the first waits is a programming error. When the task is cancelled it
    /// throws `CancellationError` at once; no event is lost, a later call returns it.
    public func next() async throws(CancellationError) -> WebSocketEvent {
        self.event(of: try await self.mailbox.next())
    }

    /// The next event, if it is there already; nil: it is not. Not while a call of `next()` waits.
    public func nextArrived() -> WebSocketEvent? {
        self.mailbox.nextArrived().map(self.event)
    }

    private func event(of delivery: Mailbox.Delivery) -> WebSocketEvent {
        switch delivery.notice {
        case .none: break
        case .roomAgain: self.onEventLoop { $0.resumeReading() }
        case .endReached: self.onEventLoop { $0.consumerReachedEnd() }
        }
        return delivery.event
    }

    /// Sends a message in one frame; returns when it has left for the kernel, so that a peer that does not read holds
    /// back its sender. Cancelling the task does not take the message back; `close` and `abort` end the wait.
    public func send(_ message: WebSocketMessage) async throws(WebSocketSendError) {
        if message.kind == .text {
            var validator = UTF8Validator()
            guard validator.accept(message.payload.readableBytesUInt8Span), validator.isAtBoundary else {
                throw .textNotUTF8
            }
        }
        var frame = ByteBuffer()
        FrameEncoder.encode(
            message.kind == .text ? .text : .binary,
            payload: message.payload,
            maskingKey: .random(in: .min ... .max),
            into: &frame
        )
        let eventLoop = self.channel.eventLoop
        let sent = eventLoop.flatSubmit { [handler, frame] in
            handler.value.send(frame) ?? eventLoop.makeFailedFuture(WebSocketSendError.closed)
        }
        do {
            try await sent.get()
        } catch {
            throw .closed
        }
    }

    /// Sends a text message.
    public func send(text: String) async throws(WebSocketSendError) {
        try await self.send(WebSocketMessage(kind: .text, payload: ByteBuffer(string: text)))
    }

    /// Sends a binary message.
    public func send(binary: ByteBuffer) async throws(WebSocketSendError) {
        try await self.send(WebSocketMessage(kind: .binary, payload: binary))
    }

    /// Sends a ping of at most 125 bytes. Does not wait for the peer: while it does not read, only the latest ping is
    /// kept.
    public func ping(_ payload: ByteBuffer = ByteBuffer()) async throws(WebSocketSendError) {
        guard payload.readableBytes <= 125 else { throw .pingTooLong }
        let sent = try? await self.channel.eventLoop.submit { [handler] in handler.value.ping(payload) }.get()
        guard sent == true else { throw .closed }
    }

    /// Starts the closing handshake and returns when the connection is gone, at the latest after
    /// `WebSocketConfiguration.closeTimeout`. Messages that arrive after this call are dropped and counted; those that
    /// arrived before can still be taken with `next()`. The reason is cut at 123 bytes.
    public func close(code: WebSocketCloseCode = .normalClosure, reason: String = "") async {
        self.onEventLoop { $0.close(code: code, reason: reason) }
        try? await self.channel.closeFuture.get()
    }

    /// Sends a ping as `ping(_:)` does, and returns at once. Of a connection that is over it says nothing: `next()`
    /// does.
    public func startPing(_ payload: ByteBuffer = ByteBuffer()) {
        guard payload.readableBytes <= 125 else { return }
        self.onEventLoop { _ = $0.ping(payload) }
    }

    /// Sends a short text message, and returns at once. Of a connection that is over it says nothing: `next()` does.
    public func startSend(text: String) {
        var frame = ByteBuffer()
        FrameEncoder.encode(
            .text,
            payload: ByteBuffer(string: text),
            maskingKey: .random(in: .min ... .max),
            into: &frame
        )
        self.onEventLoop { [frame] in _ = $0.send(frame) }
    }

    /// Starts the closing handshake as `close(code:reason:)` does, and returns at once. The connection may be let go:
    /// it lives until the handshake has ended.
    public func startClose(code: WebSocketCloseCode = .normalClosure, reason: String = "") {
        self.onEventLoop { $0.close(code: code, reason: reason) }
        self.channel.closeFuture.whenComplete { _ in withExtendedLifetime(self) {} }
    }

    /// Ends the connection at once with a TCP reset.
    public func abort() {
        self.onEventLoop { $0.abort() }
    }

    /// Reads a TCP or socket option back from the kernel.
    func socketOption(_ option: ChannelOptions.Types.SocketOption) async throws -> SocketOptionValue {
        try await self.channel.getOption(option).get()
    }

    private func onEventLoop(_ body: @escaping @Sendable (WebSocketHandler) -> Void) {
        self.channel.eventLoop.execute { [handler] in body(handler.value) }
    }
}
