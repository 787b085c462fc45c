import Foundation
import RDKafka
import Testing

/// The brokers of `KAFKA_BOOTSTRAP_SERVERS`, for tests that break none. Where the variable is not set, they take librdkafka's mock cluster.
enum RealKafka {
    static let bootstrapServers = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"]

    static var isGiven: Bool { self.bootstrapServers != nil }

    /// The process to stop for a while where a test needs that, if there is one process and it may be stopped: `KAFKA_BROKER_PID`.
    static let processID = ProcessInfo.processInfo.environment["KAFKA_BROKER_PID"].flatMap { Int32($0) }

    /// What topics and tenants of one test end with, so that they are nobody else's.
    static func suffix() -> String { "-" + String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16) }

    /// Runs `body` with topics of its own, and removes them and `others`, which it made itself.
    static func with(
        _ topics: [KafkaNewTopic],
        removing others: [String] = [],
        _ body: (String) async throws -> Void
    ) async throws {
        let servers = try #require(self.bootstrapServers)
        try await self.administer { admin in
            let refused = try await admin.createTopics(topics, timeout: .seconds(30))
            #expect(refused.isEmpty, "\(refused)")
        }
        var failure: (any Error)?
        do { try await body(servers) } catch { failure = error }
        try await self.administer { admin in
            _ = try await admin.deleteTopics(topics.map(\.name) + others, timeout: .seconds(30))
        }
        if let failure { throw failure }
    }

    /// Asks the cluster.
    static func administer<Value>(_ body: (KafkaAdmin) async throws -> Value) async throws -> Value {
        let admin = try KafkaAdmin(configuration: ["bootstrap.servers": try #require(self.bootstrapServers)])
        do {
            let value = try await body(admin)
            await admin.close()
            return value
        } catch {
            await admin.close()
            throw error
        }
    }
}
