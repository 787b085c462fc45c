/// What the world can do to the bridge.
enum FaultKind: Int, CaseIterable {
    // The stream.
    case reset, goingAway, rollingRestart, halfOpen, silence, shortSilence
    case throttledClose, throttledHandshake
    case duplicateMessage, olderMessageAgain
    case poisonTransient, poisonPersistent
    case positionLost, subscriptionInvalid, topicsChanged, invalidTopicAdded
    // The handshake and its token.
    case handshakeUnavailable, handshakeTimeout, tokenRevoked, forbidden, tokenOutage, preflightUnavailable
    // Kafka.
    case kafkaAway, kafkaUnknown, kafkaRefused, kafkaFatal
    // The checkpoint store.
    case storeUnavailable, storeSlow
    // The process.
    case crash, crashAfterReceive, crashAfterProduce, crashAfterAcknowledge, crashBeforeRename, crashBeforeSync
    case gracefulStop
    // A record that Kafka refuses for good.
    case recordTooLarge
    // Transactions.
    case commitRefused, commitAnswerLost, transactionTimedOut, takenOver
    case crashBeforeCommit, crashDuringCommit, crashAfterCommit

    /// What happens to transactions only.
    static let ofTransactions: [FaultKind] = [
        .commitRefused, .commitAnswerLost, .transactionTimedOut, .takenOver, .crashBeforeCommit, .crashDuringCommit,
        .crashAfterCommit,
    ]
    /// What happens to a checkpoint store only that is none of transactions.
    static let ofStores: [FaultKind] = [.storeUnavailable, .storeSlow, .crashBeforeRename, .crashBeforeSync]

    /// What can happen.
    static func all(isExactlyOnce: Bool) -> [FaultKind] {
        Self.allCases.filter { !(isExactlyOnce ? Self.ofStores : Self.ofTransactions).contains($0) }
    }

    /// The faults of a planned run, by how often they are drawn.
    static func drawn(isExactlyOnce: Bool) -> [FaultKind] {
        let more: [FaultKind] =
            isExactlyOnce
            ? Self.ofTransactions + [.kafkaAway, .kafkaUnknown, .kafkaFatal, .crash, .recordTooLarge]
            : [.reset, .reset, .halfOpen, .kafkaAway, .kafkaUnknown, .kafkaFatal, .subscriptionInvalid, .crash]
        return Self.all(isExactlyOnce: isExactlyOnce) + more
    }
}
