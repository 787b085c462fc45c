import GenesysSimulator

extension GenesysSimulator {
    /// What was made for a tenant of the public notification service, and when that came to be which `reader` has not accounted for.
    ///
    /// - Throws: ``SimulatorError``.
    func owedNotifications(_ tenant: String, unaccountedBy reader: AuditReader) async throws -> OwedNotifications {
        try await self.owedNotifications(try await self.channelsSnapshot(tenant: tenant), unaccountedBy: reader)
    }

    /// What was made by the time of `snapshot`, and when that came to be which `reader` has not accounted for.
    ///
    /// - Throws: ``SimulatorError``.
    func owedNotifications(
        _ snapshot: ChannelsSnapshot,
        unaccountedBy reader: AuditReader
    ) async throws -> OwedNotifications {
        var owed = OwedNotifications(snapshot)
        let unaccounted = await reader.unaccounted(owed)
        for index in owed.topics.indices {
            let topic = owed.topics[index].name
            guard let numbers = unaccounted[topic] else { continue }
            let times = try await self.channelEventTimes(topic: topic, sequences: numbers, tenant: owed.tenant)
            for (number, time) in zip(numbers, times) { owed.topics[index].milliseconds[number] = time }
        }
        return owed
    }
}

extension OwedNotifications {
    /// What was made so far, without any times.
    init(_ snapshot: ChannelsSnapshot) {
        self.tenant = snapshot.tenant
        self.topics = snapshot.topics.map { Topic(name: $0.topic, numbers: 0..<$0.produced) }
    }
}
