/// A random number generator whose numbers follow from its seed alone.
struct SeededGenerator: RandomNumberGenerator, Equatable {
    private let hash: SeededHash
    private var drawn = 0

    init(seed: UInt64) {
        self.hash = SeededHash(seed: seed)
    }

    mutating func next() -> UInt64 {
        self.drawn += 1
        return self.hash(self.drawn)
    }
}
