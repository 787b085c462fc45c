public import BridgeCore

extension CombinedTopic {
    /// Which of its leaves, counted from 0, make no topic with the base that is known here, with an id in the base and none in the leaf.
    public var unknownLeaves: [Int] {
        self.leaves.indices.filter { !Self.isKnown(self.base, self.leaves[$0]) }
    }

    /// What could be leaves of its base, as far as the platform's topics are known here, sorted.
    public var knownLeaves: [String] {
        let parts = self.base.split(separator: ".")
        var leaves: Set<String> = []
        for family in TopicName.knownFamilies {
            let names = family.split(separator: ".")
            // What stands in front of the leaf is in the base, between its ids.
            for end in names.indices.dropFirst() where names[..<end].allSatisfy(parts.contains) {
                let leaf = names[end...].joined(separator: ".")
                if Self.isKnown(self.base, leaf) { leaves.insert(leaf) }
            }
        }
        return leaves.sorted()
    }

    private static func isKnown(_ base: String, _ leaf: String) -> Bool {
        let parts = "\(base).\(leaf)".split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return false }
        let name = Array("\(base).\(leaf)".utf8)
        guard TopicParser.standard.parse(name.span).family != nil,
            let last = TopicParser.standard.ids(name.span).last
        else { return false }
        return last.upperBound <= base.utf8.count
    }
}
