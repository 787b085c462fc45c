internal import BridgeCore
internal import Logging

// On the way to a socket.

extension ChannelSession {
    func awaitToken(_ id: ChannelID, newerThan serial: Int?) async {
        guard let token = try? await self.parts.tokens.token(newerThan: serial) else { return }  // The session is over.
        self.channels[id, default: Known()].token = token
        self.perform(self.machine.tokenReady(id, serial: token.serial, expiresAt: token.expiresAt))
    }

    func create(_ id: ChannelID) async {
        guard let token = self.channels[id]?.token else { return }
        do throws(ChannelFailure) {
            let channel = try await self.parts.service.create(token: token)
            guard !Task.isCancelled else { return }
            self.channels[id]?.channel = channel
            let now = self.parts.clock.now
            let expiresAt = channel.expiresAtMilliseconds.map { milliseconds in
                now.advanced(by: .milliseconds(milliseconds - self.parts.clock.wallMilliseconds))
            }
            self.perform(self.machine.created(id, expiresAt: expiresAt, now: now))
        } catch {
            guard !Task.isCancelled else { return }
            self.noteFailure("a channel could not be made", error)
            let now = self.parts.clock.now
            self.perform(self.machine.createFailed(id, error, now: now, random: &self.random))
        }
    }

    func subscribe(_ id: ChannelID, _ topics: [String], _ mode: SubscriptionMode) async {
        guard let known = self.channels[id], let token = known.token, let channel = known.channel else { return }
        do throws(ChannelFailure) {
            let verdicts = try await self.parts.service.subscribe(channel, to: topics, mode: mode, token: token)
            guard !Task.isCancelled else { return }
            let now = self.parts.clock.now
            self.perform(self.machine.subscribed(id, verdicts, now: now, random: &self.random))
        } catch {
            guard !Task.isCancelled else { return }
            self.noteFailure("a channel could not be subscribed", error)
            let now = self.parts.clock.now
            self.perform(self.machine.subscribeFailed(id, error, now: now, random: &self.random))
        }
    }

    func check(_ id: ChannelID) async {
        guard let known = self.channels[id], let token = known.token, let channel = known.channel else { return }
        do throws(ChannelFailure) {
            let isValid = try await self.parts.service.isValid(channel, token: token)
            guard !Task.isCancelled else { return }
            let now = self.parts.clock.now
            self.perform(self.machine.checked(id, isValid: isValid, now: now, random: &self.random))
        } catch {
            guard !Task.isCancelled else { return }
            self.noteFailure("a channel could not be checked", error)
            let now = self.parts.clock.now
            self.perform(self.machine.checkFailed(id, error, now: now, random: &self.random))
        }
    }

    func connect(_ id: ChannelID, _ socket: SocketID) async {
        guard let channel = self.channels[id]?.channel else { return }
        guard (try? await self.parts.gate.turn()) != nil else { return }
        do throws(ChannelDialFailure) {
            let connection = try await self.parts.source.connect(channel)
            self.sockets[socket] = connection
            self.parts.telemetry.update { $0.connections += 1 }
            self.parts.logger.info("connected", metadata: ["isRollover": "\(self.machine.isRollingOver)"])
            self.perform(self.machine.connected(socket, now: self.parts.clock.now))
            self.jobsContinuation.yield(.read(socket))
        } catch {
            guard !Task.isCancelled else { return }
            self.noteEnding(error.cause, reason: error.reason)
            let now = self.parts.clock.now
            self.perform(self.machine.connectFailed(socket, error, now: now, random: &self.random))
        }
    }

    private func noteFailure(_ what: String, _ failure: ChannelFailure) {
        self.parts.logger.warning("\(what)", metadata: ["reason": "\(failure.reason)"])
    }
}
