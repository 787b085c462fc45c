/// How one tenant of a ``ContractScene`` is set.
struct ContractTenant: Sendable {
    static let families = ["routing.queueEvents", "user.presence", "conversation.calls"]

    var rate = 60.0
    var maxLatencyMilliseconds = 100
    var maxBatchSize = 50
    /// In the words of the configuration, one a line.
    var subscriptions = Self.families.map { "{ event: \($0), allowUnfiltered: true }" }
    /// Further keys of the tenant, such as `onPositionLost: fail`.
    var keys: [String] = []
    /// Whether a proxy on the way resets what is idle for so long.
    var proxyIdleMilliseconds: Int?
}
