import NIOCore
import Testing

@testable import GenesysSimulator

/// For how long a client was without a stream, and when it tried.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct CoverageTests {
    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    @Test func `intervals without any stream are counted from the first stream on`() {
        var account = CoverageAccount(start: self.at(1_000))
        #expect(account.snapshot(now: self.at(9_000)).uncoveredMilliseconds == 0, "there was no stream yet")
        account.opened(now: self.at(2_000))
        account.opened(now: self.at(3_000))
        account.closed(now: self.at(4_000))
        #expect(account.snapshot(now: self.at(5_000)).uncoveredIntervals == [], "a rollover leaves no gap")
        account.closed(now: self.at(6_000))
        #expect(account.snapshot(now: self.at(6_500)).uncoveredIntervals == [[5_000, 5_500]])
        account.opened(now: self.at(7_000))
        account.closed(now: self.at(8_000))
        account.opened(now: self.at(8_300))
        let snapshot = account.snapshot(now: self.at(20_000))
        #expect(snapshot.uncoveredIntervals == [[5_000, 6_000], [7_000, 7_300]])
        #expect(snapshot.uncoveredMilliseconds == 1_300)
        #expect(snapshot.longestUncoveredMilliseconds == 1_000)
        #expect(snapshot.streamsOpen == 1 && snapshot.streamsOpenMax == 2)
    }

    @Test func `attempts are counted by the second`() {
        var histogram = AttemptHistogram(start: self.at(500))
        for time in [500, 1_499, 1_500, 7_000] as [Int64] { histogram.add(now: self.at(time)) }
        #expect(histogram.counts == [[0, 2], [1, 1], [6, 1]])
        for second in Int64(7)..<4_000 { histogram.add(now: self.at(500 + second * 1_000)) }
        #expect(histogram.counts.count == 3_600 && histogram.counts.last == [3_999, 1])
    }

    @Test func `a resource is owed from its first stream on, but for what no stream could give`() {
        var account = ResourceAccount()
        account.offered(to: 5)
        account.abandoned(at: 3)
        func open(_ start: Int, lost: Int? = nil) -> Range<Int>? { account.opened(start: start, lost: lost) }
        #expect(open(10) == nil)
        account.offered(to: 20)
        #expect(open(15) == nil, "a replay skips nothing")
        #expect(open(30) == 20..<30)
        account.offered(to: 40)
        #expect(open(50, lost: 35) == 35..<50, "what was sent behind the lost position may be lost")
        account.offered(to: 60)
        account.abandoned(at: 55)
        #expect(account.first == 10 && account.next == 60)
        #expect(account.skipped == [20..<30, 35..<50, 55..<60], "what the client never had of a resource that is gone")
        #expect(open(70) == 60..<70)
        #expect(account.skipped == [20..<30, 35..<50, 55..<70])
        account.skip(69..<75)
        #expect(account.skipped.last == 55..<75)
        #expect(open(60) == nil)
        #expect(account.skipped == [20..<30, 35..<50, 55..<60], "what a stream offers again is not skipped")
    }

    /// A client has a stream without resource 1, and opens a second one with it at 10.
    private func accountWithSuccessor() -> TenantLedger {
        var ledger = TenantLedger(start: self.at(0))
        _ = ledger.opened(self.connection(1, resumedAt: nil, start: 0), resources: [0])
        ledger.sent(1, events: 10, nextSequence: 10)
        _ = ledger.opened(self.connection(2, resumedAt: 10, start: 10), resources: [0, 1])
        ledger.sent(1, events: 10, nextSequence: 20)
        #expect(ledger.resources[1].first == 10)
        return ledger
    }

    private func connection(_ number: Int, resumedAt: Int?, start: Int) -> ConnectionSnapshot {
        ConnectionSnapshot(
            number: number,
            node: 0,
            isOpen: true,
            resumedAt: resumedAt,
            firstSequence: start,
            nextSequence: start
        )
    }

    @Test func `of a stream that was to follow another and was never read, nothing is owed`() {
        var ledger = self.accountWithSuccessor()
        for number in [1, 2] { ledger.closed(number) }
        _ = ledger.opened(self.connection(3, resumedAt: 20, start: 20), resources: [0, 1])
        #expect(ledger.resources[1].first == 20 && ledger.resources[1].skipped == [])
        #expect(ledger.resources[0].first == 0)
        // Also where one without the resource came between.
        ledger = self.accountWithSuccessor()
        for number in [1, 2] { ledger.closed(number) }
        _ = ledger.opened(self.connection(3, resumedAt: 15, start: 15), resources: [0])
        ledger.sent(3, events: 10, nextSequence: 25)
        _ = ledger.opened(self.connection(4, resumedAt: 25, start: 25), resources: [0, 1])
        #expect(ledger.resources[1].first == 25 && ledger.resources[1].trial?.others == [3])
    }

    @Test func `of a stream that was read, everything is owed from its beginning on`() {
        // It followed the other one.
        var ledger = self.accountWithSuccessor()
        ledger.clientClosed(1, code: 1000)
        #expect(ledger.resources[1].trial != nil, "it had brought nothing yet")
        ledger.sent(2, events: 10, nextSequence: 20)
        ledger.clientClosed(1, code: 1000)
        for number in [1, 2] { ledger.closed(number) }
        _ = ledger.opened(self.connection(3, resumedAt: 20, start: 20), resources: [0, 1])
        #expect(ledger.resources[1].first == 10 && ledger.resources[1].skipped == [10..<20])
        // The client goes on where the other one never was.
        ledger = self.accountWithSuccessor()
        ledger.closed(1)
        ledger.sent(2, events: 20, nextSequence: 30)
        ledger.offered(to: 30, resources: [0, 1])
        ledger.closed(2)
        _ = ledger.opened(self.connection(3, resumedAt: 30, start: 30), resources: [0, 1])
        #expect(ledger.resources[1].first == 10 && ledger.resources[1].next == 30)
    }

    @Test func `a rollover leaves no gap, a reconnect does`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            try await withStream(simulator, token: token) { old in
                try await withStream(simulator, token: token) { _ in
                    try await old.sendClose(1000)
                    while try await old.frame() != nil {}
                    let coverage = try await simulator.tenant().coverage
                    #expect(coverage.streamsOpen == 1 && coverage.streamsOpenMax == 2)
                    #expect(coverage.uncoveredIntervals.isEmpty)
                    _ = try await simulator.inject(.goingAway)
                    try await until { try await simulator.tenant().coverage.longestUncoveredMilliseconds >= 5 }
                }
            }
            try await withStream(simulator, token: token) { _ in
                let coverage = try await simulator.tenant().coverage
                #expect(coverage.streamsOpen == 1 && coverage.uncoveredIntervals.count == 1)
                #expect(coverage.uncoveredMilliseconds >= 5)
            }
            // This one went without a close frame.
            try await until { try await simulator.tenant().coverage.streamsOpen == 0 }
            #expect(try await simulator.tenant().coverage.uncoveredIntervals.count == 2)
        }
    }

    @Test func `a stream outlives its token where that is set`() async throws {
        try await withSimulator(
            acme,
            {
                $0.tokenLifetimeMilliseconds = 1_000; $0.closesExpiredStreams = false
            }
        ) { simulator in
            let token = try await token(simulator)
            try await withStream(simulator, token: token) { stream in
                while try await rejectedUpgrade(simulator, target(token: token)).status == 101 {}
                #expect(try await rejectedUpgrade(simulator, target(token: token)).status == 401)
                _ = try await stream.batchWithEvents()
                #expect(try await simulator.tenant().expiriesOnStream == 0)
            }
        }
    }

    @Test func `a token's lifetime is told in whole seconds and kept in milliseconds`() async throws {
        try await withSimulator(acme, { $0.tokenLifetimeMilliseconds = 1_300 }) { simulator in
            let start = ContinuousClock.now
            let response = try await requestToken(simulator)
            #expect(try json(response.body)["expires_in"] as? Int == 1)
            let token = try #require(try json(response.body)["access_token"] as? String)
            try await withStream(simulator, token: token) { stream in
                while try await stream.message() != nil {}
                #expect(stream.closeCode == 4001)
                #expect(ContinuousClock.now - start >= .milliseconds(1_300))
            }
            #expect(try await simulator.tenant().expiriesOnStream == 1)
        }
    }
}
