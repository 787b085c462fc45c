/// Files that may do what others may not: a file by its path, or all files below a folder by a path that ends with `/`.
enum AllowList {
    static func covers(_ entry: String, _ path: String) -> Bool {
        entry.hasSuffix("/") ? path.hasPrefix(entry) : path == entry
    }

    /// Entries that no path of `users` needs: a list must not stay longer than what it allows.
    static func stale(_ entries: [String], users: [String], rule: String, home: String) -> [Violation] {
        entries.filter { entry in !users.contains { Self.covers(entry, $0) } }.map { entry in
            Violation(
                path: home,
                line: 1,
                rule: "the list for '\(rule)' names \(entry), which does not use it",
                instead: "take it off the list"
            )
        }
    }
}
