import BridgeCore

extension World {
    /// The first life of the process.
    func begin() {
        for tenant in self.upstream.tenants {
            tenant.planEvents()
            for topic in tenant.wanted { tenant.truth.owe(topic, from: -1) }
        }
        self.startProcess()
    }

    /// The next life, some time after the last one's end.
    func restart() {
        self.after(self.draw(1_000...40_000) * .millisecond) { self.startProcess() }
    }

    private func startProcess() {
        self.trace { "a process starts" }
        let process = BridgeProcess(self)
        self.keep(process)
        process.start()
    }

    /// Another process takes over from one that goes on: it is to find that out, and to write nothing more (`one-owner`).
    func takeOver() {
        guard let process = self.process, process.isAlive else { return }
        process.isSuperseded = true
        self.counts.takeovers += 1
        self.startProcess()
    }

    /// Whether something kept a stop from draining since then.
    func isHindered(since: Nanoseconds) -> Bool {
        self.kafkaAwayUntil > since || self.store.unavailableUntil > since || self.broker.hindersUntil > since
    }
}
