/// A topic as the cluster has it.
struct ActualTopic: Hashable {
    var partitions: Int
    /// Its properties, defaults included; empty where the cluster does not say.
    var properties: [String: String]
}
