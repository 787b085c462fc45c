import BridgeCore
import Synchronization

/// A source that sends given messages, once, whatever is asked for; then it is silent.
final class ScriptedSource: NotificationSource, SubscriptionValidator, AccessTokenProvider {
    private let messages: Mutex<[[NotificationBatch]]>

    init(_ messages: [[NotificationBatch]]) {
        self.messages = Mutex(messages)
    }

    func connect(
        topics: [SubscriptionTopic],
        resumeFrom position: Position?,
        token: AccessToken
    ) async throws(ConnectFailure) -> any NotificationConnection {
        Connection(self)
    }

    func validate(_ topics: [SubscriptionTopic], token: AccessToken) async -> PreflightOutcome { .missing }
    func token(newerThan serial: Int?) async throws -> AccessToken { AccessToken(secret: Secret("t"), serial: 1) }
    func markBad(_ token: AccessToken) async {}

    private final class Connection: NotificationConnection {
        private let source: ScriptedSource
        private let isClosed = Mutex(false)

        init(_ source: ScriptedSource) {
            self.source = source
        }

        func next() async -> ConnectionEvent {
            let message = self.source.messages.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let message { return .message(message) }
            while !Task.isCancelled, !self.isClosed.withLock(\.self) { await Task.yield() }
            return Task.isCancelled ? .cancelled : .ended(.lost(reason: "closed by us"))
        }

        func ping() {}
        func close(code: UInt16, reason: String) { self.isClosed.withLock { $0 = true } }
    }
}
