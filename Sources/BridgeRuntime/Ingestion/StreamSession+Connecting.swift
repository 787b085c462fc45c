internal import BridgeCore
internal import Logging

// On the way to a socket.

extension StreamSession {
    func awaitToken(_ id: SocketID, newerThan serial: Int?) async {
        guard let token = try? await self.parts.tokens.token(newerThan: serial) else { return }  // The session is over.
        self.tokens[token.serial] = token
        self.tokens = self.tokens.filter { $0.key > token.serial - 4 }
        self.attemptSerials[id] = token.serial
        let now = self.parts.clock.now
        self.perform(
            self.machine.tokenReady(id, serial: token.serial, expiresAt: token.expiresAt, now: now)
        )
    }

    func validate(_ id: SocketID, _ topics: [SubscriptionTopic]) async {
        let serial = self.attemptSerials[id] ?? self.tokens.keys.max()
        guard let serial, let token = self.tokens[serial] else { return }
        let outcome = await self.parts.validator.validate(topics, token: token)
        guard !Task.isCancelled else { return }
        if case .unavailable(let reason) = outcome {
            self.parts.logger.warning("the subscriptions could not be checked", metadata: ["reason": "\(reason)"])
        }
        let now = self.parts.clock.now
        self.perform(self.machine.validated(id, outcome, now: now, random: &self.random))
    }

    func connect(_ id: SocketID, _ topics: [SubscriptionTopic], resumeFrom position: Position?) async {
        guard let serial = self.attemptSerials[id], let token = self.tokens[serial] else { return }
        self.attemptSerials = self.attemptSerials.filter { $0.key.number > id.number - 8 }
        do {
            let connection = try await self.parts.source.connect(topics: topics, resumeFrom: position, token: token)
            let socket = OpenSocket(id: id, connection: connection)
            self.sockets[id] = socket
            self.parts.telemetry.update { $0.connections += 1 }
            self.parts.logger.info(
                "connected",
                metadata: [
                    "resume": position == nil ? "server's present" : "position", "subscriptions": "\(topics.count)",
                    "isRollover": "\(self.machine.isRollingOver)",
                ]
            )
            self.perform(self.machine.connected(id, now: self.parts.clock.now))
            // Delivery may have failed, or the end begun, while the socket was being opened.
            if self.machine.status == .open { self.parts.queue.accept() }
            self.jobsContinuation.yield(.read(socket))
        } catch {
            self.noteEnding(error.cause, reason: error.reason)
            let now = self.parts.clock.now
            self.perform(self.machine.connectFailed(id, error, now: now, random: &self.random))
        }
    }
}
