import Logging
import RDKafka

/// Looks, before a bridge starts, whether the topics that it writes to are there.
enum TopicCheck {
    /// How long a start waits for a cluster's answer. One that cannot be reached is no error: the bridge waits for it.
    static let timeout = Duration.seconds(5)

    /// - Throws: `CommandFailure` where a topic is missing and will never be created.
    static func run(_ topics: [PlannedTopic], kafka: KafkaConfiguration, logger: Logger) async throws {
        let admin = try TopicAdmin(kafka, timeout: Self.timeout)
        let missing = await Self.missing(topics.map(\.name), admin, logger)
        await admin.close()
        guard let message = missing.message else { return }
        switch missing {
        case .none: break
        case .createdOnFirstUse: logger.notice("\(message)")
        case .unknown: logger.warning("\(message)")
        case .neverCreated: throw CommandFailure(.unavailable, message)
        }
    }

    private static func missing(_ names: [String], _ admin: TopicAdmin, _ logger: Logger) async -> MissingTopics {
        let metadata: KafkaMetadata
        do {
            metadata = try await admin.metadata()
        } catch {
            logger.notice(
                "Kafka did not answer within \(DurationText.format(Self.timeout)); waiting for it",
                metadata: ["reason": "\(error)"]
            )
            return .none
        }
        let present = Set(metadata.topics.filter { $0.error != .unknownTopicOrPartition }.map(\.name))
        let missing = names.filter { !present.contains($0) }
        guard !missing.isEmpty else { return .none }
        return MissingTopics(missing, areCreated: await admin.createsTopicsByItself(metadata))
    }
}
