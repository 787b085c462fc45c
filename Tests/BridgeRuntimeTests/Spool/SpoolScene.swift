import BridgeCore
import Foundation
import Logging
import Synchronization

@testable import BridgeRuntime

/// Spools in folders of their own, and batches for them.
enum SpoolScene {
    static let stream = StreamID(tenant: "acme", stream: "0")

    /// How far somebody has come.
    final class Count: Sendable {
        private let number = Mutex(0)
        var value: Int { self.number.withLock { $0 } }
        func set(_ value: Int) { self.number.withLock { $0 = value } }
    }

    /// A folder of this test's own, removed afterwards.
    static func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "spool-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// A running spool over `medium`. It stops when `body` returns.
    static func with<Value: Sendable>(
        _ policy: SpoolPolicy = SpoolPolicy(),
        clock: any BridgeClock = SystemClock(),
        crashPoint: @escaping @Sendable (SpoolCrashPoint) -> Void = { _ in },
        medium: @escaping @Sendable () throws(SpoolMediumFailure) -> any SpoolMedium,
        _ body: @Sendable (Spool) async throws -> Value
    ) async throws -> Value {
        let spool = try await Spool.open(
            policy: policy,
            stream: Self.stream,
            subscriptions: { ["v2.users.1.presence"] },
            clock: clock,
            logger: Logger(label: "spool") { _ in SwiftLogNoOpLogHandler() },
            crashPoint: crashPoint,
            medium: medium
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await spool.run() }
            let result: Result<Value, any Error>
            do { result = .success(try await body(spool)) } catch { result = .failure(error) }
            group.cancelAll()
            try await group.waitForAll()
            return try result.get()
        }
    }

    /// A running spool in `folder`.
    static func with<Value: Sendable>(
        folder: String,
        _ policy: SpoolPolicy = SpoolPolicy(),
        _ body: @Sendable (Spool) async throws -> Value
    ) async throws -> Value {
        try await Self.with(
            policy,
            medium: { () throws(SpoolMediumFailure) in try DiskSegments(directory: folder) },
            body
        )
    }

    /// The batch `number` of `source`, with one event of about `size` bytes.
    static func batch(_ number: Int, source: Int = 0, size: Int = 100) -> NotificationBatch {
        let text = "{\"source\":\(source),\"number\":\(number),\"id\":\"id-\(source)-\(number)\","
        let bytes = Array((text + "\"x\":\"" + String(repeating: "x", count: max(0, size - text.count)) + "\"}").utf8)
        let event = NotificationEvent(
            value: ByteRange(offset: 0, length: UInt32(bytes.count)),
            id: ByteRange(offset: 1, length: 8),
            idIsDerived: true,
            name: ByteRange(offset: 2, length: 6),
            resourceID: nil,
            time: nil,
            timeMilliseconds: nil
        )
        var batch = NotificationBatch(
            bytes: MessageBytes(bytes),
            events: [event],
            position: nil,
            batchID: "b",
            endsMessage: true
        )
        batch.receivedAtMilliseconds = Int64(1_000 + number)
        return batch
    }

    /// `source/number`, or the cause of a gap.
    static func name(_ batch: NotificationBatch) -> String {
        let text = batch.bytes.string(ByteRange(offset: 0, length: UInt32(batch.bytes.count)))
        switch batch.notice?.kind {
        case .gap(let cause): return "gap \(cause.rawValue)"
        case .unreadableMessage: return "unreadable"
        case nil: break
        }
        let fields = text.split(whereSeparator: { !$0.isNumber })
        return "\(fields[0])/\(fields[1])"
    }

    /// Reads until the batch called `last` has come.
    static func read(_ batches: SpoolBatches, until last: String) async throws -> [NotificationBatch] {
        var result: [NotificationBatch] = []
        while let batch = try await batches.next() {
            result.append(batch)
            if Self.name(batch) == last { return result }
        }
        return result
    }

    /// Everything that a new spool over a folder delivers, and what it found.
    static func content(
        of folder: String,
        _ policy: SpoolPolicy = SpoolPolicy()
    ) async throws -> (names: [String], recovery: SpoolRecovery) {
        try await Self.with(folder: folder, policy) { spool in
            try await spool.append(Self.batch(0, source: 99))
            let read = try await Self.read(try await spool.batches(), until: "99/0")
            return (read.dropLast().map(Self.name), spool.recovery)
        }
    }
}

extension Spool {
    /// How many entries wait for the next write.
    var gathering: Int { self.pending.count }
}
