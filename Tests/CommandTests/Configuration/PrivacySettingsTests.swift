import BridgeCore
import GenesysCloud
import Testing

@testable import genesys_kafka_bridge

/// `privacy` at its two places and in a file of its own, and what may not be said there.
@Suite("Privacy settings")
struct PrivacySettingsTests {
    private static let key = "a-key-of-16-bytes-or-more"

    /// `privacy` is in the first line, the tenant's, where there is one, in the last.
    private func yaml(_ privacy: String, tenant: String? = nil) -> String {
        ["privacy: \(privacy)", Fixture.minimal].joined(separator: "\n") + (tenant.map { "\n    privacy: \($0)" } ?? "")
    }

    private func pointer(_ text: String) throws -> JSONPointer { try #require(JSONPointer(text)) }

    @Test("rules and key are read, and what a tenant says is in the place of what the top says")
    func inheritance() throws {
        let top = "{ hashKey: \"\(Self.key)\", rules: [ { family: routing.queueEvents, hash: [/eventBody/*/name] } ] }"
        func privacy(_ tenant: String?) throws -> PrivacyConfiguration {
            try Fixture.load(self.yaml(top, tenant: tenant)).configuration.tenants[0].privacy
        }
        let family = try #require(FamilyPattern("routing.queueEvents"))
        let inherited = PrivacyConfiguration(
            rules: [RedactionRule(family: family, hash: [try self.pointer("/eventBody/*/name")])],
            hashKey: Secret(Self.key)
        )
        #expect(try privacy(nil) == inherited)
        #expect(try privacy("{ rules: [] }") == PrivacyConfiguration(rules: [], hashKey: Secret(Self.key)))
        #expect(try privacy("{ hashKey: another-key-of-16-bytes }").hashKey == Secret("another-key-of-16-bytes"))
        let own = try privacy("{ rules: [ { family: \"routing.*\", drop: [/eventBody/a/0], resourceId: hash } ] }")
        #expect(own.hashKey == Secret(Self.key))
        #expect(
            own.rules == [
                RedactionRule(
                    family: try #require(FamilyPattern("routing.*")),
                    drop: [try self.pointer("/eventBody/a/0")],
                    hashesResourceID: true
                )
            ]
        )
        #expect(try Fixture.load(Fixture.minimal).configuration.tenants[0].privacy == PrivacyConfiguration())
    }

    @Test("a key is needed only where something is hashed")
    func keyIsNeeded() throws {
        let dropping = self.yaml("{ rules: [ { family: routing.queueEvents, drop: [/eventBody/a] } ] }")
        #expect(try Fixture.load(dropping).configuration.tenants[0].privacy.hashKey == nil)
        for what in ["hash: [/eventBody/a]", "resourceId: hash"] {
            #expect(
                Fixture.errors(self.yaml("{ rules: [ { family: routing.queueEvents, \(what) } ] }")) == [
                    "bridge.yaml:1:10: privacy.hashKey: required, but missing; "
                        + "write a string: 16 bytes or more that nobody can guess"
                ]
            )
        }
    }

    @Test(
        "what is wrong is said with its place and what would be right",
        arguments: [
            ("{ rules: [] }", "rules: is empty; give a rule, or leave privacy out"),
            ("{ rules: [ { drop: [/a] } ] }", "rules[0].family: required, but missing; write a family of events"),
            ("{ rules: [ { family: routing.queueEvents } ] }", "rules[0].family: the rule hides nothing"),
            ("{ rules: [ { family: routing.queueEvents, drop: [] } ] }", "rules[0].drop: is empty; give a pointer"),
            ("{ rules: [ { family: routing.queueEvents, drop: /a } ] }", "rules[0].drop: must be a list"),
            (
                "{ rules: [ { family: routing.queueEvents, drop: [/a, eventBody] } ] }",
                "rules[0].drop[1]: \"eventBody\" is no JSON pointer; begin it with a slash"
            ),
            (
                "{ rules: [ { family: routing.queueEvents, drop: [/a~2] } ] }",
                "rules[0].drop[0]: \"/a~2\" is no JSON pointer"
            ),
            (
                "{ rules: [ { family: routing.queueEvents, drop: [/a//b] } ] }",
                "rules[0].drop[0]: \"/a//b\" has an empty name"
            ),
            (
                "{ rules: [ { family: routing.queueEvents, drop: [\"/*/a\"] } ] }",
                "rules[0].drop[0]: \"/*/a\" begins with *"
            ),
            (
                "{ rules: [ { family: routing.queueEvents, drop: [/resourceId] } ] }",
                "rules[0].drop[0]: \"/resourceId\" leads to what the bridge itself needs; say resourceId: hash"
            ),
            ("{ rules: [ { family: routing.queueEvents, drop: [/topicName] } ] }", "say resourceId: hash"),
            ("{ rules: [ { family: routing.queueEvents, drop: [/eventId] } ] }", "by it a repeated event is known"),
            ("{ rules: [ { family: routing.queueEvents, drop: [/event] } ] }", "it says the event's family"),
            (
                "{ rules: [ { family: routing.queueEvents, drop: [/a/b, /a/b] } ] }",
                "rules[0].drop: \"/a/b\" is given twice"
            ),
            (
                "{ hashKey: a-key-of-16-bytes-or-more, rules: [ { family: routing.queueEvents, drop: [/a/b], hash: [/a/b] } ] }",
                "rules[0].hash: \"/a/b\" is given twice; a value is dropped or hashed, once"
            ),
            (
                "{ rules: [ { family: routing.queueEvent, drop: [/a] } ] }",
                "rules[0].family: no subscription brings events of routing.queueEvent; did you mean routing.queueEvents?"
            ),
            ("{ rules: [ { family: \"users.*\", drop: [/a] } ] }", "there are routing.queueEvents"),
            (
                "{ rules: [ { family: \"v2.users.{id}.presence\", drop: [/a] } ] }",
                "rules[0].family: \"v2.users.{id}.presence\" is a topic, and no family; leave v2. and ids out"
            ),
            ("{ rules: [ { family: \"a*b\", drop: [/a] } ] }", "rules[0].family: \"a*b\" is no family of events"),
            (
                "{ rules: [ { family: routing.queueEvents, drop: [/a] }, { family: routing.queueEvents, drop: [/b] } ] }",
                "rules[1].family: a second rule for routing.queueEvents (first in line 1); put them together"
            ),
            (
                "{ rules: [ { family: routing.queueEvents, resourceId: drop } ] }",
                "rules[0].resourceId: \"drop\" is not known"
            ),
            ("{ rules: [ { family: routing.queueEvents, drop: [/b], dorp: [/a] } ] }", "did you mean `drop`?"),
            ("{ hashKey: short-one }", "hashKey: the value is shorter than 16 bytes"),
        ]
    )
    func mistakes(privacy: String, expected: String) {
        let errors = Fixture.errors(self.yaml(privacy))
        #expect(errors.count == 1 && errors[0].hasPrefix("bridge.yaml:1:"), "\(errors)")
        #expect(errors.contains { $0.contains(expected) }, "\(errors)")
        #expect(!errors.joined().contains("short-one") && !errors.joined().contains(Self.key), "a key is never shown")
    }

    @Test("a tenant's rules are for its own subscriptions, and rules of the top for those of any tenant")
    func families() {
        let top = "{ rules: [ { family: routing.queueEvents, drop: [/a] } ] }"
        #expect(Fixture.errors(self.yaml(top)).isEmpty)
        let wrong = Fixture.errors(self.yaml(top, tenant: "{ rules: [ { family: x, drop: [/a] } ] }"))
        #expect(
            wrong.count == 1 && wrong[0].contains("tenants[0].privacy.rules[0].family: no subscription"),
            "\(wrong)"
        )
    }

    @Test("a file of its own has what stands below privacy")
    func file() throws {
        let text = "hashKey: ${env:KEY}\nrules:\n  - { family: users.presence, hash: [/eventBody/message] }\n"
        let sources = ConfigurationSources(environment: ["KEY": Self.key]) { path, _ throws(FileProblem) in
            guard path == "privacy.yaml" else { throw FileProblem(reason: "does not exist") }
            return Array(text.utf8)
        }
        let privacy = try PrivacySettings.load("privacy.yaml", for: ["users.presence"], sources: sources)
        #expect(privacy.hashKey == Secret(Self.key) && privacy.rules.count == 1)
        let error = #expect(throws: ConfigurationError.self) {
            try PrivacySettings.load("privacy.yaml", for: ["users.station"], sources: sources)
        }
        #expect(error?.description.contains("privacy.yaml:3:15: rules[0].family: no subscription brings") == true)
        #expect(throws: ConfigurationError.self) {
            try PrivacySettings.load("absent.yaml", for: ["users.station"], sources: sources)
        }
    }

    @Test("the key is in nothing that the plan or the configuration print")
    func secret() throws {
        let loaded = try Fixture.load(
            self.yaml("{ hashKey: \"\(Self.key)\", rules: [ { family: routing.queueEvents, resourceId: hash } ] }")
        )
        let plan = ConfigurationPlan(loaded, file: "bridge.yaml", share: .whole)
        #expect(!"\(plan)\(plan.text)\(loaded.configuration)".contains(Self.key))
    }
}
