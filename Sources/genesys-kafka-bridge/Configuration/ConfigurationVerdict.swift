/// The answer of `validate --json`.
struct ConfigurationVerdict: Codable {
    /// A mistake with its place.
    struct Mistake: Codable {
        var line: Int
        var column: Int
        var keyPath: String
        var problem: String
        var remedy: String
    }

    var valid: Bool
    /// Where the configuration is valid.
    var plan: ConfigurationPlan?
    /// Where it is not: ordered by place.
    var errors: [Mistake]
    /// How many errors there are beyond those listed.
    var omittedErrors: Int

    init(_ plan: ConfigurationPlan) {
        self.valid = true
        self.plan = plan
        self.errors = []
        self.omittedErrors = 0
    }

    init(_ error: ConfigurationError) {
        self.valid = false
        self.plan = nil
        self.errors = error.issues.map { issue in
            Mistake(
                line: issue.position.line,
                column: issue.position.column,
                keyPath: issue.keyPath,
                problem: issue.problem,
                remedy: issue.remedy
            )
        }
        self.omittedErrors = error.omittedCount
    }
}
