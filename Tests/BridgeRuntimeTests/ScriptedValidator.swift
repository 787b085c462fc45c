import BridgeCore
import Synchronization

/// A pre-flight that refuses what it is told, once for each list, and then nothing.
final class ScriptedValidator: SubscriptionValidator {
    private let refused: Mutex<[[SubscriptionTopic]]>

    init(refusing refused: [[SubscriptionTopic]]) {
        self.refused = Mutex(refused)
    }

    func validate(_ topics: [SubscriptionTopic], token: AccessToken) async -> PreflightOutcome {
        let refused = self.refused.withLock { $0.isEmpty ? [] : $0.removeFirst() }
        return .verdicts(
            topics.map { SubscriptionVerdict(topic: $0, refusal: refused.contains($0) ? "not found" : nil) }
        )
    }
}
