/// Takes decisions off the front of an input, and leaves the rest.
struct InputReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.rest = bytes[...]
    }

    mutating func byte() -> UInt8 { self.rest.popFirst() ?? 0 }

    /// Cuts what is left into pieces whose sizes follow from `seed`: the same seed, the same cuts.
    func pieces(seed: UInt8) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var left = self.rest
        var state = UInt32(seed) &* 2_654_435_761 | 1
        while !left.isEmpty {
            state = state &* 1_664_525 &+ 1_013_904_223
            // Often one byte, sometimes many.
            let size = seed == 0 ? 1 : max(1, Int(state >> 24) >> Int(state >> 21 & 7))
            pieces.append(left.prefix(size))
            left = left.dropFirst(size)
        }
        return pieces
    }
}
