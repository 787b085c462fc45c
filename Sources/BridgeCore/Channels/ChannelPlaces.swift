/// Hands out the places that a tenant keeps free for channels beside living ones (C7): as many rollovers at a time, in the order in which they
/// asked. One for all of a tenant's machines.
public struct ChannelPlaces<Holder: Hashable & Sendable>: Sendable {
    private let count: Int
    private var holders: Set<Holder> = []
    private var waiting: [Holder] = []

    /// `count` places, at least one.
    public init(count: Int) {
        self.count = max(count, 1)
    }

    /// `holder` wants a place. Returns whether it has one now; else `release` names it when it does.
    public mutating func ask(_ holder: Holder) -> Bool {
        guard !self.holders.contains(holder) else { return true }
        guard self.holders.count < self.count else {
            if !self.waiting.contains(holder) { self.waiting.append(holder) }
            return false
        }
        self.holders.insert(holder)
        return true
    }

    /// `holder` needs its place, or its turn, no more. Returns who has a place now.
    public mutating func release(_ holder: Holder) -> Holder? {
        self.waiting.removeAll { $0 == holder }
        guard self.holders.remove(holder) != nil, !self.waiting.isEmpty else { return nil }
        let next = self.waiting.removeFirst()
        self.holders.insert(next)
        return next
    }
}
