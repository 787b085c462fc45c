import NIOCore
import NIOWebSocket

extension StreamHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = self.unwrapInboundIn(data)
        self.lastActivity = self.cloud.now()
        guard frame.maskKey != nil else { return self.failed(.unmaskedFrame, reason: "unmasked frame") }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return self.failed(.malformedFrame, reason: "reserved bits")
        }
        switch frame.opcode {
        case .ping: self.pinged(frame, context: context)
        case .pong: self.pings.answered(frame.unmaskedData, ledger: &self.tenant.ledger)
        case .connectionClose: self.clientClosed(frame, context: context)
        case .text, .binary, .continuation: self.tenant.ledger.violated(.dataFrame)
        case _: self.failed(.malformedFrame, reason: "unknown opcode")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOWebSocketError {
            self.failed(.malformedFrame, reason: "malformed frame")
        } else {
            context.close(promise: nil)
        }
    }

    private func pinged(_ frame: WebSocketFrame, context: ChannelHandlerContext) {
        let now = self.lastActivity
        self.tenant.ledger.pingsReceived += 1
        if let least = self.cloud.configuration.clientPingIntervalMinMilliseconds, let lastPing,
            now - lastPing < .milliseconds(Int64(least))
        {
            self.tenant.ledger.violated(.pingTooOften)
        }
        self.lastPing = now
        guard self.session.maySend else { return }
        if context.channel.isWritable {
            self.writeControl(.pong, frame.unmaskedData, context: context)
        } else {
            self.owedPong = frame.unmaskedData
        }
    }

    private func failed(_ violation: ClientViolation, reason: String) {
        self.tenant.ledger.violated(violation)
        self.perform(self.session.close(code: 1002, reason: reason))
    }

    private func clientClosed(_ frame: WebSocketFrame, context: ChannelHandlerContext) {
        var payload = frame.unmaskedData
        let code = payload.readInteger(as: UInt16.self)
        self.tenant.ledger.clientClosed(self.grant.number, code: code ?? 1005)
        switch self.session.clientClosed() {
        case .closeFrame:
            self.sendClose(code.map { ByteBuffer(integer: $0) } ?? ByteBuffer(), context: context)
            self.closeWhenFlushed()
        case .closeConnection: self.closeWhenFlushed()
        case .nothing: break
        }
        self.noteCoverage()
    }

    func sendClose(_ payload: ByteBuffer, context: ChannelHandlerContext) {
        self.wakeUp?.cancel()
        self.closeFrameWritten = self.writeControl(.connectionClose, payload, context: context)
        self.keep(self.schedule(at: self.cloud.now() + Self.closeTimeout) { $0.context?.close(promise: nil) })
    }

    /// The close frame may still wait behind messages: it is not to be lost.
    private func closeWhenFlushed() {
        self.closeFrameWritten?.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) }
    }
}
