internal import BridgeCore
internal import Locking
internal import Logging

// What an earlier process left.

extension ChannelPipeline {
    /// A spool, and up to when everything that was sent is in it, or was.
    struct OpenedSpool {
        var spool: Spool
        var coveredUntilMilliseconds: Int64?
    }

    /// Opens the spool, again and again where that may help; nil once the stream is to stop.
    func openSpool() async -> OpenedSpool? {
        var backoff = Backoff(self.configuration.retry)
        var random = SystemRandomNumberGenerator()
        while !Task.isCancelled, !self.stopRequest.isMade {
            do throws(SpoolError) {
                let spool = try await Spool.open(
                    self.configuration.spoolStore,
                    policy: self.configuration.spool,
                    stream: self.configuration.stream,
                    subscriptions: { self.topics.withLock { $0 }.map(self.parts.label) },
                    clock: self.clock,
                    logger: self.line.logger,
                    crashPoint: self.parts.spoolCrashPoint
                )
                self.telemetry.update { $0.spoolFailure = nil }
                let covered = try await self.coveredUntil(spool)
                return OpenedSpool(spool: spool, coveredUntilMilliseconds: covered)
            } catch {
                switch error.kind {
                // The one before may still be at work, and a disk can be mended.
                case .locked, .unavailable: break
                case .unreadable, .foreignPosition, .stopped, .invalidPolicy:
                    await self.park("the spool cannot be opened", error.description)
                    return nil
                }
                if self.telemetry.snapshot.spoolFailure != error.description {
                    self.line.logger.error(
                        "the spool cannot be opened; it is tried again, and nothing is received before that",
                        metadata: ["reason": "\(error.description)"]
                    )
                }
                self.telemetry.update {
                    $0.spoolFailure = error.description
                    $0.status = .backingOff(reason: error.description)
                }
                let until = self.clock.now.advanced(by: backoff.nextDelay(random: &random))
                await self.stopRequest.wait(until: until, clock: self.clock)
            }
        }
        return nil
    }

    /// Up to when everything is covered: a spool on the disk knows, of one in memory the store does.
    private func coveredUntil(_ spool: Spool) async throws(SpoolError) -> Int64? {
        switch self.configuration.spoolStore {
        case .directory: return spool.recovery.coveredUntilMilliseconds
        case .memory:
            do throws(CheckpointStoreError) {
                guard let position = try await self.store.load(self.configuration.stream)?.position,
                    position.kind == .timestamp
                else { return nil }
                return WallClock.milliseconds(of: position.value)
            } catch {
                let kind: SpoolError.Kind = error.kind == .unreadable ? .unreadable : .unavailable
                throw SpoolError(
                    kind: kind,
                    description: "up to when events were delivered cannot be read: \(error.description)"
                )
            }
        }
    }

    /// Makes durable up to when everything is delivered, again and again until cancelled.
    func keepMarks(of spool: Spool) async {
        let interval = max(self.configuration.delivery.commit.interval, .seconds(1))
        while (try? await self.clock.sleep(until: self.clock.now.advanced(by: interval))) != nil {
            await self.keepMark(of: spool)
        }
    }

    /// Makes durable up to when everything is delivered, where the spool itself does not outlive the process.
    func keepMark(of spool: Spool) async {
        guard case .memory = self.configuration.spoolStore else { return }
        let mark = await spool.snapshot().committedMarkMilliseconds
        guard let mark, mark != self.keptMark.withLock({ $0 }) else { return }
        let position = Position(kind: .timestamp, value: TimestampText.text(ofMilliseconds: mark))
        do throws(CheckpointStoreError) {
            try await self.store.commit(Checkpoint(position: position), of: self.configuration.stream)
            self.keptMark.withLock { $0 = mark }
        } catch {
            self.line.logger.error(
                "up to when everything is delivered could not be written; it is tried again, and a crash now makes a longer gap",
                metadata: ["reason": "\(error.description)"]
            )
        }
    }

    /// This stream waits for a person, the others go on.
    func park(_ what: String, _ reason: String) async {
        self.line.tellParked(what, reason: reason)
        await self.stopRequest.wait()
    }
}
