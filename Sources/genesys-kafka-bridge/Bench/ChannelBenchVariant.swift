/// How the bridge of a tenant of channels is configured for one measurement.
struct ChannelBenchVariant: Codable, Hashable {
    /// Where its spool is.
    var store = SpoolStoreKind.directory
    /// Whether it has two channels with the same topics.
    var isRedundant = false
    /// What is subscribed, as a configuration has it: each for every queue or user.
    var topics: [String]
}

extension SpoolStoreKind: Codable {}
