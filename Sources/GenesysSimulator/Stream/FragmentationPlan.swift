/// How one message is cut into frames: at arbitrary bytes, once inside a character where one has several bytes, with pings in
/// between. Fragments may be empty (RFC 6455 section 5.4 allows it).
struct FragmentationPlan: Equatable {
    /// The lengths of the fragments, in order; their sum is the message's length. At least two.
    let fragmentByteCounts: [Int]
    /// How many pings follow each fragment but the last.
    let pingCounts: [Int]

    init(message: some RandomAccessCollection<UInt8>, generator: inout SeededGenerator) {
        var cuts = (0..<Int.random(in: 1...7, using: &generator)).map { _ in
            Int.random(in: 0...message.count, using: &generator)
        }
        if let inside = Self.cutInsideCharacter(message, from: cuts[0]) { cuts[0] = inside }
        cuts.sort()
        self.fragmentByteCounts = zip(cuts + [message.count], [0] + cuts).map { $0 - $1 }
        self.pingCounts = cuts.map { _ in Int.random(in: 0...2, using: &generator) }
    }

    /// The first place from `offset` on at which a cut parts the bytes of one character.
    private static func cutInsideCharacter(_ message: some RandomAccessCollection<UInt8>, from offset: Int) -> Int? {
        let rest = message.dropFirst(offset)
        return rest.firstIndex { $0 & 0xC0 == 0x80 }.map { message.distance(from: message.startIndex, to: $0) }
    }
}
