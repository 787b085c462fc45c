import NIOCore
import Testing

@testable import GenesysSimulator

@Suite
struct SocketLifeTests {
    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    @Test func `a stream that is closing takes up no further fault`() {
        var life = SocketLife()
        #expect(life.begin(.goingAway, now: self.at(0)) == .close(code: 1001, reason: "going away"))
        #expect(!life.maySend)
        #expect(life.begin(.tokenExpired, now: self.at(0)) == .none)
        #expect(life.begin(.reset, now: self.at(0)) == .none)
        #expect(life.clientClosed() == .closeConnection)
        #expect(life.clientClosed() == .nothing)
    }

    @Test func `a stall ends at its time, not before, and answers no close frame`() {
        var life = SocketLife()
        #expect(life.begin(.stall(durationMilliseconds: 50), now: self.at(0)) == .silence(until: self.at(50)))
        #expect(!life.maySend)
        #expect(life.clientClosed() == .nothing)
        #expect(life.begin(.goingAway, now: self.at(1)) == .none)
        #expect(life.begin(.stall(durationMilliseconds: nil), now: self.at(1)) == .none)
        #expect(life.wake(now: self.at(49)) == false)
        #expect(life.wake(now: self.at(50)) == true)
        #expect(life.maySend)
        #expect(life.clientClosed() == .closeFrame)
    }

    @Test func `a stall without end ends only with the connection`() {
        var life = SocketLife()
        #expect(life.begin(.stall(durationMilliseconds: nil), now: self.at(0)) == .silence(until: nil))
        #expect(life.wake(now: self.at(1_000_000)) == false)
        #expect(life.begin(.reset, now: self.at(1)) == .reset)
        #expect(life.begin(.reset, now: self.at(1)) == .none)
    }

    @Test func `a stream covers its client until it is closing or silent for ever`() {
        for (fault, isCovering) in [
            (Fault.stall(durationMilliseconds: 5), true), (.stall(durationMilliseconds: nil), false),
            (.halfOpen(reads: true), false), (.halfOpen(reads: false), false), (.goingAway, false), (.reset, false),
            (.serverPing(count: 1, bytes: 1), true),
        ] {
            var life = SocketLife()
            #expect(life.begin(fault, now: self.at(0)) != .none)
            #expect(life.isCovering == isCovering, "\(fault)")
        }
    }

    @Test func `a silent stream can still be reset for its idleness`() {
        var life = SocketLife()
        _ = life.begin(.halfOpen(reads: true), now: self.at(0))
        #expect(life.begin(.idleTimeout(milliseconds: 7), now: self.at(0)) == .watchIdle(.milliseconds(7)))
        #expect(life.begin(.serverPing(count: 1, bytes: 1), now: self.at(0)) == .none)
        #expect(life.begin(.reset, now: self.at(7)) == .reset)
    }

    @Test func `damaged messages come one each, and then whole ones again`() {
        var faults = MessageFaults()
        #expect(faults.takeTreatment() == .whole)
        for fault in [
            Fault.fragmentation(messages: 2, seed: 1), .invalidJSON(messages: 1), .invalidUTF8(messages: 1),
            .oversizedMessage(bytes: 5),
        ] {
            let isTaken = faults.take(fault)
            #expect(isTaken)
        }
        let isTaken = faults.take(.reset)
        #expect(!isTaken)
        let treatments = (0..<6).map { _ in faults.takeTreatment() }
        #expect(
            treatments == [
                .damaged(.oversized(bytes: 5)), .damaged(.invalidJSON), .damaged(.invalidUTF8), .fragmented,
                .fragmented,
                .whole,
            ]
        )
    }
}
