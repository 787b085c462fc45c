public import BridgeCore
public import Logging

extension KafkaCheckpointStore {
    /// What the topic holds, without claiming anything.
    public struct Contents: Sendable {
        /// What can be used.
        public var archive: CheckpointArchive
        /// Instances that have claimed a tenant and not released it, by tenant: they run, or were killed.
        public var owners: [String: String]
        /// Records that cannot be used, each with what is wrong.
        public var defects: [String]

        /// See the properties.
        public init(archive: CheckpointArchive, owners: [String: String], defects: [String]) {
            self.archive = archive
            self.owners = owners
            self.defects = defects
        }
    }

    /// Everything of the settings' tenants in the topic at this moment.
    /// - Throws: `.unavailable`, as `open` does.
    public static func contents(
        _ settings: Settings,
        clock: any BridgeClock,
        logger: Logger
    ) async throws(CheckpointStoreError) -> Contents {
        let (reader, table) = try await CheckpointReader.open(settings, clock: clock, logger: logger)
        await reader.close()
        var contents = Contents(archive: CheckpointArchive(checkpoints: [], plans: []), owners: [:], defects: [])
        for (key, held) in table.all {
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
            case (_, .checkpoint): break
            }
        }
        return contents
    }
}
