import BridgeCore
import BridgeRuntime
import Logging

/// What pipelines of tests have in common: pauses that no test notices, and records of one family.
enum Quick {
    static let backoff = Backoff.Policy(base: .milliseconds(1), cap: .milliseconds(2))

    static func gate(clock: any BridgeClock) -> HostGate {
        HostGate(policy: .init(attemptsPerSecond: 1000, holdOff: Self.backoff), clock: clock)
    }

    static func delivery(
        batches: Int = 16,
        commitInterval: Duration = .milliseconds(2),
        onRefused: RefusalPolicy = .deadLetter,
        silenceLimit: Duration = .seconds(30)
    ) -> DeliveryPolicy {
        DeliveryPolicy(
            inFlight: .init(bytes: 1 << 20, batches: batches),
            commit: .init(interval: commitInterval, batches: 8, retryDelay: .milliseconds(1)),
            onRefused: onRefused,
            silenceLimit: silenceLimit
        )
    }

    /// Events named `e` go to `t`, dead letters to `d`, gap records to `g`.
    static func parts(
        _ kafka: any RecordProducer,
        _ store: FakeStore,
        clock: any BridgeClock,
        logHandler: any LogHandler = SwiftLogNoOpLogHandler()
    ) -> DeliveryParts {
        DeliveryParts(
            mapper: RecordMapper(
                source: "s",
                families: [.init(name: "e", kafkaTopic: "t")],
                deadLetterTopic: "d",
                gapTopic: "g",
                refused: .init(valueBytesMax: 1_000, sha256: { "sha256 of \($0.count)" })
            ),
            producer: kafka,
            store: store,
            clock: clock,
            logger: Logger(label: "test") { _ in logHandler }
        )
    }
}
