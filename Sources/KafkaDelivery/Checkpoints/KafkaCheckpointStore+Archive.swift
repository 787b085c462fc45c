public import BridgeCore
public import Logging

extension KafkaCheckpointStore {
    /// What the topic holds, without claiming or creating anything.
    public struct Contents: Sendable {
        /// What can be used.
        public var archive: CheckpointArchive
        /// Instances that have claimed a tenant and not released it, by tenant: they run, or were killed.
        public var owners: [String: String]
        /// Records that cannot be used, each with what is wrong.
        public var defects: [String]
        /// There is no topic: no bridge has started yet, or it has another name.
        public var isTopicMissing: Bool

        /// See the properties.
        public init(
            archive: CheckpointArchive = CheckpointArchive(checkpoints: [], plans: []),
            owners: [String: String] = [:],
            defects: [String] = [],
            isTopicMissing: Bool = false
        ) {
            self.archive = archive
            self.owners = owners
            self.defects = defects
            self.isTopicMissing = isTopicMissing
        }
    }

    /// Everything of the settings' tenants in the topic at this moment.
    /// - Throws: `.unavailable`, as `open` does.
    public static func contents(
        _ settings: KafkaCheckpointSettings,
        clock: any BridgeClock,
        logger: Logger
    ) async throws(CheckpointStoreError) -> Contents {
        let opened = try await CheckpointReader.open(settings, creatingTopic: false, clock: clock, logger: logger)
        await opened.reader.close()
        var contents = Contents(isTopicMissing: opened.isTopicMissing)
        for (key, held) in opened.table.all {
            switch (key, held) {
            case (.stream(let stream), .checkpoint(let document)):
                // What a person took away is not there.
                if document.reset == true { continue }
                contents.archive.checkpoints.append(.init(stream: stream, checkpoint: document))
            case (_, .plan(let document)):
                contents.archive.plans.append(document)
            case (_, .owner(let owner)):
                if owner.releasedAt == nil {
                    contents.owners[key.tenant] = "\(owner.instance), since \(owner.claimedAt)"
                }
            case (_, .defect(let why)):
                contents.defects.append("'\(key.text)' \(why)")
                // Of a newer build, perhaps, that runs.
                if case .owner(let tenant) = key { contents.owners[tenant] = "an instance whose record \(why)" }
            case (_, .checkpoint): break
            }
        }
        return contents
    }
}
