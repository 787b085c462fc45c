extension TopicParser {
    /// A topic's name with the hashes of its ids in their places; nil where it has none. Of a combined name, `v2.users.<id>?presence`, the
    /// part behind the question mark stays.
    func hashingIDs(of name: [UInt8], _ hash: ValueHash) -> [UInt8]? {
        let end = name.firstIndex(of: UInt8(ascii: "?")) ?? name.count
        let ids = self.ids(name.span.extracting(0..<end))
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
}
