/// Finds where an event goes by its name and its resource, without an allocation.
struct RecordDestinations: Sendable {
    /// A destination of the events of one name: each has a route of its own, because its headers say what the event is called.
    struct Entry: Hashable {
        /// The events' name.
        var event: String
        /// Where they go.
        var destination: RecordDestination
    }

    private struct Resource {
        var id: [UInt8]
        var entry: Int
    }

    private struct Family {
        var name: [UInt8]
        /// Where events go whose resource is not among `resources`.
        var others: Int
        /// Resources with a destination of their own, by the hash of their id.
        var resources: [UInt64: [Resource]]
    }

    /// All destinations, each once.
    let entries: [Entry]
    private let families: [Family]

    init(_ families: [RecordFamily]) {
        var entries: [Entry] = []
        var indexes: [Entry: Int] = [:]
        func index(_ event: String, _ destination: RecordDestination) -> Int {
            let entry = Entry(event: event, destination: destination)
            if let index = indexes[entry] { return index }
            indexes[entry] = entries.count
            entries.append(entry)
            return entries.count - 1
        }
        self.families = families.map { family in
            let others = index(family.name, family.destination)
            var resources: [UInt64: [Resource]] = [:]
            for (id, destination) in family.resources.sorted(by: { $0.key < $1.key }) {
                let bytes = Array(id.utf8)
                let whole = ByteRange(offset: 0, length: UInt32(bytes.count))
                resources[MessageBytes(bytes).hash(whole), default: []].append(
                    Resource(id: bytes, entry: index(family.name, destination))
                )
            }
            return Family(name: Array(family.name.utf8), others: others, resources: resources)
        }
        self.entries = entries
    }

    /// The family of events called `name`, the one at `tryFirst` before all others; nil where it was not subscribed.
    func family(of name: ByteRange, in bytes: MessageBytes, tryFirst: Int) -> Int? {
        if tryFirst < self.families.count, bytes.equals(name, self.families[tryFirst].name) { return tryFirst }
        return self.families.firstIndex { bytes.equals(name, $0.name) }
    }

    /// The entry for an event of `family` that is about `resource`.
    func entry(family: Int, resource: ByteRange?, in bytes: MessageBytes) -> Int {
        let family = self.families[family]
        guard !family.resources.isEmpty, let resource, let found = family.resources[bytes.hash(resource)] else {
            return family.others
        }
        return found.first { bytes.equals(resource, $0.id) }?.entry ?? family.others
    }
}
