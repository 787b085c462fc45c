/// Kinds of faults in an order of a seed's choice, again and again. Pure.
struct FaultDeck<Kind> {
    private let kinds: [Kind]
    private var deck: [Kind]

    /// Tenant `index` of `count` has each so-manieth kind first, so that together they go through all of them in short time.
    ///
    /// - Parameters:
    ///   - seed: the same for all tenants.
    ///   - random: the tenant's own.
    init(_ kinds: [Kind], seed: UInt64, tenant index: Int, of count: Int, random: inout SeededRandom) {
        self.kinds = kinds
        var shared = SeededRandom(seed: seed)
        let all = kinds.shuffled(using: &shared)
        self.deck = all.indices.filter { $0 % count == index }.map { all[$0] }
        var others = all.indices.filter { $0 % count != index }.map { all[$0] }
        others.shuffle(using: &random)
        self.deck = (self.deck + others).reversed()
    }

    /// The next kind.
    mutating func next(random: inout SeededRandom) -> Kind {
        if self.deck.isEmpty { self.deck = self.kinds.shuffled(using: &random) }
        return self.deck.removeLast()
    }

    /// It comes again, as the last one of this round.
    mutating func postpone(_ kind: Kind) {
        self.deck.insert(kind, at: 0)
    }
}
