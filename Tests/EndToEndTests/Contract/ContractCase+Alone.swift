import BridgeCore
import Foundation
import GenesysSimulator
import RDKafka
import Testing

// What happens to Kafka, to the files and to the process: to everything in a scene at once.

extension ContractCase {
    /// Cases that have a scene to themselves.
    static let alone = Self.broker + Self.idle + Self.restarts + Self.parked

    private static let broker: [ContractCase] = [
        ContractCase(
            .kafkaAway,
            "the broker is down for 300 events, then up",
            "away",
            .kafkaReturn,
            tenant: .init(rate: 300)
        ) {
            stage in
            try await stage.everythingIsCommitted()
            try stage.scene.kafka.setBrokerDown()
            try await stage.scene.simulator.setRate(.eventsPerSecond(300), tenant: stage.tenant)
            let made = try await stage.scene.snapshotNow(stage.tenant).eventsProduced
            try await eventually("300 further events") {
                try await stage.scene.snapshot(stage.tenant).eventsProduced > made + 300
            }
            #expect(await stage.scene.audit.delivered(stage.tenant) <= made, "Kafka is away")
            try stage.scene.kafka.setBrokerUp()
            await stage.begin()
            try await stage.behindIt()
        },
        ContractCase(
            .kafkaAway,
            "the broker is down until the source is held back for `maxStall`, then up",
            "stalled",
            .stalled,
            tenant: .init(rate: 2_000)
        ) { stage in
            try await stage.everythingIsCommitted()
            try stage.scene.kafka.setBrokerDown()
            try await stage.scene.simulator.setRate(.eventsPerSecond(2_000), tenant: stage.tenant)
            try await stage.logs("held back for longer than maxStall")
            try stage.scene.kafka.setBrokerUp()
            await stage.begin()
            try await stage.behindIt()
        },
        ContractCase(.kafkaAway, "the broker cuts three connections", "cut", .kafkaReturn) { stage in
            await stage.begin()
            try stage.scene.kafka.pushRequestErrors(.produce, [.transport, .transport, .transport])
            try await eventually("three lost connections") {
                stage.scene.bridge.errors.split(separator: "\n").count { $0.contains("brokers are down") } >= 3
            }
            try await stage.behindIt()
        },
        ContractCase(.recordRefused, "MSG_SIZE_TOO_LARGE, twice for one record", "refused-alone", .refusal) { stage in
            let errors = [KafkaErrorCode](repeating: .messageTooLarge, count: 1_000)
            try stage.scene.kafka.pushRequestErrors(.produce, errors)
            try await stage.logs("it goes to the dead letters")
            try stage.scene.kafka.clearRequestErrors(.produce)
            await stage.begin()
            try await stage.behindIt()
        },
        ContractCase(.recordRefused, "MSG_SIZE_TOO_LARGE, once", "refused", .refusal, lost: .nothing) { stage in
            try stage.scene.kafka.pushRequestErrors(.produce, [.messageTooLarge, .messageTooLarge, .messageTooLarge])
            try await stage.logs("delivery failed")
            try stage.scene.kafka.clearRequestErrors(.produce)
            await stage.begin()
            try await stage.behindIt()
        },
        ContractCase(.producerFails, "OUT_OF_ORDER_SEQUENCE_NUMBER", "fatal", .replacement) { stage in
            await stage.begin()
            try stage.scene.kafka.pushRequestErrors(.produce, [.outOfOrderSequenceNumber])
            try await eventually("the producer's replacement") {
                stage.scene.bridge.errors.contains("the producer can do nothing more and is replaced")
            }
            try await stage.behindIt()
        },
    ]

    private static let idle: [ContractCase] = [
        ContractCase(
            .connectionLost,
            "a proxy resets what is idle for 1 s; `maxLatency` is 100 ms",
            "idle-kept",
            .noPause,
            tenant: ContractTenant(proxyIdleMilliseconds: 1_000)
        ) { stage in
            try await stage.scene.simulator.setRate(.eventsPerSecond(0), tenant: stage.tenant)
            let messages = try await stage.scene.snapshotNow(stage.tenant).connections.reduce(0) { $0 + $1.batchesSent }
            try await eventually("20 empty messages") {
                try await stage.scene.snapshot(stage.tenant).connections.reduce(0) { $0 + $1.batchesSent } > messages
                    + 20
            }
            await stage.begin()
            try await stage.behindIt()
            try await stage.scene.simulator.setRate(.eventsPerSecond(60), tenant: stage.tenant)
            try await stage.recovers()
            let resets = await stage.scene.proxies[stage.tenant]?.resetCount
            let upgrades = try await stage.scene.snapshotNow(stage.tenant).upgradesAccepted
            if resets != 0 || upgrades != 1 { await stage.isLate("\(resets ?? -1) resets, \(upgrades) sockets") }
        },
        ContractCase(
            .connectionLost,
            "a proxy resets what is idle for 400 ms; `maxLatency` is 1 s",
            "idle-cut",
            .pauses,
            tenant: ContractTenant(
                maxLatencyMilliseconds: 1_000,
                maxBatchSize: 1,
                proxyIdleMilliseconds: 400
            )
        ) { stage in
            try await stage.scene.simulator.setRate(.eventsPerSecond(0), tenant: stage.tenant)
            try await eventually("three resets") { await stage.scene.proxies[stage.tenant]?.resetCount ?? 0 >= 3 }
            await stage.begin()
            try await stage.behindIt()
            // A message of one event is full, and does not wait.
            try await stage.scene.simulator.setRate(.eventsPerSecond(60), tenant: stage.tenant)
        },
    ]

    private static let restarts: [ContractCase] = [
        ContractCase(.killed, "SIGKILL, and a start", "killed", .restart, tenant: .init(rate: 500)) { stage in
            let file = stage.scene.checkpointDirectory + "/\(stage.tenant)%2F0.json"
            try await eventually("the first commit") { FileManager.default.fileExists(atPath: file) }
            try await stage.scene.endBridge(SIGKILL)
            await stage.begin()
            try stage.scene.startBridge()
            try await stage.behindIt()
        },
        ContractCase(
            .noCheckpoint,
            "SIGKILL before the first commit, and a start",
            "killed-early",
            .restart,
            isUp: false,
            crashAt: .afterAcknowledgeBeforeCommit
        ) { stage in
            #expect(try await stage.scene.bridge.ended() == SIGKILL)
            await stage.begin()
            try stage.scene.startBridge()
            try await stage.behindIt()
        },
        ContractCase(.noCheckpoint, "a first start", "first", .noPause) { stage in
            await stage.begin()
            try await stage.behindIt()
        },
    ]

    /// A tenant that waits for a person, while another one goes on.
    private static let parked: [ContractCase] = [
        Self.torn("half of the checkpoint file is missing", "torn", file: "%2F0.json") { $0.prefix($0.count / 2) },
        Self.torn("a digit of the checkpoint file is another", "changed", file: "%2F0.json") { data in
            var changed = data
            let digit = changed.firstIndex { (49...56).contains($0) } ?? 0
            changed[digit] += 1
            return changed
        },
        Self.torn("half of the plan file is missing", "torn-plan", file: "%2Fplan.plan.json") {
            $0.prefix($0.count / 2)
        },
        ContractCase(
            .noCheckpoint,
            "a first start with `onMissingCheckpoint: fail`",
            "must-not-start",
            .person,
            tenant: ContractTenant(keys: ["onMissingCheckpoint: fail"]),
            others: ["other"],
            isUp: false
        ) { stage in
            try await stage.logs("parked")
            try await ContractStage(scene: stage.scene, tenant: "other").progress()
            #expect(await stage.scene.audit.delivered(stage.tenant) == 0)
            try await stage.scene.endBridge(SIGTERM)
            try stage.scene.edit("onMissingCheckpoint: fail", to: "onMissingCheckpoint: start")
            try stage.scene.startBridge()
        },
        ContractCase(
            .positionLost,
            "HTTP 410 with `onPositionLost: fail`",
            "must-not-skip",
            .person,
            lost: .nothing,
            tenant: ContractTenant(keys: ["onPositionLost: fail"]),
            others: ["other"]
        ) { stage in
            try await stage.arm(.positionLost(count: 1, form: .gone))
            try await stage.inject(.reset)
            try await stage.logs("parked")
            try await ContractStage(scene: stage.scene, tenant: "other").progress()
            try await stage.scene.endBridge(SIGTERM)
            try stage.scene.startBridge()
        },
    ]

    /// A file is damaged between two starts; then a person puts back what was there.
    private static func torn(
        _ fault: String,
        _ name: String,
        file: String,
        _ damage: @escaping @Sendable (Data) -> Data
    ) -> ContractCase {
        ContractCase(.torn, fault, name, .person, others: ["other"]) { stage in
            let other = ContractStage(scene: stage.scene, tenant: "other")
            try await other.progress()
            try await stage.scene.endBridge(SIGTERM)
            let url = URL(fileURLWithPath: stage.scene.checkpointDirectory).appendingPathComponent(name + file)
            let data = try Data(contentsOf: url)
            try damage(data).write(to: url)
            try stage.scene.startBridge()
            try await eventually("the stream or tenant says why it stands still") {
                stage.scene.bridge.errors.contains(url.lastPathComponent)
            }
            // The audit has then also read what the first process delivered at its end.
            try await other.progress()
            let delivered = await stage.scene.audit.delivered(stage.tenant)
            try await other.progress()
            #expect(await stage.scene.audit.delivered(stage.tenant) == delivered)
            try await stage.scene.endBridge(SIGTERM)
            try data.write(to: url)
            try stage.scene.startBridge()
        }
    }
}
