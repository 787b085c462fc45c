/// Reads the keys of one mapping against their definitions. A wrong value is reported and its default handed out, so that one
/// pass finds everything that is wrong; the result of such a pass is thrown away.
struct MappingReader {
    let context: DecodingContext
    /// The mapping's own path; empty for the root.
    let path: String
    let position: SourcePosition
    private let entries: [String: ConfigurationNode.Entry]
    /// Whether something else stands where the mapping should: its keys are not missed, too.
    private let isSomethingElse: Bool

    /// Reads `node` as a mapping with `definitions`. Nil is an absent mapping.
    init(
        _ node: ConfigurationNode?,
        path: String,
        at position: SourcePosition,
        definitions: [SettingDefinition],
        context: DecodingContext
    ) {
        self.context = context
        self.path = path
        self.position = node?.position ?? position
        var entries: [String: ConfigurationNode.Entry] = [:]
        var isSomethingElse = false
        switch node {
        case .mapping(let list, _):
            let known = definitions.map(\.key)
            for entry in list {
                if known.contains(entry.key) {
                    entries[entry.key] = entry
                } else {
                    let keyPath = path.isEmpty ? entry.key : "\(path).\(entry.key)"
                    Self.reportUnknown(entry, keyPath, known: known, context: context)
                }
            }
        case .scalar, .sequence, nil:
            if let node, !node.isNull {
                context.report(node.position, path, "must be a mapping, but is \(node.kindName)", "write keys below it")
                isSomethingElse = true
            }
        }
        self.entries = entries
        self.isSomethingElse = isSomethingElse
    }

    private static func reportUnknown(
        _ entry: ConfigurationNode.Entry,
        _ keyPath: String,
        known: [String],
        context: DecodingContext
    ) {
        let shownPath = ControlCharacters.escape(String(keyPath.prefix(200)))
        if let near = NearestName.find(entry.key, among: known) {
            context.report(entry.keyPosition, shownPath, "unknown key", "did you mean `\(near)`?")
        } else {
            context.report(entry.keyPosition, shownPath, "unknown key", "known here: \(known.joined(separator: ", "))")
        }
    }

    // MARK: Values

    /// The value of `setting`, or its default.
    func value<Value>(_ setting: Setting<Value>) -> Value {
        guard let entry = self.entries[setting.key] else { return setting.defaultValue }
        return self.parse(entry.value, setting.key, setting.syntax) ?? setting.defaultValue
    }

    /// The value of `setting`; nil where it is absent or wrong. A required one that is absent is reported.
    func value<Value>(_ setting: BareSetting<Value>) -> Value? {
        guard let entry = self.entries[setting.key] else {
            if setting.absence == nil { self.reportMissing(setting.key, setting.syntax.remedy) }
            return nil
        }
        return self.parse(entry.value, setting.key, setting.syntax)
    }

    /// The mapping under `key`; an absent one reads as empty.
    func section(_ key: String, _ definitions: [SettingDefinition]) -> MappingReader {
        MappingReader(
            self.entries[key]?.value,
            path: self.keyPath(key),
            at: self.position,
            definitions: definitions,
            context: self.context
        )
    }

    /// The elements of the list under `key`, each with its path; nil where the key is absent or no list.
    func list(_ key: String) -> [(path: String, node: ConfigurationNode)]? {
        guard let entry = self.entries[key] else { return nil }
        switch entry.value {
        case .sequence(let nodes, _):
            return nodes.enumerated().map { ("\(self.keyPath(key))[\($0)]", $1) }
        case .scalar, .mapping:
            self.report(key, "must be a list, but is \(entry.value.kindName)", "begin each element with `- `")
            return nil
        }
    }

    /// The entries of the mapping of any keys under `key`; nil where the key is absent or no mapping.
    func anyKeys(_ key: String) -> [ConfigurationNode.Entry]? {
        guard let entry = self.entries[key] else { return nil }
        switch entry.value {
        case .mapping(let entries, _):
            return entries
        case .scalar, .sequence:
            self.report(key, "must be a mapping, but is \(entry.value.kindName)", "write keys below it")
            return nil
        }
    }

    // MARK: Places and reports

    func has(_ key: String) -> Bool { self.entries[key] != nil }

    func keyPath(_ key: String) -> String { self.path.isEmpty ? key : "\(self.path).\(key)" }

    /// Where the value of `key` stands, or the mapping where it is absent.
    func position(of key: String) -> SourcePosition { self.entries[key]?.value.position ?? self.position }

    func report(_ key: String, _ problem: String, _ remedy: String = "") {
        self.context.report(self.position(of: key), self.keyPath(key), problem, remedy)
    }

    func warn(_ key: String, _ problem: String, _ remedy: String = "") {
        self.context.warn(self.position(of: key), self.keyPath(key), problem, remedy)
    }

    /// Reports those of `keys` that are there, at the key itself: there is nothing about its value.
    func reportMisplaced(_ keys: [String], _ problem: String, _ remedy: String) {
        for key in keys {
            guard let entry = self.entries[key] else { continue }
            self.context.report(entry.keyPosition, self.keyPath(key), problem, remedy)
        }
    }

    func reportMissing(_ key: String, _ remedy: String) {
        guard !self.isSomethingElse else { return }
        self.context.report(self.position, self.keyPath(key), "required, but missing", remedy)
    }

    private func parse<Value>(_ node: ConfigurationNode, _ key: String, _ syntax: ValueSyntax<Value>) -> Value? {
        ScalarReader(context: self.context).parse(node, keyPath: self.keyPath(key), syntax)
    }
}
