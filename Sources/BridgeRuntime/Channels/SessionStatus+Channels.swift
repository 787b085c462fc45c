internal import BridgeCore

extension SessionStatus {
    /// The same in the words that health and status pages have for all dialects.
    init(_ status: ChannelStatus) {
        self =
            switch status {
            case .idle: .idle
            case .connecting, .recovering: .attempting(.connecting)
            case .live: .open
            case .backingOff(let reason): .backingOff(reason: reason)
            case .evicted(let reason, let count):
                .backingOff(reason: "another client takes the channels, \(count) times within an hour: \(reason)")
            case .refused(let reason): .backingOff(reason: "the server refuses: \(reason)")
            case .stopping: .draining
            case .finished: .finished
            }
    }
}
