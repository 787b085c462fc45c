/// Finds the template of a topic among all that there are.
struct TopicCatalog: Sendable {
    /// A combined topic has fewer characters.
    static let combinedLengthLimit = 200

    static let shared = TopicCatalog(SchemaTable.shared.topics)

    /// Ordered by their text.
    let templates: [TopicTemplate]
    /// By the number of segments and the second of them; those with the fewest identifiers first.
    private let index: [String: [TopicTemplate]]

    private init(_ templates: [TopicTemplate]) {
        self.templates = templates
        self.index = Dictionary(grouping: self.templates) { Self.key($0.segments) }
            .mapValues { $0.sorted { $0.parameterCount < $1.parameterCount } }
    }

    private static func key(_ segments: [String]) -> String {
        "\(segments.count) \(segments.count > 1 ? segments[1] : "")"
    }

    /// The topic of this name; nil where there is none such.
    func topic(named name: String) -> NotificationTopic? {
        let segments = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for template in self.index[Self.key(segments)] ?? [] {
            if let identifiers = template.identifiers(in: segments) {
                return NotificationTopic(name: name, template: template, identifiers: identifiers)
            }
        }
        return nil
    }

    /// The topics that `v2.users.{id}?presence&routingStatus` stands for; nil where it is not of this form, is of 200
    /// characters or more, names one twice, or one of them is not a topic.
    func combined(named name: String) -> [NotificationTopic]? {
        let halves = name.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, name.count < Self.combinedLengthLimit else { return nil }
        let leaves = halves[1].split(separator: "&", omittingEmptySubsequences: false)
        let topics = leaves.compactMap { self.topic(named: "\(halves[0]).\($0)") }
        return topics.count == leaves.count && Set(leaves).count == leaves.count ? topics : nil
    }
}
