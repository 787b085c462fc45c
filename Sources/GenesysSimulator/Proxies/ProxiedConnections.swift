import NIOCore

/// The pairs of sockets of an `IdleTimeoutProxy`, and their timers.
final class ProxiedConnections {
    private final class Pair {
        let sides: [any Channel]
        /// When a byte last came through.
        var lastActivity: NIODeadline

        init(sides: [any Channel], now: NIODeadline) {
            self.sides = sides
            self.lastActivity = now
        }
    }

    private let eventLoop: any EventLoop
    private let idleTimeout: TimeAmount
    /// Those that are connected on both sides.
    private var pairs: [Int: Pair] = [:]
    private var pairCount = 0
    /// How many were reset because they were idle.
    private(set) var resetCount = 0

    init(eventLoop: any EventLoop, idleTimeout: TimeAmount) {
        self.eventLoop = eventLoop
        self.idleTimeout = idleTimeout
    }

    /// Passes bytes on between the two from now on.
    func join(_ client: any Channel, _ target: any Channel) throws {
        let pair = Pair(sides: [client, target], now: self.eventLoop.now)
        let id = self.pairCount
        self.pairCount += 1
        self.pairs[id] = pair
        for (side, other) in [(client, target), (target, client)] {
            let handler = ProxiedSide(other: other) { [self] event in
                switch event {
                case .passedOn: pair.lastActivity = self.eventLoop.now
                case .ended: self.passEndOn(id, to: other)
                case .failed: self.reset(id)
                }
            }
            try side.pipeline.syncOperations.addHandler(handler)
        }
        // What the target says first has waited for the handler.
        target.setOption(.autoRead, value: true).whenFailure { _ in }
        self.watch(id, pair)
    }

    func resetAll() {
        for id in self.pairs.keys { self.reset(id) }
    }

    /// The end goes the way that the bytes went, behind them.
    private func passEndOn(_ id: Int, to other: any Channel) {
        guard self.pairs.removeValue(forKey: id) != nil else { return }
        other.writeAndFlush(ByteBuffer()).whenComplete { _ in other.close(promise: nil) }
    }

    /// Forgets the pair first: what its sockets say about their end is then no news.
    private func reset(_ id: Int) {
        self.pairs.removeValue(forKey: id)?.sides.forEach(TransportReset.reset)
    }

    private func watch(_ id: Int, _ pair: Pair) {
        let deadline = pair.lastActivity + self.idleTimeout
        self.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            guard self.pairs[id] != nil else { return }
            if self.eventLoop.now - pair.lastActivity < self.idleTimeout {
                self.watch(id, pair)
            } else {
                self.resetCount += 1
                self.reset(id)
            }
        }
    }
}
