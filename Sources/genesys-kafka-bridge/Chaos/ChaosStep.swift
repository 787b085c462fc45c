import GenesysSimulator

/// One fault, with what it needs to take effect and how it ends.
struct ChaosStep {
    /// What is asked for.
    enum Order {
        case fault(Fault)
        case channelFault(ChannelFault, ChannelFaultTarget)
        /// A resource is taken away, one of the simulator's choice, and its streams are closed or go on without it.
        case delete(closesStreams: Bool)
        case forbid
    }

    /// What has to take effect.
    var kind: ChaosKind
    /// In this order. Those that lie in wait come before what makes the bridge walk into them.
    var orders: [Order]
    /// Whether the stream has to get on first; otherwise it comes in the middle of what the last one left behind.
    var waitsForProgress: Bool
    /// How long after it took effect the next one comes.
    var pause: Duration
}
