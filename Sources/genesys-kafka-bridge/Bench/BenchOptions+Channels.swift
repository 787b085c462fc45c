import GenesysSimulator

// A tenant of the public notification service.

extension BenchOptions {
    /// What the simulator has for the topics: a third of them are queues, another third users.
    static let channelResourceCount = 300

    /// The topics that each of `subscriptions` stands for.
    static func topics(_ subscriptions: [String]) -> [String] {
        let resources = SimulatedResource.generated(count: Self.channelResourceCount)
        let wildcards = [("{queue}", "routing.queueEvents"), ("{user}", "user.presence")]
        return subscriptions.flatMap { subscription -> [String] in
            guard let (wildcard, event) = wildcards.first(where: { subscription.contains($0.0) }) else {
                return [subscription]
            }
            return resources.filter { $0.event == event }.map { subscription.replacing(wildcard, with: $0.resourceId) }
        }
    }

    /// The sections of a configuration that are about channels. What the spool has no room for waits in the socket, so that nothing is dropped
    /// and the simulator waits, too.
    func sections(_ channels: ChannelBenchVariant) -> String {
        let directory =
            switch channels.store {
            case .directory: ", directory: \"\(self.directory)/spool\""
            case .memory: ""
            }
        let subscriptions = channels.topics.map { "      - { topic: \"\($0)\" }" }
        return """
            channels: { redundancy: \(channels.isRedundant) }
            spool: { store: \(channels.store.rawValue)\(directory), whenFull: block }
            tenants:
              - name: \(Self.tenant)
                endpoints: { login: "\(self.simulator)", api: "\(self.simulator)" }
                protocol: channels
                credentials: { clientId: bench-client, clientSecret: bench-secret }
                subscriptions:
            \(subscriptions.joined(separator: "\n"))
            """
    }
}
