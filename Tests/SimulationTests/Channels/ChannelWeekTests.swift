import BridgeCore
import Testing

/// A week in virtual time: what is missing lies in gaps, and what overlaps comes once.
@Suite("A week of channels")
struct ChannelWeekTests {
    private static let lagHours = 3

    /// Events that did not come although no gap covers them, and how many came more than once.
    ///
    /// Events that look alike stand for each other: of those of one topic and body as many have to come as no gap covers.
    private static func audit(_ world: ChannelWorld) -> (lost: [String], doubled: Int, missing: Int) {
        struct Like: Hashable {
            var topic: String
            var body: String
        }
        var needed: [Like: Int] = [:]
        var sent: [Like: Int] = [:]
        var came: [Like: Int] = [:]
        var first: [Like: Instant] = [:]
        // What is still on its way at the end is nobody's yet.
        let end = world.now.advanced(by: .seconds(-300))
        let gaps = Dictionary(grouping: world.gaps.flatMap { gap in gap.topics.map { ($0, gap) } }, by: \.0)
        for (number, event) in world.server.events.enumerated() {
            let like = Like(topic: event.topic, body: event.body)
            first[like] = first[like] ?? event.sentAt
            sent[like, default: 0] += 1
            came[like, default: 0] += world.delivered[number] ?? 0
            let isCovered = (gaps[event.topic] ?? []).contains { _, gap in
                (gap.from.map { $0 <= event.sentAt } ?? true) && (gap.to.map { event.sentAt <= $0 } ?? true)
            }
            if !isCovered, event.sentAt < end { needed[like, default: 0] += 1 }
        }
        let lost = needed.filter { $0.value > came[$0.key] ?? 0 }.map { like, count in
            "\(like.topic) \(like.body) of \(first[like]!.nanoseconds / 1_000_000_000) s: \(came[like] ?? 0) of \(count)"
        }
        let doubled = sent.reduce(0) { $0 + max(0, (came[$1.key] ?? 0) - $1.value) }
        let missing = sent.reduce(0) { $0 + max(0, $1.value - (came[$1.key] ?? 0)) }
        return (lost.sorted(), doubled, missing)
    }

    /// The most instants within an hour.
    private static func perHour(_ instants: [Instant]) -> Int {
        var most = 0
        var start = 0
        for index in instants.indices {
            while instants[start].duration(to: instants[index]) > .seconds(3600) { start += 1 }
            most = max(most, index - start + 1)
        }
        return most
    }

    @Test(
        "a week of rollovers, announced closes and new tokens loses nothing that is not told, doubles nothing, and has no gap but a moment where two of them meet (C1, C3, C4)",
        arguments: UInt64(1)...4,
        [false, true]
    )
    func planned(seed: UInt64, isRedundant: Bool) {
        var policy = ChannelPolicy(pingInterval: .seconds(30))
        policy.isRedundant = isRedundant
        let world = ChannelWorld(seed: seed, faults: .init(), policy: policy)
        world.run()
        let audit = Self.audit(world)
        #expect(audit.lost == [], "seed \(seed)")
        #expect(audit.doubled == 0 && world.overtaken == 0, "seed \(seed)")
        #expect(world.fired["joining", default: 0] > 0, "seed \(seed)")
        #expect(world.gaps.first?.cause == .missingCheckpoint, "seed \(seed): \(world.gaps)")
        // A close that is announced while another rollover is under way may come a moment before its follower is live: that is told. In
        // eight weeks it was once, for 0.2 s.
        let lengths = world.gaps.dropFirst().compactMap { gap in
            gap.from.flatMap { from in gap.to.map { from.duration(to: $0) } }
        }
        #expect(lengths.count == world.gaps.count - 1 && lengths.count <= 1, "seed \(seed): \(world.gaps)")
        #expect(lengths.allSatisfy { $0 < .seconds(1) }, "seed \(seed): \(world.gaps)")
        #expect(world.fired["announced close", default: 0] > 10 && world.fired["token change", default: 0] > 5)
        #expect(world.createsAt.count > 30 && world.delivered.count > 15_000, "seed \(seed)")
        #expect(Self.perHour(world.createsAt) < 20, "seed \(seed)")
    }

    @Test(
        "in a week of closes, stalls, evictions, kills, slow disks and REST trouble whatever is missing lies in a gap (C1, C5, C6, C9)",
        arguments: UInt64(11)...20,
        [false, true]
    )
    func unplanned(seed: UInt64, isRedundant: Bool) {
        var policy = ChannelPolicy(pingInterval: .seconds(30))
        policy.isRedundant = isRedundant
        let faults = ChannelWorld.Faults(unplannedPerDay: 40, slowReadsPerDay: 60, restFailure: 0.15)
        let world = ChannelWorld(seed: seed, faults: faults, policy: policy)
        world.run()
        let audit = Self.audit(world)
        #expect(audit.lost == [] && world.overtaken == 0, "seed \(seed)")
        for fault in [
            "abrupt close", "close", "stall", "eviction", "kill", "slow read", "REST failure", "announced close",
            "token change",
        ] {
            #expect(world.fired[fault, default: 0] > 0, "seed \(seed): no \(fault)")
        }
        #expect(audit.missing > 0, "seed \(seed): nothing was missed, so nothing was tested")
        // Gaps are no excuse: most of the week is covered.
        let length = world.gaps.compactMap { gap in
            gap.topics.contains("t0")
                ? gap.from.flatMap { from in gap.to.map { from.duration(to: $0).inSeconds } } : nil
        }
        #expect(length.reduce(0, +) < 7 * 86_400 / 4, "seed \(seed)")
        #expect(Self.perHour(world.createsAt) < 120 && Self.perHour(world.dialsAt) < 240, "seed \(seed)")
        #expect(Self.perHour(world.callsAt) < 600, "seed \(seed)")
        #expect(audit.doubled < world.server.events.count / 200, "seed \(seed): \(audit.doubled) came twice")
    }

    @Test(
        "what a server drops on a living socket lies in a gap where it drops the answer to a ping as well (C1)",
        arguments: UInt64(31)...38,
        [false, true]
    )
    func hushes(seed: UInt64, isRedundant: Bool) {
        var policy = ChannelPolicy()
        policy.isRedundant = isRedundant
        var faults = ChannelWorld.Faults(unplannedPerDay: 10, slowReadsPerDay: 20)
        faults.hushesPerDay = 20
        let world = ChannelWorld(seed: seed, faults: faults, policy: policy)
        world.run()
        let audit = Self.audit(world)
        #expect(audit.lost == [], "seed \(seed)")
        // One of two sockets drops an event, goes on, and the other one brings it then: late is better than never.
        #expect(world.overtaken <= 3, "seed \(seed)")
        #expect(world.fired["hush", default: 0] > 50 && world.fired["dropped", default: 0] > 50, "seed \(seed)")
        #expect(world.fired["suspect", default: 0] > 20, "seed \(seed)")
        #expect(Self.perHour(world.createsAt) < 60, "seed \(seed)")
    }

    /// Sockets that lag by up to two seconds, each by its own, and bodies that look alike for five seconds, or for ever.
    private static func lagging(seed: UInt64, unplannedPerDay: Double, isRedundant: Bool, hours: Int) -> ChannelWorld {
        var policy = ChannelPolicy(pingInterval: .seconds(seed % 2 == 0 ? 1 : 5))
        policy.isRedundant = isRedundant
        policy.evictionsPerHourMax = 60
        var faults = ChannelWorld.Faults(unplannedPerDay: unplannedPerDay, lagSecondsMax: 2)
        faults.planned = false
        let isLasting = seed % 4 < 2
        let pace = ChannelWorld.Pace(
            eventSecondsMax: isLasting ? 0.7 : 0.17,
            sameShare: isLasting ? 0.3 : 1,
            sameSeconds: isLasting ? 1_000_000 : 5,
            channelSeconds: 160,
            heartbeatSeconds: 1.9...2
        )
        let world = ChannelWorld(seed: seed, faults: faults, pace: pace, policy: policy)
        world.run(for: .seconds(hours * 3600))
        return world
    }

    @Test(
        "where sockets lag and events look alike, planned rollovers lose and double nothing and leave no gap (C3, C4)",
        arguments: UInt64(41)...44,
        [false, true]
    )
    func lags(seed: UInt64, isRedundant: Bool) {
        let world = Self.lagging(seed: seed, unplannedPerDay: 0, isRedundant: isRedundant, hours: Self.lagHours)
        let audit = Self.audit(world)
        #expect(
            audit.lost == [] && audit.doubled == 0 && world.overtaken == 0,
            "seed \(seed): \(audit.lost), \(audit.doubled) twice, \(world.overtaken) overtaken"
        )
        #expect(world.gaps.count == 1, "seed \(seed): \(world.gaps.dropFirst())")
        #expect(world.createsAt.count > 25 * Self.lagHours, "seed \(seed)")
    }

    @Test(
        "where sockets lag and events look alike, what closes, stalls, evictions and kills lose lies in a gap (C1, C3)",
        arguments: UInt64(51)...54,
        [false, true]
    )
    func lagsAndLosses(seed: UInt64, isRedundant: Bool) {
        let world = Self.lagging(seed: seed, unplannedPerDay: 1000, isRedundant: isRedundant, hours: Self.lagHours)
        let audit = Self.audit(world)
        #expect(audit.lost == [] && world.overtaken == 0, "seed \(seed): \(audit.lost), \(world.overtaken) overtaken")
        #expect(audit.missing > 0, "seed \(seed): nothing was missed, so nothing was tested")
        #expect(audit.doubled < world.server.events.count / 200, "seed \(seed): \(audit.doubled) came twice")
    }

    @Test(
        "where no ping is answered, planned rollovers leave no gap either, and losses longer ones (C1, C4)",
        arguments: UInt64(21)...23
    )
    func withoutPongs(seed: UInt64) {
        var faults = ChannelWorld.Faults(unplannedPerDay: 10, slowReadsPerDay: 5)
        faults.answersPings = false
        let world = ChannelWorld(seed: seed, faults: faults)
        world.run()
        #expect(Self.audit(world).lost == [], "seed \(seed)")
        #expect(world.fired["stall", default: 0] > 0)
    }
}
