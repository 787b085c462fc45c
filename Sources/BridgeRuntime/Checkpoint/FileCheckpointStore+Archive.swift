public import BridgeCore
internal import Foundation

extension FileCheckpointStore {
    /// Everything in the folder at this moment, whoever has it locked.
    /// - Throws: `.unavailable` where there is no such folder, `.unreadable` for a file that is not whole.
    public static func contents(of directory: String) throws(CheckpointStoreError) -> CheckpointArchive {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw CheckpointStoreError(
                kind: .unavailable,
                description: "the checkpoint directory '\(directory)' cannot be read"
            )
        }
        var archive = CheckpointArchive(checkpoints: [], plans: [])
        for name in names.sorted() where name.hasSuffix(".json") {
            let path = directory + "/" + name
            let unreadable = CheckpointStoreError(
                kind: .unreadable,
                description: "the file '\(path)' is torn, was changed by hand, or is of another version"
            )
            guard let bytes = try? DurableFile.read(path, maxBytes: PlanFile.bytesMax) else { throw unreadable }
            if name.hasSuffix(".plan.json") {
                guard let plan = PlanFile.decode(bytes) else { throw unreadable }
                archive.plans.append(plan)
            } else {
                guard let entry = CheckpointFile.entry(bytes) else { throw unreadable }
                archive.checkpoints.append(entry)
            }
        }
        return archive
    }

    /// Takes a stream's position away: the stream then starts as one that never committed.
    public func reset(_ stream: StreamID) async throws(CheckpointStoreError) {
        let path = self.path(of: stream)
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            guard FileManager.default.fileExists(atPath: path) else { return }
            throw CheckpointStoreError(
                kind: .unavailable,
                description: "the checkpoint file '\(path)' cannot be removed: make its folder writable for this user"
            )
        }
    }
}

extension CheckpointFile {
    /// A whole file's checkpoint, whosever it is; nil for any other bytes.
    static func entry(_ bytes: [UInt8]) -> CheckpointArchive.Entry? {
        guard let line = ChecksummedLine.line(of: bytes), ChecksummedLine.version(of: line) == Self.currentVersion,
            let file = try? JSONDecoder().decode(CheckpointFile.self, from: Data(line)),
            let kind = Position.Kind(rawValue: file.positionKind)
        else { return nil }
        let checkpoint = Checkpoint(position: Position(kind: kind, value: file.position), batchID: file.batchId)
        return CheckpointArchive.Entry(
            stream: StreamID(tenant: file.tenant, stream: file.stream),
            checkpoint: CheckpointDocument(
                checkpoint,
                committedAt: file.committedAt,
                instance: file.instance,
                epoch: 0
            )
        )
    }
}
