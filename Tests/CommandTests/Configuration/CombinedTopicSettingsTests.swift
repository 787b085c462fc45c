import BridgeCore
import BridgeRuntime
import Testing

@testable import GenesysCloud
@testable import genesys_kafka_bridge

/// `channels.combinedTopics`: several topics of one base as one subscription, where that is said.
@Suite("Settings of combined topics")
struct CombinedTopicSettingsTests {
    private static let id = ChannelFixture.id
    private static let users = "v2.users.{user}?presence&routingStatus"

    /// The subscriptions begin in line 9.
    private static func yaml(_ subscriptions: [String], setting: String = "true", head: [String] = []) -> String {
        ChannelFixture.yaml(subscriptions, head: ["channels: { combinedTopics: \(setting) }"] + head)
    }

    private static func subscription(_ topic: String, _ rest: String = "") -> String {
        "{ topic: \"\(topic)\"\(rest) }"
    }

    @Test("what is on is taken with its template, its id, and the families of its parts (section 3)")
    func taken() throws {
        let tenant = try ChannelFixture.tenant(
            Self.yaml([
                Self.subscription(Self.users, ", named: \"A*\""),
                Self.subscription("v2.users.\(Self.id)?station&activity", ", records: { topic: vip }"),
                Self.subscription("v2.routing.queues.{queue}?users&conversations.chats"),
            ])
        )
        #expect(
            tenant.channelRules == [
                .template(Self.users, query: ResourceQuery(kind: .users, namePattern: "A*")),
                .topic("v2.users.\(Self.id)?station&activity"),
                .template("v2.routing.queues.{queue}?users&conversations.chats", query: ResourceQuery(kind: .queues)),
            ]
        )
        #expect(
            tenant.routedEvents.map(\.family) == [
                "users.presence", "users.routingStatus", "users.station", "users.activity", "routing.queues.users",
                "routing.queues.conversations.chats",
            ]
        )
        #expect(tenant.routedEvents.map(\.resourceID) == [nil, nil, Self.id, Self.id, nil, nil])
        #expect(tenant.routedEvents.map { $0.kafkaTopic(tenant: "acme") }[2...3] == ["vip", "vip"])
        #expect(tenant.subscriptionCount == 3)
    }

    @Test(
        "what cannot be one is met with its place and with what would be right (section 3)",
        arguments: [
            ("?presence&presense", "whose part 2 is not known here; did you mean presence?"),
            ("?presence&", "whose part 2 is not known here; write some of activity, "),
            ("?", "whose part 1 is not known here; write some of activity, "),
            ("?moonPhase&presence", "whose part 1 is not known here; write some of activity, "),
            ("?presence&routingStatus?x", "whose part 2 is not known here; did you mean routingStatus?"),
            ("?presence&station&presence", "whose part 3 is there before; keep one of them"),
            ("?presence", "of one; write a full stop in place of the question mark"),
        ]
    )
    func malformed(parts: String, expected: String) {
        for base in ["v2.users.{user}", "v2.users.\(Self.id)"] {
            let errors = ChannelFixture.errors(Self.yaml([Self.subscription(base + parts)]))
            #expect(errors.count == 1 && errors[0].hasPrefix("9:18: tenants[0].subscriptions[0].topic: \"\(base)?"))
            #expect(errors.first?.contains("\" is a combined topic \(expected)") == true, "\(errors)")
        }
    }

    @Test("a placeholder of the wrong kind is met with the right one [C10]")
    func wrongPlaceholder() {
        let errors = ChannelFixture.errors(Self.yaml([Self.subscription("v2.users.{queue}?presence&routingStatus")]))
        #expect(
            errors == [
                "9:18: tenants[0].subscriptions[0].topic: \"v2.users.{queue}?presence&routingStatus\" has {queue} as the "
                    + "id behind users; write {user} in its place"
            ]
        )
    }

    @Test("of a base that is not known nothing is known, and an id in a part is in no base")
    func unknownBase() {
        for topic in ["v2.moon.{user}?phase&tide", "v2.outbound?settings&rulesets.x"] {
            #expect(
                ChannelFixture.errors(Self.yaml([Self.subscription(topic)])) == [
                    "9:18: tenants[0].subscriptions[0].topic: \"\(topic)\" is a combined topic whose part 1 is not known "
                        + "here; write each of its topics for itself"
                ]
            )
        }
        let errors = ChannelFixture.errors(Self.yaml([Self.subscription("v2.users?{user}.presence&{user}.station")]))
        #expect(errors.count == 1 && errors[0].contains("has more than one placeholder, or one beside"), "\(errors)")
    }

    @Test("with an id of 36 characters in its place it has fewer than 200 (section 3)")
    func length() throws {
        let parts = [
            "activity", "callforwarding", "conversations", "conversations.calls", "conversations.callbacks",
            "conversations.chats", "conversations.emails", "outofoffice", "presence",
        ]
        func topic(_ parts: [String], _ id: String) -> String { "v2.users.\(id)?\(parts.joined(separator: "&"))" }
        #expect(topic(parts + ["greetings"], Self.id).utf8.count == 199)
        #expect(topic(parts + ["recordings"], Self.id).utf8.count == 200)
        for id in ["{user}", Self.id] {
            #expect(ChannelFixture.errors(Self.yaml([Self.subscription(topic(parts + ["greetings"], id))])) == [])
            let long = topic(parts + ["recordings"], id)
            let errors = ChannelFixture.errors(Self.yaml([Self.subscription(long)]))
            let end =
                "is a combined topic of 200 characters with its id; write fewer than 200: spread its parts over two "
            #expect(errors.count == 1 && errors[0].hasPrefix("9:18: tenants[0].subscriptions[0].topic: "))
            #expect(errors.first?.hasSuffix(end + "subscriptions") == true, "\(errors)")
        }
    }

    @Test("off, or with a word that is none, it is refused for that alone")
    func off() {
        let subscription = Self.subscription("v2.users.{user}?presence&presense")
        #expect(
            ChannelFixture.errors(Self.yaml([subscription], setting: "false")) == [
                "9:18: tenants[0].subscriptions[0].topic: \"v2.users.{user}?presence&presense\" is a combined topic, and "
                    + "channels.combinedTopics is off; write each of its topics for itself, or set "
                    + "channels.combinedTopics: true"
            ]
        )
        let errors = ChannelFixture.errors(Self.yaml([Self.subscription(Self.users)], setting: "maybe"))
        #expect(errors.count == 1 && errors[0].contains(" channels.combinedTopics: must be a boolean"), "\(errors)")
    }

    @Test("a value from outside is not shown, however wrong it is [S1.6]")
    func secret() {
        let errors = Fixture.errors(
            Self.yaml([Self.subscription("v2.users.{user}?presence&${env:PART}")]),
            environment: ["PART": Fixture.secret]
        )
        #expect(errors.count == 1 && errors[0].contains("presence&${env:PART}\" is a combined topic whose part 2"))
        #expect(!"\(errors)".contains(Fixture.secret))
    }

    @Test("an event that two subscriptions bring is refused where one of them is combined, with both places (C3)")
    func overlap() {
        func errors(_ topics: String...) -> [String] {
            ChannelFixture.errors(Self.yaml(topics.map { Self.subscription($0) }))
        }
        let expected =
            "10:18: tenants[0].subscriptions[1].topic: its events users.presence come from tenants[0].subscriptions[0] in "
            + "line 9, too; leave them out of one of the two"
        #expect(errors(Self.users, "v2.users.{user}.presence") == [expected])
        #expect(errors("v2.users.{user}.presence", Self.users) == [expected])
        #expect(errors(Self.users, "v2.users.{user}?station&presence") == [expected])
        #expect(errors(Self.users, "v2.users.{user}?routingStatus&presence").count == 1)
        #expect(errors("v2.users.\(Self.id)?presence&station", "v2.users.\(Self.id).presence") == [expected])
        // An id of its own may be one of the template's: that shows when users are found.
        #expect(errors(Self.users, "v2.users.\(Self.id).presence", "v2.users.{user}?station&activity") == [])
        #expect(
            errors(Self.users, Self.users) == [
                "10:18: tenants[0].subscriptions[1].topic: the same topic twice (first in line 9); keep one"
            ]
        )
    }

    @Test("records that events cannot be told apart for are refused, once, and Kafka topics that cannot be")
    func conflicts() {
        let errors = ChannelFixture.errors(
            Self.yaml([
                Self.subscription(Self.users),
                Self.subscription("v2.users.{user}?routingStatus&presence", ", named: A*, records: { key: none }"),
                Self.subscription("v2.users.{user}?station&activity", ", records: { topic: genesys.acme.gaps }"),
            ])
        )
        #expect(errors.count == 2, "\(errors)")
        #expect(errors.first?.contains("its events cannot be told from those of tenants[0].subscriptions[0]") == true)
        #expect(errors.last?.contains("its Kafka topic genesys.acme.gaps cannot be told from") == true)
    }

    @Test("rules of privacy are for its families, and hash its id in all of them or in none")
    func privacy() {
        func errors(_ families: [String], _ subscription: String = Self.subscription(Self.users)) -> [String] {
            let rules = families.map { "{ family: \"\($0)\", resourceId: hash }" }.joined(separator: ", ")
            return ChannelFixture.errors(
                Self.yaml(
                    [subscription],
                    head: ["privacy: { hashKey: a-key-of-16-bytes-or-more, rules: [ \(rules) ] }"]
                )
            )
        }
        #expect(errors(["users.*"]) == [] && errors(["users.presence", "users.routingStatus"]) == [])
        #expect(
            errors(["users.routingStatus"]) == [
                "10:18: tenants[0].subscriptions[0].topic: combines users.routingStatus, whose ids privacy hashes, with "
                    + "users.presence, whose ids it keeps; hash the ids of both, or of none, or write each of the topics for "
                    + "itself"
            ]
        )
        #expect(errors(["users.presence"], Self.subscription("v2.users.{user}.presence")) == [])
        let misspelt = errors(["users.*", "users.routingstatus"])
        #expect(misspelt.count == 1 && misspelt[0].contains("no subscription brings events of users.routingstatus"))
        // A tenant's own rules are in the place of those at the top.
        let own = Self.yaml(
            [Self.subscription(Self.users)],
            head: ["privacy: { hashKey: a-key-of-16-bytes-or-more, rules: [ { family: \"*\", resourceId: hash } ] }"]
        )
        let rule = "rules: [ { family: users.presence, resourceId: hash } ]"
        #expect(ChannelFixture.errors(own + "\n    privacy: { \(rule) }").count == 1)
    }

    @Test("validate counts it as one, and topics, verify and privacy know the families of its parts")
    func plans() throws {
        let loaded = try Fixture.load(
            Self.yaml([Self.subscription(Self.users), Self.subscription("v2.users.\(Self.id)?station&activity")])
        )
        let configuration = loaded.configuration
        let plan = ConfigurationPlan(loaded, file: "f", share: .whole).tenants[0]
        #expect(plan.topics?.named == 1 && plan.topics?.templates == 1 && plan.subscriptions == 2)
        let kafkaTopics = ["presence", "routingStatus", "station", "activity"].map { "genesys.acme.users.\($0)" }
        #expect(plan.kafkaTopics == kafkaTopics.sorted())
        let planned = PlannedTopic.all(of: configuration.tenants, in: configuration).map(\.name)
        #expect(planned == kafkaTopics + ["genesys.acme.dead-letters", "genesys.acme.gaps"])
        let reading = TopicReading(
            configuration.tenants[0],
            configuration,
            clock: SystemClock(),
            silenceMax: .seconds(1)
        )
        #expect(reading.roles["genesys.acme.users.presence"] == .events(.init(names: ["users.presence"])))
        #expect(reading.roles["genesys.acme.users.routingStatus"] == .events(.init(names: ["users.routingStatus"])))
    }

    @Test("an event of a part goes where the subscription says, keyed by the id in its own topic")
    func records() throws {
        let other = "0a0b0c0d-0000-4000-8000-00000000000f"
        let tenant = try ChannelFixture.tenant(
            Self.yaml([
                Self.subscription(Self.users),
                Self.subscription("v2.users.\(Self.id)?presence&station", ", records: { topic: \"vip.{family}\" }"),
            ])
        )
        let mapper = StreamSettingsMap.mapper(tenant, deadLetterBytesMax: 1000)
        var builder = ChannelBatchBuilder()
        var ids = EventIDSequence(startedAtMilliseconds: 1, random: 2)
        for topic in [
            "v2.users.\(Self.id).presence", "v2.users.\(other).presence", "v2.users.\(Self.id).routingStatus",
            "v2.users.\(Self.id).station", "v2.users.\(other).activity",
        ] {
            let bytes = Array(#"{"topicName":"\#(topic)","version":"2","eventBody":{"x":1}}"#.utf8)
            let message = try ChannelMessage(bytes.span)
            guard case .event(let token) = message.kind else { continue }
            try builder.append(bytes.span, message, topic: token, id: ids.next())
        }
        let mapped = mapper.map(builder.build().batch, receivedAtMilliseconds: 1)
        #expect(
            mapped.records.map { mapper.routes.routes[Int($0.route)].kafkaTopic } == [
                "vip.users.presence", "genesys.acme.users.presence", "genesys.acme.users.routingStatus",
                "vip.users.station", "genesys.acme.dead-letters",
            ]
        )
        #expect(
            mapped.records.map { $0.key.map { String(decoding: mapped.bytes.array($0), as: UTF8.self) } }.prefix(4)
                == [Self.id, other, Self.id, Self.id]
        )
    }
}
