import NIOCore

/// The payloads of pings that no pong has answered yet, oldest first (RFC 6455 section 5.5.3: a pong repeats the payload of a
/// ping, and may stand for those before it).
struct OutstandingPings {
    private static let countMax = 20_000

    private var payloads = CircularBuffer<ByteBuffer>()

    mutating func sent(_ payload: ByteBuffer, ledger: inout TenantLedger) {
        ledger.pingsSent += 1
        if self.payloads.count == Self.countMax { self.payloads.removeFirst() }
        self.payloads.append(payload)
    }

    mutating func answered(_ payload: ByteBuffer, ledger: inout TenantLedger) {
        ledger.pongsReceived += 1
        guard let index = self.payloads.firstIndex(of: payload) else { return }
        ledger.pongsMatched += 1
        self.payloads.removeFirst(self.payloads.distance(from: self.payloads.startIndex, to: index) + 1)
    }
}
