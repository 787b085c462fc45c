/// Finds the subscriptions that the server does not take, where only a handshake can tell (S5.4): halves of a refused list are tried, then
/// halves of the halves.
struct SubscriptionBisection: Hashable {
    /// Lists to be tried, the next one last. None is empty.
    private var untried: [[SubscriptionTopic]]
    /// What was refused on its own.
    private(set) var refused: [SubscriptionTopic] = []

    /// A search in `topics`, which were refused together.
    init(refused topics: [SubscriptionTopic]) {
        self.untried = []
        self.split(topics)
    }

    /// The list to try; nil once every subscription is decided.
    var candidate: [SubscriptionTopic]? { self.untried.last }

    /// The server took the candidate.
    mutating func accepted() {
        self.untried.removeLast()
    }

    /// The server refused the candidate.
    mutating func rejected() {
        self.split(self.untried.removeLast())
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
