import Foundation
import GenesysSimulator
import Testing

/// `tail` of the public API's channels, as a process: what it prints is what the simulator says it made, but for what lies in a gap.
@Suite("The command tail", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct ChannelTailTests {
    private static let secret = "a-secret-nobody-may-see"
    private static let milliseconds = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// An organization, and a process that prints its presence events.
    private struct World {
        let simulator: GenesysSimulator
        let tail: RunningProcess

        /// The numbers that were printed of each topic, in order.
        var printed: [String: [Int]] {
            struct Event: Decodable { var topicName: String }
            var result: [String: [Int]] = [:]
            let lines = self.tail.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            for line in lines {
                guard let event = try? JSONDecoder().decode(Event.self, from: Data(line.utf8)),
                    let number = ChannelEventSequence.read(Array(line.utf8))
                else {
                    Issue.record("not an event: \(line.prefix(200))")
                    continue
                }
                result[event.topicName, default: []].append(number)
            }
            return result
        }

        /// The gaps that were told, but for that before the beginning.
        var gaps: [ClosedRange<Int>] {
            get throws {
                let told = self.tail.errors.split(separator: "\n").filter {
                    $0.contains("a gap is recorded") && !$0.contains("cause=missing-checkpoint")
                }
                return try told.map { line in
                    func time(_ name: String) throws -> Int {
                        let found = try #require(
                            line.split(separator: " ").first { $0.hasPrefix("\(name)=") },
                            "\(line)"
                        )
                        let date = try ChannelTailTests.milliseconds.parse(String(found.dropFirst(name.count + 1)))
                        return Int((date.timeIntervalSince1970 * 1000).rounded())
                    }
                    return try time("from")...time("to")
                }
            }
        }

        var snapshot: ChannelsSnapshot {
            get async throws { try await self.simulator.channelsSnapshot(tenant: "acme") }
        }

        /// Waits until something of each topic was printed that was made after now.
        func progresses() async throws {
            let before = Dictionary(
                try await self.snapshot.topics.map { ($0.topic, $0.produced) },
                uniquingKeysWith: max
            )
            try await eventually("an event of each topic") {
                let printed = self.printed
                return before.allSatisfy { (printed[$0.key]?.last ?? -1) >= $0.value }
            }
        }
    }

    private func with(_ body: (World) async throws -> Void) async throws {
        try await GenesysSimulator.withOrganization(secret: Self.secret, eventsPerSecond: 20) { simulator in
            let url = "http://127.0.0.1:\(simulator.port)"
            let tail = try RunningProcess(
                ["tail", "--protocol", "channels", "--login", url, "--api", url, "--client-id", "client"]
                    + ["--topic", "v2.users.{user}.presence"],
                environment: ["GENESYS_CLIENT_SECRET": Self.secret]
            )
            let world = World(simulator: simulator, tail: tail)
            try await eventually("topics") { try await !world.snapshot.topics.isEmpty }
            try await world.progresses()
            try await body(world)
            #expect(!tail.errors.contains(Self.secret))
            for channel in try await world.snapshot.channels {
                #expect(!tail.errors.contains(channel.id), "a channel's id is a credential")
            }
        }
    }

    /// Stops making events, waits for the last ones, and returns which are missing of each topic, and which came twice.
    private func finish(_ world: World) async throws -> (missing: [String: [Int]], repeated: Int) {
        try await world.simulator.stopProducing()
        let topics = try await world.snapshot.topics
        try await eventually("the last event of each topic") {
            let printed = world.printed
            return topics.allSatisfy { printed[$0.topic]?.max() == $0.produced - 1 }
        }
        world.tail.signal(SIGTERM)
        #expect(try await world.tail.ended() == 0)
        var missing: [String: [Int]] = [:]
        var repeated = 0
        for (topic, numbers) in world.printed {
            let known = Set(numbers)
            repeated += numbers.count - known.count
            #expect(numbers.count != known.count || numbers == numbers.sorted(), "\(topic) is out of order")
            let absent = (numbers[0]...numbers.max()!).filter { !known.contains($0) }
            if !absent.isEmpty { missing[topic] = absent }
        }
        return (missing, repeated)
    }

    @Test("a socket that is closed on purpose is followed before it closes: nothing is missing, repeated or a gap (C4)")
    func planned() async throws {
        try await self.with { world in
            for turn in 1...2 {
                try await world.simulator.inject(.socketClosing(leadMilliseconds: 60_000, warns: true))
                try await eventually("a socket that was left for another one") {
                    try await world.snapshot.connections.count { $0.endedMilliseconds != nil } == turn
                }
                try await world.progresses()
            }
            let (missing, repeated) = try await self.finish(world)
            let snapshot = try await world.snapshot
            #expect(snapshot.faultsFired["socketClosing"] == 2 && snapshot.violations.isEmpty, "\(snapshot.violations)")
            #expect(missing.isEmpty && repeated == 0, "missing \(missing), repeated \(repeated)")
            #expect(try world.gaps.isEmpty)
        }
    }

    @Test(
        "what is missing around a socket that was reset lies within a gap that was told, and nothing else is (C1, C5)"
    )
    func unplanned() async throws {
        try await self.with { world in
            for turn in 1...3 {
                try await world.simulator.inject(turn == 2 ? .channelDeleted : .channelReset)
                try await eventually("a gap for each loss") { try world.gaps.count >= turn }
                try await world.progresses()
            }
            let (missing, repeated) = try await self.finish(world)
            let fired = try await world.snapshot.faultsFired
            #expect(fired["channelReset"] == 2 && fired["channelDeleted"] == 1, "\(fired)")
            #expect(repeated == 0)
            #expect(!missing.isEmpty, "a fault that loses nothing proves nothing")
            let gaps = try world.gaps
            for (topic, numbers) in missing {
                let times = try await world.simulator.channelEventTimes(
                    topic: topic,
                    sequences: numbers,
                    tenant: "acme"
                )
                for (number, time) in zip(numbers, times) {
                    let time = try #require(time)
                    #expect(
                        gaps.contains { $0.contains(time) },
                        "\(topic) \(number), made at \(time), is in no gap: \(gaps)"
                    )
                }
            }
        }
    }

    @Test("prints so many events of a stream as were asked for, and ends")
    func stream() async throws {
        try await GenesysSimulator.withOrganization(secret: Self.secret, eventsPerSecond: 20) { simulator in
            let url = "http://127.0.0.1:\(simulator.port)"
            let tail = try RunningProcess(
                ["tail", "--protocol", "stream", "--login", url, "--api", url, "--client-id", "client"]
                    + ["--topic", "routing.queueEvents", "--events", "7"],
                environment: ["GENESYS_CLIENT_SECRET": Self.secret]
            )
            #expect(try await tail.ended() == 0)
            let lines = tail.output.split(separator: "\n")
            #expect(lines.count == 7 && lines.allSatisfy { $0.hasPrefix("{\"eventId\":") }, "\(tail.output)")
            #expect(!tail.errors.contains(Self.secret))
        }
    }

    @Test("a signal ends it also while it has no token, of which it says why", arguments: ["stream", "channels"])
    func refused(dialect: String) async throws {
        try await GenesysSimulator.withOrganization(secret: Self.secret, eventsPerSecond: 1) { simulator in
            let url = "http://127.0.0.1:\(simulator.port)"
            let topic = dialect == "stream" ? "routing.queueEvents" : "v2.users.{user}.presence"
            let tail = try RunningProcess(
                ["tail", "--protocol", dialect, "--login", url, "--api", url, "--client-id", "client"]
                    + ["--topic", topic],
                environment: ["GENESYS_CLIENT_SECRET": "not-\(Self.secret)"]
            )
            try await eventually("the reason") { tail.errors.contains("no token from") }
            tail.signal(SIGTERM)
            #expect(try await tail.ended() == 0)
            #expect(tail.output.isEmpty && !tail.errors.contains(Self.secret), "\(tail.errors)")
        }
    }

    @Test(
        "says what is wrong with how it was called",
        arguments: [
            (["--region", "mypurecloud.com", "--topic", "a"], 78, "there is no client secret"),
            (["--topic", "a"], 64, "Give --region"), (["--region", "mypurecloud.com"], 64, "at least one --topic"),
            (["--login", "https://a", "--topic", "a"], 64, "--login and --api go together"),
            (["--region", "mypurecloud.com", "--topic", "v2.users.{team}.presence"], 64, "placeholder"),
        ]
    )
    func usage(arguments: [String], status: Int32, words: String) async throws {
        let dialect = arguments.contains("v2.users.{team}.presence") ? "channels" : "stream"
        let tail = try RunningProcess(
            ["tail", "--protocol", dialect, "--client-id", "c"] + arguments,
            environment: ["GENESYS_CLIENT_SECRET": ""]
        )
        #expect(try await tail.ended() == status)
        #expect(tail.errors.contains(words), "\(tail.errors)")
    }
}
