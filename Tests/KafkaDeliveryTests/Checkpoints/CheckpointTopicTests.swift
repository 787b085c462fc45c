import Testing

@testable import KafkaDelivery

@Suite("The checkpoint topic at the start")
struct CheckpointTopicTests {
    private let topic = CheckpointTopic(name: "checkpoints")

    @Test("only a compacted topic is used; another says how to change it")
    func policy() {
        #expect(self.topic.verdict(.there(cleanupPolicy: "compact"), canAdminister: true) == .use)
        for policy in ["delete", "compact,delete", "delete,compact", ""] {
            guard case .refuse(let why) = self.topic.verdict(.there(cleanupPolicy: policy), canAdminister: true) else {
                Issue.record("cleanup.policy=\(policy) was accepted")
                continue
            }
            #expect(why.contains("cleanup.policy=compact") && why.contains("--entity-name checkpoints"), "\(why)")
        }
        #expect(self.topic.verdict(.there(cleanupPolicy: nil), canAdminister: false) == .useUnchecked)
    }

    @Test("a missing topic is created where that is possible; else the command to create it is told")
    func missing() {
        #expect(self.topic.verdict(.missing, canAdminister: true) == .create)
        guard case .refuse(let why) = self.topic.verdict(.missing, canAdminister: false) else {
            Issue.record("a start without a topic")
            return
        }
        #expect(why.contains("kafka-topics.sh") && why.contains("--topic checkpoints"), "\(why)")
    }
}
