extension TopicParser {
    /// A topic's name with the hashes of its ids in their places; nil where it has none. The ids of a combined name,
    /// `v2.users.<id>?presence&routingStatus`, stand where they do in the first that it stands for.
    func hashingIDs(of name: [UInt8], _ hash: ValueHash) -> [UInt8]? {
        let ids = self.ids(Self.first(of: name).span)
        guard !ids.isEmpty else { return nil }
        var result: [UInt8] = []
        var copied = 0
        for id in ids {
            result += name[copied..<id.lowerBound]
            hash.append(of: Array(name[id]), to: &result)
            copied = id.upperBound
        }
        return result + name[copied...]
    }
    /// The name itself; of a combined one the first that it stands for, in which everything stands where it did.
    private static func first(of name: [UInt8]) -> [UInt8] {
        guard let end = name.firstIndex(of: UInt8(ascii: "?")) else { return name }
        var first = Array(name.prefix { $0 != UInt8(ascii: "&") })
        if end < first.count { first[end] = UInt8(ascii: ".") }
        return first
    }
}
