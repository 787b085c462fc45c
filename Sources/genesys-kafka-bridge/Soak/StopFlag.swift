import Locking

/// Something that happened, for those who look now and then.
final class StopFlag: Sendable {
    private let state = Locked(false)

    func raise() {
        self.state.withLock { $0 = true }
    }

    var isRaised: Bool { self.state.withLock { $0 } }
}
