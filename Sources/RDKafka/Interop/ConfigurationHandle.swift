internal import CRdKafka

/// Owns a `rd_kafka_conf_t` until a client takes it over.
@safe struct ConfigurationHandle: ~Copyable {
    /// `nil` once a client has it.
    private var configuration: OpaquePointer?
    private let source: KafkaConfiguration

    /// - Throws: the first property that librdkafka refuses, with its name, its value unless secret, and why.
    init(_ source: KafkaConfiguration) throws(KafkaError) {
        unsafe self.configuration = rd_kafka_conf_new()
        self.source = source
        for (name, value) in source.properties {
            try self.set(name, value)
        }
    }

    deinit {
        if let configuration = unsafe self.configuration { unsafe rd_kafka_conf_destroy(configuration) }
    }

    /// Sets one property, whatever it was before.
    func set(_ name: String, _ value: String) throws(KafkaError) {
        let (result, refusal) = unsafe KafkaError.withErrorText { text, capacity in
            let result = unsafe rd_kafka_conf_set(self.configuration, name, value, text, capacity)
            return unsafe (result, String(cString: text))
        }
        guard result != RD_KAFKA_CONF_OK else { return }
        let isSecret = KafkaConfiguration.isSecret(name)
        let words = isSecret && Self.quotes(value, in: refusal) ? "its words quote the secret" : refusal
        // A name that is not known may be a misspelt password.
        let shown = isSecret || result == RD_KAFKA_CONF_UNKNOWN ? "[redacted]" : value
        throw KafkaError(
            code: .invalidArgument,
            reason:
                "property \"\(name)\": value \"\(shown)\" \(KafkaConfiguration.refusedWords) \(LibraryFacts.version): "
                + self.source.redacted(words),
            action: .configuration
        )
    }

    /// Whether a text quotes a secret or a piece of it: librdkafka may cut what it quotes.
    private static func quotes(_ secret: String, in text: String) -> Bool {
        let pieceLength = 4
        return (0...max(secret.count - pieceLength, 0)).contains { start in
            text.contains(secret.dropFirst(start).prefix(pieceLength))
        }
    }

    /// Which events the client puts into its queues instead of calling back.
    func enableEvents(_ events: Int32) {
        unsafe rd_kafka_conf_set_events(self.configuration, events)
    }

    /// Switches off the lines that librdkafka would write to standard error.
    func silence() {
        unsafe rd_kafka_conf_set_log_cb(self.configuration, nil)
    }

    /// Makes the client. The configuration is used up, also by a failure.
    ///
    /// - Returns: a `rd_kafka_t` that the caller owns.
    /// - Throws: what librdkafka says of properties that do not go together, or that it cannot serve.
    consuming func makeClient(_ kind: rd_kafka_type_t) throws(KafkaError) -> OpaquePointer {
        let (client, words) = unsafe KafkaError.withErrorText { text, capacity in
            let client = unsafe rd_kafka_new(kind, self.configuration, text, capacity)
            return unsafe (client, String(cString: text))
        }
        guard let client = unsafe client else {
            throw KafkaError(
                code: .invalidArgument,
                reason: "librdkafka \(LibraryFacts.version) refused the configuration: \(self.source.redacted(words))",
                action: .configuration
            )
        }
        unsafe self.configuration = nil
        return unsafe client
    }
}
