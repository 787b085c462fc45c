internal import BridgeCore
internal import Foundation

/// The bytes of the file that says which stream of a tenant brings which subscription.
struct PlanFile: Codable, Hashable {
    /// The only version that this build reads and writes.
    static let currentVersion = 1
    /// A plan file is never larger: 10,000 subscriptions of a few hundred bytes.
    static let bytesMax = 64 << 20

    struct Stream: Codable, Hashable {
        var name: String
        var topics: [Topic]
    }

    struct Topic: Codable, Hashable {
        var event: String
        var resourceId: String?
        var filters: [Filter]
        var allowUnfiltered: Bool
    }

    struct Filter: Codable, Hashable {
        var name: String
        var values: [String]
    }

    var version = PlanFile.currentVersion
    var tenant: String
    var streams: [Stream]

    /// The file that holds `plan`.
    init(_ plan: SubscriptionPlan, tenant: String) {
        self.tenant = tenant
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

    /// Reads a file's bytes; nil where they are torn, of another version or of another tenant.
    static func decode(_ bytes: [UInt8], tenant: String) -> PlanFile? {
        guard let line = ChecksummedLine.line(of: bytes), ChecksummedLine.version(of: line) == Self.currentVersion,
            let file = try? JSONDecoder().decode(PlanFile.self, from: Data(line)), file.tenant == tenant
        else { return nil }
        return file
    }

    /// The plan in the file.
    var plan: SubscriptionPlan {
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
            }
        )
    }
}
