/// A JSON value as the reference parser sees it: what it means, and which bytes it is.
struct ReferenceValue {
    indirect enum Meaning {
        case object([(name: String, value: ReferenceValue)])
        case array([ReferenceValue])
        case string(String)
        case number
        case null
        case bool
    }

    var meaning: Meaning
    var range: Range<Int>

    /// The last member called `name`.
    func member(_ name: String) -> ReferenceValue? {
        guard case .object(let members) = self.meaning else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// A string's content, if there is any.
    var nonEmptyText: String? {
        guard case .string(let text) = self.meaning, !text.isEmpty else { return nil }
        return text
    }
}
