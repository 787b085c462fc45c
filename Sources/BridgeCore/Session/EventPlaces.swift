/// Where the ids of a window of messages stand, by their hashes.
///
/// A table with open addressing and linear probing, because a dictionary costs three times as much on this path. Messages leave the window in
/// the order in which they came, so nothing is taken out for that: their entries are passed over, and left behind when the table is made
/// anew, which happens when three quarters of it are used. Whoever finds a place compares the ids themselves.
struct EventPlaces {
    /// An id: the message, counted from the first ever, and its place in it.
    struct Place: Hashable {
        var message: Int
        var index: Int
    }

    /// Where a search for a hash has come to. Adding to the table ends it.
    struct Search {
        fileprivate var tag: UInt32
        fileprivate var slot: Int
    }

    /// 16 bytes.
    private struct Entry {
        /// Half of the hash: it says where the entry belongs and what it is compared by.
        var tag: UInt32
        var index: UInt32
        /// Negative where nothing stands.
        var message: Int

        static let empty = Entry(tag: 0, index: 0, message: -1)
        static let removed = Entry(tag: 0, index: 0, message: -2)
    }

    private static let smallestCapacity = 64

    /// A power of two of them.
    private var entries: [Entry] = Array(repeating: .empty, count: Self.smallestCapacity)
    /// Entries that are not empty.
    private var usedCount = 0

    /// A multiplication moves what tells hashes apart into the upper half, whatever the hash does.
    private static func tag(_ hash: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }

    /// A search, to be handed to `next` until that finds the right place or nothing more.
    func search(_ hash: UInt64) -> Search {
        let tag = Self.tag(hash)
        return Search(tag: tag, slot: Int(tag) & (self.entries.count - 1))
    }

    /// The next place of the hash in a message from `oldest` on, or of another one that looks like it.
    func next(_ search: inout Search, from oldest: Int) -> Place? {
        while true {
            let entry = self.entries[search.slot]
            if entry.message == Entry.empty.message { return nil }
            search.slot = (search.slot + 1) & (self.entries.count - 1)
            if entry.tag == search.tag, entry.message >= oldest {
                return Place(message: entry.message, index: Int(entry.index))
            }
        }
    }

    /// Adds a place of `hash`. Messages before `oldest` have left the window.
    mutating func insert(_ hash: UInt64, _ place: Place, oldest: Int) {
        if (self.usedCount + 1) * 4 > self.entries.count * 3 { self.rebuild(oldest: oldest) }
        self.insert(Entry(tag: Self.tag(hash), index: UInt32(clamping: place.index), message: place.message))
    }

    /// Takes out the places in the messages from `message` on, of that one only those from `index` on.
    mutating func remove(from message: Int, index: Int) {
        for slot in self.entries.indices {
            let entry = self.entries[slot]
            if entry.message > message || entry.message == message && entry.index >= index {
                self.entries[slot] = .removed
            }
        }
    }

    private mutating func insert(_ entry: Entry) {
        let mask = self.entries.count - 1
        var slot = Int(entry.tag) & mask
        while self.entries[slot].message != Entry.empty.message { slot = (slot + 1) & mask }
        self.entries[slot] = entry
        self.usedCount += 1
    }

    /// With room for as many again as there are.
    private mutating func rebuild(oldest: Int) {
        let living = self.entries.filter { $0.message >= max(oldest, 0) }
        var capacity = Self.smallestCapacity
        while capacity < living.count * 2 + 1 { capacity *= 2 }
        self.entries = Array(repeating: .empty, count: capacity)
        self.usedCount = 0
        for entry in living { self.insert(entry) }
    }
}
