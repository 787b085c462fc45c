/// Finds Kafka topics that cannot be: too long, or the same for events that are meant to be apart.
///
/// Two subscriptions share a topic where that is written: the templates give the same text, and what is different about the subscriptions
/// (tenant or event) is a placeholder in one template at most. They do not share one by chance: because characters are mapped or are the same
/// for Kafka, or because two placeholders run into each other.
struct TopicCollisions {
    /// A subscription's topic, or one of those that each tenant has beside its events.
    private struct Claim: Hashable {
        /// The topic before characters are mapped.
        var text: String
        /// The tenant and the event, where a placeholder stands for them.
        var tenant: String?
        var family: String?
        var kafkaTopic: String
        var isReserved = false
    }

    private struct Place {
        var keyPath: String
        var position: SourcePosition
        /// Of the tenant or the subscription.
        var path: String

        func report(_ problem: String, _ remedy: String, _ context: DecodingContext) {
            context.report(self.position, self.keyPath, problem, remedy)
        }
    }

    private let context: DecodingContext
    private var subscriptions: [(claim: Claim, place: Place)] = []
    private var reserved: [(claim: Claim, place: Place)] = []
    private var seen: Set<Claim> = []

    init(context: DecodingContext) {
        self.context = context
    }

    /// The tenant that stands at `reader` writes dead letters and gap records.
    mutating func add(tenant: String, at reader: MappingReader) {
        for template in [TopicTemplate.deadLetters, .gaps] {
            var claim = Self.claim(template, tenant: tenant, family: "")
            claim.isReserved = true
            guard self.seen.insert(claim).inserted else { continue }
            self.reserved.append((claim, Self.place(TenantSettings.name.key, reader)))
        }
    }

    /// The tenant has a subscription that stands at `reader`, says what it brings under `key`, and what it says of its records at `records`.
    mutating func add(
        _ events: RoutedEvents,
        tenant: String,
        at reader: MappingReader,
        key: String,
        records: MappingReader
    ) {
        let claim = Self.claim(events.records.topic, tenant: tenant, family: events.family)
        guard self.seen.insert(claim).inserted else { return }
        let place =
            records.has(SubscriptionSettings.records.topic.key)
            ? Self.place(SubscriptionSettings.records.topic.key, records, path: reader.path)
            : Self.place(key, reader)
        self.subscriptions.append((claim, place))
    }

    private static func claim(_ template: TopicTemplate, tenant: String, family: String) -> Claim {
        Claim(
            text: template.text(tenant: tenant, family: family),
            tenant: template.parts.contains(.tenant) ? tenant : nil,
            family: template.parts.contains(.family) ? family : nil,
            kafkaTopic: template.kafkaTopic(tenant: tenant, family: family)
        )
    }

    private static func place(_ key: String, _ reader: MappingReader, path: String? = nil) -> Place {
        Place(keyPath: reader.keyPath(key), position: reader.position(of: key), path: path ?? reader.path)
    }

    /// Reports what was found among all that was added.
    func report() {
        var owners: [String: [(claim: Claim, place: Place)]] = [:]
        for (claim, place) in self.reserved + self.subscriptions {
            let topic = claim.kafkaTopic
            guard topic.utf8.count <= TopicTemplate.maximumNameBytes, topic != ".", topic != ".." else {
                place.report(
                    "its Kafka topic would be \"\(topic.prefix(300))\", which Kafka does not allow",
                    "a topic's name has at most \(TopicTemplate.maximumNameBytes) characters and is not . or ..",
                    self.context
                )
                continue
            }
            let form = TopicTemplate.collisionForm(topic)
            guard let other = owners[form]?.first(where: { !Self.isIntended($0.claim, claim) }) else {
                owners[form, default: []].append((claim, place))
                continue
            }
            self.report(claim, place, collidesWith: other.claim, other.place)
        }
    }

    private func report(_ claim: Claim, _ place: Place, collidesWith other: Claim, _ otherPlace: Place) {
        let otherLine = "\(otherPlace.path) in line \(otherPlace.position.line)"
        if other.isReserved, claim.isReserved {
            place.report(
                "its topic \(claim.kafkaTopic) cannot be told from \(other.kafkaTopic) of \(otherLine)",
                "give the tenants names that differ in more than `.` and `_`",
                self.context
            )
        } else if other.isReserved {
            place.report(
                "its Kafka topic \(claim.kafkaTopic) cannot be told from \(other.kafkaTopic), where the bridge reports "
                    + "what it could not deliver of \(otherLine)",
                "change the topic in records",
                self.context
            )
        } else {
            place.report(
                "its Kafka topic \(claim.kafkaTopic) cannot be told from \(other.kafkaTopic) of \(otherLine)",
                "change a topic in records, or a tenant's name, so that they differ in more than `.`, `_` and mapped "
                    + "characters; to share a topic, write its name in both",
                self.context
            )
        }
    }

    /// Whether two may have one topic.
    private static func isIntended(_ first: Claim, _ second: Claim) -> Bool {
        guard first.text == second.text, !first.isReserved, !second.isReserved else { return false }
        if let tenant = first.tenant, let other = second.tenant, tenant != other { return false }
        if let family = first.family, let other = second.family, family != other { return false }
        return true
    }
}
