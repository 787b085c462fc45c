import Synchronization
import Testing

/// What the processes of a test said last: it stands below each issue, so that a log alone tells what happened.
enum LastWords {
    private struct Entry {
        let identifier: ObjectIdentifier
        let test: Test.ID?
        weak var process: RunningProcess?
        /// Of a process that nobody holds any more.
        var remains: (text: String, length: Int)?
        /// What was shown of it before.
        var shown = 0
    }

    private static let entries = Mutex<[Entry]>([])

    /// Issues of the test show it from now on.
    static func add(_ process: RunningProcess) {
        let test = Test.current?.id
        self.entries.withLock { entries in
            entries.removeAll { $0.process == nil && $0.test != test }
            entries.append(Entry(identifier: ObjectIdentifier(process), test: test, process: process))
        }
    }

    /// Nobody holds a process any more, but what goes wrong after that may have begun with it.
    static func keep(_ words: (text: String, length: Int), of identifier: ObjectIdentifier) {
        self.entries.withLock { entries in
            guard let index = entries.lastIndex(where: { $0.identifier == identifier }) else { return }
            entries[index].remains = words
        }
    }

    /// What is over has nothing to do with what comes now.
    static func forgetRemains() {
        self.entries.withLock { $0.removeAll { $0.remains != nil } }
    }

    /// One comment for each process that has said something new.
    fileprivate static func news() -> [Comment] {
        // Held until after the lock: whoever lets go of a process last ends it.
        let processes = self.entries.withLock { $0.compactMap(\.process) }
        let words = processes.map { (ObjectIdentifier($0), $0.lastWords) }
        return self.entries.withLock { entries in
            entries.indices.compactMap { index in
                let words = words.first { $0.0 == entries[index].identifier }?.1 ?? entries[index].remains
                guard let (text, length) = words, length != entries[index].shown else { return nil }
                entries[index].shown = length
                return Comment(rawValue: text)
            }
        }
    }
}

extension Trait where Self == IssueHandlingTrait {
    /// Shows with each issue what the processes of the test said last.
    static var lastWords: Self {
        .compactMapIssues { issue in
            var issue = issue
            issue.comments += LastWords.news()
            return issue
        }
    }
}
