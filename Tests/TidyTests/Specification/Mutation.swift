import Foundation

/// One entry of `Tests/mutations/list`: a line that keeps a promise, and what it becomes when it is broken on purpose.
struct Mutation: Hashable {
    static let list = "Tests/mutations/list"

    var name: String
    /// The invariants that do not hold any more.
    var breaks: [String] = []
    var file = ""
    /// What sees it; the simulation where it is empty.
    var tests = ""
    var old: [String] = []
    var new: [String] = []

    /// The entries of a list.
    static func all(in text: String) -> [Mutation] {
        var mutations: [Mutation] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("name: ") { mutations.append(Mutation(name: String(line.dropFirst(6)))) }
            guard let last = mutations.indices.last else { continue }
            if line.hasPrefix("breaks: ") {
                mutations[last].breaks = line.dropFirst(8).split(separator: ",").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
            }
            if line.hasPrefix("file: ") { mutations[last].file = String(line.dropFirst(6)) }
            if line.hasPrefix("tests: ") { mutations[last].tests = String(line.dropFirst(7)) }
            if line.hasPrefix("- ") { mutations[last].old.append(String(line.dropFirst(2))) }
            if line.hasPrefix("+ ") { mutations[last].new.append(String(line.dropFirst(2))) }
        }
        return mutations
    }

    /// How often its old lines stand in `text`.
    func count(in text: String) -> Int {
        text.components(separatedBy: self.old.joined(separator: "\n")).count - 1
    }
}
