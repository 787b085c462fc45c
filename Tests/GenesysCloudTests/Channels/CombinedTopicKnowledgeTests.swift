import BridgeCore
import Testing

@testable import GenesysCloud

@Suite("What is known of combined topics")
struct CombinedTopicKnowledgeTests {
    private static let id = "6513270e-269e-4d37-b2a7-4de452e6b438"

    @Test("each part is a topic of the platform with the base, whatever the id looks like (section 3)")
    func known() throws {
        for id in [Self.id, "agent-seven", "users"] {
            let topic = try #require(CombinedTopic("v2.users.\(id)?presence&routingStatus&conversations.calls"))
            #expect(topic.unknownLeaves == [])
            let name = TopicName(topic.text)
            #expect(name.entityIDs == [id] && name.isKnown && name.family == "users.presence")
        }
        let queue = try #require(CombinedTopic("v2.routing.queues.\(Self.id)?users&conversations.chats"))
        #expect(queue.unknownLeaves == [])
        #expect(queue.knownLeaves.contains("conversations.chats") && !queue.knownLeaves.contains("presence"))
    }

    @Test(
        "what is no part of the base is told by its place",
        arguments: [
            ("v2.users.a?presence&nothing", [1]), ("v2.users.a?presence&", [1]), ("v2.users.a?&presence", [0]),
            ("v2.users.a?presence.&routingStatus", [0]), ("v2.users.a?presence?x&station", [0]),
            ("v2.users..a?presence&station", [0, 1]), ("v2.moon.a?phase&tide", [0, 1]),
            // Without an id in the base, and with one in a part.
            ("v2.outbound?settings&x", [0, 1]), ("v2.outbound?campaigns.a&dnclists.b", [0, 1]),
            ("v2.externalcontacts.contacts.a?notes.b&unresolved", [0]),
        ]
    )
    func unknown(text: String, expected: [Int]) throws {
        #expect(try #require(CombinedTopic(text)).unknownLeaves == expected)
    }

    @Test("what could be a part of a base is known, and is one")
    func leaves() throws {
        let topic = try #require(CombinedTopic("v2.users.\(Self.id)?x"))
        let leaves = topic.knownLeaves
        #expect(leaves == leaves.sorted() && Set(leaves).isSuperset(of: ["presence", "routingStatus", "station"]))
        let all = CombinedTopic("\(topic.base)?\(leaves.joined(separator: "&"))")
        #expect(all?.unknownLeaves == [])
        #expect(CombinedTopic("v2.moon.a?x")?.knownLeaves == [])
    }

    @Test("the id is hashed as in single topics, whatever it looks like, and the parts stay")
    func hashed() throws {
        let rules = [try RedactionSamples.rule("users.routingStatus", hashesResourceID: true)]
        let redaction = Redaction(rules, dialect: .channels, key: RedactionSamples.key)
        for id in [Self.id, "agent-seven"] {
            let hash = RedactionSamples.hash(id)
            let topic = "v2.users.\(id)?presence&routingStatus"
            #expect(redaction.topicName(topic) == "v2.users.\(hash)?presence&routingStatus")
            #expect(redaction.topicName("v2.users.\(id).routingStatus") == "v2.users.\(hash).routingStatus")
            #expect(redaction.hiddenIDs([topic]) == [Secret(id)])
            #expect(redaction.topicName("v2.users.\(id)?presence&station") == "v2.users.\(id)?presence&station")
        }
        #expect(redaction.topicName("?") == "?" && redaction.topicName("v2.users.a?") == "v2.users.a?")
    }

    @Test("an answer names the combined topic, or all that it stands for in its place (C4)")
    func verdicts() async throws {
        func verdict(_ entities: String) async throws -> TopicVerdict? {
            try await RESTScene.with([.answer(200, body: #"{"entities":[\#(entities)]}"#)]) { scene in
                let channel = NotificationChannel(
                    id: Secret("streaming-0-s3cret"),
                    connectURI: Secret("ws://host/streaming-0-s3cret"),
                    expiresAtMilliseconds: nil
                )
                return try await PlatformChannels(client: scene.client).subscribe(
                    channel,
                    to: ["v2.users.a?presence&station"],
                    mode: .replace,
                    token: RESTScene.token
                ).first
            }
        }
        func entity(_ id: String, _ state: String = "Permitted") -> String { #"{"id":"\#(id)","state":"\#(state)"}"# }
        let (presence, station) = ("v2.users.a.presence", "v2.users.a.station")
        #expect(try await verdict(entity("v2.users.a?presence&station"))?.rejection == nil)
        #expect(try await verdict(entity("v2.users.a?presence&station", "Rejected"))?.rejection == "Rejected")
        #expect(try await verdict("\(entity(presence)),\(entity(station))")?.rejection == nil)
        #expect(try await verdict("\(entity(presence)),\(entity(station, "Rejected"))")?.rejection == "Rejected")
        #expect(try await verdict(entity(presence))?.rejection == "the answer does not name it")
        #expect(try await verdict("")?.rejection == "the answer does not name it")
    }
}
