/// The answer of `topics`.
struct TopicReport: Codable, Hashable {
    /// One topic.
    struct Topic: Codable, Hashable {
        /// How it is with the topic on the cluster.
        enum State: String, Codable {
            case exists
            case missing
            /// Made just now.
            case created
            /// Asked for, and not made.
            case refused
        }

        var name: String
        var purpose: PlannedTopic.Purpose
        var partitions: Int
        /// Nil: the brokers' default.
        var replicationFactor: Int?
        /// Nil: the brokers' default.
        var retention: String?
        var compacted: Bool
        var state: State
        /// In what a topic that exists is not as planned. It is never changed.
        var differences: [String]
        /// Why it was refused.
        var problem: String?
    }

    var topics: [Topic]

    init(_ planned: [PlannedTopic], on actual: [String: ActualTopic]) {
        self.topics = planned.map { topic in
            let found = actual[topic.name]
            return Topic(
                name: topic.name,
                purpose: topic.purpose,
                partitions: topic.partitions,
                replicationFactor: topic.replicationFactor,
                retention: topic.retention.map(DurationText.format),
                compacted: topic.isCompacted,
                state: found == nil ? .missing : .exists,
                differences: found.map(topic.differences) ?? []
            )
        }
    }

    /// Enters what became of the missing topics: each was created, or `refused` says why not.
    mutating func enter(refused: [String: String]) {
        for index in self.topics.indices where self.topics[index].state == .missing {
            self.topics[index].problem = refused[self.topics[index].name]
            self.topics[index].state = self.topics[index].problem == nil ? .created : .refused
        }
    }

    /// How many are in `state`.
    func count(_ state: Topic.State) -> Int {
        self.topics.count { $0.state == state }
    }

    /// For people.
    var text: String {
        let rows = self.topics.map { topic in
            [
                topic.name, topic.purpose.rawValue, "\(topic.partitions)",
                topic.compacted ? "compacted" : topic.retention ?? "the brokers' default", topic.state.rawValue,
            ]
        }
        let head = ["topic", "holds", "partitions", "kept for", "on the cluster"]
        let table = TextTable(head: head, rows: rows).lines
        var lines = Array(table.prefix(1))
        for (row, topic) in zip(table.dropFirst(), self.topics) {
            lines.append(row)
            lines += topic.differences.map { "  warning, and not changed: \($0)" }
            if let problem = topic.problem { lines.append("  \(problem)") }
        }
        let created = self.count(.created)
        if created > 0 { lines.append("\(created) created") }
        let missing = self.count(.missing)
        if missing > 0 { lines.append("\(missing) missing: create with `genesys-kafka-bridge topics --apply`") }
        return lines.joined(separator: "\n")
    }
}
