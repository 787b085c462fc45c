import GenesysSimulator

/// The faults of a demo with chaos: those of the stream, by the simulator's seeded schedule, and those of the broker, here.
struct ChaosPlan {
    /// What happens to the embedded broker.
    enum BrokerFault: String, CaseIterable {
        /// Closes all connections and refuses new ones for a second.
        case brokerDown
        /// Closes the connection at the next produce request.
        case brokerDisconnect
    }

    private var random: SeededRandom

    init(seed: UInt64) {
        self.random = SeededRandom(seed: seed)
    }

    /// The stream's faults: each kind comes round within a minute or so.
    static func schedule(seed: UInt64) -> FaultSchedule {
        FaultSchedule(
            seed: seed,
            meanIntervalMilliseconds: 2_000,
            faults: [
                .tokenExpired, .goingAway, .reset, .fragmentation(messages: 40, seed: seed),
                .stall(durationMilliseconds: nil), .drain(code: 1012, intervalMilliseconds: 200),
                .duplicateBatch(messages: 2), .inclusiveReplay(count: 1),
            ]
        )
    }

    /// The broker's next fault, and how long after the last one it comes.
    mutating func nextBrokerFault() -> (fault: BrokerFault, after: Duration) {
        let fault = BrokerFault.allCases[Int(self.random.next() % UInt64(BrokerFault.allCases.count))]
        return (fault, .milliseconds(4_000 + Int(self.random.next() % 6_000)))
    }
}
