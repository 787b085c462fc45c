import BridgeCore

/// The task that reads one socket (`StreamSession.read`).
final class SocketReader {
    let id: SocketID
    let connection: ServerSocket
    let topics: [SubscriptionTopic]
    let resumedFrom: Int?
    let openedAt: Nanoseconds
    /// What it is doing: nothing, or something that it waits for.
    var isBusy = false
    var isRefused = false
    var isAwaitingClose = false
    var isCloseRequested = false
    /// For the world's own judgement.
    var hasBatch = false
    var isHeldBack = false
    var lastReleasedAt: Nanoseconds

    init(id: SocketID, connection: ServerSocket, topics: [SubscriptionTopic], resumedFrom: Int?) {
        self.id = id
        self.connection = connection
        self.topics = topics
        self.resumedFrom = resumedFrom
        self.openedAt = connection.openedAt
        self.lastReleasedAt = connection.openedAt
    }
}
