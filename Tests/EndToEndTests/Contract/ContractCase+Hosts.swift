import GenesysSimulator
import Testing

// What a whole host does to its clients: tokens that run out, "too many", and restarts that everybody notices.

extension ContractCase {
    /// Cases that share a scene whose tokens live for 4 s.
    static let rollovers: [ContractCase] = [
        ContractCase(.tokenRunsOut, "four tokens of 4 s", "rollover", .noPause, repeated: .nothing, act: Self.rollOver),
        ContractCase(.tokenRunsOut, "four tokens of 4 s, and events without `eventId`", "anonymous", .noPause) {
            stage in
            try await stage.inject(.eventWithoutIdentifier(messages: 1_000_000))
            try await Self.rollOver(stage)
        },
    ]

    @Sendable
    private static func rollOver(_ stage: ContractStage) async throws {
        try await eventually("four rollovers of \(stage.tenant)", within: .seconds(60)) {
            try await stage.scene.snapshot(stage.tenant).upgradesAccepted > 4
        }
        let snapshot = try await stage.scene.snapshotNow(stage.tenant)
        if snapshot.expiriesOnStream > 0 {
            await stage.isLate("\(snapshot.expiriesOnStream) sockets outlived their token")
        }
        await stage.recovered(in: .milliseconds(snapshot.coverage.longestUncoveredMilliseconds))
    }

    /// Cases that share a scene, one behind the other: a host that holds off one tenant holds off all of them.
    static let holdOffs: [ContractCase] = [
        Self.holdOff("close 429 that does not say how long", "close-429", seconds: nil) {
            .rateLimited(code: 429, retryAfterSeconds: $0, blockMilliseconds: 450)
        },
        Self.holdOff("close 4429 that says 1 s", "close-4429", seconds: 1) {
            .rateLimited(code: 4429, retryAfterSeconds: $0)
        },
        Self.holdOff("close 1008 whose reason says 1 s", "close-1008", seconds: 1) {
            .rateLimited(code: 1008, retryAfterSeconds: $0)
        },
        Self.holdOff("close 1013 whose reason says 1 s", "close-1013", seconds: 1) {
            .rateLimited(code: 1013, retryAfterSeconds: $0)
        },
        Self.holdOff("reset, then HTTP 429 that says 1 s", "http-429", seconds: 1) {
            .rateLimitedUpgrade(count: 1, retryAfterSeconds: $0)
        },
    ]

    /// A tenant that meets "too many", and a bystander that loses its socket meanwhile.
    private static func holdOff(
        _ fault: String,
        _ name: String,
        seconds: Int?,
        _ order: @escaping @Sendable (Int?) -> Fault
    ) -> ContractCase {
        let other = "\(name)-bystander"
        return ContractCase(.tooMany, fault, name, .holdOff, others: [other]) { stage in
            let bystander = ContractStage(scene: stage.scene, tenant: other)
            try await bystander.progress()
            let upgrades = try await stage.scene.snapshotNow(other).upgradesAccepted
            // The hold-off begins later, and nobody's next socket opens before its end.
            let began = ContinuousClock.now
            if case .rateLimitedUpgrade = order(seconds) {
                try await stage.arm(order(seconds))
                try await stage.inject(.reset)
                try await stage.logs("HTTP 429")
            } else {
                try await stage.inject(order(seconds))
                // It is told before the bystander gets into trouble, or it cannot know.
                try await stage.logs("closed with")
            }
            try await bystander.inject(.reset)
            try await eventually("the bystander's new socket") {
                try await stage.scene.snapshot(other).upgradesAccepted > upgrades
            }
            let heldOff = began.duration(to: .now)
            #expect(heldOff > .seconds(seconds ?? 0) - .milliseconds(100), "the bystander waits, too: \(heldOff)")
            let snapshot = try await stage.scene.snapshotNow(other)
            #expect(snapshot.upgradeAnswers["429"] == nil && snapshot.violations.values.allSatisfy { $0 == 0 })
        }
    }

    /// Eight tenants that lose their sockets at the same moment, where four attempts a second are allowed.
    static let herd: ContractCase = {
        let others = (1..<8).map { "herd-\($0)" }
        return ContractCase(.crowd, "eight sockets are reset at once", "herd", .turn, others: others) { stage in
            for other in others { try await ContractStage(scene: stage.scene, tenant: other).progress(1) }
            let before = try await stage.scene.simulator.snapshot().upgradeAttemptsPerSecond
            await stage.begin()
            #expect(try await stage.scene.simulator.inject(.reset) == 8)
            try await stage.behindIt()
            try await eventually("eight new sockets") {
                try await stage.scene.simulator.snapshot().tenants.allSatisfy { $0.connectionsOpen > 0 }
            }
            // Pairs of a second and a count: the difference is what came since.
            var attempts: [Int: Int] = [:]
            for pair in try await stage.scene.simulator.snapshot().upgradeAttemptsPerSecond {
                attempts[pair[0]] = pair[1]
            }
            for pair in before { attempts[pair[0], default: 0] -= pair[1] }
            #expect(attempts.values.reduce(0, +) == 8, "one attempt each: \(attempts)")
            #expect(
                attempts.values.allSatisfy { $0 <= 5 },
                "four a second, and one more where a second begins late: \(attempts)"
            )
        }
    }()
}
