/// Something on the cluster that has properties.
public enum KafkaConfigResource: Hashable, Sendable {
    /// A topic, by name.
    case topic(String)
    /// A broker, by number.
    case broker(Int32)
}
