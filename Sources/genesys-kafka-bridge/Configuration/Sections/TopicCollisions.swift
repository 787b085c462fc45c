/// Finds Kafka topics that cannot be: too long, or the same for events that the template tells apart.
struct TopicCollisions {
    /// Who got a topic's name first.
    private struct Owner {
        var identity: [String]
        var kafkaTopic: String
        var line: Int
    }

    let context: DecodingContext
    /// Nil where the template itself is wrong: then nothing is checked.
    let template: TopicTemplate?
    private var owners: [String: Owner] = [:]

    init(context: DecodingContext, template: TopicTemplate?) {
        self.context = context
        self.template = template
    }

    /// Checks the topic of a subscription.
    mutating func check(tenant: String, family: String, at reader: MappingReader) {
        guard let template else { return }
        let kafkaTopic = template.kafkaTopic(tenant: tenant, family: family)
        let identity = template.identity(tenant: tenant, family: family)
        guard kafkaTopic.utf8.count <= TopicTemplate.maximumNameBytes, kafkaTopic != ".", kafkaTopic != ".." else {
            reader.report(
                SubscriptionSettings.event.key,
                "its Kafka topic would be \"\(kafkaTopic.prefix(300))\", which Kafka does not allow",
                "a topic's name has at most \(TopicTemplate.maximumNameBytes) characters and is not . or .."
            )
            return
        }
        let form = TopicTemplate.collisionForm(kafkaTopic)
        for reserved in [TopicTemplate.deadLetters, .gaps].map({ $0.kafkaTopic(tenant: tenant, family: "") })
        where form == TopicTemplate.collisionForm(reserved) {
            reader.report(
                SubscriptionSettings.event.key,
                "its Kafka topic \(kafkaTopic) cannot be told from \(reserved), where the bridge reports what it could not deliver",
                "change records.topic"
            )
            return
        }
        if let owner = self.owners[form] {
            guard owner.identity != identity else { return }
            reader.report(
                SubscriptionSettings.event.key,
                "its Kafka topic \(kafkaTopic) cannot be told from \(owner.kafkaTopic) of the subscription in line \(owner.line)",
                "change records.topic or a tenant's name so that they differ in more than `.`, `_` and mapped characters"
            )
        } else {
            let line = reader.position(of: SubscriptionSettings.event.key).line
            self.owners[form] = Owner(identity: identity, kafkaTopic: kafkaTopic, line: line)
        }
    }
}
