/// A text that is not a share.
public struct ShareSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what would be right.
    public var problem: String

    /// An error with its reason.
    public init(problem: String) {
        self.problem = problem
    }

    /// What is wrong and what would be right.
    public var description: String { self.problem }
}
