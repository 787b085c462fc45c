import GenesysSimulator
import Testing

/// The limits of clients, channels and sockets, and the life of a channel.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ChannelQuotaTests {
    @Test func `one channel too many evicts the least recently used one, unconnected ones first`() async throws {
        try await withSimulator(acme, { $0.channels.channelCountMax = 3 }) { simulator in
            let token = try await token(simulator)
            try await withChannel(simulator, token: token) { connected, socket in
                let second = try await createChannel(simulator, token: token)
                let third = try await createChannel(simulator, token: token)
                // Used again: the third one is older now.
                #expect(try await head(simulator, second, token: token) == 200)
                let fourth = try await createChannel(simulator, token: token)
                #expect(try await head(simulator, third, token: token) == 404)
                #expect(try await rejectedUpgrade(simulator, third.path).status == 404)
                try await withSocket(simulator, second) { _ in
                    try await withSocket(simulator, fourth) { _ in
                        _ = try await createChannel(simulator, token: token)
                        // All were connected: the first is the least recently used one.
                        let message = try await socket.object { $0.topicName.hasPrefix("v2.system.") }
                        #expect(message.topicName.hasPrefix("v2.system.no_longer_subscribed."))
                        #expect(message.systemReason == "another_channel_subscribed")
                        #expect((message["eventBody"] as? [String: Any])?["channelId"] as? String == connected.id)
                        #expect(try await socket.message() == nil)
                        #expect(socket.closeCode == 1000)
                        #expect(try await head(simulator, connected, token: token) == 404)
                    }
                }
            }
            let snapshot = try await simulator.channelsSnapshot(tenant: "acme")
            #expect(snapshot.channelsCreated == 5 && snapshot.channelsEvicted == 2 && snapshot.channels.count == 3)
        }
    }

    @Test func `twenty channels are the default`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let first = try await createChannel(simulator, token: token)
            for _ in 1..<20 { _ = try await createChannel(simulator, token: token) }
            #expect(try await simulator.channelsSnapshot(tenant: "acme").channels.map(\.id).first == first.id)
            _ = try await createChannel(simulator, token: token)
            let snapshot = try await simulator.channelsSnapshot(tenant: "acme")
            #expect(snapshot.channels.count == 20 && snapshot.channels.allSatisfy { $0.id != first.id })
        }
    }

    @Test func `a thousand topics are the most that a channel takes`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let channel = try await createChannel(simulator, token: token)
            let topics = (0..<1_001).map { "v2.detail.events.conversation.\($0).customer.start" }
            let path = "\(channelsPath)/\(channel.id)/subscriptions"
            let refused = try await call(simulator, "POST", path, token: token, body: topicList(topics))
            #expect(refused.status == 400)
            let body = try json(refused.body)
            #expect(body["code"] as? String == "max.topics.exceeded" && body["status"] as? Int == 400)
            #expect(try await subscribe(simulator, channel, Array(topics[..<1_000]), token: token).count == 1_000)
            // One that is there already is none too many.
            try await subscribe(simulator, channel, [topics[5]], token: token)
            let more = try await call(simulator, "POST", path, token: token, body: topicList([topics[1_000]]))
            #expect(more.status == 400)
            try await subscribe(simulator, channel, [topics[1_000]], token: token, method: "PUT")
        }
    }

    @Test func `a second connection displaces the first, which is told so`() async throws {
        try await withSimulator { simulator in
            try await withChannel(simulator) { channel, first in
                try await withSocket(simulator, channel) { second in
                    #expect(try await first.object()?.topicName.hasPrefix("v2.system.no_longer_subscribed.") == true)
                    #expect(try await first.message() == nil && first.closeCode == 1000)
                    try await second.sendFrame(opcode: 1, Array(#"{"message":"ping"}"#.utf8))
                    #expect(try await second.object()?.topicName == "channel.metadata")
                    let snapshot = try await simulator.channelsSnapshot(tenant: "acme")
                    #expect(snapshot.connectionsDisplaced == 1 && snapshot.channels.first?.isConnected == true)
                }
            }
        }
    }

    @Test func `a channel ends when its time is over, with a warning before`() async throws {
        func adjust(_ configuration: inout SimulatorConfiguration) {
            configuration.channels.lifetimeMilliseconds = 300
            configuration.channels.closingLeadMilliseconds = 200
        }
        try await withSimulator(acme, adjust) { simulator in
            let token = try await token(simulator)
            try await withChannel(simulator, token: token) { channel, socket in
                let warning = try await socket.object()
                #expect(warning?.topicName == "v2.system.socket_closing")
                #expect(try await head(simulator, channel, token: token) == 200)
                #expect(try await socket.message() == nil && socket.closeCode == 1001)
                #expect(try await head(simulator, channel, token: token) == 404)
                #expect(try await simulator.channelsSnapshot(tenant: "acme").channelsExpired == 1)
            }
        }
    }

    @Test(arguments: ChannelRenewal.allCases)
    func `a PUT renews a channel as the setting says`(renewal: ChannelRenewal) async throws {
        try await withSimulator(acme, { $0.channels.renewal = renewal }) { simulator in
            let token = try await token(simulator)
            let channel = try await createChannel(simulator, token: token)
            func expires() async throws -> String? {
                try await simulator.channelsSnapshot(tenant: "acme").channels.first?.expires
            }
            /// Whether the channel's end is another one once the clock has gone on.
            func renews(_ topics: [String], _ method: String) async throws -> Bool {
                let before = try await expires()
                let start = try await simulator.channelsSnapshot(tenant: "acme").milliseconds
                try await until { try await simulator.channelsSnapshot(tenant: "acme").milliseconds > start + 1 }
                try await subscribe(simulator, channel, topics, token: token, method: method)
                return try await expires() != before
            }
            #expect(try await !renews([presence(0)], "POST"))
            #expect(try await renews([presence(0)], "PUT") == (renewal == .always))
            #expect(try await renews([presence(1)], "PUT") == (renewal != .never))
        }
    }

    @Test func `a channel ends with its token, unless it outlives it`() async throws {
        try await withSimulator(acme, { $0.tokenLifetimeMilliseconds = 1_000 }) { simulator in
            try await withChannel(simulator) { channel, socket in
                #expect(try await socket.object()?.topicName == "v2.system.socket_closing")
                let message = try await socket.object()
                #expect(message?.topicName.hasPrefix("v2.system.token_revoked.") == true)
                #expect(try await socket.message() == nil && socket.closeCode == 1008)
                let token = try await token(simulator)
                #expect(try await head(simulator, channel, token: token) == 404)
            }
        }
        func adjust(_ configuration: inout SimulatorConfiguration) {
            configuration.tokenLifetimeMilliseconds = 1_000
            configuration.channels.endsWithToken = false
        }
        try await withSimulator(acme, adjust) { simulator in
            let first = try await token(simulator)
            let channel = try await createChannel(simulator, token: first)
            try await until { try await head(simulator, channel, token: first) == 401 }
            try await withSocket(simulator, channel) { _ in
                let second = try await token(simulator)
                #expect(try await head(simulator, channel, token: second) == 200)
            }
        }
    }

    @Test func `settings out of range are refused`() async throws {
        let wrong: [(inout ChannelSettings) -> Void] = [
            { $0.channelCountMax = 0 }, { $0.topicCountMax = 0 }, { $0.lifetimeMilliseconds = 0 },
            { $0.heartbeatIntervalMilliseconds = 0 }, { $0.closingLeadMilliseconds = -1 },
            { $0.eventsPerSecondDefault = -1 }, { $0.eventsPerSecond = ["v2.users.{id}.presence": .nan] },
            { $0.unreadBytesMax = 0 }, { $0.forbiddenTemplates = ["v2.none"] }, { $0.eventsPerSecond = ["v2.none": 1] },
        ]
        for change in wrong {
            await #expect(throws: SimulatorError.self) {
                try await withSimulator(acme, { change(&$0.channels) }) { _ in }
            }
        }
    }
}
