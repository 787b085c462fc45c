import NIOCore
import NIOWebSocket

extension ChannelSocket {
    // MARK: The service's own endings

    /// Another channel took this one's place.
    func loseChannel() {
        self.sayNoLongerSubscribed()
        self.close(code: 1000, reason: "channel evicted")
    }

    /// Another socket took this one's place on the same channel.
    func displaced() {
        if self.channels.settings.announcesDisplacement { self.sayNoLongerSubscribed() }
        self.close(code: 1000, reason: "another connection")
    }

    func channelExpired(isTokenEnd: Bool) {
        if isTokenEnd { self.saySystem("token_revoked", reason: nil) }
        self.close(code: isTokenEnd ? 1008 : 1001, reason: isTokenEnd ? "token expired" : "channel expired")
    }

    func tokenRevoked() -> Bool {
        self.saySystem("token_revoked", reason: "user_tokens_revoked")
        return self.close(code: 1008, reason: "token revoked")
    }

    private func sayNoLongerSubscribed() {
        self.saySystem("no_longer_subscribed", reason: "another_channel_subscribed")
    }

    @discardableResult
    private func saySystem(_ kind: String, reason: String?) -> Bool {
        let message = ChannelMessage.system(
            kind,
            reason: reason,
            channelId: self.grant.channel.id,
            client: self.channels.clientIdentifier,
            contextId: self.cloud.nextContextId()
        )
        return self.say(message)
    }

    // MARK: Faults

    /// True when the socket took the fault up. Its channel and its token are the caller's.
    func begin(_ fault: ChannelFault, now: NIODeadline) -> Bool {
        switch fault {
        case .channelClosed(let code): self.close(code: code, reason: "")
        case .channelReset: self.reset()
        case .socketClosing(let lead, let warns): self.closeIntentionally(lead, warns: warns, now: now)
        case .channelSilent(let duration): self.fallSilent(duration, now: now)
        case .tokenRevoked: self.tokenRevoked()
        case .channelDeleted:
            self.say(ChannelMessage.gone) && self.close(code: 1000, reason: "channel not found")
        case .channelEvicted:
            self.saySystem("no_longer_subscribed", reason: "another_channel_subscribed")
                && self.close(code: 1000, reason: "channel evicted")
        case .subscriptionResult: self.say(ChannelMessage.subscribed)
        case .unknownSystemEvent: self.saySystem("simulated_notice", reason: nil)
        case .malformedMessage: self.say(ChannelMessage.malformed)
        case .binaryMessage: self.sayBinary()
        case .hugeMessage(let bytes): self.say(ChannelMessage.huge(bytes: min(bytes, 256 << 20)))
        case .subscriptionRejected, .connectRefused, .connectHang, .restRateLimited: false
        }
    }

    private func closeIntentionally(_ lead: Int?, warns: Bool, now: NIODeadline) -> Bool {
        guard warns else { return self.close(code: 1001, reason: "going away") }
        guard self.say(ChannelMessage.socketClosing) else { return false }
        let milliseconds = lead ?? self.channels.settings.closingLeadMilliseconds
        self.schedule(at: now + .milliseconds(Int64(milliseconds))) { $0.close(code: 1001, reason: "going away") }
        return true
    }

    private func fallSilent(_ duration: Int?, now: NIODeadline) -> Bool {
        let until = duration.map { now + .milliseconds(Int64($0)) }
        guard self.life.fallSilent(until: until) else { return false }
        if let until {
            self.schedule(at: until) { socket in _ = socket.life.wake(now: socket.cloud.now()) }
        }
        return true
    }

    private func sayBinary() -> Bool {
        guard self.life.maySend else { return false }
        self.write(.binary, ByteBuffer(bytes: ChannelMessage.binary))
        self.flush()
        return true
    }
}
