import BridgeCore

/// A Kafka topic that the bridge writes to, as it should be.
struct PlannedTopic: Hashable {
    /// What is in it.
    enum Purpose: String, Codable, Hashable {
        case events
        case deadLetters = "dead letters"
        case gaps
        case checkpoints
    }

    var name: String
    var purpose: Purpose
    var partitions: Int
    /// Nil: the brokers' default.
    var replicationFactor: Int?
    /// Nil: the brokers' default; for ever where it is compacted.
    var retention: Duration?

    /// Whether only the newest record of a key is wanted: of a checkpoint nothing else, of events every one.
    var isCompacted: Bool { self.purpose == .checkpoints }

    /// Every topic that `tenants` of `configuration` write to, each once, in the file's order.
    ///
    /// Dead letters and gap records are few: they get one partition, which also keeps their order.
    static func all(
        of tenants: [TenantConfiguration],
        in configuration: BridgeConfiguration
    ) -> [PlannedTopic] {
        let checkpoints = configuration.delivery.checkpoints
        let checkpointTopic = checkpoints.store == .kafkaTopic ? checkpoints.topic : nil
        let records = configuration.records
        var names: Set<String> = []
        var topics: [PlannedTopic] = []
        func add(_ name: String, _ purpose: Purpose, partitions: Int) {
            guard names.insert(name).inserted else { return }
            topics.append(
                PlannedTopic(
                    name: name,
                    purpose: purpose,
                    partitions: partitions,
                    replicationFactor: records.topics.replicationFactor,
                    retention: purpose == .checkpoints ? nil : records.topics.retention
                )
            )
        }
        for tenant in tenants {
            for events in tenant.routedEvents {
                add(events.kafkaTopic(tenant: tenant.name), .events, partitions: records.topics.partitions)
            }
            add(TopicTemplate.deadLetters.kafkaTopic(tenant: tenant.name, family: ""), .deadLetters, partitions: 1)
            add(TopicTemplate.gaps.kafkaTopic(tenant: tenant.name, family: ""), .gaps, partitions: 1)
        }
        if let checkpointTopic { add(checkpointTopic, .checkpoints, partitions: 1) }
        return topics
    }

    /// What `actual` has that this topic should not have, in words; empty where all is well.
    func differences(from actual: ActualTopic) -> [String] {
        var differences: [String] = []
        if actual.partitions < self.partitions {
            differences.append("\(actual.partitions) partitions, not \(self.partitions)")
        }
        let policies = actual.properties["cleanup.policy"]?.split(separator: ",").map { $0.filter { $0 != " " } } ?? []
        if !self.isCompacted, policies.contains("compact") {
            differences.append("compacted: all but the newest record of a key are lost")
        }
        if self.isCompacted, !policies.isEmpty, policies != ["compact"] {
            differences.append(
                "cleanup.policy is \(policies.joined(separator: ",")), not compact: checkpoints are lost"
            )
        }
        if let retention, let text = actual.properties["retention.ms"], let milliseconds = Int64(text),
            milliseconds >= 0, .milliseconds(milliseconds) < retention
        {
            let kept = DurationText.format(.milliseconds(milliseconds))
            differences.append("kept for \(kept), not \(DurationText.format(retention))")
        }
        return differences
    }
}
