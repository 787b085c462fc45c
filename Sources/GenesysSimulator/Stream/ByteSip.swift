import NIOCore

/// Takes in what the client sends in small pieces, one each interval
/// (``Fault/slowRead(bytes:intervalMilliseconds:durationMilliseconds:)``).
///
/// Receives bytes from the socket, which is read only when nothing is left. Hands pieces of them to the decoder of frames. Holds
/// at most one read.
final class ByteSip: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let eventLoop: any EventLoop
    private var pace: SlowPace?
    private var held = ByteBuffer()
    private var next: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(pace: SlowPace, eventLoop: any EventLoop) {
        self.pace = pace
        self.eventLoop = eventLoop
    }

    /// Everything is taken in at this pace from now on; nil is no pace at all.
    func setPace(_ pace: SlowPace?) {
        self.pace = pace
        guard pace == nil, let context else { return }
        self.next?.cancel()
        self.next = nil
        context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
        if self.held.readableBytes > 0 { self.sip() }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        context.read()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.end()
        context.fireChannelInactive()
    }

    private func end() {
        self.next?.cancel()
        self.next = nil
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.pace != nil else { return context.fireChannelRead(data) }
        var bytes = self.unwrapInboundIn(data)
        self.held.discardReadBytes()
        self.held.writeBuffer(&bytes)
        if self.next == nil { self.sip() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if self.pace != nil, self.held.readableBytes == 0 { context.read() }
    }

    private func sip() {
        self.next = nil
        guard let context = self.context else { return }
        let count = min(self.pace?.byteCount ?? .max, self.held.readableBytes)
        if let piece = self.held.readSlice(length: count), count > 0 {
            context.fireChannelRead(self.wrapInboundOut(piece))
            context.fireChannelReadComplete()
        }
        guard let pace = self.pace else { return }
        if self.held.readableBytes == 0 { context.read() }
        self.next = self.eventLoop.assumeIsolated().scheduleTask(in: pace.interval) { self.sip() }
    }
}
