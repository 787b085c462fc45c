import RDKafka

/// Makes things go wrong at the embedded broker, and counts what was met by somebody.
struct BrokerTrouble {
    /// What happens to it.
    enum Fault: String, CaseIterable {
        /// Closes all connections and refuses new ones for a second. Met, when the audit beside the bridge has lost its own.
        case brokerDown
        /// Closes the connection at the next produce request. Met, when such a request came.
        case brokerDisconnect
    }

    private static let downTime = Duration.seconds(1)
    /// A broker that leads a partition gets its next records sooner.
    private static let meetingTimeout = Duration.seconds(5)

    let kafka: EmbeddedKafka
    /// Times that the audit found no broker.
    let outages: @Sendable () async -> Int
    let counter: FaultCounter
    private var random: SeededRandom

    init(
        kafka: EmbeddedKafka,
        counter: FaultCounter,
        seed: UInt64,
        outages: @escaping @Sendable () async -> Int
    ) {
        self.kafka = kafka
        self.counter = counter
        self.random = SeededRandom(seed: seed)
        self.outages = outages
    }

    /// Goes on until cancelled; the broker is up then.
    mutating func run() async {
        while !Task.isCancelled {
            let fault = Fault.allCases.randomElement(using: &self.random) ?? .brokerDown
            let broker = Int.random(in: 1...self.kafka.brokerCount, using: &self.random)
            // The pause between two faults is the point here.
            try? await Task.sleep(for: .milliseconds(Int.random(in: 4_000...10_000, using: &self.random)))
            guard !Task.isCancelled else { return }
            self.counter.plan(fault.rawValue)
            do {
                let isMet =
                    switch fault {
                    case .brokerDown: try await self.goDown()
                    case .brokerDisconnect: try await self.disconnect(broker)
                    }
                if isMet {
                    self.counter.fire(fault.rawValue)
                } else if Task.isCancelled {
                    self.counter.withdraw(fault.rawValue)
                }
            } catch {
                return  // The cluster is closed: the run is over.
            }
        }
    }

    private func goDown() async throws(KafkaError) -> Bool {
        let before = await self.outages()
        try self.kafka.setBrokerDown()
        // How long the broker is away is the fault.
        try? await Task.sleep(for: Self.downTime)
        try self.kafka.setBrokerUp()
        return await self.outages() > before
    }

    private func disconnect(_ broker: Int) async throws(KafkaError) -> Bool {
        try self.kafka.pushRequestError(.produce, .transport, broker: broker)
        let clock = ContinuousClock()
        let deadline = clock.now + Self.meetingTimeout
        while try self.kafka.unmetRequestErrorCount(.produce, broker: broker) > 0 {
            guard clock.now < deadline, !Task.isCancelled else { return false }
            // The mock cluster tells nobody that an error was used: its count is looked at.
            try? await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
