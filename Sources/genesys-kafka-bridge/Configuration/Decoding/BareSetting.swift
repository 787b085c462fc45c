/// A key without a default value: it must be there, or its absence means something of its own.
struct BareSetting<Value: Sendable>: Sendable {
    let key: String
    let syntax: ValueSyntax<Value>
    /// What an absent key means, for the reference; nil where the key is required.
    let absence: String?
    let meaning: String

    init(required key: String, _ syntax: ValueSyntax<Value>, _ meaning: String) {
        self.key = key
        self.syntax = syntax
        self.absence = nil
        self.meaning = meaning
    }

    init(optional key: String, _ syntax: ValueSyntax<Value>, absence: String, _ meaning: String) {
        self.key = key
        self.syntax = syntax
        self.absence = absence
        self.meaning = meaning
    }

    var definition: SettingDefinition {
        SettingDefinition(
            key: self.key,
            defaultText: self.absence ?? "required",
            range: self.syntax.range,
            meaning: self.meaning
        )
    }
}
