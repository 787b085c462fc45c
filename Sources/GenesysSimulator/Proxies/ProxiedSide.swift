import NIOCore

/// One socket of a pair: what it reads goes to the other, no faster than that takes it.
final class ProxiedSide: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Event {
        /// Bytes came, and go to the other.
        case passedOn
        case ended
        case failed
    }

    private let other: any Channel
    private let report: (Event) -> Void
    private var context: ChannelHandlerContext?
    private var isReadWithheld = false

    init(other: any Channel, report: @escaping (Event) -> Void) {
        self.other = other
        self.report = report
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.report(.passedOn)
        self.other.write(Self.unwrapInboundIn(data), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.other.flush()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if self.other.isWritable {
            context.read()
        } else {
            self.isReadWithheld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            let other = try? self.other.pipeline.syncOperations.handler(type: ProxiedSide.self)
            other?.resumeReading()
        }
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading() {
        guard self.isReadWithheld else { return }
        self.isReadWithheld = false
        self.context?.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.report(.ended)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.report(.failed)
    }
}
