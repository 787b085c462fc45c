/// A place in the configuration file, counted from 1 as editors do.
struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
    var line: Int
    /// In Unicode scalars, as libyaml counts.
    var column: Int

    static let start = SourcePosition(line: 1, column: 1)

    var description: String { "\(self.line):\(self.column)" }

    static func < (lhs: SourcePosition, rhs: SourcePosition) -> Bool {
        (lhs.line, lhs.column) < (rhs.line, rhs.column)
    }
}
