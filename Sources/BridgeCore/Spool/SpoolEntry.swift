/// One entry of a spool: its place in the order, and what it holds.
public struct SpoolEntry: Sendable {
    /// Its place: 1 for the first entry of a spool, and one more for each one after it. Never given twice to what was confirmed.
    public var sequence: UInt64
    /// What it holds.
    public var content: SpoolContent

    /// `content` at `sequence`.
    public init(sequence: UInt64, content: SpoolContent) {
        self.sequence = sequence
        self.content = content
    }
}

extension Position {
    /// The place of a spool's entry as a resume point: what follows it is delivered next.
    public init(spoolSequence sequence: UInt64) {
        self.init(kind: .spool, value: String(sequence))
    }

    /// The place in a spool that this is; nil where it is a resume point of something else.
    public var spoolSequence: UInt64? {
        self.kind == .spool ? UInt64(self.value) : nil
    }
}
