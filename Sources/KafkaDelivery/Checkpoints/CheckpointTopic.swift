internal import BridgeCore
internal import Logging
internal import RDKafka

/// The checkpoint topic as a start needs it: there, compacted, with its partitions known.
struct CheckpointTopic {
    /// What was found.
    enum Found: Hashable {
        case missing
        /// `cleanup.policy` is nil where the cluster would not say it.
        case there(cleanupPolicy: String?)
    }

    /// What to do about it.
    enum Verdict: Hashable {
        case use
        /// It may not be compacted: nobody says.
        case useUnchecked
        case create
        case refuse(String)
    }

    let name: String

    /// What a start does with what it found. `canAdminister`: the cluster names a broker for admin requests.
    func verdict(_ found: Found, canAdminister: Bool) -> Verdict {
        switch found {
        case .missing:
            canAdminister ? .create : .refuse("does not exist, or is hidden from this user: \(self.creation)")
        case .there(nil): .useUnchecked
        case .there("compact"): .use
        case .there(let policy?):
            .refuse(
                "has cleanup.policy=\(policy): old positions would be deleted, or kept for ever. Run kafka-configs.sh "
                    + "--bootstrap-server … --alter --entity-type topics --entity-name \(self.name) "
                    + "--add-config cleanup.policy=compact"
            )
        }
    }

    /// The way out where the bridge cannot create it.
    var creation: String {
        "run kafka-topics.sh --bootstrap-server … --create --topic \(self.name) --partitions 1 "
            + "--config cleanup.policy=compact"
    }

    /// Looks for the topic, and creates it where that is wished; asks for its policy only where that is not known (`isChecked`).
    /// - Returns: its partitions; none where it is missing.
    /// - Throws: `.unavailable` with the way out.
    func partitions(
        _ admin: KafkaAdmin,
        creating: Bool,
        timeout: Duration,
        clock: any BridgeClock,
        logger: Logger,
        isChecked: Bool = false
    ) async throws(CheckpointStoreError) -> [Int32] {
        let deadline = clock.now.advanced(by: timeout)
        var created = isChecked
        while true {
            let topic = try await self.look(admin, until: deadline, clock, isChecked ? Self.callTimeout : timeout)
            if let topic, topic.error == nil, !topic.partitions.isEmpty {
                if !created { try await self.check(admin, logger: logger) }
                return topic.partitions.map(\.id)
            }
            guard clock.now < deadline, !Task.isCancelled else {
                throw self.failure("has no partitions yet: try again")
            }
            let isMissing = topic?.error == nil || topic?.error == .unknownTopicOrPartition
            if !isMissing, topic?.error != .leaderNotAvailable, let code = topic?.error {
                throw self.failure("cannot be used (\(code)): allow this user to read and write it, or name another")
            }
            if isMissing, !creating { return [] }
            if isMissing, !created {
                try await self.create(admin, logger: logger)
                created = true
            }
            try? await clock.sleep(until: clock.now.advanced(by: .milliseconds(100)))
        }
    }

    private func look(
        _ admin: KafkaAdmin,
        until deadline: Instant,
        _ clock: any BridgeClock,
        _ callTimeout: Duration
    ) async throws(CheckpointStoreError) -> KafkaMetadata.Topic? {
        do {
            return try await Self.patiently(until: deadline, clock, callTimeout) { (timeout) throws(KafkaError) in
                try await admin.metadata(timeout: timeout)
            }.topic(self.name)
        } catch {
            throw self.failure(
                "cannot be read, no broker can be used (\(error)): check kafka.properties and the brokers"
            )
        }
    }

    private func create(_ admin: KafkaAdmin, logger: Logger) async throws(CheckpointStoreError) {
        let canAdminister = (try? await admin.hasController(timeout: Self.adminTimeout)) ?? false
        if case .refuse(let why) = self.verdict(.missing, canAdminister: canAdminister) { throw self.failure(why) }
        let wanted = KafkaNewTopic(name: self.name, partitionCount: 1, properties: ["cleanup.policy": "compact"])
        let refusal: KafkaError?
        do {
            refusal = try await admin.createTopics([wanted], timeout: Self.adminTimeout)[self.name]
        } catch {
            refusal = error
        }
        switch refusal {
        case nil: logger.notice("created the checkpoint topic", metadata: ["topic": "\(self.name)"])
        // Another instance was quicker.
        case let refusal? where refusal.code == .topicAlreadyExists: break
        case let refusal?:
            throw self.failure(
                "does not exist, or is hidden from this user, and could not be created (\(refusal)): \(self.creation), and allow "
                    + "this user to read and write it"
            )
        }
    }

    private func check(_ admin: KafkaAdmin, logger: Logger) async throws(CheckpointStoreError) {
        let canAdminister = (try? await admin.hasController(timeout: Self.adminTimeout)) ?? false
        var policy: String?
        var reason = "the cluster names no controller"
        if canAdminister {
            do {
                policy = try await admin.properties(of: .topic(self.name), timeout: Self.adminTimeout)["cleanup.policy"]
            } catch {
                reason = "\(error)"
            }
        }
        switch self.verdict(.there(cleanupPolicy: policy), canAdminister: canAdminister) {
        case .use, .create: break
        case .useUnchecked:
            logger.warning(
                "whether the checkpoint topic is compacted is not known: see that its cleanup.policy is compact",
                metadata: ["topic": "\(self.name)", "reason": "\(reason)"]
            )
        case .refuse(let why): throw self.failure(why)
        }
    }

    /// Asks again until there is an answer, or the time is over, or the task is cancelled: nobody can end a call that is under way.
    static func patiently<Answer: Sendable>(
        until deadline: Instant,
        _ clock: any BridgeClock,
        _ callTimeout: Duration,
        _ ask: (_ timeout: Duration) async throws(KafkaError) -> Answer
    ) async throws(KafkaError) -> Answer {
        while true {
            let left = clock.now.duration(to: deadline)
            do throws(KafkaError) {
                return try await ask(max(.milliseconds(1), min(left, callTimeout)))
            } catch {
                guard clock.now < deadline, !Task.isCancelled, error.action == .retry else { throw error }
                // Some answers come at once.
                try? await clock.sleep(until: clock.now.advanced(by: .milliseconds(50)))
            }
        }
    }

    func failure(_ why: String) -> CheckpointStoreError {
        CheckpointStoreError(kind: .unavailable, description: "the checkpoint topic '\(self.name)' \(why)")
    }

    private static let adminTimeout = Duration.seconds(20)
    /// How long the end of somebody who waits may be kept from coming.
    static let callTimeout = Duration.seconds(2)
}
