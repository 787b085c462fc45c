import BridgeCore
import Synchronization

@testable import GenesysCloud

/// A clock that only goes on when a test says so.
final class VirtualClock: Sendable {
    private struct State {
        var now = Instant(nanoseconds: 1_000_000_000_000)
        var nextID = 0
        var sleepers: [Int: (until: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var listeners: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    var now: Instant { self.state.withLock { $0.now } }

    /// This clock, and random numbers that are always 0.
    var tokenClock: TokenClock {
        TokenClock(
            now: { self.now },
            secondsSince1970: { 784_111_740 },
            random: { 0 },
            sleep: { try await self.sleep($0) }
        )
    }

    /// Goes on, and wakes who has slept long enough.
    func advance(by duration: Duration) {
        let woken = self.state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let now = state.now
            let due = state.sleepers.filter { $0.value.until <= now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// How long the sleepers still sleep, the shortest first, once there are `count` of them.
    @discardableResult
    func sleepers(_ count: Int = 1) async -> [Duration] {
        let (changes, listener) = AsyncStream<Void>.makeStream()
        self.state.withLock { $0.listeners.append(listener) }
        listener.yield()
        for await _ in changes {
            let (now, sleepers) = self.state.withLock { ($0.now, $0.sleepers.values.map(\.until)) }
            if sleepers.count >= count { return sleepers.sorted().map { now.duration(to: $0) } }
        }
        return []
    }

    /// Returns once somebody sleeps who has `duration` left; false where the task is cancelled first.
    func sleeper(_ duration: Duration) async -> Bool {
        let (changes, listener) = AsyncStream<Void>.makeStream()
        self.state.withLock { $0.listeners.append(listener) }
        listener.yield()
        for await _ in changes {
            let isThere = self.state.withLock { state in
                state.sleepers.values.contains { state.now.duration(to: $0.until) == duration }
            }
            if isThere { return true }
        }
        return false
    }

    private func sleep(_ duration: Duration) async throws {
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = self.state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard duration > .zero else { return .success(()) }
                    state.sleepers[id] = (state.now.advanced(by: duration), continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
                for listener in self.state.withLock({ $0.listeners }) { listener.yield() }
            }
        } onCancel: {
            let sleeper = self.state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
