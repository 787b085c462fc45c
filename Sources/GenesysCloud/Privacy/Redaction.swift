public import BridgeCore

/// What of the events of one tenant is hidden before anything else holds them: the spool, Kafka, dead letters, `tail`.
///
/// *Receives* messages that were scanned, from the connections. *Hands to* them the messages to go on with. *Holds at most* the rules.
public struct Redaction: Sendable {
    /// Where an event says what it is about.
    public enum Dialect: Hashable, Sendable {
        /// In `resourceId`.
        case stream
        /// In the ids of its `topicName`.
        case channels
    }

    private struct Rule: Sendable {
        var family: FamilyPattern
        var root: Int
        var hashesResourceID: Bool
    }

    private let rules: [Rule]
    let tree: RedactionTree
    let hash: ValueHash

    /// A redaction by `rules`, of which there is one at least. `key` is that of all hashes; where nothing is to be hashed any will do.
    public init(_ rules: [RedactionRule], dialect: Dialect, key: Secret) {
        precondition(!rules.isEmpty, "without rules there is no redaction")
        var tree = RedactionTree()
        self.rules = rules.map { rule in
            let root = tree.addRoot()
            for pointer in rule.drop { tree.add(pointer, .drop, below: root) }
            for pointer in rule.hash { tree.add(pointer, .hash, below: root) }
            if rule.hashesResourceID {
                switch dialect {
                case .stream: tree.add(Self.resourceID, .hash, below: root)
                case .channels: tree.add(Self.topicName, .hashTopicIDs, below: root)
                }
            }
            return Rule(family: rule.family, root: root, hashesResourceID: rule.hashesResourceID)
        }
        self.tree = tree
        self.hash = ValueHash(key: key)
    }

    private static let resourceID = Self.pointer("/resourceId")
    private static let topicName = Self.pointer("/topicName")

    private static func pointer(_ text: String) -> JSONPointer {
        guard let pointer = JSONPointer(text) else { preconditionFailure("\(text) is a pointer") }
        return pointer
    }

    /// The trees of the rules for a family; empty, without an allocation, where there are none.
    func roots(of family: Span<UInt8>) -> [Int] {
        var roots: [Int] = []
        for rule in self.rules where rule.family.matches(family) { roots.append(rule.root) }
        return roots
    }

    /// The trees of all rules: what is of no family may be of any.
    var allRoots: [Int] { self.rules.map(\.root) }

    private func hashesResourceID(of family: String) -> Bool {
        self.rules.contains { $0.hashesResourceID && $0.family.matches(family) }
    }

    // MARK: What is about events

    /// A resource's id as it stands in records of a family's events.
    public func resourceID(_ id: String, of family: String) -> String {
        self.hashesResourceID(of: family) && !id.isEmpty ? self.hash.text(of: id) : id
    }

    /// How a subscription of a stream is named.
    public func label(_ topic: SubscriptionTopic) -> String {
        var shown = topic
        shown.resourceID = topic.resourceID.map { self.resourceID($0, of: topic.event) }
        return shown.label
    }

    /// How a topic of channels is named. Of a combined one the ids are hidden if those of any of its families are.
    public func topicName(_ topic: String) -> String {
        guard TopicName.families(of: topic).contains(where: self.hashesResourceID) else { return topic }
        return TopicParser.standard.hashingIDs(of: Array(topic.utf8), self.hash)
            .map { String(decoding: $0, as: UTF8.self) } ?? topic
    }

    /// The ids that no log line may show of what is asked of the server, which may repeat it in its reasons.
    func hiddenIDs(_ topics: [SubscriptionTopic]) -> [Secret] {
        topics.compactMap { topic in
            topic.resourceID.flatMap { self.hashesResourceID(of: topic.event) ? Secret($0) : nil }
        }
    }

    /// The same of topics of channels.
    func hiddenIDs(_ topics: [String]) -> [Secret] {
        topics.filter { self.topicName($0) != $0 }.flatMap { TopicName($0).entityIDs.map { Secret($0) } }
    }

    /// A message that could not be read, and so not be redacted: nothing of it is kept but its size and, under the key, its digest.
    public func withholding(_ message: UnreadableMessage) -> UnreadableMessage {
        var message = message
        message.bytes = MessageBytes([])
        message.sha256 = self.hash.text(of: message.sha256)
        return message
    }
}
