import Testing

@testable import genesys_kafka_bridge

@Suite("Mistakes in tenants")
struct TenantErrorTests {
    /// A tenant of five lines, from line 3 on; `changes` replaces lines by their key.
    private func errors(_ changes: [String: String], more: String = "", head: String = "") -> [String] {
        let keys = ["name", "region", "protocol", "credentials", "subscriptions"]
        let defaults = [
            "name": "acme", "region": "mypurecloud.com", "protocol": "stream",
            "credentials": "{ clientId: id, clientSecret: secret }",
            "subscriptions": "[{ event: e, resourceId: r }]",
        ]
        var text = "\(head)kafka: { properties: { bootstrap.servers: k } }\ntenants:\n"
        for (index, key) in keys.enumerated() {
            text += "\(index == 0 ? "  - " : "    ")\(key): \(changes[key] ?? defaults[key] ?? "")\n"
        }
        return Fixture.errors(text + more)
    }

    @Test(
        "a window that cannot hold the ids of one whole message of a tenant is refused, and 0, which is none, is not (S4.9)",
        arguments: [
            (1, 2, true), (99, 100, true), (100, 100, false), (999, 1000, true), (1000, 1000, false), (0, 1000, false),
            (0, 1, false),
        ] as [(Int, Int, Bool)]
    )
    func duplicateWindow(window: Int, batch: Int, isRefused: Bool) {
        let errors = self.errors(
            [:],
            more: "    maxBatchSize: \(batch)\nconnection: { duplicateWindow: \(window) }\n"
        )
        let expected =
            "8:19: tenants[0].maxBatchSize: \(batch) is above connection.duplicateWindow (\(window)); a whole message"
        #expect(errors.count == (isRefused ? 1 : 0), "\(errors)")
        if isRefused { #expect(errors.first?.contains(expected) == true, "\(errors)") }
    }

    @Test("the window is measured against what a tenant has without saying so, once")
    func duplicateWindowOfDefault() {
        let errors = self.errors([:], more: "connection: { duplicateWindow: 99 }\n")
        #expect(errors.count == 1 && errors[0].contains("tenants[0].maxBatchSize: 100 is above"), "\(errors)")
        #expect(self.errors([:], more: "connection: { duplicateWindow: x }\n").count == 1)
    }

    @Test(
        "a wrong value of a tenant is met with its place and path",
        arguments: [
            (
                "name", "acme corp",
                "3:11: tenants[0].name: \"acme corp\" cannot be a part of a topic's name; write a name: 1 to 64"
            ),
            ("name", "_acme", "3:11: tenants[0].name: \"_acme\" cannot be a part"),
            ("name", "..", "3:11: tenants[0].name: \"..\" cannot be a part"),
            ("name", "a/b", "3:11: tenants[0].name: \"a/b\" cannot be a part"),
            ("name", "ümlaut", "3:11: tenants[0].name: \"ümlaut\" cannot be a part"),
            ("name", "no", "3:11: tenants[0].name: must be a name, but is a boolean; put it in quotes"),
            ("name", "007", "3:11: tenants[0].name: must be a name, but is an integer; put it in quotes"),
            ("name", "\"\"", "3:11: tenants[0].name: \"\" is empty"),
            (
                "region", "us-east-1",
                "4:13: tenants[0].region: \"us-east-1\" is not a domain; this region's domain is mypurecloud.com"
            ),
            (
                "region", "EU_WEST_1",
                "4:13: tenants[0].region: \"EU_WEST_1\" is not a domain; this region's domain is mypurecloud.ie"
            ),
            ("region", "api.mypurecloud.com", "4:13: tenants[0].region: \"api.mypurecloud.com\" is a host of a region"),
            (
                "region", "https://mypurecloud.com",
                "4:13: tenants[0].region: \"https://mypurecloud.com\" is not a domain"
            ),
            (
                "region", "mypurecloud",
                "4:13: tenants[0].region: \"mypurecloud\" is not a domain; write a domain: such as"
            ),
            ("protocol", "channel", "5:15: tenants[0].protocol: \"channel\" is not known; did you mean channels?"),
            (
                "protocol", "\"\"",
                "5:15: tenants[0].protocol: \"\" is not known; write one of the words: stream, channels"
            ),
            ("credentials", "{ clientId: id }", "6:18: tenants[0].credentials.clientSecret: required, but missing"),
            (
                "credentials", "{ clientId: 12, clientSecret: x }",
                "6:30: tenants[0].credentials.clientId: must be a string, but is an integer; put it in quotes"
            ),
            (
                "credentials", "{ clientId: \"a:b\", clientSecret: x }",
                "6:30: tenants[0].credentials.clientId: \"a:b\" holds a colon"
            ),
            (
                "credentials", "{ clientId: a, clientSecret: b, secret: x }",
                "6:50: tenants[0].credentials.secret: unknown key; known here: clientId, clientSecret"
            ),
            ("subscriptions", "[]", "7:20: tenants[0].subscriptions: is empty; give at least one subscription"),
            ("subscriptions", "{ event: e }", "7:20: tenants[0].subscriptions: must be a list, but is a mapping"),
            ("subscriptions", "[e]", "7:21: tenants[0].subscriptions[0]: must be a mapping, but is a string"),
            ("subscriptions", "[{ resourceId: r }]", "7:21: tenants[0].subscriptions[0].event: required, but missing"),
            (
                "subscriptions", "[{ event: \"a b\", resourceId: r }]",
                "7:30: tenants[0].subscriptions[0].event: \"a b\" is not the name of an event"
            ),
            (
                "subscriptions", "[{ event: e }]",
                "7:30: tenants[0].subscriptions[0].event: without resourceId and filters this brings the events of the whole platform; add resourceId, resources or filters, or say allowUnfiltered: true"
            ),
            (
                "subscriptions", "[{ event: e, allowUnfiltered: yes }]",
                "7:50: tenants[0].subscriptions[0].allowUnfiltered: \"yes\" is not a boolean; write a boolean: true, false"
            ),
            (
                "subscriptions", "[{ event: e, filters: {} }]",
                "7:42: tenants[0].subscriptions[0].filters: has no fields"
            ),
            (
                "subscriptions", "[{ event: e, filters: { a: [] } }]",
                "7:47: tenants[0].subscriptions[0].filters.a: must have 1 to 1000 values"
            ),
            (
                "subscriptions", "[{ event: e, filters: { a: [1] } }]",
                "7:48: tenants[0].subscriptions[0].filters.a[0]: must be a string, but is an integer; put it in quotes"
            ),
            (
                "subscriptions", "[{ event: e, filters: { a: { b: c } } }]",
                "7:47: tenants[0].subscriptions[0].filters.a: must be a list, but is a mapping"
            ),
            (
                "subscriptions", "[{ event: e, filters: [a] }]",
                "7:42: tenants[0].subscriptions[0].filters: must be a mapping, but is a list"
            ),
            (
                "subscriptions", "[{ event: e, resourceId: r }, { event: e, resourceId: r }]",
                "7:59: tenants[0].subscriptions[1].event: the same subscription twice (first in line 7); keep one"
            ),
        ] as [(String, String, String)]
    )
    func wrongValue(key: String, value: String, expected: String) {
        let lines = self.errors([key: value])
        #expect(lines.contains { $0.hasPrefix("bridge.yaml:\(expected)") }, "\(lines)")
        #expect(lines.count == 1, "\(lines)")
    }

    @Test(
        "addresses instead of a region are checked",
        arguments: [
            ("{ login: \"https://l\" }", "8:16: tenants[0].endpoints.streaming: required, but missing"),
            (
                "{ login: \"wss://l\", streaming: \"wss://s\" }",
                "tenants[0].endpoints.login: \"wss://l\" does not begin with https:// or http://"
            ),
            (
                "{ login: \"https://l\", streaming: \"https://s\" }",
                "tenants[0].endpoints.streaming: \"https://s\" does not begin with wss:// or ws://"
            ),
            (
                "{ login: l, streaming: \"wss://s\" }",
                "tenants[0].endpoints.login: \"l\" is not an address; write https://HOST"
            ),
            (
                "{ login: \"https://l/oauth\", streaming: \"wss://s\" }",
                "tenants[0].endpoints.login: \"https://l/oauth\" has a path"
            ),
            (
                "{ login: \"https://l?x\", streaming: \"wss://s\" }",
                "tenants[0].endpoints.login: the value has a path"
            ),
            ("{ login: \"https://u:p@l\", streaming: \"wss://s\" }", "holds a user name"),
            (
                "{ login: \"https://\", streaming: \"wss://s\" }",
                "tenants[0].endpoints.login: \"https://\" has no host name"
            ),
            (
                "{ login: \"https://l:0\", streaming: \"wss://s\" }",
                "tenants[0].endpoints.login: \"https://l:0\" has port 0"
            ),
        ]
    )
    func endpoints(value: String, expected: String) {
        let lines = self.errors([:], more: "    endpoints: \(value)\n")
        #expect(lines.contains { $0.contains("given beside region; give one of them") })
        let text = """
            kafka: { properties: { bootstrap.servers: k } }
            tenants:
              - name: acme
                protocol: stream
                credentials: { clientId: id, clientSecret: secret }
                subscriptions:
                  - { event: e, resourceId: r }
                endpoints: \(value)
            """
        let own = Fixture.errors(text)
        #expect(own.count == 1 && own[0].contains(expected), "\(own)")
    }

    @Test("an empty list of tenants, none, and two of one name are told apart")
    func list() {
        let kafka = "kafka: { properties: { bootstrap.servers: k } }\n"
        #expect(
            Fixture.errors(kafka + "tenants: []")[0].hasPrefix("bridge.yaml:2:10: tenants: is empty; give at least one")
        )
        #expect(Fixture.errors(kafka)[0].hasPrefix("bridge.yaml:1:1: tenants: required, but missing"))
        #expect(Fixture.errors(kafka + "tenants:")[0].contains("tenants: must be a list, but is empty"))
        let second =
            "  - { name: acme, region: mypurecloud.com, protocol: stream, credentials: { clientId: a, clientSecret: b }, "
            + "subscriptions: [{ event: e, resourceId: r }] }\n"
        #expect(
            self.errors([:], more: second) == [
                "bridge.yaml:8:13: tenants[1].name: a second tenant with this name (first in line 3); give each its own"
            ]
        )
    }

    @Test("topics that Kafka cannot tell apart are refused")
    func collisions() {
        let mapped = self.errors([
            "subscriptions": "[{ event: \"a/b\", resourceId: r }, { event: \"a:b\", resourceId: r }]"
        ])
        #expect(mapped.count == 1)
        #expect(
            mapped[0].contains(
                "tenants[0].subscriptions[1].event: its Kafka topic genesys.acme.a-b cannot be told from"
            )
        )
        let dots = self.errors(["subscriptions": "[{ event: a.b, resourceId: r }, { event: a_b, resourceId: r }]"])
        #expect(dots.count == 1 && dots[0].contains("genesys.acme.a_b cannot be told from genesys.acme.a.b"))
        let second =
            "  - { name: acme.x, region: mypurecloud.com, protocol: stream, credentials: { clientId: a, clientSecret: b }, "
            + "subscriptions: [{ event: e, resourceId: r }] }\n"
        let tenants = self.errors(["subscriptions": "[{ event: x.e, resourceId: r }]"], more: second)
        #expect(tenants.count == 1 && tenants[0].contains("tenants[1].subscriptions[0].event"))
        // Without the tenant in the template the two share their topics, as asked.
        let shared = second.replacing("acme.x", with: "other")
        #expect(self.errors([:], more: shared, head: "records: { topic: \"all.{family}\" }\n") == [])
        #expect(self.errors(["subscriptions": "[{ event: e, resourceId: r }, { event: e, resourceId: s }]"]) == [])
    }

    @Test("a topic that would be too long is refused")
    func longTopic() {
        let lines = self.errors(
            ["subscriptions": "[{ event: \(String(repeating: "e", count: 40)), resourceId: r }]"],
            head: "records: { topic: \"\(String(repeating: "x", count: 220)).{tenant}.{family}\" }\n"
        )
        #expect(lines.count == 1 && lines[0].contains("has at most 249 characters"), "\(lines)")
    }

    @Test("a region that is not known is a warning with the nearest")
    func unknownRegion() throws {
        let loaded = try Fixture.load(Fixture.minimal.replacing("mypurecloud.com", with: "mypurecloud.cmo"))
        #expect(
            loaded.warnings.map { $0.line(file: "f") } == [
                "f:4:13: tenants[0].region: not a region that is known here; did you mean mypurecloud.com?"
            ]
        )
    }

    @Test("credentials in the clear beyond this machine are a warning")
    func clear() throws {
        let text = Fixture.minimal.replacing(
            "region: mypurecloud.com",
            with: "endpoints: { login: \"http://sim:80\", streaming: \"ws://127.0.0.1:80\" }"
        )
        let warnings = try Fixture.load(text).warnings
        #expect(warnings.map(\.keyPath) == ["tenants[0].endpoints.login"])
    }
}
