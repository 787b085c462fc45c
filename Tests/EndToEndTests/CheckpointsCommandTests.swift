import BridgeCore
import BridgeOperations
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

@Suite("The command checkpoints", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct CheckpointsCommandTests {
    private func command(_ arguments: [String]) async throws -> (status: Int32, output: String, errors: String) {
        let process = try RunningProcess(["checkpoints"] + arguments)
        let status = try await process.ended()
        return (status, process.output, process.errors)
    }

    @Test("moves a bridge from its directory to Kafka: the events go on where they stopped (replay-or-acked)")
    func move() async throws {
        try await Scene.with(.init(rate: 1_000, seed: 13, onRealBrokers: true, checkpointsInKafka: true)) { scene in
            let stream = "\(scene.tenants[0])/0"
            let directory = scene.folder.appendingPathComponent("checkpoints").path
            let first = try scene.bridge("directory") {
                $0.replacingOccurrences(of: "store: kafkaTopic", with: "directory: \"\(directory)\"")
                    .replacingOccurrences(of: "topic: \"\(scene.checkpointTopic)\"", with: "")
            }
            let old = scene.folder.appendingPathComponent("directory.yaml").path
            try await eventually("events") { await scene.delivered() > 500 }
            let refused = try await self.command(["reset", stream, "--config", old])
            #expect(refused.status == 69 && refused.errors.contains("in use by another instance"), "\(refused)")
            first.signal(SIGTERM)
            #expect(try await first.ended() == 0)
            let export = try await self.command(["export", "--config", old])
            #expect(export.status == 0, "\(export.errors)")
            let file = scene.folder.appendingPathComponent("checkpoints.json").path
            try export.output.write(toFile: file, atomically: true, encoding: .utf8)
            let imported = try await self.command(["import", file, "--config", scene.configurationPath])
            #expect(imported.status == 0 && imported.output.contains("\(stream): position lastEventId="), "\(imported)")
            let duplicated = try await scene.report().tenants[0].duplicated
            let second = try scene.bridge()
            let archive = try JSONDecoder().decode(CheckpointArchive.self, from: Data(export.output.utf8))
            let position = try #require(archive.checkpoints.first?.checkpoint.position)
            let before = await scene.delivered()
            try await eventually("more events, and a commit") {
                let committed = try await scene.health(second).committedPosition
                return await scene.delivered() > before + 500 && committed != nil && committed != position
            }
            second.signal(SIGKILL)
            _ = try await second.ended()
            let claimed = try await self.command(["reset", stream, "--config", scene.configurationPath])
            #expect(claimed.status == 69 && claimed.errors.contains("--force"), "\(claimed)")
            let show = try await self.command(["show", stream, "--config", scene.configurationPath])
            #expect(show.status == 0 && show.output.contains("\"epoch\" : 2"), "\(show)")
            let third = try scene.bridge()
            try await scene.conclude(third)
            #expect(duplicated == 0, "a clean stop repeats nothing")
        }
    }

    @Test("sets and resets a position in Kafka, and says what that means; a foreign tenant is refused with 64")
    func change() async throws {
        try await Scene.with(.init(rate: 100, onRealBrokers: true, checkpointsInKafka: true)) { scene in
            let stream = "\(scene.tenants[0])/0"
            let config = ["--config", scene.configurationPath]
            let set = try await self.command(["set", stream, "--position", "p-1"] + config)
            #expect(set.status == 0 && set.output.contains("\(stream): position lastEventId=p-1"), "\(set)")
            let again = try await self.command(["set", stream, "--position", "p-2", "--kind", "timestamp"] + config)
            #expect(again.output.contains("is delivered again"), "\(again)")
            let list = try await self.command(["list"] + config)
            #expect(list.output.contains("\(stream)  timestamp=p-2  committed "), "\(list)")
            let reset = try await self.command(["reset", stream] + config)
            #expect(reset.status == 0 && reset.output.contains("is skipped"), "\(reset)")
            let empty = try await self.command(["show", stream] + config)
            #expect(empty.status == 69, "\(empty)")
            let stranger = try await self.command(["reset", "nobody/0"] + config)
            #expect(stranger.status == 64, "\(stranger)")
            let usage = try await self.command(["set", stream] + config)
            #expect(usage.status == 64, "\(usage)")
        }
    }
}
