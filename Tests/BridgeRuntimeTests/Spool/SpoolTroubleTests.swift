import BridgeCore
import Foundation
import Synchronization
import Testing

@testable import BridgeRuntime

@Suite("Spool in trouble (C2, replay-or-acked, no-silent-loss)", .timeLimit(.minutes(2)))
struct SpoolTroubleTests {
    private static let small = SpoolPolicy(
        bytesMax: 40_960,
        segmentBytes: 8_192,
        groupBytes: 4_096,
        retryDelay: .milliseconds(1)
    )

    /// What the parts of a drill tell each other.
    private final class Drill: Sendable {
        let confirmed = Mutex<Set<String>>([])
        let released = Mutex<Set<String>>([])
        let crashes = Mutex<[Crash]>([])
        private let passes = Mutex(0)

        func pass() -> Int {
            self.passes.withLock { passes in
                passes += 1
                return passes
            }
        }
    }

    /// What was so at a crash.
    private struct Crash: Sendable {
        var folders: [String]
        var confirmed: Set<String>
        var released: Set<String>
    }

    @Test("a full disk does not keep the cursor from being written, for what is committed makes room (C2)")
    func cursorOnFullDisk() async throws {
        try await SpoolScene.inFolder { folder in
            let segments = try DiskSegments(directory: folder)
            #expect(try segments.cursor() == nil)
            for committed in [UInt64(5), 1_234_567, 6] {
                // Nothing new can be written: a disk that is full.
                try FileManager.default.createSymbolicLink(
                    atPath: folder + "/cursor.new",
                    withDestinationPath: "/dev/full"
                )
                let cursor = SpoolCursor(committed: committed, coveredUntilMilliseconds: nil)
                try segments.writeCursor(cursor.bytes)
                #expect(try segments.cursor() == cursor.bytes)
            }
        }
    }

    @Test("a folder that cannot be made is an error, also where the one above it is there (one-owner)")
    func impossibleFolder() {
        #expect(throws: DurableFile.Failure.self) { try DurableFile.makeFolder("/proc/nowhere/state") }
        #expect(throws: DurableFile.Failure.self) { try DurableFile.makeFolder("/proc/nowhere") }
    }

    @Test(
        "killed at any crash point, and whatever a power loss leaves of what was not synced, nothing confirmed is lost",
        arguments: SpoolCrashPoint.allCases
    )
    func crashPoints(point: SpoolCrashPoint) async throws {
        try await SpoolScene.inFolder { folder in
            let tracked = try TrackedSegments(folder)
            let drill = Drill()
            let onCrash: @Sendable (SpoolCrashPoint) -> Void = { passed in
                guard passed == point else { return }
                let pass = drill.pass()
                guard pass % 5 == 1, pass < 40 else { return }
                // In this order: what is confirmed or committed meanwhile asks for less.
                let known = drill.confirmed.withLock { $0 }
                let folders = [nil, 0, 100, 255].compactMap { try? tracked.copy(unsynced: $0) }
                let gone = drill.released.withLock { $0 }
                drill.crashes.withLock { $0.append(Crash(folders: folders, confirmed: known, released: gone)) }
            }
            defer {
                for folder in drill.crashes.withLock({ $0 }).flatMap(\.folders) {
                    try? FileManager.default.removeItem(atPath: folder)
                }
            }
            try await SpoolScene.with(Self.small, crashPoint: onCrash, medium: { tracked }) { spool in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for source in 1...3 {
                        group.addTask {
                            for number in 1...60 {
                                try await spool.append(SpoolScene.batch(number, source: source, size: 700))
                                drill.confirmed.withLock { _ = $0.insert("\(source)/\(number)") }
                            }
                        }
                    }
                    let batches = try await spool.batches()
                    var unreleased: [String] = []
                    for count in 1...180 {
                        guard let batch = try await batches.next(), let position = batch.position else { break }
                        unreleased.append(SpoolScene.name(batch))
                        guard count % 40 == 0 else { continue }
                        let names = unreleased
                        drill.released.withLock { $0.formUnion(names) }
                        try await spool.commit(position)
                    }
                    try await group.waitForAll()
                }
            }
            let all = drill.crashes.withLock { $0 }
            #expect(!all.isEmpty, "the crash point was never passed")
            for crash in all {
                #expect(crash.folders.count == 4)
                for folder in crash.folders { try await self.check(crash, folder) }
            }
        }
    }

    private func check(_ crash: Crash, _ folder: String) async throws {
        let (names, recovery) = try await SpoolScene.content(of: folder, Self.small)
        let found = Set(names)
        #expect(found.count == names.count, "twice in the spool")
        #expect(crash.confirmed.subtracting(crash.released).subtracting(found) == [], "confirmed, and gone")
        #expect(recovery.missingEntries == 0 && !names.contains { $0.hasPrefix("gap") })
        for source in 1...3 {
            let numbers = names.filter { $0.hasPrefix("\(source)/") }.compactMap { Int($0.dropFirst(2)) }
            if let first = numbers.first { #expect(numbers == Array(first..<(first + numbers.count)), "out of order") }
        }
    }

    @Test("a sync that failed is not asked again: its segment is left, and the entries are written to a new one")
    func failedSync() async throws {
        try await SpoolScene.inFolder { folder in
            let tracked = try TrackedSegments(folder)
            try await SpoolScene.with(Self.small, medium: { tracked }) { spool in
                try await spool.append(SpoolScene.batch(1))
                try await spool.append(SpoolScene.batch(2))
                tracked.fail(.sync, [.failed])
                try await spool.append(SpoolScene.batch(3))
                let calls = tracked.calls.filter { $0.hasPrefix("sync") }
                #expect(calls == ["sync 1", "sync 1", "sync 1", "sync 3"])
                let read = try await SpoolScene.read(try await spool.batches(), until: "0/3")
                #expect(read.map(SpoolScene.name) == ["0/1", "0/2", "0/3"])
                // Twice in a row: whoever appends is told, and a gap record accounts for it.
                tracked.fail(.sync, [.failed, .failed])
                let error = await #expect(throws: SpoolError.self) { try await spool.append(SpoolScene.batch(4)) }
                #expect(error?.kind == .unavailable)
                await #expect(spool.snapshot().failure?.contains("planned") == true)
                while try await spool.append(SpoolScene.batch(5)).dropped > 0 { await Task.yield() }
            }
            let names = try await SpoolScene.content(of: folder, Self.small).names
            #expect(names == ["0/1", "0/2", "0/3", "gap spool-full", "0/5"])
        }
    }

    @Test("a disk without room is a full spool: what does not fit is accounted for, and it goes on when there is room")
    func noSpace() async throws {
        try await SpoolScene.inFolder { folder in
            let tracked = try TrackedSegments(folder)
            try await SpoolScene.with(Self.small, medium: { tracked }) { spool in
                try await spool.append(SpoolScene.batch(1))
                tracked.fail(.write, [.noSpace])
                #expect(try await spool.append(SpoolScene.batch(2)).dropped == 1)
                while try await spool.append(SpoolScene.batch(3)).dropped > 0 { await Task.yield() }
                let read = try await SpoolScene.read(try await spool.batches(), until: "0/3")
                #expect(read.map(SpoolScene.name) == ["0/1", "gap spool-full", "0/3"])
            }
            #expect(try await SpoolScene.content(of: folder).names == ["0/1", "gap spool-full", "0/3"])
        }
    }

    @Test("a cursor that cannot be written is an error for the committer, and deletes nothing")
    func failedCursor() async throws {
        try await SpoolScene.inFolder { folder in
            let tracked = try TrackedSegments(folder)
            try await SpoolScene.with(Self.small, medium: { tracked }) { spool in
                for number in 1...30 { try await spool.append(SpoolScene.batch(number, size: 700)) }
                tracked.fail(.cursor, [.failed])
                let position = Position(spoolSequence: 20)
                let error = await #expect(throws: SpoolError.self) { try await spool.commit(position) }
                #expect(error?.kind == .unavailable)
                await #expect(spool.committed == nil)
                #expect(!tracked.calls.contains { $0.hasPrefix("delete") })
                tracked.fail(.delete, [.failed])
                try await spool.commit(position)
                while await spool.snapshot().bytes > 20_000 { await Task.yield() }
                #expect(tracked.calls.filter { $0 == "delete 1" }.count == 2, "tried again")
            }
        }
    }

    @Test(
        "damage in the middle: the entry is left out and a gap record stands in its place, or reading ends, as is set"
    )
    func damage() async throws {
        try await SpoolScene.inFolder { folder in
            try await SpoolScene.with(folder: folder, Self.small) { spool in
                for number in 1...30 { try await spool.append(SpoolScene.batch(number, size: 700)) }
            }
            let path = folder + "/" + SpoolSegmentHeader.name(first: 1)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[2_000] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            var policy = Self.small
            policy.onDamage = .fail
            let error = await #expect(throws: SpoolError.self) { try await SpoolScene.content(of: folder, policy) }
            #expect(error?.kind == .unreadable && error?.description.contains(path) == true)
            let names = try await SpoolScene.content(of: folder, Self.small).names
            #expect(names.filter { $0.hasPrefix("gap") } == ["gap position-lost"])
            #expect(names.prefix(4) == ["0/1", "0/2", "gap position-lost", "0/4"])
            // A segment that somebody removed.
            let second = try #require(
                FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".spool") }.sorted()
                    .dropFirst().first
            )
            try FileManager.default.removeItem(atPath: folder + "/" + second)
            let fewer = try await SpoolScene.content(of: folder, Self.small).names
            #expect(fewer.filter { $0.hasPrefix("gap") }.count == 2 && fewer.contains("0/30"))
        }
    }

    @Test("a torn tail is cut and told, a damaged cursor replays everything, another version is an error")
    func recovery() async throws {
        try await SpoolScene.inFolder { folder in
            try await SpoolScene.with(folder: folder) { spool in
                await spool.mark(coveredUntilMilliseconds: 77)
                for number in 1...3 { try await spool.append(SpoolScene.batch(number)) }
                try await spool.commit(Position(spoolSequence: 2))
            }
            let path = folder + "/" + SpoolSegmentHeader.name(first: 1)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try bytes.dropLast(7).write(to: URL(fileURLWithPath: path))
            let (names, recovery) = try await SpoolScene.content(of: folder)
            #expect(names == ["0/2"] && recovery.tornByteCount > 0 && recovery.coveredUntilMilliseconds == 77)
            try Data("spool-cursor 1 3 - 0\n".utf8).write(to: URL(fileURLWithPath: folder + "/cursor"))
            let again = try await SpoolScene.content(of: folder)
            #expect(again.names == ["0/1", "0/2"] && again.recovery.cursorWasDamaged)
            try Data(SpoolSegmentHeader.bytes(first: 1, version: 2)).write(to: URL(fileURLWithPath: path))
            let error = await #expect(throws: SpoolError.self) { try await SpoolScene.content(of: folder) }
            #expect(error?.kind == .unreadable && error?.description.contains("version 2") == true)
        }
    }
}
