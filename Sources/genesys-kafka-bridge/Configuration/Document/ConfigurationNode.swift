/// A YAML value with its place in the file. What the decoder reads; the YAML library stays behind it.
indirect enum ConfigurationNode: Sendable {
    /// A key with its value.
    struct Entry: Sendable {
        var key: String
        var keyPosition: SourcePosition
        var value: ConfigurationNode
    }

    /// Text as written, without quotes; references are not replaced yet. `isPlain`: written without quotes.
    case scalar(String, isPlain: Bool, SourcePosition)
    case sequence([ConfigurationNode], SourcePosition)
    /// Keys are unique.
    case mapping([Entry], SourcePosition)

    var position: SourcePosition {
        switch self {
        case .scalar(_, _, let position), .sequence(_, let position), .mapping(_, let position): position
        }
    }

    /// What the value is, for a message: `a mapping`, `an integer`, …
    var kindName: String {
        switch self {
        case .scalar(let text, let isPlain, _): ScalarKind(text, isPlain: isPlain).name
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// Whether the value is left empty (`key:`, `~` or `null`).
    var isNull: Bool {
        switch self {
        case .scalar(let text, let isPlain, _): ScalarKind(text, isPlain: isPlain) == .null
        case .sequence, .mapping: false
        }
    }
}
