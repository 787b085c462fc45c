import BridgeCore
import Testing

@testable import genesys_kafka_bridge

/// Lines 1 of the given text stand before the minimal configuration, so line numbers are those of the text itself.
@Suite("Mistakes in a configuration")
struct ConfigurationErrorTests {
    @Test(
        "a wrong value is met with its place, its path, what is wrong and what would be right",
        arguments: [
            (
                "connection: { pingInterval: 30 }",
                "1:29: connection.pingInterval: \"30\" has no unit; write 30s for seconds, or use ms, m or h"
            ),
            (
                "connection: { pingInterval: 4s }",
                "1:29: connection.pingInterval: \"4s\" is out of range; write a duration: 5s to 1h"
            ),
            (
                "connection:\n  pingInterval: soon",
                "2:17: connection.pingInterval: \"soon\" is not a duration; "
                    + "write a whole number with a unit: 500ms, 30s, 5m or 1h"
            ),
            (
                "connection: { pingInterval: true }",
                "1:29: connection.pingInterval: must be a duration, but is a boolean; put it in quotes"
            ),
            (
                "connection: { missedPongs: \"3\" }",
                "1:28: connection.missedPongs: must be an integer, but is a string; leave the quotes out"
            ),
            (
                "connection: { missedPongs: 3.5 }",
                "1:28: connection.missedPongs: must be an integer, but is a number; write an integer: 1 to 100"
            ),
            (
                "connection: { missedPongs: 0 }",
                "1:28: connection.missedPongs: \"0\" is out of range; write an integer: 1 to 100"
            ),
            (
                "connection: { missedPongs: }",
                "1:28: connection.missedPongs: must not be empty; write an integer: 1 to 100"
            ),
            (
                "connection: { missedPongs: [3] }",
                "1:28: connection.missedPongs: must be a single value, but is a list; write an integer: 1 to 100"
            ),
            (
                "connection: { missedPongs: 99999999999999999999 }",
                "1:28: connection.missedPongs: \"99999999999999999999\" is not an integer; write an integer: 1 to 100"
            ),
            (
                "connection: { readAheadBytes: 1048576 }",
                "1:31: connection.readAheadBytes: \"1048576\" has no unit; "
                    + "write 1048576B for bytes, or use KiB, MiB, KB or MB"
            ),
            (
                "connection: { readAheadBytes: 1mib }",
                "1:31: connection.readAheadBytes: \"1mib\" is not a size; write 1MiB"
            ),
            (
                "connection: { tcp: { keepAliveIdle: 1500ms } }",
                "1:37: connection.tcp.keepAliveIdle: 1500ms is not a whole number of seconds; "
                    + "write seconds, such as 30s"
            ),
            ("connection: fast", "1:13: connection: must be a mapping, but is a string; write keys below it"),
            ("log: { level: loud }", "1:15: log.level: \"loud\" is not known; write one of the words: trace, debug"),
            ("log: { level: inof }", "1:15: log.level: \"inof\" is not known; did you mean info?"),
            ("log: { format: 7 }", "1:16: log.format: must be one of the words, but is an integer; put it in quotes"),
            (
                "delivery: { guarantee: exactly-once }",
                "1:11: delivery.checkpoints.store: cannot be directory with guarantee: exactly-once: "
                    + "positions are written in one transaction with the records; write store: kafkaTopic"
            ),
            (
                "delivery: { checkpoints: { kafkaTopic: x } }",
                "1:28: delivery.checkpoints.kafkaTopic: unknown key; "
                    + "known here: store, directory, topic, commitInterval, commitBatches"
            ),
            (
                "delivery: { checkpoints: { store: kafka } }",
                "1:35: delivery.checkpoints.store: \"kafka\" is not known; write one of the words: directory, kafkaTopic"
            ),
            (
                "delivery: { checkpoints: { topic: x } }",
                "1:35: delivery.checkpoints.topic: has no meaning with store: directory; "
                    + "write store: kafkaTopic, or leave the topic out"
            ),
            (
                "delivery: { checkpoints: { store: kafkaTopic, directory: /x } }",
                "1:58: delivery.checkpoints.directory: has no meaning with store: kafkaTopic; "
                    + "leave the directory out, or write store: directory"
            ),
            (
                "delivery: { checkpoints: { store: kafkaTopic, topic: a/b } }",
                "1:54: delivery.checkpoints.topic: \"a/b\" is not a topic's name; use a-z, A-Z, 0-9, `.`, `_` and `-`"
            ),
            (
                "delivery: { checkpoints: { store: kafkaTopic, topic: genesys_acme.gaps } }",
                "1:54: delivery.checkpoints.topic: cannot be told from genesys.acme.gaps, where records of tenant acme go; "
                    + "give the checkpoints a topic of their own"
            ),
            ("delivery: { inFlight: { bytes: 1KiB } }", "1:32: delivery.inFlight.bytes: \"1KiB\" is out of range"),
            ("records: { topic: \"{org}.x\" }", "1:19: records.topic: \"{org}.x\" has an unknown placeholder; use"),
            ("records: { topic: \"{tenant\" }", "1:19: records.topic: \"{tenant\" has a brace without its partner"),
            ("records: { topic: \"a}\" }", "1:19: records.topic: \"a}\" has a brace without its partner"),
            (
                "records: { topic: \"a b\" }",
                "1:19: records.topic: \"a b\" has characters that a Kafka topic cannot have"
            ),
            ("records: { topic: \"\" }", "1:19: records.topic: \"\" is empty"),
            (
                "records: { key: a/b }",
                "1:17: records.key: \"a/b\" is no kind of key; write a key: entity, none, or a JSON"
            ),
            ("tenantPartitions: 0", "1:19: tenantPartitions: \"0\" is out of range; write an integer: 1 to 4096"),
            ("admin: { listen: 9600 }", "1:18: admin.listen: must be an address or the word off, but is an integer"),
            ("admin: { listen: localhost }", "1:18: admin.listen: \"localhost\" has no port; write HOST:PORT, or off"),
            (
                "admin: { listen: \"::1:9600\" }",
                "1:18: admin.listen: \"::1:9600\" has more than one colon; write an IPv6"
            ),
            ("admin: { listen: \"a:70000\" }", "1:18: admin.listen: \"a:70000\" has a port that is not a number"),
            (
                "admin: { listen: \"[x]:1\" }",
                "1:18: admin.listen: \"[x]:1\" has brackets around something that is no IPv6"
            ),
            (
                "connection: { tls: { clientCertificate: /c.pem } }",
                "1:41: connection.tls.clientCertificate: the file does not exist; write the path of a PEM file"
            ),
            (
                "connection: { tls: { clientKey: /here } }",
                "1:33: connection.tls.clientKey: given without clientCertificate; give both or neither"
            ),
        ]
    )
    func wrongValue(text: String, expected: String) {
        let lines = Fixture.errors(Fixture.with(text), files: ["/here": []])
        #expect(lines.contains { $0.hasPrefix("bridge.yaml:\(expected)") }, "\(lines)")
    }

    @Test(
        "an unknown key is met with the nearest known one, or all of them",
        arguments: [
            ("conection: {}", "1:1: conection: unknown key; did you mean `connection`?"),
            (
                "connection: { pinginterval: 30s }",
                "1:15: connection.pinginterval: unknown key; did you mean `pingInterval`?"
            ),
            ("connection: { backoff: { max: 1s } }", "1:26: connection.backoff.max: unknown key; did you mean `cap`?"),
            ("log: { colour: red }", "1:8: log.colour: unknown key; known here: level, format"),
            ("kafka2: {}", "1:1: kafka2: unknown key; did you mean `kafka`?"),
            ("\"a\\u001b[31m\": {}", "1:1: a\\u{1b}[31m: unknown key; known here: kafka, delivery"),
        ]
    )
    func unknownKey(text: String, expected: String) {
        let lines = Fixture.errors(Fixture.with(text))
        #expect(lines.count == 1)
        #expect(lines.contains { $0.hasPrefix("bridge.yaml:\(expected)") }, "\(lines)")
    }

    @Test(
        "a check across keys names both",
        arguments: [
            (
                "connection: { pongTimeout: 30s }",
                "1:28: connection.pongTimeout: pongTimeout (30s) must be below pingInterval (30s)"
            ),
            (
                "connection: { pingInterval: 10s }",
                "1:29: connection.pingInterval: pongTimeout (10s) must be below pingInterval (10s)"
            ),
            (
                "connection: { backoff: { base: 1m } }",
                "1:32: connection.backoff.base: base (1m) is above cap (30s); lower base or raise cap"
            ),
            (
                "connection: { maxFrameBytes: 17MiB }",
                "1:30: connection.maxFrameBytes: 17MiB is above maxMessageBytes (16MiB)"
            ),
            (
                "connection: { maxMessageBytes: 65MiB }",
                "1:32: connection.maxMessageBytes: 65MiB is more than a tenant may hold in flight: "
                    + "delivery.inFlight.bytes (64MiB) / 1 tenants = 64MiB; "
                    + "raise delivery.inFlight.bytes to 65MiB or lower maxMessageBytes"
            ),
            (
                "connection: { proxyIdleTimeout: 5s }",
                "4:5: tenants[0].maxLatency: 5s must be below connection.proxyIdleTimeout (5s)"
            ),
        ]
    )
    func acrossKeys(text: String, expected: String) {
        let lines = Fixture.errors(Fixture.with(text))
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("bridge.yaml:\(expected)") }, "\(lines)")
    }

    @Test("a check across keys is left out where one of them is wrong itself")
    func noFollowUps() {
        let lines = Fixture.errors(Fixture.with("connection: { pingInterval: 1ms, pongTimeout: 200s }"))
        #expect(lines.count == 1, "\(lines)")
    }

    @Test("everything that is wrong is said at once, in the file's order")
    func all() {
        let lines = Fixture.errors(
            """
            tenants:
              - name: a
                protocol: sse
            log: { levle: info }
            connection: { missedPongs: x }
            """
        )
        #expect(
            lines.map { String($0.prefix { $0 != ";" }) } == [
                "bridge.yaml:1:1: kafka.properties.bootstrap.servers: required, but missing",
                "bridge.yaml:2:5: tenants[0].credentials: required, but missing",
                "bridge.yaml:2:5: tenants[0].region: required, but missing",
                "bridge.yaml:2:5: tenants[0].subscriptions: required, but missing",
                "bridge.yaml:3:15: tenants[0].protocol: \"sse\" is not known",
                "bridge.yaml:4:8: log.levle: unknown key",
                "bridge.yaml:5:28: connection.missedPongs: must be an integer, but is a string",
            ]
        )
    }

    @Test("the parts of a tenant's share are counted for the instance's own share")
    func share() throws {
        var text = "kafka: { properties: { bootstrap.servers: k } }\ntenants:\n"
        for index in 0..<8 {
            text += """
                  - { name: t\(index), region: mypurecloud.de, protocol: stream, credentials: { clientId: a, clientSecret: b },
                      subscriptions: [{ event: e, resourceId: r }] }

                """
        }
        let lines = Fixture.errors(text)
        #expect(lines.count == 1)
        #expect(
            lines.first?.contains("/ 8 tenants = 8MiB; raise delivery.inFlight.bytes to 128MiB") == true,
            "\(lines)"
        )
        #expect(Fixture.errors(text, share: try Share("0/64")) == [])
    }
}
