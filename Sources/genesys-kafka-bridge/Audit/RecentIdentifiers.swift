/// The `ce_id`s of the newest events of one topic, by the events' numbers: two kilobytes and a half.
struct RecentIdentifiers {
    private static let countMax = 100

    private var entries: [(number: Int, hash: Int)] = []
    /// Where the oldest is.
    private var next = 0

    /// An event that was not there before.
    mutating func insert(_ identifier: [UInt8], of number: Int) {
        let entry = (number, identifier.hashValue)
        if self.entries.count < Self.countMax {
            self.entries.append(entry)
        } else {
            self.entries[self.next] = entry
            self.next = (self.next + 1) % Self.countMax
        }
    }

    /// Whether the event of this number had another `ce_id`; false where that is not remembered.
    func differ(from identifier: [UInt8], of number: Int) -> Bool {
        self.entries.first { $0.number == number }.map { $0.hash != identifier.hashValue } ?? false
    }
}
