import Foundation
import GenesysCloud
import Testing

@Suite("Topic names")
struct TopicNameTests {
    private struct Mappings: Decodable {
        struct Entry: Decodable {
            var topic: String
        }

        var notifications: [Entry]
    }

    private static func knownTopics() throws -> [String] {
        let url = try #require(
            Bundle.module.url(forResource: "notification-mappings", withExtension: "json", subdirectory: "Data")
        )
        return try JSONDecoder().decode(Mappings.self, from: Data(contentsOf: url)).notifications.map(\.topic)
    }

    @Test("each of the platform's topics has its family and its ids, whatever the ids look like (C7)")
    func all() throws {
        let topics = try Self.knownTopics()
        #expect(topics.count == 237)
        for template in topics {
            let parts = template.split(separator: ".").map(String.init)
            let family = parts.dropFirst().filter { $0 != "{id}" }.joined(separator: ".")
            for form in ["6513270e-269e-4d37-b2a7-4de452e6b438", "Queue", "tel:+15550100", "queues"] {
                var ids: [String] = []
                let name = parts.map { part -> String in
                    guard part == "{id}" else { return part }
                    ids.append("\(form)\(ids.count)")
                    return ids[ids.count - 1]
                }
                let topic = TopicName(name.joined(separator: "."))
                #expect(topic.family == family && topic.entityIDs == ids, "\(template) with \(form)")
            }
        }
    }

    @Test("a topic that nobody knows has a family without what looks like an id (C7)")
    func unknown() {
        let new = TopicName("v2.moon.6513270e-269e-4d37-b2a7-4de452e6b438.phases.12.full")
        #expect(new.family == "moon.phases.full")
        #expect(new.entityIDs == ["6513270e-269e-4d37-b2a7-4de452e6b438", "12"])
        #expect(TopicName("v3.face.added").family == "v3.face.added")
        #expect(TopicName("").family == "" && TopicName("v2").family == "" && TopicName("...").entityIDs == [])
    }

    @Test("a combined topic stands for several (C7)")
    func combined() {
        let text = "v2.users.6513270e-269e-4d37-b2a7-4de452e6b438?presence&routingStatus"
        #expect(TopicName.families(of: text) == ["users.presence", "users.routingStatus"])
        #expect(TopicName.families(of: "v2.outbound.settings") == ["outbound.settings"])
    }
}
