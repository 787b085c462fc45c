import BridgeCore
import Testing

@testable import GenesysCloud
@testable import genesys_kafka_bridge

/// Tenants with `protocol: channels`: what they may want, and where it goes.
@Suite("Tenants of channels")
struct ChannelTenantTests {
    private static let id = ChannelFixture.id

    @Test("topics are read as they are, and templates with what narrows them [C10]")
    func rules() throws {
        let tenant = try ChannelFixture.tenant(
            ChannelFixture.yaml([
                "{ topic: v2.routing.queues.\(Self.id).users }",
                "{ topic: \"v2.routing.queues.{queue}.conversations\", named: \"Sales*\" }",
                "{ topic: \"v2.users.{user}.presence\" }", "{ topic: v2.audits.entitytype.x.entityid.y }",
            ])
        )
        #expect(tenant.streamProtocol == .channels && tenant.subscriptions.isEmpty)
        #expect(
            tenant.channelRules == [
                .topic("v2.routing.queues.\(Self.id).users"),
                .template(
                    "v2.routing.queues.{queue}.conversations",
                    query: ResourceQuery(kind: .queues, namePattern: "Sales*")
                ),
                .template("v2.users.{user}.presence", query: ResourceQuery(kind: .users)),
                .topic("v2.audits.entitytype.x.entityid.y"),
            ]
        )
    }

    @Test(
        "a topic's family is what its events are called, and its entity what they are about",
        arguments: [
            ("v2.routing.queues.\(id).conversations", "routing.queues.conversations", id),
            ("v2.routing.queues.{queue}.conversations", "routing.queues.conversations", nil),
            ("v2.users.{user}.presence", "users.presence", nil), ("v2.outbound.settings", "outbound.settings", nil),
            ("v2.externalcontacts.contacts.\(id).notes.7", "externalcontacts.contacts.notes", id),
            // Not among those that are known.
            ("v2.new.things.{queue}.made", "new.things.made", nil), ("v2.new.things.\(id).made", "new.things.made", id),
            ("v2.new.\(id).things.{queue}", "new.things", id),
        ] as [(String, String, String?)]
    )
    func families(topic: String, family: String, resourceID: String?) throws {
        let tenant = try ChannelFixture.tenant(ChannelFixture.yaml(["{ topic: \"\(topic)\" }"]))
        #expect(tenant.routedEvents.map(\.family) == [family] && tenant.routedEvents[0].resourceID == resourceID)
        // What the source calls the events of such a topic.
        let filled = topic.replacing("{queue}", with: Self.id).replacing("{user}", with: Self.id)
        #expect(TopicName(filled).family == family)
    }

    @Test("every topic of the platform but the service's own is taken, by name and as a template, without a warning")
    func everyTopic() throws {
        let templates = TopicTemplates.all.split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("v2.system.") }
        #expect(templates.count == 233)
        let named = templates.map { "{ topic: \"\($0.replacing("{id}", with: Self.id))\" }" }
        let found = templates.compactMap { template -> String? in
            let users = ["users.{id}", "agent.{id}", "agents.{id}"].contains(where: template.contains)
            guard users || template.contains("queues.{id}") else { return nil }
            let first = template.replacing("{id}", with: users ? "{user}" : "{queue}", maxReplacements: 1)
            return "{ topic: \"\(first.replacing("{id}", with: Self.id))\" }"
        }
        #expect(found.count == 77)
        let loaded = try Fixture.load(ChannelFixture.yaml(named + found))
        #expect(loaded.warnings.isEmpty)
        let families = Set(loaded.configuration.tenants[0].routedEvents.map(\.family))
        #expect(families == Set(TopicName.knownFamilies.filter { !$0.hasPrefix("system") }))
    }

    @Test(
        "a placeholder of the wrong kind is met with the right one, in every topic of the platform that is known [C10]"
    )
    func wrongPlaceholders() {
        func errors(_ topic: String) -> [String] {
            ChannelFixture.errors(ChannelFixture.yaml(["{ topic: \"\(topic)\" }"]))
        }
        func expected(_ topic: String, _ problem: String) -> [String] {
            ["8:18: tenants[0].subscriptions[0].topic: \"\(topic)\" has \(problem)"]
        }
        for topic in [
            "v2.users.{queue}.presence", "v2.gamification.scorecards.users.{queue}", "v2.users.{queue}.not.known",
        ] {
            #expect(errors(topic) == expected(topic, "{queue} as the id behind users; write {user} in its place"))
        }
        for topic in ["v2.routing.queues.{user}.conversations", "v2.taskmanagement.workitems.queues.{user}"] {
            #expect(errors(topic) == expected(topic, "{user} as the id behind queues; write {queue} in its place"))
        }
        let agents = "v2.workforcemanagement.agents.{queue}.adherence.explanations"
        #expect(errors(agents) == expected(agents, "{queue} as the id behind agents; write {user} in its place"))
        for topic in ["v2.outbound.campaigns.{user}.stats", "v2.outbound.campaigns.{queue}"] {
            let placeholder = topic.contains("{user}") ? "{user}" : "{queue}"
            let problem =
                "\(placeholder) as the id behind campaigns; write the id itself: {queue} and {user} stand for no others"
            #expect(errors(topic) == expected(topic, problem))
        }
        // An audit's entity is of any type, and of what is not known nothing is.
        for topic in ["v2.audits.entitytype.queue.entityid.{queue}", "v2.new.users.{queue}"] {
            #expect(errors(topic) == [])
        }
        let templates = TopicTemplates.all.split(separator: "\n").map(String.init).filter {
            $0.contains("{id}") && !$0.hasPrefix("v2.system.") && !$0.contains("entityid")
        }
        for template in templates {
            let filled = ["{queue}", "{user}"].map {
                template.replacing("{id}", with: $0, maxReplacements: 1).replacing("{id}", with: Self.id)
            }
            let isListed = ["queues.{id}", "users.{id}", "agent.{id}", "agents.{id}"].contains(where: template.contains)
            #expect(filled.count { errors($0).isEmpty } == (isListed ? 1 : 0), "\(template)")
        }
    }

    @Test("a topic that is not known here is taken with a warning that names the nearest")
    func unknownTopics() throws {
        let loaded = try Fixture.load(
            ChannelFixture.yaml([
                "{ topic: \"v2.routing.queues.{queue}.conversation\" }", "{ topic: v2.brand.new }",
                "{ topic: v2.routing.queues.\(Self.id).conversation }", "{ topic: v2.users.presence }",
            ])
        )
        #expect(
            loaded.warnings.map { $0.line(file: "f") } == [
                "f:8:18: tenants[0].subscriptions[0].topic: not a topic that is known here: "
                    + "routing.queues.conversation; did you mean v2.routing.queues.{id}.conversations?",
                "f:9:18: tenants[0].subscriptions[1].topic: not a topic that is known here: brand.new; "
                    + "see whether the organization has it",
                "f:11:18: tenants[0].subscriptions[3].topic: not a topic that is known here: users.presence; "
                    + "did you mean v2.users.{id}.presence?",
            ]
        )
    }

    @Test(
        "what cannot be a topic is met with its place and with what would be right",
        arguments: [
            (
                "{ topic: routing.queues.x }",
                "8:18: tenants[0].subscriptions[0].topic: \"routing.queues.x\" is no topic: it does not begin with v2., "
                    + "or has spaces; write a topic: such as v2.routing.queues.{queue}.conversations"
            ),
            (
                "{ topic: \"v2.users.{id}.presence\" }",
                "8:18: tenants[0].subscriptions[0].topic: \"v2.users.{id}.presence\" has a placeholder other than {queue} "
                    + "and {user}; write a topic: such as v2.routing.queues.{queue}.conversations"
            ),
            (
                "{ topic: \"v2.{queue}.{user}.x\" }",
                "8:18: tenants[0].subscriptions[0].topic: \"v2.{queue}.{user}.x\" has more than one placeholder, or one "
                    + "beside other text; write a topic: such as v2.routing.queues.{queue}.conversations"
            ),
            (
                "{ topic: \"v2.users.*.presence\" }",
                "8:18: tenants[0].subscriptions[0].topic: \"v2.users.*.presence\" has a wildcard, which the service does "
                    + "not know; write {queue} or {user} in an id's place, and named beside it"
            ),
            (
                "{ topic: \"v2.users.a?presence&routingStatus\" }",
                "8:18: tenants[0].subscriptions[0].topic: \"v2.users.a?presence&routingStatus\" is a combined topic, "
                    + "and channels.combinedTopics is off; write each of its topics for itself, or set "
                    + "channels.combinedTopics: true"
            ),
            (
                "{ topic: v2.system.socket_closing }",
                "8:18: tenants[0].subscriptions[0].topic: \"v2.system.socket_closing\" is the service's own; leave it "
                    + "out: it is watched anyway"
            ),
            (
                "{ topic: v2.users..presence }",
                "8:18: tenants[0].subscriptions[0].topic: \"v2.users..presence\" is no topic: a part of it is missing; "
                    + "write a topic: such as v2.routing.queues.{queue}.conversations"
            ),
            ("{ topic: v2.users }", "8:18: tenants[0].subscriptions[0].topic: \"v2.users\" is no topic: a part"),
            (
                "{ named: x }",
                "8:9: tenants[0].subscriptions[0].topic: required, but missing; write a topic: such as "
                    + "v2.routing.queues.{queue}.conversations"
            ),
            (
                "{ topic: v2.outbound.settings, named: x }",
                "8:47: tenants[0].subscriptions[0].named: given with a topic that names no resources; write {queue} or "
                    + "{user} in the topic"
            ),
        ]
    )
    func malformed(subscription: String, expected: String) {
        let errors = ChannelFixture.errors(ChannelFixture.yaml([subscription]))
        #expect(errors.count == 1 && errors[0].hasPrefix(expected), "\(errors)")
    }

    @Test("a value from outside is not shown, however wrong it is [S1.6]")
    func secret() {
        let errors = Fixture.errors(
            ChannelFixture.yaml(["{ topic: \"${env:TOPIC}\" }"]),
            environment: ["TOPIC": Fixture.secret]
        )
        #expect(errors.count == 1 && errors[0].contains("\"${env:TOPIC}\" is no topic"), "\(errors)")
        #expect(!"\(errors)".contains(Fixture.secret))
    }

    @Test(
        "the other dialect's keys are met with whose they are",
        arguments: [
            ("event: e", "event"), ("resourceId: r", "resourceId"), ("resources: queues", "resources"),
            ("filters: { a: b }", "filters"), ("filters: 7", "filters"), ("allowUnfiltered: true", "allowUnfiltered"),
        ]
    )
    func foreignKeys(text: String, key: String) {
        let errors = ChannelFixture.errors(ChannelFixture.yaml(["{ topic: v2.outbound.settings, \(text) }"]))
        #expect(
            errors == [
                "8:40: tenants[0].subscriptions[0].\(key): is of protocol: stream, and this tenant's is channels; "
                    + "leave it out"
            ]
        )
    }

    @Test(
        "so are those of a tenant",
        arguments: ["maxBatchSize: 0", "maxLatency: 7s", "onMissingCheckpoint: fail", "onPositionLost: fail"]
    )
    func foreignTenantKeys(text: String) {
        let key = text.prefix { $0 != ":" }
        #expect(
            ChannelFixture.errors(ChannelFixture.yaml(keys: [text])) == [
                "7:5: tenants[0].\(key): is of protocol: stream, and this tenant's is channels; leave it out"
            ]
        )
    }

    @Test("a stream has no topic")
    func topicOfStream() {
        let text = Fixture.minimal.replacing("{ event: routing", with: "{ topic: v2.outbound.settings, event: routing")
        #expect(
            ChannelFixture.errors(text) == [
                "8:11: tenants[0].subscriptions[0].topic: is of protocol: channels, and this tenant's is stream; "
                    + "leave it out"
            ]
        )
    }

    @Test("without a protocol that is known nobody knows whose keys they are, and only the list is looked at")
    func unknownProtocol() {
        let known = ChannelFixture.yaml().replacing("protocol: channels", with: "protocol: chanels")
        #expect(
            ChannelFixture.errors(known) == [
                "5:15: tenants[0].protocol: \"chanels\" is not known; did you mean channels?"
            ]
        )
    }

    @Test("lists and topics of the stream are not measured against what is set for streams")
    func streamLimits() {
        let head = ["connection: { proxyIdleTimeout: 2s, duplicateWindow: 1 }"]
        #expect(ChannelFixture.errors(ChannelFixture.yaml(head: head)) == [])
    }

    @Test("the same topic twice is refused, and with another pattern it is another one")
    func twice() {
        let topic = "topic: \"v2.users.{user}.presence\""
        #expect(
            ChannelFixture.errors(ChannelFixture.yaml(["{ \(topic) }", "{ \(topic) }"])) == [
                "9:18: tenants[0].subscriptions[1].topic: the same topic twice (first in line 8); keep one"
            ]
        )
        #expect(ChannelFixture.errors(ChannelFixture.yaml(["{ \(topic) }", "{ \(topic), named: A* }"])) == [])
        #expect(
            ChannelFixture.errors(ChannelFixture.yaml(["{ \(topic) }", "{ \(topic), records: { key: none } }"])) == [
                "9:55: tenants[0].subscriptions[1].records: its events cannot be told from those of "
                    + "tenants[0].subscriptions[0] in line 8, which has another key; give both the same records, or each "
                    + "an id of its own"
            ]
        )
    }

    @Test("an empty list, a missing one and one that is too long are refused")
    func lists() {
        let none = ChannelFixture.yaml().split(separator: "\n").dropLast(2).joined(separator: "\n")
        #expect(
            ChannelFixture.errors(none) == [
                "3:5: tenants[0].subscriptions: required, but missing; write a list of subscriptions, each with a topic"
            ]
        )
        #expect(
            ChannelFixture.errors(none + "\n    subscriptions: []") == [
                "7:20: tenants[0].subscriptions: is empty; give at least one subscription"
            ]
        )
    }

    @Test("records of a topic with an id are that id's, of a template those of all others")
    func records() throws {
        let tenant = try ChannelFixture.tenant(
            ChannelFixture.yaml(
                [
                    "{ topic: v2.routing.queues.\(Self.id).conversations, records: { topic: vip, headers: none } }",
                    ChannelFixture.conversations, "{ topic: v2.outbound.settings, records: { key: none } }",
                ],
                keys: ["records: { key: /eventBody/id }"]
            )
        )
        let pointer = try #require(JSONPointer("/eventBody/id"))
        #expect(
            StreamSettingsMap.families(tenant) == [
                .init(
                    name: "routing.queues.conversations",
                    destination: .init(kafkaTopic: "genesys.acme.routing.queues.conversations", key: .pointer(pointer)),
                    resources: [Self.id: .init(kafkaTopic: "vip", key: .pointer(pointer), withHeaders: false)]
                ),
                .init(
                    name: "outbound.settings",
                    destination: .init(kafkaTopic: "genesys.acme.outbound.settings", key: .none)
                ),
            ]
        )
    }

    @Test("addresses are those of tokens and of the platform API, which says where the sockets are")
    func endpoints() throws {
        let yaml = ChannelFixture.yaml().replacing(
            "region: mypurecloud.com",
            with: "endpoints: { login: \"http://127.0.0.1:1\", api: \"http://127.0.0.1:2\" }"
        )
        let endpoints = try ChannelFixture.tenant(yaml).endpoints
        #expect(endpoints.login.description == "http://127.0.0.1:1" && endpoints.region == "127.0.0.1")
        #expect(endpoints.api.description == "http://127.0.0.1:2")
        #expect(
            ChannelFixture.errors(yaml.replacing("api: \"http", with: "streaming: \"ws")) == [
                "4:16: tenants[0].endpoints.api: required, but missing; write an address: https://HOST[:PORT], "
                    + "http://HOST[:PORT]",
                "4:47: tenants[0].endpoints.streaming: is of protocol: stream, and this tenant's is channels; leave it out",
            ]
        )
        let warnings = try Fixture.load(yaml.replacing("127.0.0.1:2", with: "sim:2")).warnings
        #expect(warnings.map(\.keyPath) == ["tenants[0].endpoints.api"])
    }

    @Test("tenants with one OAuth client share its channels, which is a warning [C7]")
    func sharedClients() throws {
        let second = ChannelFixture.yaml().split(separator: "\n").dropFirst(2).joined(separator: "\n").replacing(
            "name: acme",
            with: "name: other"
        )
        let warnings = try Fixture.load("\(ChannelFixture.yaml())\n\(second)").warnings
        #expect(
            warnings.map { $0.line(file: "f") } == [
                "f:12:18: tenants[1].credentials: the OAuth client of tenant acme, too: the two take each other's channels "
                    + "away where together they need more than it may have; give each a client of its own"
            ]
        )
        let own = second.replacing("clientId: id", with: "clientId: other")
        #expect(try Fixture.load("\(ChannelFixture.yaml())\n\(own)").warnings.isEmpty)
    }

    @Test("exactly-once is refused with the tenant and the reason")
    func exactlyOnce() {
        let head = ["delivery: { guarantee: exactly-once, checkpoints: { store: kafkaTopic } }"]
        #expect(
            ChannelFixture.errors(ChannelFixture.yaml(head: head)) == [
                "1:24: delivery.guarantee: cannot be exactly-once for tenant acme: protocol: channels cannot send "
                    + "anything again from a position; write at-least-once, or run the tenants with channels in a bridge "
                    + "of their own"
            ]
        )
    }
}
