/// Which resource and which number event `n` of a tenant has: a pure function, so the log of a tenant needs no storage.
///
/// The sequence is cut into blocks of as many events as there are resources. Every resource has exactly one event in each
/// block, in an order that changes from block to block: so `keySequence` is the block's number, dense for each resource.
struct EventSeries: Equatable {
    let resourceCount: Int
    private let stride: Int
    private let inverseStride: Int
    private let hash: SeededHash

    /// - Parameter resourceCount: at least 1.
    init(hash: SeededHash, resourceCount: Int) {
        self.hash = hash
        self.resourceCount = resourceCount
        var stride = max(1, resourceCount * 5 / 8)
        while Self.greatestCommonDivisor(stride, resourceCount) != 1 { stride += 1 }
        self.stride = stride
        self.inverseStride = (0..<resourceCount).first { $0 * stride % resourceCount == 1 % resourceCount } ?? 0
    }

    /// The index of the resource that event `sequence` is about.
    func resource(of sequence: Int) -> Int {
        let (block, index) = sequence.quotientAndRemainder(dividingBy: self.resourceCount)
        return (index * self.stride + self.offset(ofBlock: block)) % self.resourceCount
    }

    /// The number of the event among those of its resource.
    func keySequence(of sequence: Int) -> Int {
        sequence / self.resourceCount
    }

    /// How many events of `resource` come before event `sequence`: the next `keySequence` of that resource.
    func keySequenceEnd(of resource: Int, before sequence: Int) -> Int {
        let (block, remainder) = sequence.quotientAndRemainder(dividingBy: self.resourceCount)
        let distance = resource - self.offset(ofBlock: block) + self.resourceCount
        let index = distance % self.resourceCount * self.inverseStride % self.resourceCount
        return index < remainder ? block + 1 : block
    }

    func identifier(of sequence: Int) -> UniqueIdentifier {
        UniqueIdentifier(hash: self.hash, number: sequence)
    }

    private func offset(ofBlock block: Int) -> Int {
        Int(truncatingIfNeeded: self.hash(block) >> 33) % self.resourceCount
    }

    private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
        right == 0 ? left : Self.greatestCommonDivisor(right, left % right)
    }
}
