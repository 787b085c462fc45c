import RDKafka

/// Makes things go wrong at the embedded broker.
struct BrokerTrouble {
    /// What happens to it.
    enum Fault: String, CaseIterable {
        /// Closes all connections and refuses new ones for a second.
        case brokerDown
        /// Closes the connection at the next produce request.
        case brokerDisconnect
    }

    private static let downTime = Duration.seconds(1)

    let kafka: EmbeddedKafka
    let counter: FaultCounter
    private var random: SeededRandom

    init(kafka: EmbeddedKafka, counter: FaultCounter, seed: UInt64) {
        self.kafka = kafka
        self.counter = counter
        self.random = SeededRandom(seed: seed)
    }

    /// Goes on until cancelled; the broker is up then.
    mutating func run() async {
        while !Task.isCancelled {
            let fault = Fault.allCases.randomElement(using: &self.random) ?? .brokerDown
            try? await Task.sleep(for: .milliseconds(Int.random(in: 4_000...10_000, using: &self.random)))
            guard !Task.isCancelled else { return }
            self.counter.plan(fault.rawValue)
            do {
                switch fault {
                case .brokerDown:
                    try self.kafka.setBrokerDown()
                    try? await Task.sleep(for: Self.downTime)
                    try self.kafka.setBrokerUp()
                case .brokerDisconnect:
                    try self.kafka.pushRequestErrors(.produce, [.transport])
                }
                self.counter.fire(fault.rawValue)
            } catch {
                return  // The cluster is closed: the run is over.
            }
        }
    }
}
