import BridgeCore
import Locking

/// Prints events, each on a line, until there are enough or nobody reads them any more.
final class TailPrinter: Sendable {
    private let output: StandardStream
    private let limit: Int?
    private let count = Locked(0)
    private let failed = Locked(StandardStream.Failure?.none)
    private let enough: AsyncStream<Never>
    private let enoughContinuation: AsyncStream<Never>.Continuation

    init(limit: Int?, output: StandardStream = .output) {
        self.limit = limit
        self.output = output
        (self.enough, self.enoughContinuation) = AsyncStream.makeStream()
    }

    /// Why events could not be printed, if so.
    var failure: StandardStream.Failure? { self.failed.withLock { $0 } }

    /// Returns when there are enough, or they cannot be printed.
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
        if !lines.isEmpty, let failure = self.output.write(lines) {
            self.failed.withLock { $0 = $0 ?? failure }
            return self.enoughContinuation.finish()
        }
        if wanted.isEnough { self.enoughContinuation.finish() }
    }
}
