import NIOCore
import Testing

@testable import GenesysSimulator

@Suite
struct BatchPacerTests {
    private let zero = NIODeadline.uptimeNanoseconds(0)

    private func at(_ milliseconds: Int64) -> NIODeadline { self.zero + .milliseconds(milliseconds) }

    private func pacer(start: Int = 0) -> BatchPacer {
        BatchPacer(start: start, batchSizeMax: 10, latency: .milliseconds(100), now: self.zero)
    }

    @Test func `a full batch goes at once, the rest waits for more or for the latency`() {
        var pacer = self.pacer()
        #expect(pacer.action(end: 13, now: self.at(1), matches: nil) == .send(0..<10))
        #expect(pacer.action(end: 13, now: self.at(1), matches: nil) == .wait(sequence: 19, deadline: self.at(101)))
        #expect(pacer.action(end: 15, now: self.at(50), matches: nil) == .wait(sequence: 19, deadline: self.at(101)))
        #expect(pacer.action(end: 15, now: self.at(101), matches: nil) == .send(10..<15))
    }

    @Test func `a quiet stream gets an empty batch each latency`() {
        var pacer = self.pacer(start: 7)
        #expect(pacer.action(end: 7, now: self.at(99), matches: nil) == .wait(sequence: 16, deadline: self.at(100)))
        #expect(pacer.action(end: 7, now: self.at(100), matches: nil) == .send(7..<7))
        #expect(pacer.action(end: 7, now: self.at(100), matches: nil) == .wait(sequence: 16, deadline: self.at(200)))
        #expect(pacer.action(end: 7, now: self.at(250), matches: nil) == .send(7..<7))
    }

    @Test func `a batch counts only what is subscribed to, and its range covers what is passed over`() {
        var pacer = self.pacer()
        let even: (Int) -> Bool = { $0 % 2 == 0 }
        #expect(pacer.action(end: 5, now: self.at(1), matches: even) == .wait(sequence: 11, deadline: self.at(100)))
        #expect(pacer.action(end: .max, now: self.at(1), matches: even) == .send(0..<19))
        #expect(pacer.action(end: 22, now: self.at(101), matches: even) == .send(19..<22))
    }

    @Test func `an end that lies before the start sends nothing twice`() {
        var pacer = self.pacer(start: 50)
        #expect(pacer.action(end: 40, now: self.at(100), matches: nil) == .send(50..<50))
        #expect(pacer.action(end: 55, now: self.at(200), matches: nil) == .send(50..<55))
    }
}
