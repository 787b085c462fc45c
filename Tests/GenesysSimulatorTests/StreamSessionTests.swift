import NIOCore
import Testing

@testable import GenesysSimulator

@Suite
struct StreamSessionTests {
    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    @Test func `a stream that is closing takes up no further fault`() {
        var session = StreamSession()
        #expect(session.begin(.goingAway, now: self.at(0)) == .close(code: 1001, reason: "going away"))
        #expect(!session.maySend)
        #expect(session.begin(.tokenExpired, now: self.at(0)) == .none)
        #expect(session.begin(.reset, now: self.at(0)) == .none)
        #expect(session.clientClosed() == .closeConnection)
        #expect(session.clientClosed() == .nothing)
    }

    @Test func `a stall ends at its time, not before, and answers no close frame`() {
        var session = StreamSession()
        #expect(session.begin(.stall(durationMilliseconds: 50), now: self.at(0)) == .silence(until: self.at(50)))
        #expect(!session.maySend)
        #expect(session.clientClosed() == .nothing)
        #expect(session.begin(.goingAway, now: self.at(1)) == .none)
        #expect(session.begin(.stall(durationMilliseconds: nil), now: self.at(1)) == .none)
        #expect(session.wake(now: self.at(49)) == false)
        #expect(session.wake(now: self.at(50)) == true)
        #expect(session.maySend)
        #expect(session.clientClosed() == .closeFrame)
    }

    @Test func `a stall without end ends only with the connection`() {
        var session = StreamSession()
        #expect(session.begin(.stall(durationMilliseconds: nil), now: self.at(0)) == .silence(until: nil))
        #expect(session.wake(now: self.at(1_000_000)) == false)
        #expect(session.begin(.reset, now: self.at(1)) == .reset)
        #expect(session.begin(.reset, now: self.at(1)) == .none)
    }

    @Test func `a stream covers its client until it is closing or silent for ever`() {
        for (fault, isCovering) in [
            (Fault.stall(durationMilliseconds: 5), true), (.stall(durationMilliseconds: nil), false),
            (.halfOpen(reads: true), false), (.halfOpen(reads: false), false), (.goingAway, false), (.reset, false),
            (.serverPing(count: 1, bytes: 1), true),
        ] {
            var session = StreamSession()
            #expect(session.begin(fault, now: self.at(0)) != .none)
            #expect(session.isCovering == isCovering, "\(fault)")
        }
    }

    @Test func `a silent stream can still be reset for its idleness`() {
        var session = StreamSession()
        _ = session.begin(.halfOpen(reads: true), now: self.at(0))
        #expect(session.begin(.idleTimeout(milliseconds: 7), now: self.at(0)) == .watchIdle(.milliseconds(7)))
        #expect(session.begin(.serverPing(count: 1, bytes: 1), now: self.at(0)) == .none)
        #expect(session.begin(.reset, now: self.at(7)) == .reset)
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
