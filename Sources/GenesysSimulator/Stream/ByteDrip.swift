import NIOCore

/// Lets what is written out in small pieces, one each interval
/// (``Fault/slowWrite(bytes:intervalMilliseconds:durationMilliseconds:)``).
///
/// Receives the bytes of frames. Hands pieces of them to the socket. Holds at most what was written while a message was
/// waiting: its stream writes no further one until ``isEmpty``.
final class ByteDrip: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Write {
        var bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    private let eventLoop: any EventLoop
    private let emptied: () -> Void
    private var pace: SlowPace?
    private var writes = CircularBuffer<Write>()
    private var context: ChannelHandlerContext?
    private var next: Scheduled<Void>?

    /// - Parameter emptied: called when the last byte has gone.
    init(pace: SlowPace, eventLoop: any EventLoop, emptied: @escaping () -> Void) {
        self.pace = pace
        self.eventLoop = eventLoop
        self.emptied = emptied
    }

    var isEmpty: Bool { self.writes.isEmpty }

    /// Everything goes at this pace from now on; nil is no pace at all.
    func setPace(_ pace: SlowPace?) {
        self.pace = pace
        guard pace == nil, self.next != nil else { return }
        self.next?.cancel()
        self.drip()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.end()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        self.writes.append(Write(bytes: self.unwrapOutboundIn(data), promise: promise))
    }

    func flush(context: ChannelHandlerContext) {
        if self.next == nil { self.drip() }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        self.end()
        context.close(mode: mode, promise: promise)
    }

    private func end() {
        self.next?.cancel()
        self.next = nil
        self.context = nil
        while let write = self.writes.popFirst() { write.promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    private func drip() {
        self.next = nil
        guard let context = self.context, !self.writes.isEmpty else { return }
        var rest = self.pace?.byteCount ?? .max
        while rest > 0, var write = self.writes.popFirst() {
            let count = min(rest, write.bytes.readableBytes)
            let piece = write.bytes.readSlice(length: count) ?? ByteBuffer()
            rest -= count
            let isWhole = write.bytes.readableBytes == 0
            context.write(self.wrapOutboundOut(piece), promise: isWhole ? write.promise : nil)
            if !isWhole { self.writes.prepend(write) }
        }
        context.flush()
        guard !self.writes.isEmpty, let pace = self.pace else { return self.emptied() }
        self.next = self.eventLoop.assumeIsolated().scheduleTask(in: pace.interval) { self.drip() }
    }
}
