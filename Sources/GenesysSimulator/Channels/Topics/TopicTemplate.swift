/// One kind of topic: `v2.users.{id}.presence`.
struct TopicTemplate: Sendable, Equatable {
    let text: String
    /// `{id}` stands for any one.
    let segments: [String]
    /// The number of its body's class in ``SchemaTable``.
    let bodyClass: Int

    init(text: String, bodyClass: Int) {
        self.text = text
        self.segments = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        self.bodyClass = bodyClass
    }

    var parameterCount: Int { self.segments.count { $0 == "{id}" } }

    /// What the service says about itself on a socket; nobody has to subscribe to it.
    var isSystem: Bool { self.text.hasPrefix("v2.system.") }

    /// Those publish at most once a second each.
    var isAnalytics: Bool { self.text.hasPrefix("v2.analytics.") }

    /// The identifiers in `segments`; nil where they are of another template.
    func identifiers(in segments: [String]) -> [String]? {
        guard segments.count == self.segments.count else { return nil }
        var identifiers: [String] = []
        for (mine, theirs) in zip(self.segments, segments) {
            if mine == "{id}", Self.isIdentifier(theirs) {
                identifiers.append(theirs)
            } else if mine != theirs {
                return nil
            }
        }
        return identifiers
    }

    /// The service knows no wildcards and no placeholders: what has one is no topic.
    private static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && !text.contains { "*{}".contains($0) }
    }

    /// What a client needs to subscribe to it, as the service names permissions.
    var permissions: [String] {
        let domain = self.segments.count > 1 ? self.segments[1] : ""
        switch domain {
        case "analytics", "detail": return ["analytics:conversationDetail:view"]
        case "routing": return ["routing:queue:view", "conversation:communication:view"]
        case "conversations": return ["conversation:communication:view"]
        case "users":
            return self.segments.contains("conversations")
                ? ["conversation:communication:view"] : ["directory:user:view"]
        case "workforcemanagement", "businessunits", "managementunits": return ["wfm:agentSchedule:view"]
        case _: return ["\(domain):notification:view"]
        }
    }
}
