/// One row of `bench --delivery`.
struct DeliveryBenchVariant: Codable, Hashable {
    /// Whether it is librdkafka alone.
    var isBare: Bool
    /// How the bridge is configured.
    var settings: BenchVariant

    /// As the table has it.
    var name: String {
        switch (self.isBare, self.settings.guarantee) {
        case (false, let guarantee): guarantee.rawValue
        case (true, .atLeastOnce): "bare librdkafka"
        case (true, .exactlyOnce): "bare transactions"
        }
    }
}
