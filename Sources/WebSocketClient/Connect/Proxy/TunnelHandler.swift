internal import NIOCore

/// Asks a proxy for a tunnel on an established connection; then gives way to the handlers of the connection inside it,
/// with every byte that came after the proxy's answer.
///
/// Passive until `start`: of the connections that are tried at the same time, only one asks.
///
/// *Receives* what the socket read. *Hands to* `ConnectAttempt` the outcome, and what follows the answer to the handler
/// behind it. *Holds at most* 64 KiB of the answer's head.
final class TunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: TunnelRequest
    private var heads = HTTPHeadReader()
    private var attempt: ConnectAttempt?
    private var context: ChannelHandlerContext?

    init(request: TunnelRequest) {
        self.request = request
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
        guard let context = self.context else { return }
        self.attempt = attempt
        attempt.enter(.tunnel)
        context.writeAndFlush(Self.wrapOutboundOut(self.request.bytes), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var input = Self.unwrapInboundIn(data)
        while self.attempt != nil {
            switch self.heads.next(&input) {
            case .needMoreBytes:
                return
            case .head(let head):
                self.judge(head, followedBy: input)
            case .malformed(.notHTTP):
                self.fail("does not speak HTTP/1")
            case .malformed(.headerLine):
                self.fail("answered with a malformed header line")
            case .malformed(.tooLarge):
                self.fail("answered with a head of more than \(HTTPLineReader.bytesMax) bytes")
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.fail("cannot be talked to: \(TransportFailure.describe(error))")
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail("closed the connection before it answered")
        context.fireChannelInactive()
    }

    private func judge(_ head: UpgradeResponseHead, followedBy rest: ByteBuffer) {
        switch head.status {
        case 101:
            self.fail("answered with HTTP status 101, which nobody asked for")
        case 100..<200:
            break
        case 200..<300:
            // Whatever its headers say, such an answer has no body: the tunnel begins behind the empty line.
            self.giveWay(with: rest)
        default:
            self.attempt.take()?.fail(self.request.refusal(status: head.status))
        }
    }

    private func giveWay(with rest: ByteBuffer) {
        guard let context = self.context, let attempt = self.attempt.take() else { return }
        attempt.tunnelled(on: context.channel, after: self)
        if rest.readableBytes > 0 {
            context.fireChannelRead(Self.wrapInboundOut(rest))
        }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func fail(_ predicate: String) {
        self.attempt.take()?.fail(self.request.failure(predicate))
    }
}
