import BridgeCore

/// What a pre-flight's answers say (S5.2), by event type and resource: filters are not in them.
struct PreflightAnswer: Hashable {
    /// What an entity is about.
    private struct Subject: Hashable {
        var event: String
        var resourceID: String?

        init(_ topic: SubscriptionTopic) {
            self.event = topic.event
            self.resourceID = topic.resourceID
        }

        /// Nil where the entity names no event type.
        init?(_ entity: JSONFields) {
            guard let event = entity.text("event") else { return nil }
            self.event = event
            self.resourceID = entity.text("resourceId")
        }
    }

    private enum State: Hashable {
        case valid
        case invalid(reason: String)
    }

    private var states: [Subject: State] = [:]
    /// Entities whose state is neither `valid` nor `invalid`.
    private(set) var unknownStateCount = 0

    /// Adds the entities of one answer. One that says invalid outweighs others about the same. `secrets` are kept out
    /// of the reasons.
    mutating func add(_ entities: [JSONFields], hiding secrets: [Secret]) {
        for entity in entities {
            guard let subject = Subject(entity) else { continue }
            switch entity.text("state")?.lowercased() {
            case "valid":
                if self.states[subject] == nil { self.states[subject] = .valid }
            case "invalid":
                let reason = PeerText.shown(entity.text("reason") ?? "", hiding: secrets)
                self.states[subject] = .invalid(reason: reason.isEmpty ? "invalid, says the pre-flight" : reason)
            default:
                self.unknownStateCount += 1
            }
        }
    }

    /// Why the server would refuse `topic`; nil where it would take it or does not say: the handshake will tell.
    func refusal(of topic: SubscriptionTopic) -> String? {
        switch self.states[Subject(topic)] {
        case .invalid(let reason): reason
        case .valid, nil: nil
        }
    }

    /// Whether the answer says anything about `topic`.
    func knows(_ topic: SubscriptionTopic) -> Bool { self.states[Subject(topic)] != nil }
}
