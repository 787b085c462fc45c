import AsyncHTTPClient
import BridgeRuntime
import Foundation
import GenesysSimulator
import NIOCore

/// Looks at what a bridge of channels did while it was measured, and at how the simulator fared, so that no figure says what it does not.
struct ChannelBenchWatch {
    private static let answerBytesMax = 16 << 20
    /// Of the events of a tenant with two channels so many have a copy at least: the second one may be a little behind.
    private static let copiesShareMin = 0.9

    private let simulator: String
    private let isRedundant: Bool
    private let before: ChannelsSnapshot
    private let copiesBefore: UInt64

    /// Nil where the tenant is one of the stream. With two channels it returns once both bring events.
    init?(_ options: BenchOptions, _ bridge: Bridge) async throws {
        guard let channels = options.variant.channels else { return nil }
        self.simulator = options.simulator
        self.isRedundant = channels.isRedundant
        while self.isRedundant, Self.copies(bridge) == 0 { try await Task.sleep(for: .milliseconds(5)) }
        self.before = try await Self.snapshot(self.simulator)
        self.copiesBefore = Self.copies(bridge)
    }

    /// For how much of the time since the beginning the simulator could not send, because it was not read.
    ///
    /// - Parameter events: how many were acknowledged meanwhile.
    /// - Throws: `CommandFailure` where the bridge did not do what was to be measured.
    func end(_ bridge: Bridge, events: Int) async throws -> Double {
        let copies = Self.copies(bridge) - self.copiesBefore
        guard !self.isRedundant || Double(copies) >= Self.copiesShareMin * Double(events) else {
            throw CommandFailure(
                .internalError,
                "of \(events) events only \(copies) came twice: one channel was measured"
            )
        }
        let dropped = bridge.snapshots.reduce(0) { $0 + ($1.spool?.dropped ?? 0) }
        guard dropped == 0 else {
            throw CommandFailure(.internalError, "the spool dropped \(dropped) batches: its rate means nothing")
        }
        return try await self.heldBackShare()
    }

    private static func copies(_ bridge: Bridge) -> UInt64 {
        bridge.snapshots.reduce(0) { $0 + $1.eventsRepeated }
    }
}

// MARK: - The simulator

extension ChannelBenchWatch {
    /// For a measurement without a bridge.
    init(simulator: String) async throws {
        self.simulator = simulator
        self.isRedundant = false
        self.before = try await Self.snapshot(simulator)
        self.copiesBefore = 0
    }

    /// For how much of the time since the beginning the simulator could not send, because it was not read.
    func heldBackShare() async throws -> Double {
        let after = try await Self.snapshot(self.simulator)
        let time = max(1, after.milliseconds - self.before.milliseconds)
        return Double(after.millisecondsHeldBack - self.before.millisecondsHeldBack) / Double(time)
    }

    private static func snapshot(_ simulator: String) async throws -> ChannelsSnapshot {
        let answer = try await HTTPClient.withHTTPClient { client in
            let request = HTTPClientRequest(url: "\(simulator)/simulator/channels")
            return try await client.execute(request, timeout: .seconds(30)).body.collect(upTo: Self.answerBytesMax)
        }
        let tenants = try JSONDecoder().decode([ChannelsSnapshot].self, from: Data(answer.readableBytesView))
        guard let tenant = tenants.first(where: { $0.tenant == BenchOptions.tenant }) else {
            throw CommandFailure(.unavailable, "the simulator does not know the tenant")
        }
        return tenant
    }
}
