/// What is to happen, the earliest first; what is due at the same instant, in the order in which it was planned.
struct EventHeap {
    private struct Entry {
        var at: Int64
        var order: UInt64
        var body: () -> Void

        func isBefore(_ other: Entry) -> Bool {
            self.at != other.at ? self.at < other.at : self.order < other.order
        }
    }

    private var entries: [Entry] = []
    private var order: UInt64 = 0

    /// When the next one is due.
    var nextAt: Int64? { self.entries.first?.at }

    mutating func push(at: Int64, _ body: @escaping () -> Void) {
        self.order += 1
        self.entries.append(Entry(at: at, order: self.order, body: body))
        var child = self.entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.entries[child].isBefore(self.entries[parent]) else { break }
            self.entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> (() -> Void)? {
        guard let first = self.entries.first else { return nil }
        let last = self.entries.removeLast()
        guard !self.entries.isEmpty else { return first.body }
        self.entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < self.entries.count {
                if self.entries[child].isBefore(self.entries[least]) { least = child }
            }
            guard least != parent else { return first.body }
            self.entries.swapAt(parent, least)
            parent = least
        }
    }
}
