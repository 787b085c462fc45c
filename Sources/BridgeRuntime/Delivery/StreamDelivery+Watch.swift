internal import BridgeCore
internal import Locking
internal import Logging

// What is under way for too long.

extension StreamDelivery {
    /// Says so when Kafka answers nothing, until cancelled.
    func watchAcknowledgements() async {
        while !Task.isCancelled {
            if let silence = self.watch.next(now: self.clock.now) {
                let (since, held) = (self.watch.silentSince, self.queue.held)
                self.telemetry.update { $0.silentSince = since }
                self.logger.warning(
                    "Kafka has acknowledged nothing of what is under way; it is waited for",
                    metadata: [
                        "seconds": "\(Int(silence.inSeconds))", "batches": "\(held.batches)", "bytes": "\(held.bytes)",
                    ]
                )
            } else {
                let deadline = self.watch.nextDeadline
                // A later deadline is found when this one has come: only the first batch after a silence of our own need wake anybody.
                self.isWatching = deadline != nil
                await self.watchBegins.wait(until: deadline, clock: self.clock)
            }
        }
    }

    func noteHandedOver() {
        self.watch.handedOver(now: self.clock.now)
        guard !self.isWatching else { return }
        self.isWatching = true
        self.watchBegins.signal()
    }

    func noteAnswer(outstanding: Int) {
        guard let silence = self.watch.answered(outstanding: outstanding, now: self.clock.now) else { return }
        self.telemetry.update { $0.silentSince = nil }
        self.logger.notice("Kafka answers again", metadata: ["seconds": "\(Int(silence.inSeconds))"])
    }
}
