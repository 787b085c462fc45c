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

    /// The faults of a planned run, by how often they are drawn.
    static let drawn: [FaultKind] =
        Self.allCases + [
            .reset, .reset, .halfOpen, .kafkaAway, .kafkaUnknown, .kafkaFatal, .subscriptionInvalid, .crash,
        ]
}
