import GenesysSimulator

/// What the simulator of a demo knows to be true at one moment, of both dialects.
struct DemoTruth: Sendable {
    /// Of streams, requests and the organizations.
    var simulator: SimulatorSnapshot
    /// Of the tenants' channels; none where they have streams.
    var channels: [ChannelsSnapshot]

    /// Faults that took effect, by name.
    var faultsFired: [String: Int] {
        self.channels.reduce(into: self.simulator.faultsFired) { $0.merge($1.faultsFired) { $0 + $1 } }
    }

    /// What clients did that they must not, by name.
    var violations: [String: Int] {
        self.channels.reduce(into: self.simulator.violations) { $0.merge($1.violations) { $0 + $1 } }
    }

    /// Events made so far.
    var eventsProduced: Int {
        self.channels.isEmpty
            ? self.simulator.tenants.reduce(0) { $0 + $1.eventsProduced }
            : self.channels.reduce(0) { $0 + $1.topics.reduce(0) { $0 + $1.produced } }
    }

    /// Whether each tenant has a socket, and streams were sent everything that was made: the bridge can be asked to end.
    var isQuiet: Bool {
        self.channels.isEmpty
            ? self.simulator.tenants.allSatisfy { $0.eventsProduced == $0.eventsOffered && $0.connectionsOpen > 0 }
            : self.channels.allSatisfy { $0.channels.contains(where: \.isConnected) }
    }
}
