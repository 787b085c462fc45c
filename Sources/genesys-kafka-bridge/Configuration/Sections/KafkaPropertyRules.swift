import BridgeCore

/// Which librdkafka properties a file may set, and to what (spec/delivery.md, Producer).
struct KafkaPropertyRules {
    let context: DecodingContext
    let delivery: DeliveryConfiguration
    /// All properties of the file, by name: the last one of a name counts.
    let values: [String: String]

    /// The properties that are refused whatever their value, with the reason.
    static let refused: [String: String] = [
        "enable.idempotence": "the bridge always turns it on: order and retries without duplicates rest on it",
        "acks": "the bridge always uses acks=all: an acknowledgement must mean that the record is safe",
        "request.required.acks":
            "the bridge always uses acks=all: an acknowledgement must mean that the record is safe",
        "transactional.id": "the bridge derives it from the checkpoint topic and the tenant partition",
        "partitioner": "the bridge always uses murmur2_random: which partition a key goes to is part of the contract",
        "delivery.report.only.error": "a position is committed only after a report of every record",
        "test.mock.num.brokers": "records would go to a mock inside the process and be lost",
        "test.mock.broker.rtt": "there is no mock inside the process",
        "opaque": "it is a pointer of a program",
        "default_topic_conf": "it is a pointer of a program; write topic properties beside the others",
        "interceptors": "it is a function of a program",
        "produce.offset.report": "the bridge reads its delivery reports in its own way",
        "enabled_events": "the bridge serves librdkafka's events itself",
        "isolation.level":
            "the bridge reads its checkpoints with read_committed: a position of an aborted transaction is none",
        "auto.offset.reset": "the bridge reads its checkpoints from the beginning to the end",
        "enable.partition.eof": "the bridge reads its checkpoints to their end, and must be told where that is",
        "allow.auto.create.topics":
            "what the bridge reads must not come about by that; whether records create topics is the brokers' setting",
    ]

    /// Checks a property; what is wrong is reported without its value.
    func check(_ entry: ConfigurationNode.Entry, text: String, keyPath: String) {
        if let reason = Self.refused[entry.key] {
            self.context.report(entry.keyPosition, keyPath, "cannot be set: \(reason)", "leave it out")
            return
        }
        if entry.key.hasSuffix("_cb") || entry.key == "log.queue" {
            self.context.report(
                entry.keyPosition,
                keyPath,
                "cannot be set: it is a function of a program",
                "leave it out"
            )
            return
        }
        switch entry.key {
        case "bootstrap.servers", "metadata.broker.list":
            if text.allSatisfy({ $0 == "," || $0.isWhitespace }) {
                self.context.report(
                    entry.value.position,
                    keyPath,
                    "names no broker",
                    "write HOST:PORT of one or more brokers"
                )
            }
        case "max.in.flight", "max.in.flight.requests.per.connection":
            self.checkInteger(
                entry,
                text,
                keyPath,
                1...5,
                "order across retries holds for at most 5 requests in flight"
            )
        case "message.send.max.retries", "retries":
            self.checkInteger(entry, text, keyPath, 1...2_147_483_647, "an idempotent producer must be able to retry")
        case "message.timeout.ms", "delivery.timeout.ms":
            self.checkMessageTimeout(entry, text, keyPath)
        case "enable.gapless.guarantee":
            self.checkGapless(entry, text, keyPath)
        case "queue.buffering.max.messages":
            // Each event counts at least its fixed cost, so this many is the most that can be in flight.
            let most = self.delivery.inFlight.bytes / NotificationBatch.heldBytesPerEvent
            self.checkQueueLimit(entry, text, keyPath, least: most, "the \(most) records that may be in flight")
        case "queue.buffering.max.kbytes":
            let most = (self.delivery.inFlight.bytes + 1023) / 1024
            self.checkQueueLimit(entry, text, keyPath, least: most, "delivery.inFlight.bytes, \(most) KiB")
        case "queuing.strategy":
            guard text.lowercased() != "fifo" else { return }
            self.report(entry, keyPath, "must be fifo: anything else overtakes", "leave it out")
        case "sasl.mechanisms", "sasl.mechanism":
            self.checkMechanism(entry, text, keyPath)
        case "message.max.bytes":
            self.checkMessageMax(entry, text, keyPath)
        case "transaction.timeout.ms", "socket.timeout.ms":
            self.checkTransaction(entry, text, keyPath)
        case "enable.ssl.certificate.verification", "ssl.endpoint.identification.algorithm", "security.protocol":
            self.warnOfOpenDoors(entry, text, keyPath)
        default:
            break
        }
    }

    private func report(
        _ entry: ConfigurationNode.Entry,
        _ keyPath: String,
        _ problem: String,
        _ remedy: String
    ) {
        self.context.report(entry.value.position, keyPath, problem, remedy)
    }

    private func checkInteger(
        _ entry: ConfigurationNode.Entry,
        _ text: String,
        _ keyPath: String,
        _ range: ClosedRange<Int>,
        _ reason: String
    ) {
        guard let number = Int(text), range.contains(number) else {
            self.context.report(
                entry.value.position,
                keyPath,
                "out of range: \(reason)",
                "write \(range.lowerBound) to \(range.upperBound)"
            )
            return
        }
    }

    private func checkMessageTimeout(_ entry: ConfigurationNode.Entry, _ text: String, _ keyPath: String) {
        guard let milliseconds = Int(text), milliseconds >= 0 else {
            self.context.report(
                entry.value.position,
                keyPath,
                "must be a number of milliseconds",
                "write 0 for no limit"
            )
            return
        }
        let transaction = self.transactionTimeoutMilliseconds
        if self.delivery.guarantee == .exactlyOnce, !(1...transaction).contains(milliseconds) {
            return self.report(
                entry,
                keyPath,
                "with guarantee: exactly-once a record must not wait longer than its transaction lives (\(transaction) ms)",
                "leave it out, or write 1 to \(transaction)"
            )
        }
        guard milliseconds != 0 else { return }
        self.context.warn(
            entry.value.position,
            keyPath,
            "records that wait longer for Kafka fail, and their stream resumes from its committed position",
            "leave it out for no limit"
        )
    }

    /// Off, what waits in librdkafka behind a refused record is still written, before the stream writes both again. On, nothing is, and
    /// the producer, which all tenants share, is replaced.
    private func checkGapless(_ entry: ConfigurationNode.Entry, _ text: String, _ keyPath: String) {
        guard ["true", "false"].contains(text) else {
            self.context.report(entry.value.position, keyPath, "must be a boolean", "write true or false")
            return
        }
        guard text == "true" else { return }
        self.context.warn(
            entry.value.position,
            keyPath,
            "a record that Kafka refuses makes the streams of all tenants pause and resume from their committed positions",
            "leave it out where tenants must not feel each other more than the order of a refused record's key matters"
        )
    }

    private func checkQueueLimit(
        _ entry: ConfigurationNode.Entry,
        _ text: String,
        _ keyPath: String,
        least: Int,
        _ bound: String
    ) {
        guard !self.context.hasIssue(at: "delivery.inFlight.bytes") else { return }
        // 0 is librdkafka's word for no limit.
        guard let number = Int(text), number == 0 || number > least else {
            self.context.report(
                entry.value.position,
                keyPath,
                "must be above \(bound): otherwise librdkafka's queue fills before the bridge's own bound",
                "leave it out, or write more than \(least)"
            )
            return
        }
    }
}

// MARK: - Transactions

extension KafkaPropertyRules {
    /// Readers of the topics wait for an open transaction, and for that of an instance that has crashed: so long at most, unless set.
    static let transactionTimeoutDefaultMilliseconds = 15_000
    /// A transaction takes its interval, the end of the messages in it, and the commit.
    private static let intervalsPerTransaction = 3

    private var transactionTimeoutMilliseconds: Int {
        let written = self.values["transaction.timeout.ms"].flatMap { Int($0) }
        return min(max(written ?? Self.transactionTimeoutDefaultMilliseconds, 1), 2_147_483_647)
    }

    /// The shortest life of a transaction that leaves time for its commit.
    private var transactionTimeoutLeastMilliseconds: Int {
        let interval = self.delivery.checkpoints.commitInterval.wholeNanoseconds / 1_000_000
        return max(1_000, Int(interval) * Self.intervalsPerTransaction)
    }

    private func checkTransaction(_ entry: ConfigurationNode.Entry, _ text: String, _ keyPath: String) {
        guard self.delivery.guarantee == .exactlyOnce else { return }
        let transaction = self.transactionTimeoutMilliseconds
        let (range, reason) =
            entry.key == "socket.timeout.ms"
            ? (10...transaction + 100, "a request must not wait longer than its transaction lives (\(transaction) ms)")
            : (
                self.transactionTimeoutLeastMilliseconds...2_147_483_647,
                "a transaction must live \(Self.intervalsPerTransaction) times as long as delivery.checkpoints.commitInterval, or the "
                    + "brokers abort it"
            )
        self.checkInteger(entry, text, keyPath, range, "with guarantee: exactly-once \(reason)")
    }

    /// The default of `transaction.timeout.ms` has no line of its own: where the interval does not fit, the interval is wrong.
    func checkCommitInterval(_ reader: MappingReader) {
        guard self.delivery.guarantee == .exactlyOnce, self.values["transaction.timeout.ms"] == nil,
            self.transactionTimeoutLeastMilliseconds > Self.transactionTimeoutDefaultMilliseconds
        else { return }
        reader.section("checkpoints", CheckpointSettings.definitions).report(
            CheckpointSettings.commitInterval.key,
            "is too long with guarantee: exactly-once: the brokers abort a transaction after transaction.timeout.ms, "
                + "\(Self.transactionTimeoutDefaultMilliseconds) unless set",
            "write at most \(Self.transactionTimeoutDefaultMilliseconds / Self.intervalsPerTransaction)ms, or set "
                + "kafka.properties.transaction.timeout.ms to at least \(self.transactionTimeoutLeastMilliseconds)"
        )
    }
}

// MARK: - Sizes and open doors

extension KafkaPropertyRules {
    /// Dead letters are cut to fit; a checkpoint cannot be, and carries up to 256 KiB of event ids with exactly-once.
    private func checkMessageMax(_ entry: ConfigurationNode.Entry, _ text: String, _ keyPath: String) {
        let (least, what) =
            self.delivery.guarantee == .exactlyOnce
            ? (524_288, "a checkpoint with the ids of its last events") : (16_384, "a dead letter with its headers")
        self.checkInteger(entry, text, keyPath, least...1_000_000_000, "\(what) must fit")
    }

    /// Without it librdkafka waits for a token from the program for ever, and says nothing.
    private func checkMechanism(_ entry: ConfigurationNode.Entry, _ text: String, _ keyPath: String) {
        guard text.uppercased() == "OAUTHBEARER", self.values["sasl.oauthbearer.method"]?.lowercased() != "oidc",
            self.values["enable.sasl.oauthbearer.unsecure.jwt"] != "true"
        else { return }
        self.report(
            entry,
            keyPath,
            "OAUTHBEARER needs a token, and nothing says where it comes from",
            "write sasl.oauthbearer.method: oidc, and sasl.oauthbearer.token.endpoint.url, client.id and client.secret"
        )
    }

    private func warnOfOpenDoors(_ entry: ConfigurationNode.Entry, _ text: String, _ keyPath: String) {
        let mechanism = self.values["sasl.mechanisms"] ?? self.values["sasl.mechanism"] ?? ""
        let why: String? =
            switch (entry.key, text.lowercased()) {
            case ("enable.ssl.certificate.verification", "false"):
                "whoever answers is taken for a broker, and is told the password"
            case ("ssl.endpoint.identification.algorithm", "none"):
                "any host with a certificate of a trusted authority is taken for a broker"
            case ("security.protocol", "sasl_plaintext") where mechanism.uppercased() == "PLAIN":
                "the password goes over the network as it is"
            default: nil
            }
        guard let why else { return }
        self.context.warn(entry.value.position, keyPath, why, "for networks that nobody else is on")
    }
}
