/// Every key of the configuration with its default, range and meaning, from the definitions that the decoder itself uses.
struct ConfigurationReference {
    /// One key.
    struct Entry: Hashable, Sendable {
        /// For example `tenants[].subscriptions[].event`.
        var keyPath: String
        var defaultText: String
        var range: String
        var meaning: String
    }

    /// In the order of the file's shape.
    static let entries: [Entry] = Self.flatten(BridgeSettings.definitions, prefix: "")

    /// A Markdown table of all keys.
    static var table: String {
        let rows = self.entries.map { entry in
            "| `\(entry.keyPath)` | \(Self.cell(entry.defaultText)) | \(Self.cell(entry.range)) | \(Self.cell(entry.meaning)) |"
        }
        return (["| Key | Default | Range | Meaning |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static func flatten(_ definitions: [SettingDefinition], prefix: String) -> [Entry] {
        definitions.flatMap { definition -> [Entry] in
            let keyPath = prefix + definition.key
            let entry = Entry(
                keyPath: keyPath,
                defaultText: definition.defaultText,
                range: definition.range,
                meaning: definition.meaning
            )
            switch definition.shape {
            case .value, .anyKeys: return [entry]
            case .section(let children): return Self.flatten(children, prefix: "\(keyPath).")
            case .list(let children): return [entry] + Self.flatten(children, prefix: "\(keyPath)[].")
            }
        }
    }
}
