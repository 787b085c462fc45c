public import BridgeCore
public import Logging

/// Asks the server which subscriptions it would take, before a handshake does (S5.2).
public struct StreamPreflight: SubscriptionValidator {
    /// The path of the pre-flight.
    static let path = "/api/v2/notifications/stream/subscriptions"

    private let client: RESTClient
    private let maxURLBytes: Int
    private let timeout: Duration
    private let redaction: Redaction?
    private let logger: Logger

    /// A pre-flight that asks `client`, in as many requests as URLs of at most `maxURLBytes` take; all of them together
    /// within `timeout`, the budget's pauses included. The ids that `redaction` hides are in nothing that it tells.
    public init(
        client: RESTClient,
        maxURLBytes: Int = 8000,
        timeout: Duration = .seconds(30),
        redaction: Redaction? = nil,
        logger: Logger
    ) {
        self.client = client
        self.maxURLBytes = maxURLBytes
        self.timeout = timeout
        self.redaction = redaction
        self.logger = logger
    }

    /// One answer for all of `topics`, in their order. Cancelling the task ends it early.
    public func validate(_ topics: [SubscriptionTopic], token: AccessToken) async -> PreflightOutcome {
        let deadline = self.client.deadline(in: self.timeout)
        let plan = PreflightPlan(
            topics,
            baseByteCount: self.client.byteCount(ofPath: Self.path),
            maxURLBytes: self.maxURLBytes
        )
        var answer = PreflightAnswer()
        for request in plan.requests {
            let hiddenIDs = self.redaction?.hiddenIDs(request) ?? []
            do throws(RESTFailure) {
                let body = try await self.client.send(
                    RESTRequest(path: Self.path, query: Self.query(request), secrets: hiddenIDs),
                    token: token,
                    deadline: deadline
                )
                answer.add(try EntityListing.read(body).get().entities, hiding: [token.secret] + hiddenIDs)
            } catch {
                return Self.outcome(error, of: topics)
            }
        }
        self.log(answer, topics: topics)
        return .verdicts(
            topics.map { topic in
                guard !plan.oversized.contains(topic) else {
                    return SubscriptionVerdict(topic: topic, refusal: "too long for a URL of \(self.maxURLBytes) bytes")
                }
                return SubscriptionVerdict(topic: topic, refusal: answer.refusal(of: topic))
            }
        )
    }

    private func log(_ answer: PreflightAnswer, topics: [SubscriptionTopic]) {
        if answer.unknownStateCount > 0 {
            self.logger.warning(
                "the pre-flight gave states that are neither valid nor invalid; the handshake will tell",
                metadata: ["entities": "\(answer.unknownStateCount)"]
            )
        }
        self.logger.debug(
            "pre-flight",
            metadata: [
                "subscriptions": "\(topics.count)",
                "refused": "\(topics.count { answer.refusal(of: $0) != nil })",
                "unknown": "\(topics.count { !answer.knows($0) })",
            ]
        )
    }

    /// The same parameters as in the upgrade (S1.2, S1.3).
    private static func query(_ topics: [SubscriptionTopic]) -> String {
        String(topics.map(StreamURL.parameter).joined().dropFirst())
    }

    private static func outcome(_ failure: RESTFailure, of topics: [SubscriptionTopic]) -> PreflightOutcome {
        let reason = "pre-flight: \(failure.reason)"
        switch failure.kind {
        case .notFound: return .missing
        case .unauthorized: return .unauthorized(reason: reason)
        case .forbidden:
            return .unavailable(reason: "\(reason) (needed: \(RequiredScopes.description(of: topics)))")
        case .throttled, .transient, .refused, .unusable, .cancelled: return .unavailable(reason: reason)
        }
    }
}
