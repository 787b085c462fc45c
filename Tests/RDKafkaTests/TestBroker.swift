import Foundation
import RDKafka
import Testing

/// Where a test produces to: an embedded cluster, or the brokers of `KAFKA_BOOTSTRAP_SERVERS` with topics of its own.
///
/// Tests that break a broker take the embedded one, also where real ones are given.
struct TestBroker {
    let bootstrapServers: String
    let embedded: EmbeddedKafka?
    private let prefix: String

    /// Embedded clusters, and the real brokers if there are some.
    enum Kind: String, CaseIterable, Sendable {
        case embedded, real

        static var available: [Kind] {
            ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"] == nil ? [.embedded] : [.embedded, .real]
        }
    }

    init(_ kind: Kind, brokerCount: Int = 1) throws {
        self.prefix = "rdkafka-test-\(UInt64.random(in: 0...UInt64.max))-"
        switch kind {
        case .embedded:
            let cluster = try EmbeddedKafka(brokerCount: brokerCount)
            self.embedded = cluster
            self.bootstrapServers = cluster.bootstrapServers
        case .real:
            self.embedded = nil
            self.bootstrapServers = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"] ?? ""
        }
    }

    /// Runs `body` with a broker, and removes what it has made there.
    static func with(_ kind: Kind, brokerCount: Int = 1, _ body: (TestBroker) async throws -> Void) async throws {
        let broker = try TestBroker(kind, brokerCount: brokerCount)
        do {
            try await body(broker)
        } catch {
            try? await broker.remove()
            throw error
        }
        try await broker.remove()
    }

    /// A topic of this test. Real brokers drop at once what is older than they are to keep, by its own time.
    func topic(
        _ name: String,
        partitionCount: Int = 1,
        properties: [String: String] = [:]
    ) async throws -> String {
        let topic = self.prefix + name
        if let embedded = self.embedded {
            try embedded.createTopic(topic, partitionCount: partitionCount)
        } else {
            let wanted = KafkaNewTopic(name: topic, partitionCount: partitionCount, properties: properties)
            try await self.administer { admin in
                let refused = try await admin.createTopics([wanted], timeout: .seconds(20))
                #expect(refused.isEmpty, "\(refused)")
            }
        }
        return topic
    }

    private func remove() async throws {
        if let embedded = self.embedded { return await embedded.close() }
        try await self.administer { admin in
            let topics = try await admin.metadata(timeout: .seconds(20)).topics.map(\.name)
            let own = topics.filter { $0.hasPrefix(self.prefix) }
            let kept = try await admin.deleteTopics(own, timeout: .seconds(20))
            #expect(kept.isEmpty, "\(kept)")
        }
    }

    /// Asks the cluster.
    func administer<Value>(_ body: (KafkaAdmin) async throws -> Value) async throws -> Value {
        let admin = try KafkaAdmin(configuration: ["bootstrap.servers": self.bootstrapServers])
        do {
            let value = try await body(admin)
            await admin.close()
            return value
        } catch {
            await admin.close()
            throw error
        }
    }

    func producer(
        _ properties: [String: String] = [:],
        onFatal: @escaping @Sendable (KafkaError) -> Void = { _ in },
        onError: @escaping @Sendable (KafkaError) -> Void = { _ in }
    ) throws -> KafkaProducer {
        var configuration = KafkaConfiguration.idempotentProducer(bootstrapServers: self.bootstrapServers)
        for (name, value) in properties { configuration[name] = value }
        return try KafkaProducer(configuration: configuration, onFatal: onFatal, onError: onError)
    }

    func consumer(_ topics: [String], _ properties: [String: String] = [:]) throws -> KafkaConsumer {
        var configuration = KafkaConfiguration.auditConsumer(bootstrapServers: self.bootstrapServers)
        for (name, value) in properties { configuration[name] = value }
        return try KafkaConsumer(configuration: configuration, topics: topics)
    }
}

extension KafkaConsumer {
    /// Everything up to `count` records.
    func read(_ count: Int) throws -> KafkaConsumedBatch {
        var all = KafkaConsumedBatch()
        while all.records.count < count {
            let batch = try self.next(max: count - all.records.count, timeout: .seconds(1))
            all.records += batch.records
            all.events += batch.events
        }
        return all
    }
}
