import Testing

/// Compares what a mutating call returned: `#expect` evaluates its operands where they cannot be mutated.
func same<Value: Equatable>(
    _ actual: Value,
    _ expected: Value,
    _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actual == expected, comment, sourceLocation: sourceLocation)
}
