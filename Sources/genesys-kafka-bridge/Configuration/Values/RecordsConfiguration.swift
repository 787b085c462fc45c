/// What a record looks like.
struct RecordsConfiguration: Hashable, Sendable {
    var topic: TopicTemplate
    var key: RecordKey
    var headers: RecordHeaderStyle
    var topics: TopicCreation
}
