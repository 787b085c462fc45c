import BridgeCore
import Testing

@testable import GenesysCloud

@Suite
struct PreflightAnswerTests {
    private static func answer(_ entities: String...) throws -> PreflightAnswer {
        var answer = PreflightAnswer()
        for text in entities {
            let body = Array(#"{"entities":[\#(text)]}"#.utf8)
            answer.add(try EntityListing.read(body).get().entities, hiding: [Secret("t0ken")])
        }
        return answer
    }

    private static let everyone = SubscriptionTopic(event: "e")
    private static let one = SubscriptionTopic(event: "e", resourceID: "1")

    @Test("Invalid outweighs valid, whichever comes first, in one answer or in several (S5.2)")
    func invalidOutweighs() throws {
        let valid = #"{"event":"e","state":"valid"}"#
        let invalid = #"{"event":"e","state":"INVALID","reason":"gone"}"#
        for answer in [
            try Self.answer("\(valid),\(invalid)"), try Self.answer("\(invalid),\(valid)"),
            try Self.answer(valid, invalid), try Self.answer(invalid, valid),
        ] {
            #expect(answer.refusal(of: Self.everyone) == "gone")
        }
    }

    @Test("A subscription to one resource and one to all are different ones")
    func subjects() throws {
        let answer = try Self.answer(#"{"event":"e","resourceId":"1","state":"invalid"},{"event":"f","state":"valid"}"#)
        #expect(answer.refusal(of: Self.one) == "invalid, says the pre-flight")
        #expect(answer.refusal(of: Self.everyone) == nil && !answer.knows(Self.everyone))
        #expect(answer.knows(SubscriptionTopic(event: "f", filters: [SubscriptionFilter(name: "a", values: [])])))
    }

    @Test("States that are neither are counted, and entities about nothing are not")
    func unknown() throws {
        let answer = try Self.answer(
            #"{"event":"e","state":7},{"event":"e"},{"event":"e","state":"t0ken"},{"state":"odd"},{"event":null}"#
        )
        #expect(answer.unknownStateCount == 3 && !answer.knows(Self.everyone))
    }
}
