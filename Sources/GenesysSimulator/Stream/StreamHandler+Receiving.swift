import NIOCore
import NIOWebSocket

extension StreamHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.lastActivity = self.cloud.now()
        switch ClientFrame(self.unwrapInboundIn(data)) {
        case .ping(let payload): self.pinged(payload, context: context)
        case .pong(let payload): self.pings.answered(payload, ledger: &self.tenant.ledger)
        case .close(let code): self.clientClosed(code, context: context)
        case .text, .data: self.tenant.ledger.violated(.dataFrame)
        case .violation(let violation, let reason): self.failed(violation, reason: reason)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOWebSocketError {
            self.failed(.malformedFrame, reason: "malformed frame")
        } else {
            context.close(promise: nil)
        }
    }

    private func pinged(_ payload: ByteBuffer, context: ChannelHandlerContext) {
        let now = self.lastActivity
        self.tenant.ledger.pingsReceived += 1
        if let least = self.cloud.configuration.clientPingIntervalMinMilliseconds, let lastPing,
            now - lastPing < .milliseconds(Int64(least))
        {
            self.tenant.ledger.violated(.pingTooOften)
        }
        self.lastPing = now
        guard self.life.maySend else { return }
        if context.channel.isWritable {
            self.writePong(payload, context: context)
        } else {
            self.owedPong = payload
        }
    }

    private func failed(_ violation: ClientViolation, reason: String) {
        self.tenant.ledger.violated(violation)
        self.perform(self.life.close(code: 1002, reason: reason))
    }

    private func clientClosed(_ code: UInt16?, context: ChannelHandlerContext) {
        self.tenant.ledger.clientClosed(self.grant.number, code: code ?? 1005)
        switch self.life.clientClosed() {
        case .closeFrame:
            self.sendClose(.close(code: code), context: context)
            self.closeWhenFlushed()
        case .closeConnection: self.closeWhenFlushed()
        case .nothing: break
        }
        self.noteCoverage()
    }

    func sendClose(_ frame: WebSocketFrame, context: ChannelHandlerContext) {
        self.wakeUp?.cancel()
        self.closeFrameWritten = context.writeAndFlush(self.wrapOutboundOut(frame))
        self.keep(self.schedule(at: self.cloud.now() + SocketLife.closeTimeout) { $0.context?.close(promise: nil) })
    }

    /// The close frame may still wait behind messages: it is not to be lost.
    private func closeWhenFlushed() {
        self.closeFrameWritten?.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) }
    }
}
