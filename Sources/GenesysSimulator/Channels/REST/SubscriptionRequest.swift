import Foundation

/// The body of a `POST` or `PUT` of subscriptions: `[{"id":"v2.…"},…]`.
enum SubscriptionRequest {
    private struct Entry: Decodable {
        let id: String
    }

    /// The topics in their order; nil when the body is anything else.
    static func topics(_ body: String) -> [String]? {
        (try? JSONDecoder().decode([Entry].self, from: Data(body.utf8)))?.map(\.id)
    }
}
