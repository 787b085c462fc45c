/// `records`: what subscriptions have that do not say otherwise, and how topics are created.
struct RecordsConfiguration: Hashable, Sendable {
    var style: RecordStyle
    var topics: TopicCreation
}
