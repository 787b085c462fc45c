/// A key with a default.
struct Setting<Value: Sendable>: Sendable {
    let key: String
    let syntax: ValueSyntax<Value>
    let defaultValue: Value
    let meaning: String

    init(_ key: String, _ syntax: ValueSyntax<Value>, default defaultValue: Value, _ meaning: String) {
        self.key = key
        self.syntax = syntax
        self.defaultValue = defaultValue
        self.meaning = meaning
    }

    var definition: SettingDefinition {
        SettingDefinition(
            key: self.key,
            defaultText: self.syntax.format(self.defaultValue),
            range: self.syntax.range,
            meaning: self.meaning
        )
    }
}
