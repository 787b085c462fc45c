import Foundation

/// The object inside one `subscriptions` parameter (S1.3).
struct Subscription: Decodable, Equatable {
    struct Filters: Decodable, Equatable {
        var eventType: [String]?
    }

    var event: String
    var resourceId: String?
    var filters: Filters?

    /// The one object of a JSON array, or nil if `text` is anything else.
    static func parse(_ text: String) -> Subscription? {
        guard let list = try? JSONDecoder().decode([Subscription].self, from: Data(text.utf8)) else { return nil }
        return list.count == 1 ? list[0] : nil
    }
}
