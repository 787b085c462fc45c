import Testing

@testable import genesys_kafka_bridge

@Suite("The reference of keys")
struct ReferenceTests {
    @Test("every entry says what it is, its default and its range")
    func complete() {
        let entries = ConfigurationReference.entries
        #expect(entries.count >= 50)
        for entry in entries {
            #expect(!entry.meaning.isEmpty && !entry.defaultText.isEmpty, "\(entry.keyPath)")
        }
        #expect(Set(entries.map(\.keyPath)).count == entries.count)
    }

    @Test("defaults are shown as they are written")
    func defaults() throws {
        func entry(_ keyPath: String) throws -> ConfigurationReference.Entry {
            try #require(ConfigurationReference.entries.first { $0.keyPath == keyPath })
        }
        #expect(try entry("connection.pingInterval").defaultText == "30s")
        #expect(try entry("connection.pingInterval").range == "5s to 1h")
        #expect(try entry("delivery.inFlight.bytes").defaultText == "64MiB")
        #expect(try entry("delivery.checkpoints.commitInterval").defaultText == "100ms")
        #expect(try entry("tenants[].credentials.clientSecret").defaultText == "required")
        #expect(try entry("tenants[].subscriptions[].filters").range == "field: [values]")
        #expect(try entry("log.level").range == "trace, debug, info, notice, warning, error, critical")
        #expect(try entry("admin.listen").defaultText == "127.0.0.1:9600")
    }

    @Test("a default, written out, is accepted and changes nothing")
    func roundTrip() throws {
        let plain = try Fixture.load(Fixture.minimal).configuration
        for entry in ConfigurationReference.entries where !entry.keyPath.contains("[]") && entry.keyPath != "tenants" {
            // Words such as `none` say what an absent key means; they are no values.
            let isWords = [
                "required", "the larger", "the brokers", "the folder", "1GiB; with", "none", "maxMessageBytes",
            ].contains {
                entry.defaultText.hasPrefix($0)
            }
            guard !isWords || entry.keyPath == "records.headers" else { continue }
            var yaml = ""
            let keys = entry.keyPath.split(separator: ".")
            for (depth, key) in keys.enumerated() {
                let indent = String(repeating: "  ", count: depth)
                let isBare = Int(entry.defaultText) != nil || entry.range == "true, false"
                let value = isBare ? entry.defaultText : "\"\(entry.defaultText)\""
                yaml += depth == keys.count - 1 ? "\(indent)\(key): \(value)\n" : "\(indent)\(key):\n"
            }
            let loaded = try Fixture.load(Fixture.with(yaml))
            #expect(loaded.configuration == plain, "\(entry.keyPath)")
        }
    }

    @Test("the table has a row for each key")
    func table() {
        let rows = ConfigurationReference.table.split(separator: "\n")
        #expect(rows.count == ConfigurationReference.entries.count + 2)
        #expect(
            rows.contains(
                "| `connection.missedPongs` | 3 | 1 to 100 | missed pongs in a row after which the connection is replaced |"
            )
        )
    }
}
