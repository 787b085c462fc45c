import Foundation
import RDKafka

/// Where a test produces to: an embedded cluster, or the brokers of `KAFKA_BOOTSTRAP_SERVERS` with topics of its own.
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

    /// A topic of this test; real brokers create it when it is produced to.
    func topic(_ name: String, partitionCount: Int = 1) throws -> String {
        try self.embedded?.createTopic(self.prefix + name, partitionCount: partitionCount)
        return self.prefix + name
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
