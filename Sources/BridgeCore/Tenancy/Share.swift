/// The part of the tenant partitions that one instance runs: share `index` of `count`, written `I/N`, from 0.
public struct Share: Hashable, Sendable, CustomStringConvertible {
    /// Which share, from 0.
    public let index: Int
    /// How many shares there are.
    public let count: Int

    /// The one share that owns everything.
    public static let whole = Share(uncheckedIndex: 0, count: 1)

    private init(uncheckedIndex index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    /// Reads `I/N`, for example `0/3`: two decimal numbers with 0 ≤ I < N ≤ 10,000.
    public init(_ text: String) throws(ShareSyntaxError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Self.number(parts[0]), let count = Self.number(parts[1]) else {
            throw ShareSyntaxError(problem: "a share is written I/N with two whole numbers, for example 0/3")
        }
        guard count >= 1, count <= 10_000 else {
            throw ShareSyntaxError(problem: "the number of shares must be from 1 to 10000, not \(count)")
        }
        guard index < count else {
            throw ShareSyntaxError(
                problem:
                    "shares are counted from 0: of \(count) shares the last is \(count - 1)/\(count), not \(index)/\(count)"
            )
        }
        self.init(uncheckedIndex: index, count: count)
    }

    /// Whether this share owns `partition`: p mod N = I.
    public func owns(_ partition: TenantPartition) -> Bool {
        partition.index % self.count == self.index
    }

    /// `I/N`.
    public var description: String { "\(self.index)/\(self.count)" }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
