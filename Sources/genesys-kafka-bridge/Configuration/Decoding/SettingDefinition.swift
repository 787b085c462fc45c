/// What is known of a key: the reference prints it, and a mapping's unknown keys are those without one.
struct SettingDefinition: Sendable {
    /// How the key's value is nested.
    enum Shape: Sendable {
        case value
        /// A mapping of the given keys.
        case section([SettingDefinition])
        /// A list of mappings of the given keys.
        case list([SettingDefinition])
        /// A mapping of any keys.
        case anyKeys
    }

    let key: String
    /// What counts where the key is absent: a value, or a word such as `required`.
    let defaultText: String
    /// What is allowed.
    let range: String
    let meaning: String
    var shape: Shape = .value

    static func section(_ key: String, _ children: [SettingDefinition]) -> SettingDefinition {
        SettingDefinition(key: key, defaultText: "", range: "", meaning: "", shape: .section(children))
    }
}
