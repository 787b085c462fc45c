/// librdkafka properties, in the order in which they are set. Names and values are librdkafka's
/// (its `CONFIGURATION.md`); they are checked when a client is made from them.
///
/// Descriptions and reflections of a configuration show `[redacted]` for secrets.
public struct KafkaConfiguration: Sendable, Equatable {
    private var names: [String] = []
    private var values: [String: String] = [:]

    /// An empty configuration: every property has librdkafka's default.
    public init() {}

    /// The properties in the order given; a repeated name keeps its first place and its last value.
    public init(_ properties: some Sequence<(name: String, value: String)>) {
        for (name, value) in properties {
            self[name] = value
        }
    }

    /// The value of a property, or `nil` where librdkafka's default stands.
    public subscript(name: String) -> String? {
        get { self.values[name] }
        set {
            if newValue == nil {
                self.names.removeAll { $0 == name }
            } else if self.values[name] == nil {
                self.names.append(name)
            }
            self.values[name] = newValue
        }
    }

    /// All properties in order, secrets included: never print them.
    public var properties: [(name: String, value: String)] {
        self.names.map { (name: $0, value: self.values[$0] ?? "") }
    }

    /// Whether a property holds a password, a private key or a token, so that its value must not be shown.
    public static func isSecret(_ name: String) -> Bool {
        let lowercased = name.lowercased()
        // Where tokens are asked for is no token.
        if lowercased.hasSuffix("endpoint.url") { return false }
        return ["password", "secret", "token", "ssl.key.pem", "ssl_key", "oauthbearer.config", "jaas"]
            .contains { lowercased.contains($0) }
    }

    /// `text` with every secret value of this configuration replaced.
    func redacted(_ text: String) -> String {
        self.names.reduce(into: text) { text, name in
            guard Self.isSecret(name), let value = self.values[name], !value.isEmpty else { return }
            text = text.split(separator: value, omittingEmptySubsequences: false).joined(separator: "[redacted]")
        }
    }
}

extension KafkaConfiguration {
    /// What an at-least-once producer rests on, each value spelled out instead of inherited:
    /// idempotence on, `acks=all`, no limit on how long a record may wait for its broker (`message.timeout.ms=0`),
    /// the Java clients' partitioner, and a bounded queue.
    ///
    /// - Parameters:
    ///   - bootstrapServers: `host:port[,host:port…]`.
    ///   - queuedRecordCountMax: records in librdkafka's queue (`queue.buffering.max.messages`, ≥ 1).
    ///   - queuedKibibytesMax: their size (`queue.buffering.max.kbytes`, ≥ 1); keep it above what the caller holds.
    ///   - lingerMilliseconds: how long a record waits for company.
    public static func idempotentProducer(
        bootstrapServers: String,
        queuedRecordCountMax: Int = 500_000,
        queuedKibibytesMax: Int = 1_048_576,
        lingerMilliseconds: Int = 5
    ) -> KafkaConfiguration {
        [
            "bootstrap.servers": bootstrapServers,
            "enable.idempotence": "true",
            "acks": "all",
            "message.timeout.ms": "0",
            "linger.ms": "\(lingerMilliseconds)",
            "partitioner": "murmur2_random",
            "queue.buffering.max.messages": "\(queuedRecordCountMax)",
            "queue.buffering.max.kbytes": "\(queuedKibibytesMax)",
        ]
    }

    /// What a consumer that checks a running producer needs: new records are seen within about 10 ms, because a broker
    /// that keeps little (the embedded one keeps about 5 MB per partition) drops what is not read in time.
    ///
    /// - Parameter bootstrapServers: `host:port[,host:port…]`.
    public static func auditConsumer(bootstrapServers: String) -> KafkaConfiguration {
        [
            "bootstrap.servers": bootstrapServers,
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": "true",
            "allow.auto.create.topics": "false",
            "fetch.wait.max.ms": "10",
            "fetch.error.backoff.ms": "10",
            "fetch.message.max.bytes": "10485760",
            // librdkafka's own 10 s would be the time in which a broker that comes back drops what is written to it.
            "reconnect.backoff.max.ms": "500",
        ]
    }
}

extension KafkaConfiguration: ExpressibleByDictionaryLiteral {
    /// The properties in the order written.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }
}

extension KafkaConfiguration: CustomStringConvertible, CustomReflectable {
    /// `name=value …`, secrets redacted.
    public var description: String {
        self.properties.map { "\($0.name)=\(Self.isSecret($0.name) ? "[redacted]" : $0.value)" }.joined(separator: " ")
    }

    /// Shows the description only, so that `dump` and the like find no secret.
    public var customMirror: Mirror {
        Mirror(self, children: ["properties": self.description])
    }
}
