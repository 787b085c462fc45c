public import BridgeCore
internal import Dispatch
internal import Foundation
internal import Locking

/// Keeps checkpoints in a folder, one small file per stream: written to a temporary file, synced, renamed, and the folder synced, so that
/// a crash at any moment leaves the old or the new position, whole. A lock keeps a second instance out (`one-owner`).
public final class FileCheckpointStore: CheckpointStore {
    private let directory: String
    private let instance: String
    private let lockDescriptor: Locked<Int32?>
    private let crashPoint: @Sendable (CrashPoint) -> Void
    private let wallMilliseconds: @Sendable () -> Int64
    /// Syncing blocks for as long as the disk likes: never on the cooperative pool.
    private let queue = DispatchQueue(label: "checkpoint files")

    /// Opens the folder, creating it if need be, and locks it.
    /// - Throws: `.unavailable` where the folder cannot be made or written, `.locked` where another process has it.
    public init(
        directory: String,
        instance: String,
        wallMilliseconds: @escaping @Sendable () -> Int64,
        crashPoint: @escaping @Sendable (CrashPoint) -> Void = { _ in }
    ) throws(CheckpointStoreError) {
        self.directory = directory
        self.instance = instance
        self.wallMilliseconds = wallMilliseconds
        self.crashPoint = crashPoint
        do {
            try DurableFile.makeFolder(directory)
        } catch {
            throw CheckpointStoreError(
                kind: .unavailable,
                description: "the checkpoint directory '\(directory)' cannot be created (\(error.description)): "
                    + "create it, or name another in delivery.checkpoints.directory"
            )
        }
        do {
            self.lockDescriptor = Locked(try DurableFile.lock(directory + "/.lock"))
            // A folder that cannot be written shall be known now, not at the first commit.
            try DurableFile.write([], to: directory + "/.probe")
        } catch {
            guard error.operation == "lock" else {
                throw CheckpointStoreError(
                    kind: .unavailable,
                    description: "the checkpoint directory '\(directory)' cannot be written (\(error.description)): "
                        + "make it writable for this user, or name another in delivery.checkpoints.directory"
                )
            }
            throw CheckpointStoreError(
                kind: .locked,
                description:
                    "the checkpoint directory '\(directory)' is in use by another instance of the bridge: stop it, "
                    + "or give each instance a directory of its own"
            )
        }
    }

    deinit {
        self.close()
    }

    /// Gives up the lock. The store must not be used afterwards.
    public func close() {
        let descriptor = self.lockDescriptor.withLock { $0.take() }
        if let descriptor { DurableFile.unlock(descriptor) }
    }

    /// The file that holds the checkpoint of `stream`.
    public func path(of stream: StreamID) -> String {
        self.directory + "/" + Self.fileName(stream) + ".json"
    }

    /// The checkpoint in the stream's file.
    public func load(_ stream: StreamID) async throws(CheckpointStoreError) -> Checkpoint? {
        let path = self.path(of: stream)
        return try await self.onDisk { () throws(CheckpointStoreError) -> Checkpoint? in
            let bytes: [UInt8]?
            do throws(DurableFile.Failure) {
                bytes = try DurableFile.read(path, maxBytes: CheckpointFile.bytesMax)
            } catch {
                throw CheckpointStoreError(
                    kind: .unreadable,
                    description: "the checkpoint file '\(path)' cannot be read (\(error.description))"
                )
            }
            guard let bytes else { return nil }
            let wayOut =
                "restore it from a backup, or remove it to start at the server's present (what came since the last commit "
                + "is then not delivered)"
            do {
                let file = try CheckpointFile.decode(bytes, of: stream)
                guard let kind = Position.Kind(rawValue: file.positionKind) else { throw CheckpointFile.Defect.torn }
                return Checkpoint(position: Position(kind: kind, value: file.position), batchID: file.batchId)
            } catch CheckpointFile.Defect.version(let version) {
                throw CheckpointStoreError(
                    kind: .unreadable,
                    description: "the checkpoint file '\(path)' has version \(version), this build knows "
                        + "\(CheckpointFile.currentVersion): run the build that wrote it, or \(wayOut)"
                )
            } catch CheckpointFile.Defect.foreign(let other) {
                throw CheckpointStoreError(
                    kind: .unreadable,
                    description: "the checkpoint file '\(path)' belongs to \(other), not to \(stream): \(wayOut)"
                )
            } catch {
                throw CheckpointStoreError(
                    kind: .unreadable,
                    description: "the checkpoint file '\(path)' is torn or was changed by hand: \(wayOut)"
                )
            }
        }
    }

    /// Replaces the stream's file, durably.
    public func commit(_ checkpoint: Checkpoint, of stream: StreamID) async throws(CheckpointStoreError) {
        let file = CheckpointFile(
            tenant: stream.tenant,
            stream: stream.stream,
            position: checkpoint.position.value,
            positionKind: checkpoint.position.kind.rawValue,
            batchId: checkpoint.batchID,
            committedAt: TimestampText.text(ofMilliseconds: self.wallMilliseconds()),
            instance: self.instance
        )
        try await self.replace(self.path(of: stream)) { try file.encoded() }
    }

    private func replace(
        _ path: String,
        with bytes: @escaping @Sendable () throws -> [UInt8]
    ) async throws(CheckpointStoreError) {
        let temporary = path + ".new"
        let directory = self.directory
        let crashPoint = self.crashPoint
        try await self.onDisk { () throws(CheckpointStoreError) in
            do {
                try DurableFile.write(try bytes(), to: temporary)
                crashPoint(.afterCheckpointWriteBeforeRename)
                try DurableFile.rename(temporary, to: path)
                crashPoint(.afterCheckpointRenameBeforeSync)
                try DurableFile.syncDirectory(directory)
            } catch {
                throw CheckpointStoreError(
                    kind: .unavailable,
                    description: "the checkpoint file '\(path)' cannot be written (\(Self.reason(error)))"
                )
            }
        }
    }

    private func planPath(_ tenant: String) -> String {
        self.directory + "/" + Self.fileName(StreamID(tenant: tenant, stream: "plan")) + ".plan.json"
    }

    /// The plan in the tenant's file.
    public func loadPlan(of tenant: String) async throws(CheckpointStoreError) -> SubscriptionPlan? {
        let path = self.planPath(tenant)
        return try await self.onDisk { () throws(CheckpointStoreError) -> SubscriptionPlan? in
            let bytes: [UInt8]?
            do throws(DurableFile.Failure) {
                bytes = try DurableFile.read(path, maxBytes: PlanFile.bytesMax)
            } catch {
                throw CheckpointStoreError(
                    kind: .unreadable,
                    description: "the plan file '\(path)' cannot be read (\(error.description))"
                )
            }
            guard let bytes else { return nil }
            guard let file = PlanFile.decode(bytes, tenant: tenant) else {
                throw CheckpointStoreError(
                    kind: .unreadable,
                    description:
                        "the plan file '\(path)' is torn, was changed by hand, or is of another tenant or version: "
                        + "restore it from a backup, or remove it together with the tenant's checkpoint files to start at "
                        + "the server's present"
                )
            }
            return file.plan
        }
    }

    /// Replaces the tenant's plan file, durably.
    public func commitPlan(_ plan: SubscriptionPlan, of tenant: String) async throws(CheckpointStoreError) {
        let file = PlanDocument(plan, tenant: tenant)
        try await self.replace(self.planPath(tenant)) { try ChecksummedLine.encode(file) }
    }

    private func onDisk<Value: Sendable>(
        _ work: @escaping @Sendable () throws(CheckpointStoreError) -> Value
    ) async throws(CheckpointStoreError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, CheckpointStoreError>, Never>) in
            self.queue.async {
                let result: Result<Value, CheckpointStoreError>
                do throws(CheckpointStoreError) {
                    result = .success(try work())
                } catch {
                    result = .failure(error)
                }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }

    private static func reason(_ error: any Error) -> String {
        if let failure = error as? DurableFile.Failure { return failure.description }
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        return (underlying ?? error as NSError).localizedDescription
    }

    /// `<tenant>/<stream>` with everything but letters, digits, `-` and `_` as `%XX`: no two streams share a file.
    static func fileName(_ stream: StreamID) -> String {
        var name = ""
        for byte in stream.description.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                name += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return name
    }
}
