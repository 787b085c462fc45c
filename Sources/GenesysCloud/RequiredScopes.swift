import BridgeCore

/// Which OAuth scopes a client needs, for people who have to grant them (S1.7).
enum RequiredScopes {
    /// Of the stream itself.
    static let notifications = "notification:read"
    /// More names than this say no more.
    private static let nameCountMax = 10

    /// The scope that reading a domain's resources takes. A domain is what an event type begins with.
    private static let scopes = [
        "alerting": "alerting:readonly",
        "analytics": "analytics:readonly",
        "architect": "architect:readonly",
        "audits": "audits:readonly",
        "authorization": "authorization:readonly",
        "callback": "conversations:readonly",
        "chat": "conversations:readonly",
        "coaching": "coaching:readonly",
        "contentmanagement": "content-management:readonly",
        "conversation": "conversations:readonly",
        "email": "conversations:readonly",
        "fax": "fax:readonly",
        "flow": "architect:readonly",
        "gamification": "gamification:readonly",
        "geolocation": "geolocation:readonly",
        "group": "groups:readonly",
        "integration": "integrations:readonly",
        "journey": "journey:readonly",
        "knowledge": "knowledge:readonly",
        "learning": "learning:readonly",
        "message": "conversations:readonly",
        "outbound": "outbound:readonly",
        "presence": "presence:readonly",
        "quality": "quality:readonly",
        "recording": "recordings:readonly",
        "routing": "routing:readonly",
        "speechandtextanalytics": "speech-and-text-analytics:readonly",
        "station": "stations:readonly",
        "task": "task-management:readonly",
        "taskmanagement": "task-management:readonly",
        "telephony": "telephony:readonly",
        "user": "users:readonly",
        "voicemail": "voicemail:readonly",
        "wfm": "workforce-management:readonly",
        "workforcemanagement": "workforce-management:readonly",
    ]

    /// The scopes that a stream of `topics` needs, each once: `notification:read, routing:readonly`. An event type of
    /// an unknown domain is named itself.
    static func description(of topics: [SubscriptionTopic]) -> String {
        var names = [Self.notifications]
        for topic in topics {
            let name = Self.scope(of: topic.event) ?? "the scope that \(topic.event) takes"
            if !names.contains(name) { names.append(name) }
        }
        let more = names.count - Self.nameCountMax
        return names.prefix(Self.nameCountMax).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    /// The scope that listing resources of `kind` takes.
    static func scope(of kind: ResourceQuery.Kind) -> String {
        switch kind {
        case .queues: "routing:readonly"
        case .users: "users:readonly"
        }
    }

    /// The scope that the resources of `event` take; nil where its domain is not known. Singular and plural, upper and
    /// lower case and a leading `v2.` make no difference.
    private static func scope(of event: String) -> String? {
        var words = event.lowercased().split(separator: ".")[...]
        if words.first == "v2" { words.removeFirst() }
        guard let domain = words.first.map({ $0.replacing("-", with: "") }) else { return nil }
        return Self.scopes[String(domain)] ?? (domain.hasSuffix("s") ? Self.scopes[String(domain.dropLast())] : nil)
    }
}
