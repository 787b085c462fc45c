import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// `run` of a tenant with `protocol: channels` that wants all queues and users: what appears is subscribed and what goes is not any more, beside
/// the living socket.
@Suite("The command run, of channels whose resources change", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct ChannelDiscoveryTests {
    private static let queue = SimulatedResource(
        event: "routing.queueEvents",
        resourceId: "5f1b7ad4-52a5-4b0e-9f0c-0d4d6f9a1c01"
    )
    private static let user = SimulatedResource(
        event: "user.presence",
        resourceId: "5f1b7ad4-52a5-4b0e-9f0c-0d4d6f9a1c02"
    )
    private static let topics = [
        "v2.routing.queues.\(queue.resourceId).conversations", "v2.users.\(user.resourceId).presence",
    ]

    /// Waits until the topics of the new queue and the new user are subscribed, or are not.
    private func subscribed(_ isSubscribed: Bool, in scene: ChannelRunScene) async throws {
        try await eventually("what \(isSubscribed ? "appeared is" : "went is not") subscribed") {
            let subscriptions = Set(try await scene.snapshot.channels.flatMap(\.subscriptions))
            return Self.topics.allSatisfy { subscriptions.contains($0) == isSubscribed }
        }
    }

    /// How many of the topics have made events that no socket could be given.
    private func unheard(in scene: ChannelRunScene) async throws -> Int {
        try await scene.snapshot.topics.count { Self.topics.contains($0.topic) && !$0.lost.isEmpty }
    }

    @Test(
        "queues and users that appear are subscribed beside the living socket, those that go are not any more, and what is missing is within gap records (C1, C10)"
    )
    func changes() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge("connection: { syncInterval: 1s }")
            try await scene.progresses()
            let before = try await scene.snapshot
            #expect(!before.topics.contains { Self.topics.contains($0.topic) })
            for resource in [Self.queue, Self.user] {
                try await scene.simulator.createResource(resource, tenant: ChannelRunScene.tenant)
            }
            try await self.subscribed(true, in: scene)
            try await eventually("events of what appeared") {
                try await scene.snapshot.topics.count { Self.topics.contains($0.topic) && $0.sent.last?[1] ?? 0 > 20 }
                    == 2
            }
            // They go and come back, until each has made events that nobody heard because it was not found yet.
            for _ in 1...5 where try await self.unheard(in: scene) < 2 {
                for resource in [Self.queue, Self.user] {
                    try await scene.simulator.deleteResource(resource.resourceId, tenant: ChannelRunScene.tenant)
                }
                try await self.subscribed(false, in: scene)
                for resource in [Self.queue, Self.user] {
                    try await scene.simulator.createResource(resource, tenant: ChannelRunScene.tenant)
                }
                try await self.subscribed(true, in: scene)
            }
            #expect(try await self.unheard(in: scene) == 2)
            try await scene.progresses()
            let result = try await scene.account()
            let after = try await scene.snapshot
            try await scene.stop(bridge)
            #expect(after.channelsCreated == 1, "all of it on one channel")
            #expect(result.lost == 0 && result.duplicated == 0 && result.outOfOrder == 0, "\(result)")
            #expect(result.insideGaps > 0, "\(result)")
        }
    }
}
