/// A stretch of a tenant's log in which its resources do not change.
///
/// The sequence is cut into blocks of as many events as there are resources. Every resource has exactly one event in each
/// block, in an order that changes from block to block: so `keySequence` grows by one a block, dense for each resource.
struct EventEpoch: Equatable {
    /// The first event of the epoch.
    let start: Int
    private let hash: SeededHash
    /// The indexes of the resources, by slot.
    private let resources: [Int]
    /// The slot of each resource that has one, by index.
    private let slots: [Int?]
    /// The next `keySequence` of each known resource at `start`, by index.
    private let keySequences: [Int]
    private let stride: Int
    private let inverseStride: Int

    /// - Parameters:
    ///   - resources: indexes into `keySequences`. At least one.
    ///   - keySequences: of all resources that there are or were.
    init(hash: SeededHash, start: Int, resources: [Int], keySequences: [Int]) {
        self.hash = hash
        self.start = start
        self.resources = resources
        self.keySequences = keySequences
        var slots = [Int?](repeating: nil, count: keySequences.count)
        for (slot, resource) in resources.enumerated() { slots[resource] = slot }
        self.slots = slots
        let count = resources.count
        var stride = max(1, count * 5 / 8)
        while Self.greatestCommonDivisor(stride, count) != 1 { stride += 1 }
        self.stride = stride
        self.inverseStride = (0..<count).first { $0 * stride % count == 1 % count } ?? 0
    }

    /// Resources that have a number here, whether they have events or not.
    var knownResourceCount: Int { self.keySequences.count }

    func resource(of sequence: Int) -> Int {
        let (block, index) = (sequence - self.start).quotientAndRemainder(dividingBy: self.resources.count)
        return self.resources[(index * self.stride + self.offset(ofBlock: block)) % self.resources.count]
    }

    func keySequence(of sequence: Int, resource: Int) -> Int {
        self.keySequences[resource] + (sequence - self.start) / self.resources.count
    }

    func keySequenceEnd(of resource: Int, before sequence: Int) -> Int {
        guard resource < self.keySequences.count else { return 0 }
        guard let slot = self.slots[resource] else { return self.keySequences[resource] }
        let count = self.resources.count
        let (block, remainder) = (sequence - self.start).quotientAndRemainder(dividingBy: count)
        let distance = slot - self.offset(ofBlock: block) + count
        let index = distance % count * self.inverseStride % count
        return self.keySequences[resource] + (index < remainder ? block + 1 : block)
    }

    private func offset(ofBlock block: Int) -> Int {
        Int(truncatingIfNeeded: self.hash(block) >> 33) % self.resources.count
    }

    private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
        right == 0 ? left : Self.greatestCommonDivisor(right, left % right)
    }
}
