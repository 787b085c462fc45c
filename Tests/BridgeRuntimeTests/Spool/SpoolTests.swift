import BridgeCore
import Foundation
import Testing

@testable import BridgeRuntime

@Suite("Spool (C2)", .timeLimit(.minutes(1)))
struct SpoolTests {
    private static let small = SpoolPolicy(bytesMax: 40_960, segmentBytes: 8_192, groupBytes: 4_096)

    @Test("a restart replays identical bytes, ids and times, in order, behind what is committed (C3)")
    func replay() async throws {
        try await SpoolScene.inFolder { folder in
            let committed = try await SpoolScene.with(folder: folder, Self.small) { spool in
                for number in 1...40 { try await spool.append(SpoolScene.batch(number, size: 500)) }
                let read = try await SpoolScene.read(try await spool.batches(), until: "0/25")
                let position = try #require(read.last?.position)
                try await spool.commit(position)
                await #expect(spool.committed == position)
                return position
            }
            try await SpoolScene.with(folder: folder, Self.small) { spool in
                await #expect(spool.committed == committed)
                let read = try await SpoolScene.read(try await spool.batches(), until: "0/40")
                #expect(read.map(SpoolScene.name) == (26...40).map { "0/\($0)" })
                let snapshot = await spool.snapshot()
                #expect(snapshot.entries == 15 && snapshot.oldestMilliseconds == 1_026)
                for (number, batch) in zip(26...40, read) {
                    let sent = SpoolScene.batch(number, size: 500)
                    let all = ByteRange(offset: 0, length: UInt32(sent.bytes.count))
                    #expect(batch.bytes.array(all) == sent.bytes.array(all) && batch.bytes.count == sent.bytes.count)
                    #expect(batch.events == sent.events && batch.batchID == sent.batchID && batch.endsMessage)
                    #expect(batch.receivedAtMilliseconds == sent.receivedAtMilliseconds)
                    #expect(batch.position?.spoolSequence == UInt64(number))
                }
            }
        }
    }

    @Test("an append returns after its sync, and what comes while one is under way shares the next one")
    func groupCommit() async throws {
        try await SpoolScene.inFolder { folder in
            let tracked = try TrackedSegments(folder)
            try await SpoolScene.with(medium: { tracked }) { spool in
                tracked.hold(true)
                let returned = SpoolScene.Count()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await spool.append(SpoolScene.batch(0)) }
                    while !tracked.calls.contains("sync 1") { await Task.yield() }
                    for number in 1...50 {
                        group.addTask {
                            try await spool.append(SpoolScene.batch(number))
                            returned.set(returned.value + 1)
                        }
                    }
                    while await spool.gathering < 51 { await Task.yield() }
                    #expect(returned.value == 0, "nothing is received before its sync")
                    await #expect(spool.snapshot().confirmed == 0)
                    tracked.hold(false)
                    try await group.waitForAll()
                }
                let snapshot = await spool.snapshot()
                #expect(snapshot.syncs == 2 && snapshot.confirmed == 51)
                #expect(tracked.calls.filter { $0.hasPrefix("sync") }.count == 2)
            }
        }
    }

    @Test("a reader that keeps up reads no disk; one that does not is given everything in order, in bounded memory")
    func readAhead() async throws {
        try await SpoolScene.inFolder { folder in
            var policy = SpoolPolicy(bytesMax: 1 << 20, segmentBytes: 65_536)
            policy.readAheadBytes = 20_000
            try await SpoolScene.with(folder: folder, policy) { spool in
                let batches = try await spool.batches()
                for number in 1...20 {
                    try await spool.append(SpoolScene.batch(number, size: 1_000))
                    _ = try await batches.next()
                }
                await #expect(spool.snapshot().diskReads == 0)
                for number in 21...300 {
                    try await spool.append(SpoolScene.batch(number, size: 1_000))
                    await #expect(spool.aheadBytes <= 20_000)
                }
                let read = try await SpoolScene.read(batches, until: "0/300")
                #expect(read.map(SpoolScene.name) == (21...300).map { "0/\($0)" })
                let diskReads = await spool.snapshot().diskReads
                #expect(diskReads > 0)
                try await spool.append(SpoolScene.batch(301))
                #expect(try await batches.next().map(SpoolScene.name) == "0/301")
                await #expect(spool.snapshot().diskReads == diskReads, "it has caught up")
                // A delivery that failed begins again behind what is committed.
                let again = try await SpoolScene.read(try await spool.batches(), until: "0/301")
                #expect(again.count == 301)
                #expect(try await batches.next() == nil, "another one reads now")
            }
        }
    }

    @Test("full: dropped events are accounted for by gap records in their place, and the bound holds (no-silent-loss)")
    func dropNewest() async throws {
        try await SpoolScene.inFolder { folder in
            try await SpoolScene.with(folder: folder, Self.small) { spool in
                await spool.mark(coveredUntilMilliseconds: 900)
                var admitted = 0
                while try await spool.append(SpoolScene.batch(admitted + 1, size: 1_000)).dropped == 0 { admitted += 1 }
                #expect(try await spool.append(SpoolScene.batch(admitted + 2, size: 1_000)).dropped == 1)
                let snapshot = await spool.snapshot()
                #expect(snapshot.isDropping && snapshot.dropped == 2 && snapshot.bytes <= Self.small.bytesMax)
                let sizes = try DiskSegments.sizes(folder)
                #expect(sizes <= Self.small.bytesMax)
                let batches = try await spool.batches()
                var read = try await SpoolScene.read(batches, until: "gap spool-full")
                #expect(read.count == admitted + 1)
                try await spool.commit(try #require(read[admitted - 1].position))
                try await spool.append(SpoolScene.batch(1_000))
                read = try await SpoolScene.read(batches, until: "0/1000")
                #expect(read.map(SpoolScene.name) == ["gap spool-full", "0/1000"])
                let gap = try #require(read.first)
                let text = gap.bytes.string(ByteRange(offset: 0, length: UInt32(gap.bytes.count)))
                #expect(
                    text.contains("1970-01-01T00:00:00.900Z") && text.contains("1970-01-01T00:00:02.000Z"),
                    "\(text)"
                )
                await #expect(!spool.snapshot().isDropping)
                // Read once more, they are no others.
                _ = try await SpoolScene.read(try await spool.batches(), until: "0/1000")
                let counted = await spool.snapshot().gaps
                #expect(counted.keys.sorted() == ["spool-full"])
                #expect(counted["spool-full"]?.records == 2 && counted["spool-full"]?.seconds == 1.1)
            }
        }
    }

    @Test("full with block: the appender waits, goes on when something is deleted, and can be cancelled")
    func block() async throws {
        for store in ["disk", "memory"] {
            try await SpoolScene.inFolder { folder in
                var policy = Self.small
                policy.whenFull = .block
                let medium: @Sendable () throws(SpoolMediumFailure) -> any SpoolMedium = {
                    () throws(SpoolMediumFailure) in
                    if store == "disk" { return try DiskSegments(directory: folder) }
                    return MemorySegments()
                }
                try await SpoolScene.with(policy, medium: medium) { spool in
                    let appended = SpoolScene.Count()
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            for number in 1...100 {
                                try await spool.append(SpoolScene.batch(number, size: 1_000))
                                appended.set(number)
                            }
                        }
                        let batches = try await spool.batches()
                        while await !spool.snapshot().isBlocking { await Task.yield() }
                        #expect(appended.value < 40)
                        while let batch = try await batches.next(), let position = batch.position {
                            if SpoolScene.name(batch) == "0/100" { break }
                            try await spool.commit(position)
                        }
                        try await group.waitForAll()
                    }
                    await #expect(spool.snapshot().dropped == 0)
                    await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask {
                            for number in 101...200 { try await spool.append(SpoolScene.batch(number, size: 1_000)) }
                        }
                        while await !spool.snapshot().isBlocking { await Task.yield() }
                        group.cancelAll()
                        let error = await #expect(throws: SpoolError.self) { try await group.waitForAll() }
                        #expect(error?.kind == .stopped)
                    }
                    await #expect(!spool.snapshot().isBlocking, "nobody waits for it any more")
                }
            }
        }
    }

    @Test("in memory it is bounded, drops and accounts, and replays from the committed place, as on the disk")
    func memory() async throws {
        try await SpoolScene.with(Self.small, medium: { MemorySegments() }) { spool in
            var admitted = 0
            while try await spool.append(SpoolScene.batch(admitted + 1, size: 1_000)).dropped == 0 { admitted += 1 }
            await #expect(spool.snapshot().bytes <= Self.small.bytesMax)
            for _ in 0..<2 {
                let read = try await SpoolScene.read(try await spool.batches(), until: "gap spool-full")
                #expect(read.dropLast().map(SpoolScene.name) == (1...admitted).map { "0/\($0)" })
            }
            try await spool.commit(Position(spoolSequence: 5))
            let read = try await SpoolScene.read(try await spool.batches(), until: "gap spool-full")
            #expect(read.first.map(SpoolScene.name) == "0/6")
        }
    }

    @Test("two processes do not share a folder, and it is free when the first has stopped (one-owner)")
    func locked() async throws {
        try await SpoolScene.inFolder { folder in
            try await SpoolScene.with(folder: folder) { spool in
                try await spool.append(SpoolScene.batch(1))
                let error = await #expect(throws: SpoolError.self) {
                    try await SpoolScene.with(folder: folder) { _ in }
                }
                #expect(error?.kind == .locked && error?.description.contains(folder) == true)
            }
            #expect(try await SpoolScene.content(of: folder).names == ["0/1"])
        }
    }

    @Test("only the owner may read what is personal")
    func permissions() async throws {
        try await SpoolScene.inFolder { folder in
            try await SpoolScene.with(folder: folder + "/a/b") { spool in
                try await spool.append(SpoolScene.batch(1))
                try await spool.commit(Position(spoolSequence: 1))
                func mode(_ path: String) throws -> Int {
                    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
                }
                #expect(try mode(folder + "/a/b") == 0o700 && mode(folder) == 0o700)
                let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/a/b")
                #expect(names.contains("cursor") && names.count == 3)
                for name in names { #expect(try mode(folder + "/a/b/" + name) == 0o600, "\(name)") }
            }
        }
    }

    @Test("each folder that is made is durable before anything is made in it, and one that is there is left alone (C2)")
    func folders() async throws {
        try await SpoolScene.inFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            var synced: [String] = []
            func sync(_ path: String) throws(DurableFile.Failure) {
                synced.append(path)
                let below = FileManager.default.subpaths(atPath: folder)?.sorted()
                #expect(below == [["a"], ["a", "a/b"], ["a", "a/b", "a/b/c"]][synced.count - 1])
                try DurableFile.syncDirectory(path)
            }
            try DiskSegments(directory: folder + "/a//b/c/", sync: sync).close()
            #expect(synced == [folder, folder + "/a", folder + "/a//b"])
            try DiskSegments(directory: folder + "/a/b/c", sync: sync).close()
            #expect(synced.count == 3)
            // A name that is not durable holds nothing that is.
            let failure = #expect(throws: SpoolMediumFailure.self) {
                try DiskSegments(directory: folder + "/d/e") { (path) throws(DurableFile.Failure) in
                    throw DurableFile.Failure(operation: "sync folder", code: EIO)
                }
            }
            #expect(failure?.description.contains("sync folder") == true)
            #expect(!FileManager.default.fileExists(atPath: folder + "/d/e"))
        }
    }

    @Test(
        "the folder above another is found however that is written",
        arguments: [
            ("/a/b", "/a"), ("/a//b//", "/a"), ("/a", "/"), ("//a", "/"), ("a/b", "a"), ("a", "."), ("a/", "."),
            ("./a", "."), ("../a", ".."), ("/a/../b", "/a/.."),
        ]
    )
    func above(path: String, expected: String) {
        #expect(DurableFile.folder(above: path) == expected)
    }

    @Test("a folder that cannot be made, and a position of something else, are errors that say so")
    func errors() async throws {
        try await SpoolScene.inFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder))
            let error = await #expect(throws: SpoolError.self) {
                try await SpoolScene.with(folder: folder + "/below") { _ in }
            }
            #expect(error?.kind == .unavailable && error?.description.contains(folder + "/below") == true)
        }
        try await SpoolScene.with(medium: { MemorySegments() }) { spool in
            for position in [Position(spoolSequence: 1), Position(kind: .lastEventId, value: "0")] {
                let error = await #expect(throws: SpoolError.self) { try await spool.commit(position) }
                #expect(error?.kind == .foreignPosition)
            }
        }
    }
}

extension DiskSegments {
    /// Bytes of all segments in a folder.
    static func sizes(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".spool") }
            .reduce(0) { sum, name in
                let size = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.size] as? Int
                return sum + (size ?? 0)
            }
    }
}
