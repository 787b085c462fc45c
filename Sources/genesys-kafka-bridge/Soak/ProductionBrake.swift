/// Holds production back while the audit is behind: what an embedded broker drops before the audit has read it proves nothing. Pure.
struct ProductionBrake {
    /// What production shall do from now on.
    enum Order: Hashable {
        case stop, goOn
    }

    /// Records of one partition that the audit may be behind: a third of what the embedded broker keeps, where events have the usual size.
    private static let lagMax = 2_000
    private static let lagForGoingOn = Self.lagMax / 4

    private var isOn = false
    /// For how long it was on.
    private(set) var seconds = 0

    /// - Parameter lag: records of one partition that the audit has not read, at most over all partitions. Asked once a second.
    /// - Returns: nil when nothing changes.
    mutating func order(lag: Int) -> Order? {
        if self.isOn { self.seconds += 1 }
        switch (self.isOn, lag) {
        case (false, Self.lagMax...):
            self.isOn = true
            return .stop
        case (true, ...Self.lagForGoingOn):
            self.isOn = false
            return .goOn
        default:
            return nil
        }
    }
}
