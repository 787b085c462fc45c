import BridgeCore

/// Where records go and what they look like.
struct RecordStyle: Hashable, Sendable {
    var topic: TopicTemplate
    var key: RecordKey
    var headers: RecordHeaderStyle
}
