import GenesysSimulator

/// The tenants, topics and settings of the demo.
struct DemoParts: Sendable {
    /// What the bridge of the demo promises.
    let guarantee: DeliveryGuarantee
    /// Tells the names of one run from those of another, in a cluster that both use.
    let suffix: String

    /// The tenants' names.
    var tenants: [String] { ["acme", "globex"].map { $0 + self.suffix } }
    /// Events of resources that are found by a list.
    static let listedEvents = ["routing.queueEvents", "user.presence"]
    private static let families = Self.listedEvents + ["conversation.calls"]
    /// A rollover comes round within half a minute.
    private static let chaoticTokenLifetimeMilliseconds = 30_000

    /// The output topics, and whose they are.
    var tenantByTopic: [String: String] {
        var result: [String: String] = [:]
        for tenant in self.tenants {
            for family in Self.families { result["genesys.\(tenant).\(family)"] = tenant }
        }
        return result
    }

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
                    rate: self.ratePerTenant(rate)
                )
            }
        )
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
    static var chaoticProfile: [String] {
        self.chaoticConnection.split(separator: "\n").dropFirst().map { line in
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
        let tenants = self.tenants.map { tenant in
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
            admin: { listen: off }
            tenants:
            \(tenants.joined(separator: "\n"))
            """
    }
}
