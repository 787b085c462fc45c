import NIOCore
import NIOWebSocket

/// A stream that is closed as soon as it is open: the upgrade succeeded, and what it asked for is refused (S5.1).
///
/// Receives the client's close frame. Hands one close frame to the socket. Holds nothing.
final class RefusedStreamHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let code: UInt16
    private let reason: String
    private var deadline: Scheduled<Void>?

    init(code: UInt16, reason: String) {
        self.code = code
        self.reason = reason
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.writeAndFlush(self.wrapOutboundOut(.close(code: self.code, reason: self.reason)), promise: nil)
        self.deadline = context.eventLoop.assumeIsolated().scheduleTask(in: SocketLife.closeTimeout) {
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if self.unwrapInboundIn(data).opcode == .connectionClose { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.deadline?.cancel()
        context.fireChannelInactive()
    }
}
