import BridgeCore

/// Which librdkafka properties a file may set, and to what (spec/delivery.md, Producer).
struct KafkaPropertyRules {
    let context: DecodingContext
    let inFlight: InFlightConfiguration

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
            let most = self.inFlight.bytes / NotificationBatch.heldBytesPerEvent
            self.checkQueueLimit(entry, text, keyPath, least: most, "the \(most) records that may be in flight")
        case "queue.buffering.max.kbytes":
            let most = (self.inFlight.bytes + 1023) / 1024
            self.checkQueueLimit(entry, text, keyPath, least: most, "delivery.inFlight.bytes, \(most) KiB")
        default:
            break
        }
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
