/// The librdkafka that this process is linked with.
public enum KafkaLibrary {
    /// E.g. `2.0.2`.
    public static var version: String { LibraryFacts.version }

    /// What it was built with, in its own words, e.g. `gzip`, `ssl`, `sasl_scram`, `sasl_oauthbearer`. A setting that
    /// needs a missing one is refused when a client is made.
    public static var builtinFeatures: [String] { LibraryFacts.builtinFeatures }
}
