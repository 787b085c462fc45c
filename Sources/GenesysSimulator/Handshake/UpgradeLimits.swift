/// The values of throttling parameters that an upgrade may ask for (S3.1).
enum UpgradeLimits {
    static let batchSizes = 1...10_000
    static let latenciesMilliseconds = 1...3_600_000
}
