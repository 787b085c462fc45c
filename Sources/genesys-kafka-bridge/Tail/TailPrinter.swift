import BridgeCore
import Locking

/// Prints events, each on a line, until there are enough.
final class TailPrinter: Sendable {
    private let output: StandardStream
    private let limit: Int?
    private let count = Locked(0)
    private let enough: AsyncStream<Never>
    private let enoughContinuation: AsyncStream<Never>.Continuation

    init(limit: Int?, output: StandardStream = .output) {
        self.limit = limit
        self.output = output
        (self.enough, self.enoughContinuation) = AsyncStream.makeStream()
    }

    /// Returns when there are enough.
    func waitForEnough() async {
        for await _ in self.enough {}
    }

    /// Prints the values in `ranges`, as far as they are wanted.
    func print(_ ranges: some Collection<ByteRange>, of bytes: MessageBytes) {
        let wanted = self.count.withLock { count in
            let wanted = min(ranges.count, self.limit.map { $0 - count } ?? .max)
            count += wanted
            return (events: wanted, isEnough: count == self.limit)
        }
        var lines: [UInt8] = []
        for range in ranges.prefix(wanted.events) {
            // A line end stands between tokens only: within a string it is written with a backslash.
            lines += bytes.array(range).map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 }
            lines.append(0x0a)
        }
        if !lines.isEmpty { self.output.write(lines) }
        if wanted.isEnough { self.enoughContinuation.finish() }
    }
}
