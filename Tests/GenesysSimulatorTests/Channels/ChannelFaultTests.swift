import Foundation
import NIOCore
import Testing

@testable import GenesysSimulator

/// Every fault of the public notification service, as a client meets it.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ChannelFaultTests {
    private static func adjust(_ configuration: inout SimulatorConfiguration) {
        configuration.channels.eventsPerSecondDefault = 100
        configuration.channels.closingLeadMilliseconds = 30
    }

    /// Orders the fault, and waits until it counts; then nothing else has.
    private func order(_ simulator: GenesysSimulator, _ kind: ChannelFaultKind, _ fields: String = "") async throws {
        let body = #"{"fault":"\#(kind.rawValue)","tenant":"acme"\#(fields)}"#
        let reply = try await GenesysSimulatorTests.order(simulator, "faults", body)
        #expect(reply.body == #"{"reached":1}"#)
    }

    private func expectFired(_ simulator: GenesysSimulator, _ kind: ChannelFaultKind) async throws {
        #expect(try await simulator.channelsSnapshot(tenant: "acme").faultsFired == [kind.rawValue: 1])
    }

    @Test(arguments: ChannelFaultKind.allCases)
    func `every fault does what it says, and counts when it does`(kind: ChannelFaultKind) async throws {
        try await withSimulator(acme, Self.adjust) { simulator in
            let token = try await token(simulator)
            try await withChannel(simulator, token: token, [presence(0)]) { channel, socket in
                let scene = Scene(simulator: simulator, token: token, channel: channel, socket: socket)
                let first = try await socket.event(presence(0)).sequence
                switch kind {
                case .channelClosed:
                    try await self.order(simulator, kind)
                    try await scene.expectClose(1000, channelLives: true)
                case .channelReset:
                    try await self.order(simulator, kind)
                    await #expect(throws: IOError.self) { _ = try await socket.drain() }
                    #expect(try await head(simulator, channel, token: token) == 200)
                case .socketClosing:
                    try await self.order(simulator, kind)
                    _ = try await socket.object { $0.topicName == "v2.system.socket_closing" }
                    _ = try await socket.event(presence(0))
                    try await scene.expectClose(1001, channelLives: true)
                case .channelSilent: try await self.silence(scene, after: first)
                case .tokenRevoked:
                    try await self.order(simulator, kind)
                    try await scene.expectSystem("token_revoked", reason: "user_tokens_revoked")
                    try await scene.expectClose(1008, channelLives: false)
                    #expect(try await head(simulator, channel, token: token) == 401)
                case .channelDeleted:
                    try await self.order(simulator, kind)
                    let result = try await socket.object { $0.topicName.isEmpty }
                    #expect(result["result"] as? String == "404" && result["message"] is String)
                    try await scene.expectClose(1000, channelLives: false)
                case .channelEvicted:
                    try await self.order(simulator, kind)
                    try await scene.expectSystem("no_longer_subscribed", reason: "another_channel_subscribed")
                    try await scene.expectClose(1000, channelLives: false)
                case .subscriptionResult, .unknownSystemEvent, .malformedMessage, .binaryMessage, .hugeMessage:
                    try await self.message(kind, scene)
                case .subscriptionRejected: try await self.rejection(scene)
                case .connectRefused, .connectHang: try await self.connect(kind, scene)
                case .restRateLimited:
                    try await self.order(simulator, kind, #","retryAfterSeconds":7"#)
                    #expect(try await simulator.channelsSnapshot(tenant: "acme").faultsFired.isEmpty)
                    let limited = try await call(simulator, "POST", channelsPath, token: token)
                    #expect(limited.status == 429 && limited.headers["retry-after"] == "7")
                    #expect(try json(limited.body)["code"] as? String == "too.many.requests.retry.after")
                    _ = try await createChannel(simulator, token: token)
                }
            }
            try await self.expectFired(simulator, kind)
        }
    }

    @Test func `a call that comes sooner than an ordered Retry-After allows is a violation (C9)`() async throws {
        func violations(_ simulator: GenesysSimulator) async throws -> [String: Int] {
            try await simulator.tenant().violations
        }
        try await withSimulator(acme, { $0.holdOffGraceMilliseconds = 0 }) { simulator in
            let token = try await token(simulator)
            let channel = try await createChannel(simulator, token: token)
            try await simulator.inject(.restRateLimited(count: 2, retryAfterSeconds: 3_600))
            for status in [429, 429, 200] {
                #expect(try await head(simulator, channel, token: token) == status)
            }
            #expect(try await violations(simulator) == ["restDuringLimit": 2])
            #expect(try await rest(simulator, "/api/v2/users", token: token).status == 200)
            #expect(try await violations(simulator) == ["restDuringLimit": 3], "whatever is called")
            // Another token was told nothing.
            let other = try await GenesysSimulatorTests.token(simulator)
            #expect(try await head(simulator, channel, token: other) == 200)
            try await simulator.inject(.restRateLimited(count: 1, retryAfterSeconds: nil))
            for status in [429, 200] { #expect(try await head(simulator, channel, token: other) == status) }
            #expect(try await violations(simulator) == ["restDuringLimit": 3], "without a time any is right")
        }
    }

    /// A channel with its open socket.
    private struct Scene {
        let simulator: GenesysSimulator
        let token: String
        let channel: TestChannel
        let socket: RawConnection

        /// The socket is closed, behind what was sent before.
        func expectClose(_ code: Int, channelLives: Bool) async throws {
            while try await self.socket.message() != nil {}
            #expect(self.socket.closeCode == code)
            let token = try await GenesysSimulatorTests.token(self.simulator)
            #expect(try await head(self.simulator, self.channel, token: token) == (channelLives ? 200 : 404))
            if channelLives {
                try await withSocket(self.simulator, self.channel) { _ = try await $0.event(presence(0)) }
            } else {
                #expect(try await rejectedUpgrade(self.simulator, self.channel.path).status == 404)
            }
        }

        func expectSystem(_ kind: String, reason: String) async throws {
            let message = try await self.socket.object { $0.topicName.hasPrefix("v2.system.") }
            #expect(message.topicName.hasPrefix("v2.system.\(kind)."))
            #expect(message.systemReason == reason)
            let body = try #require(message["eventBody"] as? [String: Any])
            #expect(body["systemTopicType"] as? String == kind)
            #expect(body["channelId"] as? String == self.channel.id)
        }
    }

    private func silence(_ scene: Scene, after first: Int) async throws {
        try await self.order(scene.simulator, .channelSilent, #","durationMilliseconds":50"#)
        var last = first
        while true {
            let next = try await scene.socket.event(presence(0)).sequence
            // What came to be in the silence is lost.
            guard next == last + 1 else { break }
            last = next
        }
        try await scene.socket.sendFrame(opcode: 1, Array(#"{"message":"ping"}"#.utf8))
        _ = try await scene.socket.object { $0.topicName == "channel.metadata" }
        let topic = try #require(try await scene.simulator.channelsSnapshot(tenant: "acme").topics.first)
        #expect(topic.lost.contains { $0[0] == last + 1 })
    }

    private func message(_ kind: ChannelFaultKind, _ scene: Scene) async throws {
        try await self.order(scene.simulator, kind, kind == .hugeMessage ? #","bytes":100000"# : "")
        var frame = try #require(try await scene.socket.frame())
        while ChannelEventSequence.read(frame.payload) != nil { frame = try #require(try await scene.socket.frame()) }
        let object = try? JSONSerialization.jsonObject(with: Data(frame.payload)) as? [String: Any]
        switch kind {
        case .subscriptionResult:
            #expect(object?["result"] as? String == "200" && object?["status"] as? String == "subscribed")
        case .unknownSystemEvent:
            #expect(object?.topicName.hasPrefix("v2.system.simulated_notice.") == true)
        case .malformedMessage: #expect(object == nil && frame.opcode == 1)
        case .binaryMessage: #expect(frame.opcode == 2)
        default: #expect(frame.payload.count == 100_000 && object != nil)
        }
        _ = try await scene.socket.event(presence(0))
    }

    private func rejection(_ scene: Scene) async throws {
        try await self.order(scene.simulator, .subscriptionRejected, #","topic":"\#(presence(1))""#)
        // A call without the topic goes its way.
        try await subscribe(scene.simulator, scene.channel, [presence(0)], token: scene.token)
        #expect(try await scene.simulator.channelsSnapshot(tenant: "acme").faultsFired.isEmpty)
        let entities = try await subscribe(
            scene.simulator,
            scene.channel,
            [presence(1), "channel.metadata"],
            token: scene.token,
            query: "?ignoreErrors=true"
        )
        let rejected = entities.filter { $0["state"] as? String == "Rejected" }
        #expect(rejected.map { $0["id"] as? String } == [presence(1)])
        try await subscribe(scene.simulator, scene.channel, [presence(1)], token: scene.token)
    }

    private func connect(_ kind: ChannelFaultKind, _ scene: Scene) async throws {
        let fields = kind == .connectHang ? #","durationMilliseconds":20"# : #","status":401"#
        try await self.order(scene.simulator, kind, fields)
        let answer = try await rejectedUpgrade(scene.simulator, scene.channel.path)
        #expect(answer.status == (kind == .connectHang ? 503 : 401))
        // The socket that is open stays so.
        _ = try await scene.socket.event(presence(0))
        let answers = try await scene.simulator.channelsSnapshot(tenant: "acme").connectAnswers
        #expect(answers == ["101": 1, "\(answer.status)": 1])
        try await withSocket(scene.simulator, scene.channel) { _ in }
    }

    @Test func `an intended close can come without its warning`() async throws {
        try await withSimulator(acme, Self.adjust) { simulator in
            try await withChannel(simulator) { _, socket in
                try await self.order(simulator, .socketClosing, #","warns":false"#)
                #expect(try await socket.message() == nil && socket.closeCode == 1001)
                try await self.expectFired(simulator, .socketClosing)
            }
        }
    }

    @Test func `a fault can hit one socket of many, and a revoked token ends all its channels`() async throws {
        try await withSimulator(acme, Self.adjust) { simulator in
            let first = try await token(simulator)
            let second = try await token(simulator)
            try await withChannel(simulator, token: first) { one, socket in
                try await withChannel(simulator, token: first) { two, _ in
                    try await withChannel(simulator, token: second) { three, _ in
                        #expect(try await simulator.inject(.channelClosed(code: 4000), target: .one) == 1)
                        #expect(try await simulator.inject(.tokenRevoked, target: .channel(two.id)) <= 1)
                        try await simulator.inject(.tokenRevoked, target: .channel(one.id))
                        while try await socket.message() != nil {}
                        #expect(try await head(simulator, three, token: second) == 200)
                        #expect(try await head(simulator, one, token: second) == 404)
                        #expect(try await head(simulator, two, token: second) == 404)
                    }
                }
            }
        }
    }

    @Test func `a channel without a socket can be deleted by its name`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let channel = try await createChannel(simulator, token: token)
            #expect(try await simulator.inject(.channelDeleted) == 0)
            #expect(try await head(simulator, channel, token: token) == 200)
            #expect(try await simulator.inject(.channelDeleted, target: .channel(channel.id)) == 1)
            #expect(try await head(simulator, channel, token: token) == 404)
            try await self.expectFired(simulator, .channelDeleted)
        }
    }

    @Test(arguments: [500, 503])
    func `REST calls of channels fail and hang with the faults of all REST calls`(status: Int) async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            try await simulator.inject(.restServerError(status: status, count: 1))
            #expect(try await call(simulator, "POST", channelsPath, token: token).status == status)
            try await simulator.inject(.restHang(count: 1, durationMilliseconds: 10))
            _ = try await createChannel(simulator, token: token)
            #expect(try await simulator.tenant().faultsFired == ["restServerError": 1, "restHang": 1])
        }
    }

    @Test(arguments: ChannelFaultKind.allCases)
    func `every fault's name stands for a fault of that name, and no other dialect has it`(kind: ChannelFaultKind)
        throws
    {
        func request(_ fields: String) throws -> ChannelFault? {
            let body = #"{"fault":"\#(kind.rawValue)"\#(fields)}"#
            return try JSONDecoder().decode(ChannelFaultRequest.self, from: Data(body.utf8)).requested
        }
        #expect(try request("")?.kind == kind)
        #expect(FaultKind(rawValue: kind.rawValue) == nil)
        for bad in [#","count":0"#, #","durationMilliseconds":-1"#, #","status":200"#, #","bytes":0"#] {
            #expect(try request(bad) == nil, "\(bad)")
        }
    }
}
