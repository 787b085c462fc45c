import Foundation

/// A Swift file of the repository.
struct SourceFile {
    /// From the repository's root: `Sources/BridgeCore/Session/Backoff.swift`.
    let path: String
    let text: String
    let tokens: [Token]
    /// Where each word stands in `tokens`.
    private let places: [String: [Int]]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        self.tokens = Lexer.tokens(of: text)
        var places: [String: [Int]] = [:]
        for (index, token) in self.tokens.enumerated() where token.kind == .word {
            places[token.text, default: []].append(index)
        }
        self.places = places
    }

    /// The indices in `tokens` of any of `words`, in their order.
    func indices(of words: [String]) -> [Int] {
        words.flatMap { self.places[$0] ?? [] }.sorted()
    }

    /// The folder below `Sources` or `Tests`.
    var module: String {
        let parts = self.path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    /// The path from the module's folder.
    var pathInModule: String {
        self.path.split(separator: "/").dropFirst(2).joined(separator: "/")
    }

    var lines: [Substring] {
        var lines = self.text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The first doc comment of the file, as running text.
    var openingDocComment: String {
        let trimmed = self.lines.map { $0.drop { $0 == " " } }
        let comment = trimmed.drop { !$0.hasPrefix("///") }.prefix { $0.hasPrefix("///") }
        return comment.map { $0.dropFirst(3) }.joined(separator: " ").split(separator: " ").joined(separator: " ")
    }
}
