import Foundation
import GenesysSimulator
import Testing

/// What comes on a channel's socket, and the account of it.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ChannelSocketTests {
    private static func fast(_ configuration: inout SimulatorConfiguration) {
        configuration.channels.eventsPerSecondDefault = 200
    }

    @Test func `each message is one event of a subscribed topic, numbered from 0`() async throws {
        try await withSimulator(acme, Self.fast) { simulator in
            let topics = [presence(0), "v2.routing.queues.\(queues[0]).conversations"]
            try await withChannel(simulator, topics) { _, socket in
                var next: [String: Int] = [:]
                for _ in 0..<40 {
                    let message = try #require(try await socket.message())
                    let topic = try json(String(decoding: message, as: UTF8.self)).topicName
                    let sequence = try #require(ChannelEventSequence.read(message))
                    // What came to be before the socket was there is lost.
                    #expect(sequence == next[topic] ?? sequence)
                    next[topic] = sequence + 1
                    let truth = try await simulator.channelEvent(topic: topic, sequence: sequence, tenant: "acme")
                    #expect(truth == message)
                }
                #expect(Set(next.keys) == Set(topics))
            }
        }
    }

    @Test func `the events of a combined topic come under the names of its leaves, each once`() async throws {
        func adjust(_ configuration: inout SimulatorConfiguration) {
            Self.fast(&configuration)
            configuration.channels.acceptsCombinedTopics = true
        }
        try await withSimulator(acme, adjust) { simulator in
            let topics = [presence(0), "v2.users.\(users[0]).routingStatus"]
            try await withChannel(simulator, ["v2.users.\(users[0])?presence&routingStatus", presence(0)]) {
                _,
                socket in
                var next: [String: Int] = [:]
                for _ in 0..<40 {
                    let message = try #require(try await socket.message())
                    let topic = try json(String(decoding: message, as: UTF8.self)).topicName
                    let sequence = try #require(ChannelEventSequence.read(message))
                    #expect(sequence == next[topic] ?? sequence)
                    next[topic] = sequence + 1
                }
                #expect(Set(next.keys) == Set(topics))
            }
        }
    }

    @Test func `times are real where that is set, and the same for whoever asks again`() async throws {
        func adjust(_ configuration: inout SimulatorConfiguration) {
            Self.fast(&configuration)
            configuration.channels.timesAreReal = true
        }
        try await withSimulator(acme, adjust) { simulator in
            try await withChannel(simulator, [presence(0)]) { _, socket in
                let (sequence, bytes) = try await socket.event(presence(0))
                let times = try await simulator.channelEventTimes(
                    topic: presence(0),
                    sequences: [sequence],
                    tenant: "acme"
                )
                let body = try json(String(decoding: bytes, as: UTF8.self))["eventBody"] as? [String: Any]
                let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
                let date = try style.parse(try #require(body?["modifiedDate"] as? String))
                #expect(times == [Int((date.timeIntervalSince1970 * 1000).rounded())])
                #expect(abs(date.timeIntervalSinceNow) < 60)
                let truth = try await simulator.channelEvent(topic: presence(0), sequence: sequence, tenant: "acme")
                #expect(truth == bytes)
            }
        }
    }

    @Test func `without a limit topics take turns, and wait for a client that is slow`() async throws {
        func adjust(_ configuration: inout SimulatorConfiguration) {
            configuration.channels.isUnlimited = true
            configuration.channels.unreadBytesMax = 1 << 20
        }
        try await withSimulator(acme, adjust) { simulator in
            let topics = [presence(0), "v2.routing.queues.\(queues[0]).conversations"]
            try await withChannel(simulator, topics) { _, socket in
                // The kernel's buffers and the simulator's are full.
                while true {
                    let snapshot = try await simulator.channelsSnapshot(tenant: "acme")
                    if snapshot.millisecondsHeldBack >= 50 || snapshot.connectionsOverrun > 0 { break }
                    try await Task.sleep(for: .milliseconds(5))
                }
                for number in 0..<2_000 {
                    let message = try #require(try await socket.message())
                    #expect(ChannelEventSequence.read(message) == number / 2)
                    // Parsed once in a while: it is what takes the time.
                    guard number.isMultiple(of: 100) else { continue }
                    let topic = try json(String(decoding: message, as: UTF8.self)).topicName
                    #expect(topics.contains(topic))
                }
            }
            let snapshot = try await simulator.channelsSnapshot(tenant: "acme")
            #expect(snapshot.connectionsOverrun == 0)
            #expect(snapshot.topics.allSatisfy { $0.lost.isEmpty })
        }
    }

    @Test func `every channel that is subscribed gets the same bytes, others nothing`() async throws {
        try await withSimulator(acme, Self.fast) { simulator in
            let token = try await token(simulator)
            try await withChannel(simulator, token: token, [presence(0)]) { _, first in
                try await withChannel(simulator, token: token, [presence(0), presence(1)]) { _, second in
                    let start = try await second.event(presence(0))
                    var copy = try await first.event(presence(0))
                    while copy.sequence < start.sequence { copy = try await first.event(presence(0)) }
                    #expect(copy.sequence == start.sequence && copy.bytes == start.bytes)
                    for _ in 0..<20 {
                        #expect(try await first.object()?.topicName == presence(0))
                    }
                }
            }
            let topic = try #require(try await simulator.channelsSnapshot(tenant: "acme").topics.first)
            #expect(topic.copiesSent > topic.sent.reduce(0) { $0 + $1[1] - $1[0] })
        }
    }

    @Test func `events are lost while nobody is connected, and the account says which`() async throws {
        try await withSimulator(acme, Self.fast) { simulator in
            let token = try await token(simulator)
            let channel = try await createChannel(simulator, token: token)
            try await subscribe(simulator, channel, [presence(0)], token: token)
            func topic() async throws -> TopicSnapshot {
                try #require(try await simulator.channelsSnapshot(tenant: "acme").topics.first)
            }
            try await until { try await topic().produced > 3 }
            let first = try await withSocket(simulator, channel) { socket in
                try await socket.event(presence(0)).sequence
            }
            try await until { try await topic().lost.count == 2 }
            let second = try await withSocket(simulator, channel) { try await $0.event(presence(0)).sequence }
            try await simulator.stopProducing()
            let truth = try await topic()
            #expect(truth.lost[0][..<2] == [0, first] && truth.sent[0][0] == first)
            #expect(truth.lost[1][0] == truth.sent[0][1] && truth.lost[1][1] == second)
            #expect(truth.lost[1][2] <= truth.lost[1][3])
            let all = (truth.sent.map { $0[0]..<$0[1] } + truth.lost.map { $0[0]..<$0[1] })
                .sorted { $0.lowerBound < $1.lowerBound }
            #expect(zip(all, all.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
            #expect(all.first?.lowerBound == 0 && all.last?.upperBound == truth.produced)
            let times = try await simulator.channelEventTimes(
                topic: presence(0),
                sequences: [0, first - 1, first, truth.produced - 1],
                tenant: "acme"
            ).compactMap { $0 }
            #expect(times.count == 4 && times == times.sorted())
            #expect(times[0] == truth.lost[0][2] && times[1] == truth.lost[0][3])
        }
    }

    @Test func `heartbeats come at their interval, and pings are answered`() async throws {
        try await withSimulator(acme, { $0.channels.heartbeatIntervalMilliseconds = 20 }) { simulator in
            try await withChannel(simulator) { _, socket in
                for _ in 0..<3 {
                    let heartbeat = try #require(try await socket.message())
                    #expect(
                        String(decoding: heartbeat, as: UTF8.self)
                            == #"{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}"#
                    )
                }
                try await socket.sendFrame(opcode: 1, Array(#"{ "message" : "ping" }"#.utf8))
                _ = try await socket.object { ($0["eventBody"] as? [String: String])?["message"] == "pong" }
                try await socket.sendFrame(opcode: 9, [1, 2, 3])
                while socket.pongs.isEmpty { _ = try await socket.message() }
                #expect(socket.pongs == [[1, 2, 3]])
                let snapshot = try await simulator.channelsSnapshot(tenant: "acme")
                #expect(snapshot.pingsAnswered == 1 && snapshot.connections[0].heartbeatsSent >= 3)
                #expect(snapshot.violations.isEmpty)
            }
        }
    }

    @Test func `what a client must not say is recorded`() async throws {
        try await withSimulator { simulator in
            try await withChannel(simulator) { _, socket in
                try await socket.sendFrame(opcode: 1, Array("hello".utf8))
                try await socket.sendFrame(opcode: 2, [1])
                try await socket.sendFrame(opcode: 1, Array("x".utf8), isMasked: false)
                #expect(try await socket.message() == nil && socket.closeCode == 1002)
                let violations = try await simulator.channelsSnapshot(tenant: "acme").violations
                #expect(violations == ["dataFrame": 2, "unmaskedFrame": 1])
            }
        }
    }

    @Test func `a client's close is answered, and the channel can be connected to again`() async throws {
        try await withSimulator { simulator in
            let channel = try await withChannel(simulator) { channel, socket in
                try await socket.sendClose(1000)
                #expect(try await socket.message() == nil && socket.closeCode == 1000)
                return channel
            }
            try await until {
                let connection = try await simulator.channelsSnapshot(tenant: "acme").connections[0]
                return connection.endedMilliseconds != nil && connection.clientCloseCode == 1000
            }
            try await withSocket(simulator, channel) { _ in }
        }
    }

    @Test func `topics of analytics publish once a second at the most`() async throws {
        let topic = "v2.analytics.queues.\(queues[0]).observations"
        try await withSimulator(acme, Self.fast) { simulator in
            try await withChannel(simulator, [topic, presence(0)]) { _, socket in
                _ = try await socket.event(topic)
                let before = try await socket.event(presence(0)).sequence
                _ = try await socket.event(topic)
                let times = try await simulator.channelEventTimes(topic: topic, sequences: [0, 1], tenant: "acme")
                    .compactMap { $0 }
                #expect(times.count == 2 && times[1] - times[0] >= 900)
                #expect(try await socket.event(presence(0)).sequence > before + 50)
            }
        }
    }

    @Test func `users and queues that are not there make no events, and rates can be ordered`() async throws {
        // So slow that the order of another rate must not wait for the next event.
        try await withSimulator(acme, { $0.channels.eventsPerSecondDefault = 0.001 }) { simulator in
            let stranger = "v2.users.00000000-0000-4000-8000-000000000000.presence"
            try await withChannel(simulator, [stranger, presence(0), presence(1)]) { _, socket in
                let body = #"{"tenant":"acme","template":"v2.users.{id}.presence","eventsPerSecond":500}"#
                try await order(simulator, "channels/rate", body)
                _ = try await socket.event(presence(0))
                try await simulator.deleteResource(users[0], tenant: "acme")
                func produced(_ name: String) async throws -> Int? {
                    try await simulator.channelsSnapshot(tenant: "acme").topics.first { $0.topic == name }?.produced
                }
                // The event that was due already may still come.
                for _ in 0..<20 { _ = try await socket.event(presence(1)) }
                let end = try await produced(presence(0))
                for _ in 0..<50 { _ = try await socket.event(presence(1)) }
                #expect(try await produced(presence(0)) == end)
                #expect(try await produced(stranger) == 0)
                try await order(simulator, "stop", "{}")
                let last = try await produced(presence(1))
                let user = SimulatedResource(event: "user.presence", resourceId: users[0])
                try await simulator.createResource(user, tenant: "acme")
                #expect(try await produced(presence(1)) == last)
                try await simulator.setTopicRate(500)
                _ = try await socket.event(presence(0))
            }
        }
    }

    @Test func `a client that does not read is reset`() async throws {
        func adjust(_ configuration: inout SimulatorConfiguration) {
            configuration.channels.eventsPerSecondDefault = 2_000
            configuration.channels.unreadBytesMax = 1 << 16
        }
        try await withSimulator(acme, adjust) { simulator in
            let topics = queues.map { "v2.routing.queues.\($0).conversations" }
            try await withChannel(simulator, topics) { _, socket in
                try await until {
                    try await simulator.channelsSnapshot(tenant: "acme").connectionsOverrun == 1
                }
            }
        }
    }

    @Test func `snapshots, times and faults go over the control endpoint`() async throws {
        try await withSimulator(acme, Self.fast) { simulator in
            try await withChannel(simulator, [presence(0)]) { channel, socket in
                _ = try await socket.event(presence(0))
                let response = try await RawConnection.open(port: simulator.port) {
                    try await $0.request("GET", "/simulator/channels")
                }
                #expect(response.status == 200)
                #expect(response.body.contains(presence(0)) && response.body.contains(channel.id))
                let body = #"{"tenant":"acme","topic":"\#(presence(0))","sequences":[0,1000000]}"#
                let times = try await order(simulator, "channels/times", body)
                #expect(try json(times.body)["milliseconds"] is [Any])
                let other = #"{"fault":"channelClosed","channel":"streaming-0-other"}"#
                #expect(try await order(simulator, "faults", other).body == #"{"reached":0}"#)
                let mine = #"{"fault":"channelClosed","channel":"\#(channel.id)","code":4000}"#
                #expect(try await order(simulator, "faults", mine).body == #"{"reached":1}"#)
                while try await socket.message() != nil {}
                #expect(socket.closeCode == 4000)
            }
        }
    }
}
