import Foundation
import NIOCore
import Testing

@testable import GenesysSimulator

@Suite
struct EventLogTests {
    @Test(arguments: [1, 2, 3, 7, 8, 30, 64, 101])
    func `every block holds each resource once, so key sequences are dense`(resourceCount: Int) {
        let series = EventSeries(hash: SeededHash(seed: 5), resourceCount: resourceCount)
        var next = Array(repeating: 0, count: resourceCount)
        for sequence in 0..<resourceCount * 5 + 3 {
            for resource in 0..<resourceCount {
                #expect(series.keySequenceEnd(of: resource, before: sequence) == next[resource])
            }
            let resource = series.resource(of: sequence)
            #expect(series.keySequence(of: sequence, resource: resource) == next[resource])
            next[resource] += 1
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `resources come and go, and every key sequence stays dense, whatever the seed`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var series = EventSeries(hash: SeededHash(seed: seed), resourceCount: 4)
        var living = [0, 1, 2, 3]
        var known = 4
        var next = [0, 0, 0, 0]
        var log: [Int] = []
        for _ in 0..<20 {
            for sequence in log.count..<log.count + Int.random(in: 0...11, using: &generator) {
                let resource = series.resource(of: sequence)
                #expect(living.contains(resource))
                #expect(series.keySequence(of: sequence, resource: resource) == next[resource])
                next[resource] += 1
                log.append(resource)
            }
            for resource in 0..<known {
                #expect(series.keySequenceEnd(of: resource, before: log.count) == next[resource])
            }
            if Bool.random(using: &generator) || living.count == 1 {
                living.append(known)
                next.append(0)
                known += 1
            } else {
                living.remove(at: Int.random(in: 0..<living.count, using: &generator))
            }
            series.beginEpoch(at: log.count, resources: living)
        }
        #expect(log.indices.allSatisfy { series.resource(of: $0) == log[$0] }, "what was before never changes")
        var ends = Array(repeating: 0, count: known)
        for (sequence, resource) in log.enumerated() {
            #expect(series.keySequenceEnd(of: resource, before: sequence) == ends[resource])
            #expect(series.keySequence(of: sequence, resource: resource) == ends[resource])
            ends[resource] += 1
        }
    }

    @Test(arguments: EventAlteration.allCases)
    func `an altered event lacks one thing, has its size, and leaves its neighbours as they are (S2.8)`(
        alteration: EventAlteration
    ) throws {
        var writer = self.writer()
        var whole = ByteBuffer()
        _ = writer.writeBatch(0..<9, number: 1, filter: self.everything(), into: &whole)
        let isAltered = [writer.alter(4, alteration), writer.alter(4, .withoutName)]
        #expect(isAltered == [true, false], "an event is altered once")
        var altered = ByteBuffer()
        _ = writer.writeBatch(0..<9, number: 1, filter: self.everything(), into: &altered)
        #expect(altered.readableBytes == whole.readableBytes)
        func events(_ buffer: ByteBuffer) throws -> [NSDictionary] {
            try #require(try json(String(buffer: buffer))["events"] as? [NSDictionary])
        }
        let (before, after) = (try events(whole), try events(altered))
        for index in 0..<9 where index != 4 { #expect(before[index] == after[index]) }
        let missing = Set(before[4].allKeys.compactMap { $0 as? String })
            .subtracting(after[4].allKeys.compactMap { $0 as? String })
        switch alteration {
        case .unsubscribed: #expect(missing == [] && after[4]["event"] as? String == "simulator.unsubscribed")
        case .withoutName: #expect(missing == ["event"])
        case .withoutResource: #expect(missing == ["resourceId"])
        case .withoutIdentifier: #expect(missing == ["eventId"])
        }
        let body = try #require(after[4]["eventBody"] as? [String: Any])
        #expect(body["sequence"] as? Int == 4)
    }

    @Test func `the order of the resources changes from block to block`() {
        let series = EventSeries(hash: SeededHash(seed: 5), resourceCount: 30)
        let first = (0..<30).map { series.resource(of: $0) }
        #expect((1..<10).contains { block in (0..<30).map { series.resource(of: block * 30 + $0) } != first })
    }

    private func writer(_ adjust: (inout SimulatorConfiguration) -> Void = { _ in }) -> EventWriter {
        var configuration = SimulatorConfiguration(tenants: [acme])
        adjust(&configuration)
        return EventWriter(tenant: acme, configuration: configuration)
    }

    private func everything() -> SubscriptionFilter {
        let subscriptions = Set(acme.resources.map(\.event)).map { Subscription(event: $0) }
        return SubscriptionFilter(subscriptions, resources: ResourceTable(acme.resources))
    }

    @Test(arguments: [611, 700, 5_000])
    func `every event is JSON of the size that was set, whatever the digits of its sequence`(size: Int) throws {
        var writer = self.writer { $0.eventBytes = size }
        let filter = self.everything()
        for start in [0, 5, 95, 9_998, 999_999, 123_456_789_012] {
            var buffer = ByteBuffer()
            let sequences = start..<start + 12
            #expect(writer.writeBatch(sequences, number: 1, filter: filter, into: &buffer) == 12)
            let batch = try Batch(Array(buffer.readableBytesView))
            #expect(batch.sequences == Array(sequences))
            #expect(batch.events.allSatisfy { $0.count == size }, "sizes \(batch.events.map(\.count))")
            #expect(batch.position.flatMap { writer.next(from: .lastEventId($0)) } == sequences.upperBound)
        }
    }

    @Test func `every so many-th event is a large one, wherever its batch begins`() throws {
        var writer = self.writer { $0.largeEvents = LargeEvents(interval: 5, bytes: 20_000) }
        for start in [0, 3, 4, 1_000] {
            var buffer = ByteBuffer()
            #expect(writer.writeBatch(start..<start + 7, number: 1, filter: self.everything(), into: &buffer) == 7)
            let sizes = try Batch(Array(buffer.readableBytesView)).events.map(\.count)
            #expect(sizes == (start..<start + 7).map { $0 % 5 == 4 ? 20_000 : 611 })
        }
    }

    @Test func `the bytes of an event do not depend on its batch, its stream or its writer`() throws {
        let filter = self.everything()
        var whole = ByteBuffer()
        var writer = self.writer()
        _ = writer.writeBatch(0..<200, number: 1, filter: filter, into: &whole)
        let events = try Batch(Array(whole.readableBytesView)).events
        var other = self.writer()
        for sequence in [199, 3, 100, 0] {
            var buffer = ByteBuffer()
            _ = other.writeBatch(sequence..<sequence + 1, number: 9, filter: filter, into: &buffer)
            #expect(try Batch(Array(buffer.readableBytesView)).events == [events[sequence]])
        }
    }

    @Test func `another seed and another tenant have other events`() throws {
        let filter = self.everything()
        var bytes: [ByteBuffer] = []
        for (seed, name) in [(UInt64(1), "acme"), (2, "acme"), (1, "bolt")] {
            var tenant = acme
            tenant.name = name
            var configuration = SimulatorConfiguration(tenants: [tenant])
            configuration.seed = seed
            var writer = EventWriter(tenant: tenant, configuration: configuration)
            var buffer = ByteBuffer()
            _ = writer.writeBatch(0..<10, number: 1, filter: filter, into: &buffer)
            bytes.append(buffer)
        }
        #expect(Set(bytes).count == 3)
    }

    @Test func `identifiers are version 4 UUIDs and do not repeat`() throws {
        let hash = SeededHash(seed: 9)
        let texts = (0..<5_000).map { UniqueIdentifier(hash: hash, number: $0).text }
        #expect(Set(texts).count == 5_000)
        for text in texts.prefix(100) {
            let uuid = try #require(UUID(uuidString: text))
            #expect(uuid.uuidString.lowercased() == text)
            #expect(text.dropFirst(14).first == "4" && "89ab".contains(text.dropFirst(19).first!))
        }
    }

    @Test(arguments: [0, 1, 999, 59_999, 60_000, 86_400_000, 5_000_000_000, 900_000_000_000, 14_000_000_000_000])
    func `logical time is written as Foundation writes it, and read back`(sequence: Int) throws {
        var time = LogicalTime(startMilliseconds: 1_795_428_000_000)
        let text = time.text(sequence)
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        let date = Date(timeIntervalSince1970: Double(1_795_428_000_000 + sequence) / 1_000)
        #expect(text == formatter.string(from: date))
        #expect(time.sequence(from: text) == sequence)
        #expect(time.sequence(from: text + " ") == nil)
    }

    @Test(arguments: [
        "", "x", "2026-11-23T09:59:59.999Z", "2026-11-31T10:00:00.000Z", "2026-11-23T10:00:00Z", "0-0-0-0-0-0-0",
    ])
    func `what is no timestamp of the log is no position`(text: String) {
        #expect(LogicalTime(startMilliseconds: 1_795_428_000_000).sequence(from: text) == nil)
    }

    @Test(arguments: [true, false])
    func `positions are read back exactly, and nothing else is`(awkward: Bool) {
        let codec = PositionCodec(tenant: "a.b", hash: SeededHash(seed: 3), awkward: awkward)
        for next in [0, 1, 77, 1_000_000_007] {
            let position = codec.position(next: next)
            #expect(codec.next(from: position) == next)
            for index in position.unicodeScalars.indices {
                var changed = position.unicodeScalars
                changed.remove(at: index)
                #expect(codec.next(from: String(changed)) == nil)
            }
            #expect(codec.next(from: position.decomposedStringWithCanonicalMapping) == (awkward ? nil : next))
        }
        let other = PositionCodec(tenant: "other", hash: SeededHash(seed: 3), awkward: awkward)
        #expect(codec.next(from: other.position(next: 5)) == nil)
    }

    @Test func `awkward positions need escapes in JSON and encoding in URLs`() throws {
        let codec = PositionCodec(tenant: "a", hash: SeededHash(seed: 3), awkward: true)
        let position = codec.position(next: 12)
        for character in "\"é/+=&%\\ \t😀" { #expect(position.contains(character)) }
        let text = JSONText.string(position)
        #expect(text.contains(#"\ud83d\ude00"#) && text.contains(#"\/"#) && text.contains(#"\t"#))
        #expect(try JSONDecoder().decode(String.self, from: Data(text.utf8)) == position)
    }
}
