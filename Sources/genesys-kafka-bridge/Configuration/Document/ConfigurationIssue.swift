/// One thing that is wrong in a configuration file: where, under which key, what, and what would be right.
///
/// Never holds the value of a secret or anything that a reference was replaced with.
struct ConfigurationIssue: Hashable, Sendable {
    var position: SourcePosition
    /// The key's path, for example `tenants[0].maxLatency`; empty where the file as a whole is meant.
    var keyPath: String
    var problem: String
    /// What would be right; empty where the problem says it already.
    var remedy: String

    /// One line: `file:line:column: key path: problem; remedy`.
    func line(file: String) -> String {
        let path = self.keyPath.isEmpty ? "" : "\(self.keyPath): "
        let remedy = self.remedy.isEmpty ? "" : "; \(self.remedy)"
        return "\(file):\(self.position): \(path)\(self.problem)\(remedy)"
    }
}
