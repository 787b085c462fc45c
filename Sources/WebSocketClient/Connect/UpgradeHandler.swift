internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// Sends the upgrade request on an established connection and judges the answer; then gives way to the next handler,
/// with every byte that came after the answer.
///
/// Passive until `start`: of the connections that are tried at the same time, only one asks for the upgrade.
///
/// *Receives* what the socket read. *Hands to* `ConnectAttempt` the outcome, to `WebSocketHandler` the first frames.
/// *Holds at most* what `UpgradeResponseParser` holds.
final class UpgradeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: UpgradeRequest
    private let isSecure: Bool
    private var isTLSReady = false
    private var parser = UpgradeResponseParser()
    private var attempt: ConnectAttempt?
    private var context: ChannelHandlerContext?

    init(request: UpgradeRequest, isSecure: Bool) {
        self.request = request
        self.isSecure = isSecure
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.attempt = nil
    }

    /// This connection was chosen. Called when TCP has connected, before anything is read.
    func start(for attempt: ConnectAttempt) {
        self.attempt = attempt
        if !self.isSecure || self.isTLSReady { self.sendRequest() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.handshakeCompleted) = event as? TLSUserEvent {
            self.isTLSReady = true
            if self.attempt != nil { self.sendRequest() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var input = Self.unwrapInboundIn(data)
        if self.attempt != nil { self.judge(&input) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard TLSFailure.isTLS(error) else {
            self.fail(.connection(TransportFailure.describe(error)))
            return
        }
        if let rejection = self.parser.interrupt(atEndOfStream: true) {
            self.fail(.rejected(rejection))
        } else {
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            self.fail(.tls(TLSFailure.describe(error, peerCertificate: certificate)))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let rejection = self.parser.interrupt(atEndOfStream: true) {
            self.fail(.rejected(rejection))
        } else if self.isSecure && !self.isTLSReady {
            self.fail(.tls("the server closed the connection during the handshake"))
        } else {
            self.fail(.connection("the server closed the connection before it answered the upgrade request"))
        }
        context.fireChannelInactive()
    }

    /// The time is over: a rejection whose body has not ended, if there is one.
    func interrupt() -> WebSocketRejection? {
        self.parser.interrupt(atEndOfStream: false)
    }

    private func sendRequest() {
        guard let context = self.context else { return }
        self.attempt?.enter(.upgrade)
        context.writeAndFlush(Self.wrapOutboundOut(self.request.bytes), promise: nil)
    }

    private func judge(_ input: inout ByteBuffer) {
        switch self.parser.next(&input) {
        case .needMoreBytes:
            break
        case .switching(let head):
            switch self.request.judge(head) {
            case .good(let deflate): self.giveWay(with: input, deflate: deflate)
            case .fault(let fault): self.fail(.badUpgrade(fault))
            }
        case .rejected(let rejection):
            self.fail(.rejected(rejection))
        case .malformed(let reason):
            self.fail(.badUpgrade(reason))
        }
    }

    private func giveWay(with input: ByteBuffer, deflate: DeflateAgreement?) {
        guard let context = self.context, let attempt = self.attempt else { return }
        self.attempt = nil
        attempt.succeed(on: context.channel, after: self, deflate: deflate)
        // The frames that came in the same read as the answer.
        if input.readableBytes > 0 {
            context.fireChannelRead(Self.wrapInboundOut(input))
        }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func fail(_ error: WebSocketConnectError) {
        self.attempt.take()?.fail(error)
    }
}
