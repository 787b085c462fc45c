/// Finds the subscriptions that the server does not take, where only a handshake can tell (S5.4): halves of a refused list are tried, then
/// halves of the halves.
struct SubscriptionBisection: Hashable {
    /// Lists to be tried, the next one last. None is empty.
    private var untried: [[SubscriptionTopic]] = []
    /// What was refused on its own.
    private(set) var refused: [SubscriptionTopic] = []

    /// A search in nothing.
    init() {}

    /// A search in `topics`, which were refused together.
    init(refused topics: [SubscriptionTopic], again: Bool) {
        self.add(refused: topics, again: again)
    }

    /// The list to try; nil once every subscription is decided.
    var candidate: [SubscriptionTopic]? { self.untried.last }

    /// `topics` were refused together. Where they are to be tried `again`, as they are, one refusal condemns nothing: a server that is in
    /// trouble may refuse what it takes a moment later, and a list of one has no halves that would show it.
    mutating func add(refused topics: [SubscriptionTopic], again: Bool) {
        if again, !topics.isEmpty { self.untried.append(topics) } else { self.split(topics) }
    }

    /// `topics` are to be tried, before everything else.
    mutating func add(untried topics: [SubscriptionTopic]) {
        if !topics.isEmpty { self.untried.append(topics) }
    }

    /// Whether `topic` is still to be decided.
    func contains(_ topic: SubscriptionTopic) -> Bool {
        self.untried.contains { $0.contains(topic) }
    }

    /// The server took the candidate.
    mutating func accepted() {
        self.untried.removeLast()
    }

    /// The server refused the candidate.
    mutating func rejected() {
        self.split(self.untried.removeLast())
    }

    /// What is not among `topics` need not be decided any more.
    mutating func keep(_ topics: Set<SubscriptionTopic>) {
        self.untried = self.untried.map { $0.filter(topics.contains) }.filter { !$0.isEmpty }
    }

    private mutating func split(_ topics: [SubscriptionTopic]) {
        guard topics.count > 1 else {
            self.refused += topics
            return
        }
        let half = topics.count / 2
        self.untried.append(Array(topics[half...]))
        self.untried.append(Array(topics[..<half]))
    }
}
