import NIOCore

extension GenesysSimulator {
    /// Makes something go wrong with the public notification service.
    ///
    /// - Parameters:
    ///   - tenant: the name of the tenant; nil for all.
    ///   - target: which open sockets of it; of no account for a fault that lies in wait.
    /// - Returns: how many sockets took the fault up, or in how many tenants it lies in wait for the next request.
    /// - Throws: ``SimulatorError/unknownTenant(_:)``.
    @discardableResult
    public func inject(
        _ fault: ChannelFault,
        tenant: String? = nil,
        target: ChannelFaultTarget = .all
    ) async throws -> Int {
        try await self.onLoop { try $0.inject(fault, tenant: tenant, target: target, now: $0.now()) }
    }

    /// What is true of a tenant's channels and topics now: the ground truth of an audit.
    ///
    /// - Throws: ``SimulatorError/unknownTenant(_:)``.
    public func channelsSnapshot(tenant: String) async throws -> ChannelsSnapshot {
        try await self.onLoop { try $0.tenant(named: tenant).channels.snapshot(now: $0.now()) }
    }

    /// When events of a topic came to be, in milliseconds since 1970; nil for those that are forgotten.
    ///
    /// - Throws: ``SimulatorError/unknownTenant(_:)``.
    public func channelEventTimes(topic: String, sequences: [Int], tenant: String) async throws -> [Int?] {
        try await self.onLoop { try $0.tenant(named: tenant).channels.milliseconds(of: sequences, topic: topic) }
    }

    /// The message of an event, as every socket gets it; nil where there is no such topic.
    ///
    /// - Throws: ``SimulatorError/unknownTenant(_:)``.
    public func channelEvent(topic: String, sequence: Int, tenant: String) async throws -> [UInt8]? {
        try await self.onLoop { cloud in
            try cloud.tenant(named: tenant).channels.message(topic: topic, sequence: sequence)
                .map { Array($0.readableBytesView) }
        }
    }

    /// Produces so many events a second of each topic from now on, also after ``stopProducing(tenant:)``. Topics of
    /// analytics make one at the most.
    ///
    /// - Parameter template: such as `v2.users.{id}.presence`; nil for all topics.
    /// - Throws: ``SimulatorError/unknownTenant(_:)``.
    public func setTopicRate(_ eventsPerSecond: Double, template: String? = nil, tenant: String? = nil) async throws {
        try await self.onLoop {
            try $0.setTopicRate(eventsPerSecond, template: template, tenant: tenant, now: $0.now())
        }
    }
}
