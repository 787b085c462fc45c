import BridgeCore
import BridgeRuntime
import Testing

@testable import genesys_kafka_bridge

/// `records` at its three places, and what may not be said there.
@Suite("Records of tenants and subscriptions")
struct RecordRoutingSettingsTests {
    /// A tenant in lines 2 to 6 (without `records`), its subscriptions from line 7 on.
    private func yaml(_ subscriptions: [String], tenantRecords: String? = nil, records: String? = nil) -> String {
        (["kafka: { properties: { bootstrap.servers: k } }", "tenants:"]
            + self.tenant("acme", subscriptions, records: tenantRecords)
            + (records.map { ["records: \($0)"] } ?? [])).joined(separator: "\n")
    }

    private func tenant(_ name: String, _ subscriptions: [String], records: String? = nil) -> [String] {
        [
            "  - name: \(name)", "    region: mypurecloud.com", "    protocol: stream",
            "    credentials: { clientId: id, clientSecret: secret }", "    subscriptions:",
        ] + subscriptions.map { "      - \($0)" } + (records.map { ["    records: \($0)"] } ?? [])
    }

    private func families(_ yaml: String) throws -> [RecordFamily] {
        StreamSettingsMap.families(try Fixture.load(yaml).configuration.tenants[0])
    }

    @Test("what a subscription does not say it has from its tenant, and what that does not say, from the top")
    func inheritance() throws {
        let families = try self.families(
            self.yaml(
                [
                    "{ event: a, resourceId: r }",
                    "{ event: b, resourceId: r, records: { topic: \"b.{tenant}\", key: entity } }",
                    "{ event: c, resourceId: r, records: { headers: cloudevents } }",
                ],
                tenantRecords: "{ key: /eventBody/conversationId }",
                records: "{ topic: \"x.{family}\", headers: none }"
            )
        )
        let pointer = try #require(JSONPointer("/eventBody/conversationId"))
        #expect(
            families.map(\.destination) == [
                .init(kafkaTopic: "x.a", key: .pointer(pointer), withHeaders: false),
                .init(kafkaTopic: "b.acme", key: .entity, withHeaders: false),
                .init(kafkaTopic: "x.c", key: .pointer(pointer), withHeaders: true),
            ]
        )
        #expect(families.allSatisfy { $0.resources.isEmpty })
    }

    @Test("without any of it the topic is that of tenant and event, keyed by the entity, with headers")
    func defaults() throws {
        let families = try self.families(self.yaml(["{ event: a, resourceId: r }"]))
        #expect(families == [.init(name: "a", kafkaTopic: "genesys.acme.a")])
    }

    @Test("a resource that a subscription names goes where that says, all others where those without one say")
    func resources() throws {
        let families = try self.families(
            self.yaml([
                "{ event: a, resourceId: r1, records: { topic: one } }",
                "{ event: a, resources: queues }",
                "{ event: a, resourceId: r2, records: { topic: two } }",
                "{ event: a, resourceId: r3 }",
                "{ event: b, resourceId: r1, records: { topic: one } }",
                "{ event: b, resourceId: r2, records: { topic: two } }",
            ])
        )
        #expect(
            families == [
                .init(
                    name: "a",
                    destination: .init(kafkaTopic: "genesys.acme.a"),
                    resources: ["r1": .init(kafkaTopic: "one"), "r2": .init(kafkaTopic: "two")]
                ),
                .init(
                    name: "b",
                    destination: .init(kafkaTopic: "one"),
                    resources: ["r2": .init(kafkaTopic: "two")]
                ),
            ],
            "where no subscription has all of them, others than those that were named go with the first"
        )
    }

    @Test(
        "subscriptions whose events cannot be told apart must have the same records: both places are named",
        arguments: [
            (
                [
                    "{ event: a, resourceId: r, filters: { x: [y] } }",
                    "{ event: a, resourceId: r, records: { topic: t } }",
                ],
                "bridge.yaml:9:9: tenants[0].subscriptions[1].records: its events cannot be told from those of "
                    + "tenants[0].subscriptions[0] in line 8, which has another topic; give both the same records, or "
                    + "each a resourceId of its own"
            ),
            (
                [
                    "{ event: a, resources: queues, records: { key: none, headers: none } }",
                    "{ event: a, allowUnfiltered: true }",
                ],
                "bridge.yaml:9:18: tenants[0].subscriptions[1].event: its events cannot be told from those of "
                    + "tenants[0].subscriptions[0] in line 8, which has another key and another kind of headers"
            ),
            (
                ["{ event: a, resourceId: r }", "{ event: a, resourceId: r, records: { key: /x } }"],
                "tenants[0].subscriptions[0] in line 8, which has another key;"
            ),
        ] as [([String], String)]
    )
    func conflicts(subscriptions: [String], expected: String) {
        let errors = Fixture.errors(self.yaml(subscriptions))
        #expect(errors.count == 1 && errors[0].contains(expected.split(separator: ": ").last ?? ""), "\(errors)")
        // The column of `records` is that of its value.
        let place = expected.split(separator: ":").prefix(2).joined(separator: ":")
        #expect(!expected.hasPrefix("bridge") || errors[0].hasPrefix(place), "\(errors)")
    }

    @Test(
        "what is said twice in the same way, in other words or about another resource, is no conflict",
        arguments: [
            [
                "{ event: a, resourceId: r, records: { topic: t } }",
                "{ event: a, resourceId: r, filters: { x: [y] }, records: { topic: t } }",
            ],
            [
                "{ event: a, resourceId: r }",
                "{ event: a, resourceId: r, filters: { x: [y] }, records: { topic: genesys.acme.a } }",
            ],
            ["{ event: a, resourceId: r, records: { topic: t } }", "{ event: a, resourceId: s }"],
            ["{ event: a, resourceId: r, records: { topic: t } }", "{ event: b, resourceId: r }"],
        ]
    )
    func noConflict(subscriptions: [String]) {
        #expect(Fixture.errors(self.yaml(subscriptions)) == [])
    }

    @Test("a topic is shared where that is written, by events of one tenant or of several")
    func sharedTopics() throws {
        let shared = [
            "{ event: a, resourceId: r, records: { topic: all } }",
            "{ event: b, resourceId: r, records: { topic: all } }",
            "{ event: c, resourceId: r, records: { topic: \"genesys.{tenant}.d\" } }", "{ event: d, resourceId: r }",
        ]
        let other = self.tenant("beta", ["{ event: a, resourceId: r, records: { topic: all } }"])
        let text = self.yaml(shared) + "\n" + other.joined(separator: "\n")
        #expect(Fixture.errors(text) == [])
        let configuration = try Fixture.load(text).configuration
        #expect(
            PlannedTopic.all(of: configuration.tenants, in: configuration).filter { $0.purpose == .events }.map(\.name)
                == ["all", "genesys.acme.d"]
        )
    }

    @Test(
        "a topic that would be shared by chance is refused, at the place that names it",
        arguments: [
            (
                [
                    "{ event: \"a/b\", resourceId: r }",
                    "{ event: c, resourceId: r, records: { topic: genesys.acme.a-b } }",
                ],
                "tenants[0].subscriptions[1].records.topic: its Kafka topic genesys.acme.a-b cannot be told from "
                    + "genesys.acme.a-b of tenants[0].subscriptions[0] in line 8"
            ),
            (
                [
                    "{ event: a, resourceId: r, records: { topic: x.y } }",
                    "{ event: b, resourceId: r, records: { topic: x_y } }",
                ],
                "tenants[0].subscriptions[1].records.topic: its Kafka topic x_y cannot be told from x.y of tenants[0].subscriptions[0]"
            ),
            (
                [
                    "{ event: a, resourceId: r, records: { topic: \"{family}.a\" } }",
                    "{ event: a.a, resourceId: r, records: { topic: \"{family}\" } }",
                ],
                "tenants[0].subscriptions[1].records.topic: its Kafka topic a.a cannot be told from a.a of"
            ),
            (
                ["{ event: a, resourceId: r, records: { topic: genesys.acme.gaps } }"],
                "tenants[0].subscriptions[0].records.topic: its Kafka topic genesys.acme.gaps cannot be told from genesys.acme.gaps, "
                    + "where the bridge reports what it could not deliver of tenants[0] in line 3"
            ),
            (
                [
                    "{ event: \(String(repeating: "e", count: 40)), resourceId: r, records: { topic: \"\(String(repeating: "x", count: 220)).{family}\" } }"
                ],
                "tenants[0].subscriptions[0].records.topic: its Kafka topic would be \"xxx"
            ),
        ] as [([String], String)]
    )
    func collisions(subscriptions: [String], expected: String) {
        let errors = Fixture.errors(self.yaml(subscriptions))
        #expect(errors.count == 1 && errors[0].contains(expected), "\(errors)")
    }

    @Test("nobody writes among another tenant's gap records, wherever in the file that one stands")
    func otherTenantsNotices() {
        let text =
            self.yaml(["{ event: a, resourceId: r, records: { topic: genesys_beta.gaps } }"]) + "\n"
            + self.tenant("beta", ["{ event: a, resourceId: r }"]).joined(separator: "\n")
        let errors = Fixture.errors(text)
        #expect(errors.count == 1 && errors[0].contains("subscriptions[0].records.topic"), "\(errors)")
        #expect(errors[0].contains("genesys.beta.gaps") && errors[0].contains("tenants[1] in line 9"), "\(errors)")
        let dots =
            self.yaml(["{ event: a, resourceId: r }"]).replacing("name: acme", with: "name: a.b") + "\n"
            + self.tenant("a_b", ["{ event: c, resourceId: r }"]).joined(separator: "\n")
        #expect(Fixture.errors(dots).count == 2, "its dead letters and its gap records: \(Fixture.errors(dots))")
    }

    @Test("checkpoints do not go where a subscription's events go")
    func checkpoints() {
        let text =
            self.yaml(["{ event: a, resourceId: r, records: { topic: mine } }"])
            + "\ndelivery: { checkpoints: { store: kafkaTopic, topic: mine } }"
        let errors = Fixture.errors(text)
        #expect(
            errors.count == 1 && errors[0].contains("delivery.checkpoints.topic: cannot be told from mine"),
            "\(errors)"
        )
    }

    @Test(
        "a key that is none is met with what would be right",
        arguments: [
            (
                "eventBody",
                "\"eventBody\" is no kind of key; write a key: entity, none, or a JSON pointer such as /eventBody"
            ),
            (
                "/a~b",
                "\"/a~b\" is no JSON pointer; write ~0 for a tilde and ~1 for a slash in a name, and 16 names at most"
            ),
            ("/a/", "\"/a/\" has an empty name; write one slash before each name, and none behind"),
            ("null", "must not be empty; write a key"), ("7", "must be a key, but is an integer; put it in quotes"),
        ]
    )
    func wrongKeys(key: String, expected: String) {
        for (text, path) in [
            (self.yaml(["{ event: a, resourceId: r }"], records: "{ key: \(key) }"), "records.key"),
            (self.yaml(["{ event: a, resourceId: r }"], tenantRecords: "{ key: \(key) }"), "tenants[0].records.key"),
            (
                self.yaml(["{ event: a, resourceId: r, records: { key: \(key) } }"]),
                "tenants[0].subscriptions[0].records.key"
            ),
        ] {
            let errors = Fixture.errors(text)
            #expect(errors.count == 1 && errors[0].contains("\(path): \(expected)"), "\(errors)")
        }
    }

    @Test("what stands in for something wrong is compared with nothing, and unknown keys are met with the known ones")
    func unsound() {
        let wrong = self.yaml([
            "{ event: a, resourceId: r, records: { topic: \"{x}\" } }", "{ event: a, resourceId: r }",
        ])
        #expect(Fixture.errors(wrong).count == 2, "the topic, and the subscription that is there twice")
        let errors = Fixture.errors(self.yaml(["{ event: a, resourceId: r, records: { topics: {} } }"]))
        #expect(
            errors.count == 1 && errors[0].contains("records.topics: unknown key; did you mean `topic`?"),
            "\(errors)"
        )
    }

    @Test("validate shows the topics, and each subscription whose records are its own")
    func plan() throws {
        let loaded = try Fixture.load(
            self.yaml([
                "{ event: a, resourceId: r, records: { topic: vip, key: /eventBody/id, headers: none } }",
                "{ event: a, allowUnfiltered: true }", "{ event: b, allowUnfiltered: true, records: { key: none } }",
            ])
        )
        let plan = ConfigurationPlan(loaded, file: "f", share: .whole)
        #expect(plan.tenants[0].kafkaTopics == ["genesys.acme.a", "genesys.acme.b", "vip"])
        #expect(plan.tenants[0].routes.map(\.resourceId) == ["r", nil])
        #expect(plan.text.contains("\n    a of r to vip, key /eventBody/id, headers none\n"), "\(plan.text)")
        #expect(plan.text.contains("\n    b to genesys.acme.b, key none, headers cloudevents\n"), "\(plan.text)")
    }

    @Test("verify knows the topics, and of which of them the order can be judged")
    func verify() throws {
        let configuration = try Fixture.load(
            self.yaml([
                "{ event: a, resourceId: r, records: { topic: vip, key: /eventBody/id } }",
                "{ event: b, resourceId: r, records: { topic: vip } }", "{ event: a, allowUnfiltered: true }",
            ])
        ).configuration
        let reading = TopicReading(
            configuration.tenants[0],
            configuration,
            clock: SystemClock(),
            silenceMax: .seconds(1)
        )
        #expect(
            reading.roles == [
                "vip": .events(.init(names: ["a", "b"], areInOrder: false)),
                "genesys.acme.a": .events(.init(names: ["a"])),
                "genesys.acme.dead-letters": .deadLetters, "genesys.acme.gaps": .gaps,
            ]
        )
    }
}
