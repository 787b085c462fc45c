/// How the bridge is configured for one measurement.
struct BenchVariant: Codable, Hashable {
    /// What it promises.
    var guarantee = DeliveryGuarantee.atLeastOnce
    /// `delivery.checkpoints.commitInterval`; nil: the default.
    var commitMilliseconds: Int?
    /// Whether records carry the CloudEvents headers.
    var withHeaders: Bool
    /// librdkafka's `compression.type`.
    var compression = "none"
    /// How a tenant of channels is configured; nil: the tenant is one of the stream.
    var channels: ChannelBenchVariant?

    /// `7 headers` or `no headers`.
    var headersName: String { self.withHeaders ? "7 headers" : "no headers" }
}

extension DeliveryGuarantee: Codable {}
