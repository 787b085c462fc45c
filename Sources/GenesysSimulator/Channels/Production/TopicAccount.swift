import NIOCore

/// Which events of a topic came to be, when, and which of them went to a socket.
struct TopicAccount {
    private static let rangeCountMax = 10_000

    /// One more than the highest number that exists.
    private(set) var produced = 0
    /// Numbers of events that were written to one socket at least, pairs of first and end.
    private(set) var sent: [[Int]] = []
    /// The others, and between when they came to be in milliseconds since 1970: first, end, from, to.
    private(set) var lost: [[Int]] = []
    /// Ranges that were forgotten because there were too many.
    private(set) var rangesForgotten = 0
    /// Events written, counted on each socket.
    private(set) var copiesSent = 0

    /// The event of the next number came to be.
    ///
    /// - Parameters:
    ///   - copies: how many sockets took it.
    ///   - milliseconds: when it was, since 1970.
    mutating func add(copies: Int, milliseconds: Int) {
        let sequence = self.produced
        self.produced += 1
        self.copiesSent += copies
        if copies > 0 {
            if let last = self.sent.indices.last, self.sent[last][1] == sequence {
                self.sent[last][1] += 1
            } else {
                Self.append([sequence, sequence + 1], to: &self.sent, forgotten: &self.rangesForgotten)
            }
        } else if let last = self.lost.indices.last, self.lost[last][1] == sequence {
            self.lost[last][1] += 1
            self.lost[last][3] = milliseconds
        } else {
            let range = [sequence, sequence + 1, milliseconds, milliseconds]
            Self.append(range, to: &self.lost, forgotten: &self.rangesForgotten)
        }
    }

    private static func append(_ range: [Int], to ranges: inout [[Int]], forgotten: inout Int) {
        if ranges.count == Self.rangeCountMax {
            ranges.removeFirst()
            forgotten += 1
        }
        ranges.append(range)
    }
}
