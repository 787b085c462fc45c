import GenesysSimulator

/// The tenants and settings of the demo.
struct DemoParts: Sendable {
    /// What the tenants offer.
    let dialect: StreamProtocol
    /// What the bridge of the demo promises.
    let guarantee: DeliveryGuarantee
    /// Tells the names of one run from those of another, in a cluster that both use.
    let suffix: String

    /// The tenants' names.
    var tenants: [String] { ["acme", "globex"].map { $0 + self.suffix } }
    /// Queues and users, and others.
    private static let resourceCount = 30
    /// A rollover comes round within half a minute.
    private static let chaoticTokenLifetimeMilliseconds = 30_000

    /// - Parameter rate: events per second, over all tenants.
    func ratePerTenant(_ rate: Double) -> ProductionRate {
        .eventsPerSecond(rate / Double(self.tenants.count))
    }

    /// - Parameter rate: events per second, over all tenants.
    func simulator(rate: Double, chaosSeed: UInt64?) -> SimulatorConfiguration {
        var result = SimulatorConfiguration(
            tenants: self.tenants.map { tenant in
                SimulatedTenant(
                    name: tenant,
                    clientId: "\(tenant)-client",
                    clientSecret: "\(tenant)-secret",
                    rate: self.ratePerTenant(rate),
                    resources: SimulatedResource.generated(count: Self.resourceCount)
                )
            }
        )
        result.servesStream = self.dialect == .stream
        result.channels = self.channels(rate: rate)
        if let chaosSeed {
            result.seed = chaosSeed
            result.tokenLifetimeMilliseconds = Self.chaoticTokenLifetimeMilliseconds
            // The bridge of the profile asks often.
            result.restCallsPerWindow = 3_000
            // Or a bridge that is killed before it has committed anything behind the loss brings in its next life what it had passed over.
            result.keepsPositionsLost = true
        }
        return result
    }

    /// The times of a bridge under chaos, short enough to see every failure and its end within a minute; the default is behind each.
    private static let chaoticConnection = """
        connection:
          connectTimeout: 1500ms        # 10s
          pingInterval: 5s              # 30s
          pongTimeout: 1s               # 10s
          heartbeatGrace: 1s            # 10s
          healthyAfter: 500ms           # 30s
          backoff: { base: 100ms, cap: 1s }   # 1s, 30s
          holdOff: { base: 1s, cap: 2s }      # 1m, 15m
          rolloverMargin: 5s            # 1m
          revalidateInterval: 1s        # 5m
          syncInterval: 2s              # 5m
          restRequestsPerMinute: 3000   # 300
          maxMessageBytes: 1MiB         # 16MiB
        """

    private static let calmConnection = """
        connection:
          healthyAfter: 1s
          backoff: { base: 100ms, cap: 1s }
        """

    /// The settings that a run with chaos has in place of the defaults, one a line.
    static func chaoticProfile(_ dialect: StreamProtocol) -> [String] {
        let sections = dialect == .channels ? [self.chaoticConnection, self.chaoticChannels] : [self.chaoticConnection]
        return sections.flatMap { $0.split(separator: "\n").dropFirst() }.map { line in
            line.replacing("#", with: "instead of").drop { $0 == " " }.description
        }
    }

    /// The configuration as a user would write it, with the short times of a demo.
    func yaml(simulator: GenesysSimulator, cluster: DemoCluster, directory: String, isChaotic: Bool) -> String {
        // The embedded broker does not check sequence numbers: with several requests in flight a broken connection would reorder
        // records there, which a real broker does not do.
        let oneRequest =
            isChaotic && cluster.embedded != nil ? "\n    max.in.flight.requests.per.connection: 1" : ""
        let checkpoints =
            switch self.guarantee {
            case .atLeastOnce: "{ directory: \"\(directory)\" }"
            case .exactlyOnce: "{ store: kafkaTopic, topic: \"genesys-bridge.checkpoints\(self.suffix)\" }"
            }
        return """
            kafka:
              properties:
                bootstrap.servers: "\(cluster.bootstrapServers)"
                linger.ms: 5
                reconnect.backoff.max.ms: 500\(oneRequest)
            delivery:
              guarantee: \(self.guarantee.rawValue)
              checkpoints: \(checkpoints)
            \(isChaotic ? Self.chaoticConnection : Self.calmConnection)
            \(self.ofDialect(directory: directory, isChaotic: isChaotic))
            admin: { listen: off }
            tenants:
            \(self.tenants.map { self.yaml(of: $0, simulator) }.joined(separator: "\n"))
            """
    }

    private func ofDialect(directory: String, isChaotic: Bool) -> String {
        switch self.dialect {
        case .stream: ""
        case .channels: Self.channelSections(directory: directory, isChaotic: isChaotic)
        }
    }

    private func yaml(of tenant: String, _ simulator: GenesysSimulator) -> String {
        switch self.dialect {
        case .stream:
            """
              - name: \(tenant)
                endpoints: { login: "\(simulator.baseURL)", streaming: "\(simulator.streamingBaseURL)" }
                protocol: stream
                credentials: { clientId: \(tenant)-client, clientSecret: \(tenant)-secret }
                maxLatency: 500ms
                subscriptions:
                  - { event: routing.queueEvents, resources: queues }
                  - { event: user.presence, resources: users }
                  - { event: conversation.calls, allowUnfiltered: true }
            """
        case .channels:
            """
              - name: \(tenant)
                endpoints: { login: "\(simulator.baseURL)", api: "\(simulator.baseURL)" }
                protocol: channels
                credentials: { clientId: \(tenant)-client, clientSecret: \(tenant)-secret }
                subscriptions:
            \(Self.channelTopics.map { "      - { topic: \"\($0)\" }" }.joined(separator: "\n"))
            """
        }
    }
}
