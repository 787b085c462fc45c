internal import CRdKafka

/// What librdkafka thinks of properties, before anything depends on them.
extension KafkaConfiguration {
    /// The properties that the linked librdkafka refuses, each looked at by itself: unknown ones, values that cannot be, and what it was
    /// built without. The reasons hold no secret.
    ///
    /// Plugins are not looked at: they would be loaded.
    public func refusedProperties() -> [(name: String, reason: String)] {
        self.properties.compactMap { (name, value) -> (name: String, reason: String)? in
            guard name != "plugin.library.paths" else { return nil }
            do throws(KafkaError) {
                _ = try ConfigurationHandle([name: value])
                return nil
            } catch {
                // Without the name and the value in front: who asks has them.
                let words = error.reason.ranges(of: Self.refusedWords).last.map { error.reason[$0.lowerBound...] }
                return (name, String(words ?? error.reason[...]))
            }
        }
    }

    static let refusedWords = "refused by librdkafka"

    /// Makes a client and ends it: properties may be right each by itself, and wrong together; certificates and keys are read.
    ///
    /// Nothing is connected to: the addresses of brokers are left out, and so is what asks for credentials when a client is made (Kerberos,
    /// OAuth).
    ///
    /// - Parameter isProducer: whether the client is a producer; otherwise it is a consumer.
    /// - Throws: what librdkafka refuses.
    public func tryClient(isProducer: Bool) throws(KafkaError) {
        var offline = self
        for name in ["bootstrap.servers", "metadata.broker.list", "plugin.library.paths"] { offline[name] = nil }
        let mechanism = (self["sasl.mechanisms"] ?? self["sasl.mechanism"] ?? "GSSAPI").uppercased()
        if ["GSSAPI", "OAUTHBEARER"].contains(mechanism), let security = self["security.protocol"]?.lowercased() {
            offline["security.protocol"] = security.hasSuffix("ssl") ? "ssl" : "plaintext"
            for (name, _) in self.properties where name.hasPrefix("sasl.") { offline[name] = nil }
        }
        let configuration = try ConfigurationHandle(offline)
        configuration.silence()
        let client = try unsafe configuration.makeClient(isProducer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER)
        unsafe rd_kafka_destroy(client)
    }
}
