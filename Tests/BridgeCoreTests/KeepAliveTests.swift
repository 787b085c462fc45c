import BridgeCore
import Testing

@Suite("Keep-alive (S4.6, S4.7)")
struct KeepAliveTests {
    private static func at(_ seconds: Int) -> Instant { Instant().advanced(by: .seconds(seconds)) }

    /// Everything that happens up to `end`, asking at each deadline as a driver does.
    private func run(
        _ keepAlive: inout KeepAlive,
        to end: Int,
        pongAt: (Int) -> Bool = { _ in false },
        batchAt: (Int) -> Bool = { _ in false }
    ) -> [(second: Int, action: KeepAlive.Action)] {
        var log: [(second: Int, action: KeepAlive.Action)] = []
        for second in 1...end {
            if pongAt(second) { keepAlive.pongReceived() }
            if batchAt(second) { keepAlive.batchReceived(now: Self.at(second)) }
            while let action = keepAlive.deadlineReached(now: Self.at(second)) {
                log.append((second, action))
                if action != .ping { return log }
            }
        }
        return log
    }

    @Test("pings every 30 s and gives up after three pongs in a row are 10 s late (S4.6)")
    func threeMisses() {
        var keepAlive = KeepAlive(.init(heartbeatTimeout: nil), now: Self.at(0))
        let log = self.run(&keepAlive, to: 300)
        #expect(log.map(\.second) == [30, 60, 90, 100])
        #expect(log.map(\.action) == [.ping, .ping, .ping, .pongsMissed])
    }

    @Test("events do not put a ping off: one goes every 30 s whatever the traffic (S4.6)")
    func pingsBesideTraffic() {
        var keepAlive = KeepAlive(.init(heartbeatTimeout: .seconds(15)), now: Self.at(0))
        let log = self.run(&keepAlive, to: 299, pongAt: { $0 % 30 == 1 }, batchAt: { _ in true })
        #expect(log.map(\.second) == [30, 60, 90, 120, 150, 180, 210, 240, 270])
        #expect(log.allSatisfy { $0.action == .ping })
    }

    @Test("traffic is no pong: a peer that sends batches and answers no ping is given up (S4.6)")
    func trafficIsNoPong() {
        var keepAlive = KeepAlive(.init(heartbeatTimeout: .seconds(15)), now: Self.at(0))
        let log = self.run(&keepAlive, to: 300, batchAt: { _ in true })
        #expect(log.last?.second == 100)
        #expect(log.last?.action == .pongsMissed)
    }

    @Test("any pong resets the count of missed ones (S4.6)")
    func pongResets() {
        var keepAlive = KeepAlive(.init(heartbeatTimeout: nil), now: Self.at(0))
        let log = self.run(&keepAlive, to: 299, pongAt: { $0 == 95 })
        // Missed at 40 and 70; the pong at 95 starts anew: 130, 160, 190.
        #expect(log.last?.second == 190)
        #expect(log.last?.action == .pongsMissed)
    }

    @Test("a peer that answers is kept for ever, however quiet the application is when the heartbeat is off (S4.7)")
    func answeringPeer() {
        var keepAlive = KeepAlive(.init(heartbeatTimeout: nil), now: Self.at(0))
        let log = self.run(&keepAlive, to: 3600, pongAt: { $0 % 30 == 1 })
        #expect(log.allSatisfy { $0.action == .ping })
        #expect(log.count == 120)
    }

    @Test("no batch for too long ends it, even while pongs come (S4.7)")
    func heartbeat() {
        var keepAlive = KeepAlive(.init(heartbeatTimeout: .seconds(15)), now: Self.at(0))
        let log = self.run(&keepAlive, to: 300, pongAt: { $0 % 30 == 1 }, batchAt: { $0 <= 100 && $0 % 5 == 0 })
        #expect(log.last?.action == .heartbeatMissed)
        #expect(log.last?.second == 115)
    }

    @Test("while held back nothing is late, and afterwards everything has its full time (S3.3)")
    func heldBack() {
        var keepAlive = KeepAlive(.init(heartbeatTimeout: .seconds(15)), now: Self.at(0))
        keepAlive.heldBack()
        let held = self.run(&keepAlive, to: 200)
        #expect(held.allSatisfy { $0.action == .ping })
        #expect(held.count == 6)
        keepAlive.released(now: Self.at(200))
        same(keepAlive.deadlineReached(now: Self.at(209)), nil)
        // The pong to the last ping is late 10 s after reading went on; one miss alone ends nothing.
        #expect(keepAlive.nextDeadline == Self.at(210))
        _ = keepAlive.deadlineReached(now: Self.at(210))
        same(keepAlive.deadlineReached(now: Self.at(215)), .heartbeatMissed)
    }
}
