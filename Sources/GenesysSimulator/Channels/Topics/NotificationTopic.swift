/// One topic: its name, and what the name says.
struct NotificationTopic: Sendable, Equatable {
    /// What events call it: `v2.users.7a3f….presence`.
    let name: String
    let template: TopicTemplate
    /// In the order of the name.
    let identifiers: [String]
}
