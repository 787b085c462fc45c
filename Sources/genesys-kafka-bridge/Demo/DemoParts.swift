import GenesysSimulator

/// The tenants, topics and settings of the demo.
enum DemoParts {
    private static let tenants = ["acme", "globex"]
    private static let families = ["routing.queueEvents", "user.presence", "conversation.calls"]

    /// The output topics, and whose they are.
    static var tenantByTopic: [String: String] {
        var result: [String: String] = [:]
        for tenant in self.tenants {
            for family in self.families { result["genesys.\(tenant).\(family)"] = tenant }
        }
        return result
    }

    /// - Parameter rate: events per second, over all tenants.
    static func simulator(rate: Double, chaosSeed: UInt64?) -> SimulatorConfiguration {
        var result = SimulatorConfiguration(
            tenants: self.tenants.map { tenant in
                SimulatedTenant(
                    name: tenant,
                    clientId: "\(tenant)-client",
                    clientSecret: "\(tenant)-secret",
                    rate: .eventsPerSecond(rate / Double(self.tenants.count))
                )
            }
        )
        if let chaosSeed {
            result.seed = chaosSeed
            result.faultSchedule = ChaosPlan.schedule(seed: chaosSeed)
        }
        return result
    }

    /// The configuration as a user would write it, with the short times of a demo.
    static func yaml(simulator: GenesysSimulator, bootstrapServers: String, directory: String, isChaotic: Bool)
        -> String
    {
        // The embedded broker does not check sequence numbers: with several requests in flight a broken connection would reorder
        // records there, which a real broker does not do.
        let oneRequest = isChaotic ? "\n    max.in.flight.requests.per.connection: 1" : ""
        let tenants = self.tenants.map { tenant in
            """
              - name: \(tenant)
                endpoints: { login: "\(simulator.baseURL)", streaming: "\(simulator.streamingBaseURL)" }
                protocol: stream
                credentials: { clientId: \(tenant)-client, clientSecret: \(tenant)-secret }
                maxLatency: 500ms
                subscriptions:
            """ + self.families.map { "\n      - { event: \($0), allowUnfiltered: true }" }.joined()
        }
        return """
            kafka:
              properties:
                bootstrap.servers: "\(bootstrapServers)"
                linger.ms: 5
                reconnect.backoff.max.ms: 500\(oneRequest)
            delivery:
              checkpoints: { directory: "\(directory)" }
            connection:
              pingInterval: 5s
              pongTimeout: 1s
              heartbeatGrace: 2s
              healthyAfter: 1s
              backoff: { base: 100ms, cap: 1s }
            admin: { listen: off }
            tenants:
            \(tenants.joined(separator: "\n"))
            """
    }

    /// That configuration, through the same loader as any other.
    static func bridge(
        simulator: GenesysSimulator,
        bootstrapServers: String,
        directory: String,
        isChaotic: Bool
    ) throws -> BridgeConfiguration {
        let yaml = self.yaml(
            simulator: simulator,
            bootstrapServers: bootstrapServers,
            directory: directory,
            isChaotic: isChaotic
        )
        return try ConfigurationLoader().decode(Array(yaml.utf8), file: "demo").configuration
    }
}
