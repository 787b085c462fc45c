/// Finds what a mistyped name was probably meant to be.
enum NearestName {
    /// The candidate with the fewest edits to `name`, if it takes at most a third of the name's length (and at least 2).
    static func find(_ name: String, among candidates: some Sequence<String>) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let limit = max(2, name.utf8.count / 3)
        let lowercased = name.lowercased()
        return
            candidates
            .map { (candidate: $0, edits: Self.edits(Array(lowercased.utf8), Array($0.lowercased().utf8))) }
            .filter { $0.edits <= limit && $0.edits < $0.candidate.utf8.count }
            .min { ($0.edits, $0.candidate) < ($1.edits, $1.candidate) }?
            .candidate
    }

    /// Levenshtein's distance, where two neighbours exchanged count as one edit.
    static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for column in right.indices {
                var best = min(
                    previous[column + 1] + 1,
                    current[column] + 1,
                    previous[column] + (right[column] == byte ? 0 : 1)
                )
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
