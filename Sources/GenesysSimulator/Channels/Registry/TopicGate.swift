/// Decides which topics a client may have.
struct TopicGate {
    let settings: ChannelSettings
    let resources: ResourceTable

    func verdict(_ id: String) -> TopicVerdict {
        // Clients may name the heartbeats' topic, although they come unasked.
        if id == ChannelMessage.metadataTopic { return .permitted(ChannelSubscription(id: id, topics: [])) }
        let topics: [NotificationTopic]
        if id.contains("?") {
            guard self.settings.acceptsCombinedTopics, let combined = TopicCatalog.shared.combined(named: id) else {
                return .unknown(id: id)
            }
            topics = combined
        } else {
            guard let topic = TopicCatalog.shared.topic(named: id) else { return .unknown(id: id) }
            topics = [topic]
        }
        for topic in topics {
            if let reason = self.refusal(topic) {
                return .forbidden(id: id, reason: reason, missingPermissions: topic.template.permissions)
            }
        }
        return .permitted(ChannelSubscription(id: id, topics: topics))
    }

    private func refusal(_ topic: NotificationTopic) -> String? {
        if self.settings.forbiddenTemplates.contains(topic.template.text) { return Self.missingPermission }
        for identifier in topic.identifiers {
            // A token of client credentials has no user.
            if identifier == "me" { return "The topic requires a user context." }
            if let index = self.resources.index(of: identifier), self.resources.entries[index].state == .forbidden {
                return Self.missingPermission
            }
        }
        return nil
    }

    static let missingPermission = "The client is missing permissions for the topic."

    /// Whether there is what the topic is about. Queues and users are in lists; of all else there is any.
    func makesEvents(_ topic: NotificationTopic) -> Bool {
        let segments = topic.template.segments
        guard segments.contains("users") || segments.contains("queues"), let first = topic.identifiers.first else {
            return true
        }
        guard let index = self.resources.index(of: first) else { return false }
        return self.resources.entries[index].state != .deleted
    }
}
