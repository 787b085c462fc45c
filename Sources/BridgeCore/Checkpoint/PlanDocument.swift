/// Which stream of a tenant brings which subscription, as JSON says it: in the plan file, in Kafka, and in an export.
public struct PlanDocument: Codable, Hashable, Sendable {
    /// The only version that this build reads and writes.
    public static let currentVersion = 1

    /// A stream and what it brings.
    public struct Stream: Codable, Hashable, Sendable {
        var name: String
        var topics: [Topic]
    }

    struct Topic: Codable, Hashable, Sendable {
        var event: String
        var resourceId: String?
        var filters: [Filter]
        var allowUnfiltered: Bool
    }

    struct Filter: Codable, Hashable, Sendable {
        var name: String
        var values: [String]
    }

    /// The document's version.
    public var version = PlanDocument.currentVersion
    /// Whose plan it is.
    public var tenant: String
    /// The streams, in the order in which they came.
    public var streams: [Stream]
    /// When the list of resources began that they come from, in milliseconds since 1970; there may be none.
    public var listedAtMilliseconds: Int64?

    /// The document that holds `plan`.
    public init(_ plan: SubscriptionPlan, tenant: String) {
        self.tenant = tenant
        self.listedAtMilliseconds = plan.listedAtMilliseconds
        self.streams = plan.streams.map { stream in
            Stream(
                name: stream.name,
                topics: stream.topics.map { topic in
                    Topic(
                        event: topic.event,
                        resourceId: topic.resourceID,
                        filters: topic.filters.map { Filter(name: $0.name, values: $0.values) },
                        allowUnfiltered: topic.allowUnfiltered
                    )
                }
            )
        }
    }

    /// The plan in the document.
    public var plan: SubscriptionPlan {
        SubscriptionPlan(
            streams: self.streams.map { stream in
                SubscriptionPlan.Stream(
                    name: stream.name,
                    topics: stream.topics.map { topic in
                        SubscriptionTopic(
                            event: topic.event,
                            resourceID: topic.resourceId,
                            filters: topic.filters.map { .init(name: $0.name, values: $0.values) },
                            allowUnfiltered: topic.allowUnfiltered
                        )
                    }
                )
            },
            listedAtMilliseconds: self.listedAtMilliseconds
        )
    }
}
