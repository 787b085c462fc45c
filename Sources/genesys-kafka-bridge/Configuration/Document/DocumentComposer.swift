import Yams

/// Composes YAML text into `ConfigurationNode`s and says what is wrong with it as YAML: syntax, keys given twice, and the
/// parts of YAML that a configuration has no use for (anchors, tags, keys that are not text).
///
/// The YAML library stops at the first key that is given twice, without its path. So such a key is marked in the text and the
/// text composed again: the marked key is then an ordinary one, and the conversion, which knows the path, reports it.
struct DocumentComposer {
    /// The deepest nesting that is read.
    private static let maximumDepth = 32
    /// How often text is composed again; bounds the number of keys given twice that are reported.
    private static let maximumAttempts = 50
    /// How many things that look like an alias are let through to the library, which hashes what they stand for when they
    /// are (part of) a key. n aliases multiply to at most 3^(n/3): 243 for 16.
    private static let maximumAliases = 16
    /// A private-use character, put before a key that is given twice.
    private static let marker: Unicode.Scalar = "\u{e000}"

    private(set) var issues: [ConfigurationIssue] = []
    private var text: String
    private var markers: [SourcePosition] = []

    init(text: String) {
        self.text = text
    }

    /// The root mapping; nil where there is none, and then there are issues.
    mutating func compose() -> ConfigurationNode? {
        guard self.checkAliases() else { return nil }
        for _ in 0..<Self.maximumAttempts {
            do {
                let parser = try Parser(yaml: self.text, resolver: .basic, encoding: .utf8)
                // The nodes hold their anchors weakly; the parser owns them.
                return try withExtendedLifetime(parser) {
                    guard let root = try parser.singleRoot() else {
                        self.report(.start, "", "the file is empty", "write at least `kafka` and `tenants`")
                        return nil
                    }
                    return self.convertRoot(root)
                }
            } catch YamlError.duplicatedKeysInMapping(_, let context) {
                let position = SourcePosition(line: context.mark.line, column: context.mark.column)
                guard self.mark(keyAt: position) else {
                    self.report(self.original(position), "", "a key is given twice", "keep one")
                    return nil
                }
            } catch let error as YamlError {
                self.report(error)
                return nil
            } catch {
                self.report(.start, "", "the file cannot be read as YAML", "")
                return nil
            }
        }
        self.report(.start, "", "too many keys are given twice", "give each key once")
        return nil
    }

    // MARK: Conversion

    private mutating func convertRoot(_ root: Node) -> ConfigurationNode? {
        guard case .mapping = root else {
            let kind = self.convert(root, path: "", depth: 0)?.kindName ?? "something else"
            self.report(
                .start,
                "",
                "the file must hold a mapping, but holds \(kind)",
                "begin with `kafka:` or `tenants:`"
            )
            return nil
        }
        return self.convert(root, path: "", depth: 0)
    }

    private mutating func convert(_ node: Node, path: String, depth: Int) -> ConfigurationNode? {
        let position = self.position(of: node)
        guard depth < Self.maximumDepth else {
            self.report(position, path, "nested more than \(Self.maximumDepth) levels deep", "")
            return nil
        }
        guard node.anchor == nil else {
            self.report(
                position,
                path,
                "YAML anchors and aliases are not supported",
                "write the value out where it is used"
            )
            return nil
        }
        switch node {
        case .scalar(let scalar):
            let tag = scalar.tag.rawValue
            guard ["", "!", "tag:yaml.org,2002:str"].contains(tag) else {
                self.report(position, path, "YAML tags such as !!int are not supported", "leave the tag out")
                return nil
            }
            return .scalar(scalar.string, isPlain: scalar.style == .plain && tag.isEmpty, position)
        case .sequence(let sequence):
            return .sequence(
                sequence.enumerated().compactMap { self.convert($1, path: "\(path)[\($0)]", depth: depth + 1) },
                position
            )
        case .mapping(let mapping):
            return .mapping(self.convertEntries(mapping, path: path, depth: depth), position)
        case .alias:
            self.report(
                position,
                path,
                "YAML anchors and aliases are not supported",
                "write the value out where it is used"
            )
            return nil
        }
    }

    private mutating func convertEntries(_ mapping: Node.Mapping, path: String, depth: Int) -> [ConfigurationNode.Entry]
    {
        var entries: [ConfigurationNode.Entry] = []
        var lines: [String: Int] = [:]
        for (keyNode, valueNode) in mapping {
            let position = self.position(of: keyNode)
            guard case .scalar(let scalar) = keyNode, keyNode.anchor == nil else {
                self.report(position, path, "a key must be plain text", "")
                continue
            }
            let key = String(scalar.string.unicodeScalars.drop { $0 == Self.marker })
            let keyPath = path.isEmpty ? key : "\(path).\(key)"
            if let line = lines[key] {
                self.report(position, keyPath, "given twice (first in line \(line))", "keep one")
                continue
            }
            lines[key] = position.line
            guard let value = self.convert(valueNode, path: keyPath, depth: depth + 1) else { continue }
            entries.append(ConfigurationNode.Entry(key: key, keyPosition: position, value: value))
        }
        return entries
    }

    private func position(of node: Node) -> SourcePosition {
        guard let mark = node.mark else { return .start }
        return self.original(SourcePosition(line: mark.line, column: mark.column))
    }

    // MARK: Keys given twice

    /// Puts a marker before the key at `position`, behind its quote if it has one.
    private mutating func mark(keyAt position: SourcePosition) -> Bool {
        guard var index = self.index(of: position) else { return false }
        var column = position.column
        if ["\"", "'"].contains(self.text.unicodeScalars[index]) {
            index = self.text.unicodeScalars.index(after: index)
            column += 1
        }
        self.text.unicodeScalars.insert(Self.marker, at: index)
        self.markers.append(SourcePosition(line: position.line, column: column))
        return true
    }

    /// A place in the text as it is now → the place in the file.
    private func original(_ position: SourcePosition) -> SourcePosition {
        // Later markers were put into a text that had the earlier ones: undo them in reverse.
        var position = position
        for marker in self.markers.reversed() where marker.line == position.line && marker.column < position.column {
            position.column -= 1
        }
        return position
    }

    private func index(of position: SourcePosition) -> String.Index? {
        var line = 1
        var column = 1
        var index = self.text.startIndex
        let scalars = self.text.unicodeScalars
        while index < scalars.endIndex {
            if line == position.line, column == position.column { return index }
            let scalar = scalars[index]
            index = scalars.index(after: index)
            column += 1
            if scalar == "\n" || (scalar == "\r" && (index == scalars.endIndex || scalars[index] != "\n")) {
                line += 1
                column = 1
            }
        }
        return nil
    }

    // MARK: Aliases

    /// Refuses text with so many aliases that composing it could take forever. Text without an anchor has none.
    private mutating func checkAliases() -> Bool {
        var aliases = 0
        var firstAnchor: SourcePosition?
        for (number, line) in self.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            guard line.drop(while: \.isWhitespace).first != "#" else { continue }
            var previous: UInt8 = UInt8(ascii: " ")
            for (column, byte) in line.utf8.enumerated() {
                let startsToken = [0x20, 0x09, 0x2c, 0x3a, 0x3f, 0x5b, 0x7b, 0x2d].contains(previous)
                if startsToken, byte == UInt8(ascii: "*") { aliases += 1 }
                if startsToken, byte == UInt8(ascii: "&"), firstAnchor == nil {
                    firstAnchor = SourcePosition(line: number + 1, column: column + 1)
                }
                previous = byte
            }
        }
        guard let firstAnchor, aliases > Self.maximumAliases else { return true }
        self.report(
            firstAnchor,
            "",
            "YAML anchors and aliases are not supported",
            "write the value out where it is used"
        )
        return false
    }

    // MARK: Reports

    private mutating func report(_ position: SourcePosition, _ path: String, _ problem: String, _ remedy: String) {
        let shownPath = ControlCharacters.escape(String(path.prefix(200)))
        self.issues.append(
            ConfigurationIssue(position: position, keyPath: shownPath, problem: problem, remedy: remedy)
        )
    }

    /// Only the library's fixed phrases are repeated: its own descriptions show a piece of the file.
    private mutating func report(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let position = self.original(SourcePosition(line: mark.line, column: mark.column))
            let lines = self.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
            let hasTab = line.prefix { $0.isWhitespace }.contains("\t")
            self.report(position, "", "not YAML: \(problem)", hasTab ? "indent with spaces, not tabs" : "")
        case .reader(let problem, let offset, _, _):
            let head = self.text.prefix(offset ?? 0)
            let line = head.count(where: \.isNewline) + 1
            let column =
                (head.lastIndex(where: \.isNewline).map { head.distance(from: $0, to: head.endIndex) } ?? head.count + 1)
            self.report(SourcePosition(line: line, column: column), "", "not YAML: \(problem)", "")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
            self.report(.start, "", "the file cannot be read as YAML", "")
        }
    }
}
