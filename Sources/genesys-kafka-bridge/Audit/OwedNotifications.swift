/// What the public notification service made for one tenant.
struct OwedNotifications: Hashable {
    /// The events of one topic.
    struct Topic: Hashable {
        /// Its name in events.
        var name: String
        /// The numbers that exist.
        var numbers: Range<Int>
        /// When events came to be, by number, in milliseconds since 1970: of those that are not accounted for. One whose time is not known is
        /// inside no gap.
        var milliseconds: [Int: Int] = [:]
    }

    /// The tenant.
    var tenant: String
    /// In the order of their names.
    var topics: [Topic]
}
