import BridgeCore
import Testing

@testable import GenesysCloud

@Suite
struct RequiredScopesTests {
    @Test(
        "Each event type names the scope that its resources take (S1.7)",
        arguments: [
            ("routing.queueEvents", "routing:readonly"), ("user.presence", "users:readonly"),
            ("users.presence", "users:readonly"), ("v2.users.1.presence", "users:readonly"),
            ("Conversation.events", "conversations:readonly"), ("conversations", "conversations:readonly"),
            ("analytics.queues.observations", "analytics:readonly"), ("presence.change", "presence:readonly"),
            ("workforce-management.x", "workforce-management:readonly"), ("odd", "the scope that odd takes"),
            ("", "the scope that  takes"), ("v2", "the scope that v2 takes"),
        ]
    )
    func scopes(event: String, scope: String) {
        let text = RequiredScopes.description(of: [SubscriptionTopic(event: event)])
        #expect(text == "notification:read, \(scope)")
    }

    @Test("A scope is named once, and of many only the first")
    func manyScopes() {
        let queues = (0..<500).map { SubscriptionTopic(event: "routing.queueEvents", resourceID: "\($0)") }
        #expect(RequiredScopes.description(of: queues) == "notification:read, routing:readonly")
        #expect(RequiredScopes.description(of: []) == "notification:read")
        let odd = (0..<500).map { SubscriptionTopic(event: "odd\($0).x") }
        #expect(RequiredScopes.description(of: odd).hasSuffix("odd8.x takes and 491 more"))
    }
}
