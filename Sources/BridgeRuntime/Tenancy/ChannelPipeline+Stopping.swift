internal import BridgeCore

// What is left for a later process.

extension ChannelPipeline {
    /// Returns when Kafka is so silent that what is left in the spool may as well wait there. Never where that would lose it, and never before the
    /// process is to stop: a stream that only lost its tenant to another instance delivers what it has.
    func leave(to spool: Spool) async {
        let outlivesProcess = if case .directory = self.configuration.spoolStore { true } else { false }
        let patience = self.configuration.drainPatience
        var (acknowledged, since) = (self.telemetry.snapshot.batchesAcknowledged, self.clock.now)
        while !outlivesProcess || !self.stopRequest.isMade || since.duration(to: self.clock.now) < patience {
            let next = self.clock.now.advanced(by: patience / 8)
            guard (try? await self.clock.sleep(until: next)) != nil else { return }
            let count = self.telemetry.snapshot.batchesAcknowledged
            if count != acknowledged { (acknowledged, since) = (count, self.clock.now) }
        }
        let isLeft = await spool.snapshot().entries > 0
        self.telemetry.update { $0.isLeftInSpool = isLeft }
    }
}
